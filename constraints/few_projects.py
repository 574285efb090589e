"""How many projects can be started at once? A development area has few who can lead them."""

from __future__ import annotations

from model.constraints import Formulation, Rows

MOST = 1
AREA = "renewable_energy"


def few_projects(f: Formulation) -> Rows:
    """One start a year: sum of new_units[m,y] over whole projects of the area <= 1 in every year  [projects]."""
    projects = [m for m in f.usable if f.measures.categories[m] == AREA and f.measures.unit_size[m] > 0]
    for y in f.years:
        variables = [f.new_units[m, y] for m in projects if y >= f.first_start(m)]
        yield (y,), None, [1.0] * len(variables), variables, float(MOST)
