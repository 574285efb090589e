"""Does the whole path, from a folder of tables to the found plan, reach the best where the best is known?

Classical capital budgeting instances with their published optimum, and small ones of our own. Every optimum is found
again here without the optimiser.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import Bounds, LinearConstraint, milp

from model import ROOT
from model.outputs import netcdf
from tests.towns.broken_root import call
from tests.towns.capital_budgeting import (
    DECIDED,
    Answer,
    Instance,
    answer,
    enumerated,
    greedy,
    knapsack,
    tabulated,
    write,
)


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split()]


# --- published -------------------------------------------------------------------------------------

LORIE_SAVAGE = Instance(
    "lorie_savage",
    numbers("14 17 17 15 40 12 14 10 12"),
    [numbers("12 54 6 6 30 6 48 36 18"), numbers("3 7 6 2 35 6 4 3 3")],
    [50, 20],
)
"""Lorie and Savage (1955), Three problems in rationing capital, Journal of Business 28: nine projects, outlays in two
years. Optimum 70 (projects 1, 3, 4, 6 and 9); with parts of projects 70.27."""

PETERSEN = Instance(
    "petersen",
    numbers("100 600 1200 2400 500 2000"),
    [
        numbers("8 12 13 64 22 41"),
        numbers("8 12 13 75 22 41"),
        numbers("3 6 4 18 6 4"),
        numbers("5 10 8 32 6 12"),
        numbers("5 13 8 42 6 20"),
        numbers("5 13 8 48 6 20"),
        numbers("0 0 0 0 8 0"),
        numbers("3 0 4 0 8 0"),
        numbers("3 2 4 0 8 4"),
        numbers("3 2 4 8 8 4"),
    ],
    numbers("80 96 20 36 44 48 10 18 22 24"),
)
"""Petersen (1967), Computational experience with variants of the Balas algorithm applied to the selection of R&D
projects, Management Science 13: the first problem of OR-Library's mknap1. Optimum 3800."""

WEINGARTNER_NESS_PROJECTS = numbers("""
    1898 440 22507 270 14148 3100 4650 30800 615 4975 1160 4225 510 11880
    479 440 490 330 110 560 24355 2885 11748 4550 750 3720 1950 10500
""")
WEINGARTNER_NESS_OUTLAYS = [
    numbers("45 0 85 150 65 95 30 0 170 0 40 25 20 0 0 25 0 0 25 0 165 0 85 0 0 0 0 100"),
    numbers("30 20 125 5 80 25 35 73 12 15 15 40 5 10 10 12 10 9 0 20 60 40 50 36 49 40 19 150"),
]
WEINGARTNER_NESS = {
    (600, 600): 141278, (500, 500): 130883, (300, 300): 95677, (300, 600): 119337, (600, 300): 98796, (562, 497): 130623
}  # fmt: skip
"""Weingartner and Ness (1967), Methods for the solution of the multidimensional 0/1 knapsack problem, Operations
Research 15: 28 projects, two constraints; optimum by capacities. WEING1 to WEING6 of OR-Library's mknap2."""

SHIH = Instance(
    "shih",
    numbers("""
        360 83 59 130 431 67 230 52 93 125 670 892 600 38 48 147 78 256 63 17 120 164 432 35 92 110 22 42 50 323
    """),
    [
        numbers("7 0 30 22 80 94 11 81 70 64 59 18 0 36 3 8 15 42 9 0 42 47 52 32 26 48 55 6 29 84"),
        numbers("8 66 98 50 0 30 0 88 15 37 26 72 61 57 17 27 83 3 9 66 97 42 2 44 71 11 25 74 90 20"),
        numbers("3 74 88 50 55 19 0 6 30 62 17 81 25 46 67 28 36 8 1 52 19 37 27 62 39 84 16 14 21 5"),
        numbers("21 40 0 6 82 91 43 30 62 91 10 41 12 4 80 77 98 50 78 35 7 1 96 67 85 4 23 38 2 57"),
        numbers("94 86 80 92 31 17 65 51 46 66 44 3 26 0 39 20 11 6 55 70 11 75 82 35 47 99 5 14 23 38"),
    ],
    [400, 500, 500, 600, 600],
)
"""Shih (1979), A branch and bound method for the multiconstraint zero-one knapsack problem, Journal of the Operational
Research Society 30: 30 projects, five constraints. Optimum 4554. WEISH01 of OR-Library's mknap2."""


