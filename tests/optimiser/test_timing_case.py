"""When must a slow measure start that meets a target together with a fast one? Solved in closed form, and compared.

A limit holds from the year T to the last year L: N units, of 1 kt each, must operate in every one of these years.
Decisions are from the year F on, money is discounted to F at the rate r. Of the cheap *fast* measure no more than P can
operate, so S = N - P of the dear *slow* one are needed. A unit can operate from `lead` years after its start and lasts
n years; a year may add no more than `ramp` units to those that are there (replacement is free). It costs c, charged as
equal amounts A = c r / (1 - (1 + r)^-n), or c / n without interest, in each year in which it can operate, used or not:
a measure with I(y) units installed costs the sum over y of A I(y) / (1 + r)^(y - F). Nothing else costs.

**Best plan**, if the slow measure is dearer a year (A_slow > A_fast) and takes longer to build (S / ramp_slow >=
P / ramp_fast), both as late as their ramps allow:

    I_slow(y) = max(0, S - ramp_slow max(0, T - y))        I_fast(y) = max(0, P - ramp_fast max(0, T - y))

*Proof.* By the ramps I(y) - I(y - 1) <= ramp. Take any plan that keeps the limit, and let d >= 0 be by how much less
than P of the fast measure is there in a year (from T on) or in T (for the years before). From T on I_slow >= S + d,
which costs A_slow d more for A_fast d less. In T - k, I_slow >= S + d - k ramp_slow and I_fast >= P - d - k ramp_fast:
while S > k ramp_slow, d more of the dear one is there for at most d less of the cheap one; when S <= k ramp_slow, also
P <= k ramp_fast, and the plan above has nothing. So no year is cheaper than in the plan above, and those from T on are
dearer unless d = 0; with d = 0 every year is dearer in which I is not that of the plan above. Units started follow from
I (those that could only operate after L are not started in vain), so the plan is the only best one, also without
interest: what is started too early is charged for longer. If it is in whole units, it is the only best one of those.

**First start**: with K = ceil(S / ramp), in T - K + 1 - lead.

**Cost**, summing the geometric series, with u = 1 + r and R = S - (K - 1) ramp, the units of the first year:

    A (u / r) [ u^-(T - F) ( R u^(K-1) + ramp (u^(K-1) - 1) / r ) - S u^-(L + 1 - F) ]
    A [ R (L - T + K) + ramp ( (K - 1) (L - T + 1) + (K - 1) (K - 2) / 2 ) ]               without interest
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from model.optimiser.formulation.objectives import TIDY
from model.studies.study import run
from tests.towns.input_folder import one_emitter, read_town, write_town

BASE, FIRST, MET, LAST = 2024, 2025, 2032, 2034
YEARS = np.arange(FIRST, LAST + 1)
KT = 1000.0
"""t that a unit avoids"""


@dataclass(frozen=True)
class Kind:
    """A measure of the case; `most` is how much of it the best plan has."""

    most: float
    ramp: float
    cost: float
    lifetime: int = 30
    lead: int = 0

    def charge(self, rate: float) -> float:
        """A: MSEK a unit and year."""
        return self.cost * rate / (1 - (1 + rate) ** -self.lifetime) if rate else self.cost / self.lifetime

    @property
    def years(self) -> int:
        """K: years in which units are added."""
        return math.ceil(self.most / self.ramp)

    @property
    def first_start(self) -> int:
        """Year of the first start."""
        return MET - self.years + 1 - self.lead

    @cached_property
    def installed(self) -> np.ndarray:
        """I(y) of the best plan, by year from FIRST."""
        return np.maximum(self.most - self.ramp * np.maximum(MET - YEARS, 0), 0.0)

    @property
    def started(self) -> np.ndarray:
        """Units started by year: what is added, and what replaces those that end."""
        added = np.diff(self.installed, prepend=0.0)
        started = np.zeros(len(YEARS))
        for y in range(len(YEARS) - self.lead):
            replaced = started[y - self.lifetime] if y >= self.lifetime else 0.0
            started[y] = added[y + self.lead] + replaced
        return started

    def total(self, rate: float) -> float:
        """Discounted cost in closed form."""
        a, k, s = self.ramp, self.years, self.most
        rest = s - (k - 1) * a
        if not rate:
            return self.charge(0) * (rest * (LAST - MET + k) + a * ((k - 1) * (LAST - MET + 1) + (k - 1) * (k - 2) / 2))
        u = 1 + rate
        grown = rest * u ** (k - 1) + a * (u ** (k - 1) - 1) / rate
        return self.charge(rate) * u / rate * (u ** -(MET - FIRST) * grown - s * u ** -(LAST + 1 - FIRST))


@dataclass(frozen=True)
class Timing:
    """One case: a rate and two measures."""

    rate: float
    slow: Kind
    fast: Kind
    whole: bool = False

    @property
    def need(self) -> float:
        """N: units that operate from the year T on."""
        return self.slow.most + self.fast.most

    @property
    def total(self) -> float:
        """Discounted cost of the best plan in closed form."""
        return self.slow.total(self.rate) + self.fast.total(self.rate)


PENCIL = Timing(0.25, Kind(8, 2, 3.6, lifetime=2), Kind(4, 4, 1.44, lifetime=2))
CASES = {
    "pencil": PENCIL,
    "even": Timing(0.05, Kind(12, 2, 40), Kind(6, 3, 10)),
    "uneven": Timing(0.035, Kind(11, 2.5, 25), Kind(4, 3, 20)),
    "leads": Timing(0.08, Kind(10, 2, 40, lead=3), Kind(5, 5, 10, lead=1)),
    "equally_slow": Timing(0.05, Kind(8, 1, 12), Kind(16, 2, 10)),
    "lasting_one_year": Timing(0.04, Kind(7, 1, 3, lifetime=1, lead=1), Kind(7, 2, 2, lifetime=3)),
    "all_years": Timing(0.06, Kind(23, 3, 30), Kind(3, 1, 5)),
    "no_interest": Timing(0.0, Kind(11, 2, 40, lifetime=20), Kind(6, 2.5, 10, lifetime=10, lead=2)),
    "whole_units": Timing(0.05, Kind(11, 2, 40), Kind(6, 3, 10), whole=True),
    "whole_units_lasting_short": Timing(0.03, Kind(9, 2, 6, lifetime=3, lead=1), Kind(5, 2, 4, lifetime=4), whole=True),
}


def write(case: Timing, root: Path, start: int = FIRST) -> None:
    """Write a case as a municipality without limits on money; decisions begin in `start`."""
    kinds = {"SLOW": case.slow, "FAST": case.fast}
    most = {"SLOW": 2 * case.need, "FAST": case.fast.most}  # only the fast one is limited by its potential
    base = (case.need + 5) * KT
    year = {"year": FIRST}
    tables = one_emitter(base, BASE) | {
        "funds": [
            {
                "fund": "pot", "kind": "municipal_investment", "pays": "capital", "order": 1, "carry_over": 0,
                "carry_over_unit": "MSEK_2026", "price_basis": "real",
            }
        ],
        "budgets": [year | {"fund": "pot", "value": 0, "unit": "MSEK_2026/year"}],
        "eligibility": [{"fund": "pot", "owner": "municipality", "category": "any", "largest_share": 1}],
        "measures": [
            {
                "measure": name, "category": "project", "hierarchy": "avoid", "unit": "plant", "lead": kind.lead,
                "lifetime": kind.lifetime, "first_year": FIRST, "ramp": kind.ramp, "in_reference": "no",
                "unit_size": 1 if case.whole else "",
            }
            for name, kind in kinds.items()
        ],
        "owner_shares": [{"measure": name, "owner": "municipality", "share": 1} for name in kinds],
        "costs": [
            year | {"measure": name, "item": "capital", "value": kind.cost, "unit": "MSEK_2026"}
            for name, kind in kinds.items()
        ],
        "potentials": [
            year | {"measure": name, "value": most[name], "unit": "plant", "basis": "additional"} for name in kinds
        ],
        "effects": [
            year | {
                "measure": name, "kind": "activity", "target": "smoke", "basis": "amount", "value": -KT,
                "unit": "batch",
            }
            for name in kinds
        ],
        "targets": [
            {
                "target": "limit", "indicator": "fossil_co2", "year": MET, "limit": base - case.need * KT,
                "unit": "t_CO2e", "hold": "from", "priority": 1, "evaluable": "yes",
            }
        ],
    }  # fmt: skip
    settings = {"base_year": BASE, "last_year": LAST, "first_decision_year": FIRST, "social_rate": case.rate}
    goal = {"objective": "least_cost", "targets": ["limit"], "budgets": "unlimited", "gap": 1e-6, "start": start}
    write_town(root, "timing", settings, tables, goal)


def solved(root: Path) -> xr.Dataset:
    ((_, data, _),) = run(read_town(root, "timing"), 1, lambda _: None)
    return data.sel(year=slice(FIRST, None))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_the_proof_assumes_holds_and_its_sum_is_that_of_the_years(case: Timing) -> None:
    slow, fast = case.slow, case.fast
    assert slow.charge(case.rate) > fast.charge(case.rate)
    assert slow.most / slow.ramp >= fast.most / fast.ramp
    assert slow.first_start >= FIRST and fast.first_start >= FIRST
    for kind in (slow, fast):
        assert np.flatnonzero(kind.started)[0] == kind.first_start - FIRST
        yearly = kind.charge(case.rate) * kind.installed * (1 + case.rate) ** -(YEARS - FIRST).astype(float)
        assert_allclose(kind.total(case.rate), yearly.sum(), rtol=1e-12)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_measures_start_as_late_as_their_ramps_allow_at_the_cost_of_the_closed_form(
    case: Timing, tmp_path: Path
) -> None:
    write(case, tmp_path)
    data = solved(tmp_path)
    assert_allclose(data.shortfall, 0, atol=1e-3)
    for name, kind in (("SLOW", case.slow), ("FAST", case.fast)):
        assert_allclose(data.new_units.sel(measure=name), kind.started, atol=1e-6, err_msg=name)
        assert_allclose(data.installed.sel(measure=name), kind.installed, atol=1e-6, err_msg=name)
    discount = (1 + case.rate) ** -(YEARS - FIRST).astype(float)
    assert_allclose(data.capital_charge.sum("measure") @ xr.DataArray(discount, dims="year"), case.total, rtol=1e-7)
    tidy = sum(TIDY * kind.started.sum() / most for kind, most in (
        (case.slow, 2 * case.need), (case.fast, case.fast.most)
    ))  # fmt: skip
    assert_allclose(data.attrs["objectives"][-1] - tidy, case.total, rtol=1e-7)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_begins_a_year_later_misses_the_target_by_what_the_first_year_would_have_added(
    case: Timing, tmp_path: Path
) -> None:
    """What is there in a year is at most ramp times the years since the first start could operate."""
    start = case.slow.first_start + 1
    years = np.arange(MET, LAST + 1)
    slow, fast = (kind.ramp * np.maximum(years - start - kind.lead + 1, 0) for kind in (case.slow, case.fast))
    missing = np.maximum(case.need - slow - np.minimum(fast, case.fast.most), 0)
    assert missing[0] >= case.slow.most - (case.slow.years - 1) * case.slow.ramp > 0
    write(case, tmp_path, start)
    assert_allclose(solved(tmp_path).shortfall.sel(target="limit", year=years), missing * KT, atol=1e-3)


def test_the_case_worked_by_hand_in_the_document(tmp_path: Path) -> None:
    """`docs/known_optima.md`: interest 1/4, both measures last two years, so A is 2.5 and 1 MSEK a unit and year."""
    assert_allclose([PENCIL.slow.charge(0.25), PENCIL.fast.charge(0.25)], [2.5, 1])
    write(PENCIL, tmp_path)
    data = solved(tmp_path)
    assert_allclose(data.installed.sel(measure="SLOW"), [0, 0, 0, 0, 2, 4, 6, 8, 8, 8], atol=1e-6)
    assert_allclose(data.installed.sel(measure="FAST"), [0, 0, 0, 0, 0, 0, 0, 4, 4, 4], atol=1e-6)
    assert_allclose(data.new_units.sel(measure="SLOW"), [0, 0, 0, 0, 2, 2, 4, 4, 4, 4], atol=1e-6)
    assert_allclose(data.new_units.sel(measure="FAST"), [0, 0, 0, 0, 0, 0, 0, 4, 0, 4], atol=1e-6)
    charged = data.capital_charge.transpose("measure", "year").sel(measure=["SLOW", "FAST"]) @ xr.DataArray(
        0.8 ** np.arange(len(YEARS)), dims="year"
    )
    assert_allclose(charged, [2.5 * 7.796424704, 4 * 0.511705088], rtol=1e-7)
    assert_allclose(PENCIL.total, 21.537882112, rtol=1e-12)
