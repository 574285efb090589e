"""Do units turn into each other as they should, and is nothing of what stands in a table evaluated?"""

from __future__ import annotations

import time

import pytest

from model.inputs.units import UnitError, factor, powers


@pytest.mark.parametrize(
    ("unit", "canonical", "ratio"),
    [("kWh/km", "GWh/Mkm", 1.0), ("g/km", "t/Mkm", 1.0), ("percent", "fraction", 0.01), ("l", "m3", 1e-3),
     ("(t)/(MSEK_2026/Mkm)", "t*Mkm/MSEK_2026", 1.0), ("SEK_2026/l", "MSEK_2026/m3", 1e-3), ("t^2/t", "kg", 1000.0),
     ("1/year", "1/day", 1 / 365), ("car", "car", 1.0)],
)  # fmt: skip
def test_units_turn_into_each_other(unit: str, canonical: str, ratio: float) -> None:
    assert factor(unit, canonical) == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize("unit", ["t", "SEK_2024", "Mcar", "car/km", ""])
def test_what_measures_something_else_is_no_such_unit(unit: str) -> None:
    with pytest.raises(UnitError):
        factor(unit, "SEK_2026" if unit.startswith("SEK") else "car")


def test_what_a_thing_of_ones_own_is_called_does_not_depend_on_what_was_read_before() -> None:
    """`Mcow` is no million cows, whether `cow` has been read or not."""
    assert factor("cow", "cow") == 1.0
    for one, other in (("Mcow", "cow"), ("khen", "hen"), ("hen", "khen")):
        with pytest.raises(UnitError):
            factor(one, other)


@pytest.mark.parametrize(
    "text", ["9**9**9**9**9*t", "t**99", "t**4", "(t", "t)", "t/", "*t", "a b", "10 km", "1e9 t", "__import__('os')",
             "t.t", "lambda: 0", "t*" * 200 + "t", "t*t*t*t*t*t*t", "(" * 90 + "t"],
)  # fmt: skip
def test_what_is_no_unit_is_refused_at_once(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(UnitError):
        powers(text)
    assert time.perf_counter() - begun < 0.5