KNAPSACKS = {0: 10009, 1: 9552, 2: 9191}
"""Instances of 40 projects drawn like those of OR-Library's mknapcb: optimum by seed."""


def weingartner_ness(capacities: tuple[int, int]) -> Instance:
    name = "weingartner_ness_{}_{}".format(*capacities)
    return Instance(name, WEINGARTNER_NESS_PROJECTS, WEINGARTNER_NESS_OUTLAYS, capacities)


def assert_reached(found: Answer, instance: Instance, optimum: float) -> None:
    """The plan avoids the optimum's tonnes, fits exactly, is paid by the right pots and proved to be best."""
    assert instance.fits(found.chosen)
    assert float(instance.profit(found.chosen)) == optimum
    assert_allclose(found.avoided, optimum, rtol=1e-9)
    assert_allclose(found.paid, np.array(instance.taken(found.chosen), dtype=float), rtol=1e-9, atol=1e-7)
    assert all(stage.met for stage in found.plan.stages if not stage.is_cost)


@pytest.mark.parametrize(("instance", "optimum"), [(LORIE_SAVAGE, 70), (PETERSEN, 3800)], ids=["lorie", "petersen"])
def test_small_published_instances_reach_their_optimum(instance: Instance, optimum: int, tmp_path: Path) -> None:
    assert enumerated(instance)[0] == optimum
    assert_reached(answer(instance, tmp_path), instance, optimum)


@pytest.mark.parametrize(("capacities", "optimum"), WEINGARTNER_NESS.items())
def test_weingartner_and_ness_reach_their_optimum(capacities: tuple[int, int], optimum: int, tmp_path: Path) -> None:
    instance = weingartner_ness(capacities)
    assert tabulated(instance) == optimum
    assert_reached(answer(instance, tmp_path), instance, optimum)


