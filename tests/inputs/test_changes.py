"""Does a number changed in memory give another town that remembers it, and is what cannot be a fault?"""

from __future__ import annotations

from typing import Any

import pytest

from model.inputs.columns.measures import Cost
from model.inputs.faults import InputFaults
from model.inputs.municipality import Municipality
from tests.towns.small_town import small_town


def town() -> Municipality:
    rows = [
        {"measure": name, "item": item, "year": 2026, "value": value, "low": low, "high": high, "unit": "MSEK_2026"}
        for name, item, value, low, high in (
            ("A", "capital", 10.0, 8.0, 15.0),
            ("A", "fixed_cost", 0.0, -1.0, None),
            ("B", "capital", 20.0, None, None),
        )
    ]
    usual = {"category": "any", "hierarchy": "switch", "unit": "unit", "lead": 0, "in_reference": "no"}
    measures = [{"measure": name, "lifetime": 10, "first_year": 2027, "ramp": None} | usual for name in "AB"]
    sources = [{"source": "test", "kind": "assumption", "title": "t"}]
    areas = [{"category": "any", "label_sv": "a", "label_en": "a"}]
    return small_town(costs=rows, measures=measures, sources=sources, areas=areas)


def costs(of: Municipality) -> list[tuple[float, float | None, float | None]]:
    return [(row.value, row.low, row.high) for row in of.rows(Cost)]


def faults(**change: Any) -> list[str]:
    with pytest.raises(InputFaults) as error:
        town().change(**change)
    return list(map(str, error.value.faults))


def test_a_change_gives_another_town_and_leaves_the_first_as_it_was() -> None:
    first = town()
    other = first.change("costs", measure="A", item="capital", times=0.5)
    assert costs(first)[0] == (10, 8, 15) and costs(other)[0] == (5, 4, 7.5), "the range moves with the value"
    assert costs(other)[1:] == costs(first)[1:]
    assert first.changes == () and [str(each) for each in other.changes] == [
        "costs (measure A, item capital): value times 0.5"
    ]
    assert other.place(other.rows(Cost)[0]) == first.place(first.rows(Cost)[0])


def test_a_value_is_multiplied_set_or_added_to_in_every_row_that_matches() -> None:
    assert [value for value, _, _ in costs(town().change("costs", times=2))] == [20, 0, 40]
    assert [value for value, _, _ in costs(town().change("costs", item="capital", plus=1))] == [11, 0, 21]
    assert costs(town().change("costs", item="capital", to=20))[0] == (20, 16, 30)
    assert costs(town().change("costs", item="fixed_cost", to=3))[1] == (3, 2, None), "of nothing there is no share"
    assert costs(town().change("costs", measure="A", item="capital", column="high", to=12))[0] == (10, 8, 12)
    assert costs(town().change("costs", year=2026, measure="B", times=3))[2][0] == 60


def test_changes_are_kept_in_their_order() -> None:
    other = town().change("costs", measure="B", plus=1).change("measures", measure="B", column="lead", to=2)
    assert [str(each) for each in other.changes] == [
        "costs (measure B): value plus 1", "measures (measure B): lead to 2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"table": "cost", "times": 2}, "change: found table 'cost'; allowed: one of"),
        ({"table": "costs", "column": "vlaue", "times": 2}, "found column 'vlaue'; allowed: one of"),
        ({"table": "costs", "column": "measure", "to": "B"}, "found column 'measure'; allowed: one of"),
        ({"table": "costs", "messure": "A", "times": 2}, "Did you mean 'measure'?"),
        ({"table": "costs", "measure": "C", "times": 2}, "costs.csv [measure]: found 'C'; allowed: one of A, B."),
        (
            {"table": "costs", "measure": "B", "item": "fixed_cost", "times": 2},
            "found no row with measure 'B', item 'fixed_cost'",
        ),
        ({"table": "costs", "measure": "A"}, "found nothing for the new value; allowed: one of times, to, plus."),
        ({"table": "costs", "times": 2, "to": 3}, "found times, to for the new value; allowed: one of"),
        ({"table": "costs", "measure": "A", "item": "capital", "column": "low", "to": 11}, "at most the value, 10"),
        ({"table": "costs", "measure": "B", "to": "lots"}, "costs.csv:4 [value]: found 'lots'; allowed: a number"),
        ({"table": "measures", "measure": "A", "column": "ramp", "times": 2}, "found 'None' times '2'"),
        ({"table": "costs", "measure": "B", "column": "source", "to": "tset"}, "one of test. Did you mean 'test'?"),
        (
            {"table": "costs", "measure": "B", "column": "unit", "to": "kg"},
            "found 'kg'; allowed: a unit that turns",
        ),
        ({"table": "measures", "measure": "A", "column": "category", "to": "zzz"}, "found 'zzz'; allowed: one of any."),
        ({"table": "costs", "measure": "B", "column": "confidence", "to": "D"}, "[confidence]: found 'D'"),
    ],
)
def test_what_cannot_be_changed_is_a_fault_with_what_is_allowed(change: dict[str, Any], said: str) -> None:
    (fault,) = faults(**change)
    assert said in fault


def test_all_faults_of_a_change_are_told_at_once() -> None:
    assert len(faults(table="costs", column="x", y=1, z=2, times=1)) == 3
    assert len(faults(table="costs", item="capital", to="lots")) == 2