def alone(instance: Instance) -> float:
    """The highest profit of an instance of integers by a solver that is given nothing but its arrays."""
    weights = LinearConstraint(np.array(instance.weights), -np.inf, instance.capacities)
    profits, ones = np.array(instance.profits), np.ones(len(instance.profits))
    found = milp(-profits, constraints=weights, integrality=ones, bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    assert -found.mip_dual_bound < round(-found.fun) + 1
    return float(round(-found.fun))


def test_shih_reaches_its_optimum(tmp_path: Path) -> None:
    assert alone(SHIH) == 4554
    assert_reached(answer(SHIH, tmp_path), SHIH, 4554)


@pytest.mark.parametrize(("seed", "optimum"), KNAPSACKS.items())
def test_instances_drawn_as_by_chu_and_beasley_reach_their_optimum(seed: int, optimum: int, tmp_path: Path) -> None:
    instance = knapsack(seed, projects=40)
    assert alone(instance) == optimum
    assert_reached(answer(instance, tmp_path), instance, optimum)


def test_lorie_and_savage_can_be_optimised_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(LORIE_SAVAGE, tmp_path)
    said = call(capsys, tmp_path, "optimise", "lorie_savage", "--municipality", "lorie_savage")
    assert said.code == 0
    (data,) = netcdf.load(tmp_path / "outputs/lorie_savage/results.nc").values()
    decided = data.sel(year=DECIDED)
    started = decided.new_units.to_series()
    assert started[started > 0].to_dict() == dict.fromkeys(("P0", "P2", "P3", "P5", "P8"), 1.0)
    assert_allclose(decided.payment.sum("measure").sel(fund=["pot0", "pot1", "unfunded"]), [48, 20, 0], atol=1e-7)
    assert_allclose(decided.emissions_co2e.sum(), sum(numbers("17 40 14 10")))  # the four left out


# --- our own ---------------------------------------------------------------------------------------

SCARCE = Instance(
    "scarce",
    [42, 28, 32, 35, 36, 27, 5],
    [
        [6, 4, 2, 3, 3, 2, 0],
        [0, 0, 6, 4, 5, 5, 3],
    ],
    [10, 20],
)
"""Seven projects, a scarce pot of 10 and a plentiful one of 20, where tonnes per krona mislead.

    project              1    2    3    4    5    6    7
    tonnes              42   28   32   35   36   27    5
    from the scarce      6    4    2    3    3    2    0
    from the plentiful   0    0    6    4    5    5    3
    tonnes per krona     7    7    4    5  4.5  3.9  1.7

*By tonnes per krona* projects 1 and 2 come first (7 each). They empty the scarce pot, which all others but 7 need as
well; 7 is added: 42 + 28 + 5 = 75 tonnes. Seventeen kronor of the plentiful pot are left.

*The best* is 3, 4, 5 and 6, which empty both pots (2 + 3 + 3 + 2 = 10, 6 + 4 + 5 + 5 = 20): 32 + 35 + 36 + 27 = 130.
Proof: let a krona of the scarce pot be worth 8 tonnes, one of the plentiful 2. What projects avoid beyond the worth of
what they take is

    1: 42 - 48 = -6    2: 28 - 32 = -4    3: 32 - 28 = 4    4: 35 - 32 = 3    5: 36 - 34 = 2    6: 27 - 26 = 1
    7:  5 -  6 = -1

so any choice avoids at most the worth of what it takes, itself at most 8 x 10 + 2 x 20 = 120, and the four positive
differences, 4 + 3 + 2 + 1 = 10: never more than 130. Equal is only a choice with just 3, 4, 5 and 6.
"""


def test_tonnes_per_krona_lose_to_the_best_where_one_pot_is_scarce(tmp_path: Path) -> None:
    quick = greedy(SCARCE)
    assert quick == (0, 1, 6)
    assert SCARCE.profit(quick) == 75
    assert enumerated(SCARCE) == (130, [(2, 3, 4, 5)])
    found = answer(SCARCE, tmp_path)
    assert found.chosen == (2, 3, 4, 5)
    assert_reached(found, SCARCE, 130)


def drawn(seed: int, projects: int, constraints: int) -> Instance:
    """Projects with decimals; each constraint has room for a half of all weights."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 1000, (constraints, projects))
    profits = rng.integers(100, 1000, projects)

    def decimals(values: np.ndarray) -> list[str]:
        return [f"{value / 100:.2f}" for value in values]

    return Instance(
        f"drawn{seed}", decimals(profits), [decimals(row) for row in weights], decimals(weights.sum(1) // 2)
    )


DRAWN = [drawn(1, 8, 3), drawn(2, 7, 4)]


@pytest.mark.parametrize("instance", DRAWN, ids=lambda each: each.name)
def test_drawn_instances_with_decimals_reach_the_best_of_all_choices(instance: Instance, tmp_path: Path) -> None:
    best, ways = enumerated(instance)
    found = answer(instance, tmp_path)
    assert found.chosen in ways
    assert_reached(found, instance, float(best))


@pytest.mark.parametrize(("capacity", "optimum"), [("0.3", 3), ("0.2999", 2)])
def test_money_that_is_not_whole_is_counted_to_a_hundred_kronor(capacity: str, optimum: int, tmp_path: Path) -> None:
    """0.1 + 0.2 MSEK fit in 0.3, though not in binary (0.30000000000000004 > 0.3); a hundred kronor less do not do."""
    instance = Instance("decimals", [1, 2], [["0.1", "0.2"], ["0.7", "1.1"]], [capacity, "1.8"])
    assert 0.1 + 0.2 > 0.3
    assert enumerated(instance)[0] == Decimal(optimum)
    assert_reached(answer(instance, tmp_path), instance, optimum)


# --- the document ----------------------------------------------------------------------------------


def test_the_document_lists_every_instance_with_its_optimum() -> None:
    published = {70: LORIE_SAVAGE, 3800: PETERSEN, 4554: SHIH}
    published |= {optimum: weingartner_ness(capacities) for capacities, optimum in WEINGARTNER_NESS.items()}
    tested = [(each, str(optimum), str(optimum)) for optimum, each in published.items()]
    tested += [(each, "–", str(enumerated(each)[0])) for each in (SCARCE, *DRAWN)]
    tested += [(knapsack(seed, projects=40), "–", str(optimum)) for seed, optimum in KNAPSACKS.items()]
    text = (ROOT / "docs/known_optima.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[2:6]] for line in text.splitlines() if line.count("|") == 7]
    listed = [row for row in rows if row[0].isdecimal()]
    expected = [[str(len(each.profits)), str(len(each.capacities)), *optima] for each, *optima in tested]
    assert sorted(listed) == sorted(expected)
