"""Is the gap explained as pencil and paper explain it, and is every lifted problem what it would be if built anew?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.analyses.gap import IN_TURN, KINDS, Gap, explain, shapley, worst_target
from model.analyses.relaxed_limits import TIMES, RelaxableProblem
from model.build import build
from model.inputs.schema import Goal
from model.measures.catalogue import Measures
from model.optimiser.goal import problem_of
from model.optimiser.limits.record import Kind
from model.optimiser.problem import Problem
from model.optimiser.search import Search, find_plan
from model.scenarios.checks import checked
from tests.towns.money_town import Found, Rows, Thing, budget, found, fund, may_pay, target, village
from tests.towns.random_money import random_money
from tests.towns.random_towns import random_case, random_problem
from tests.towns.small_town import FUTURE, TITLE

LIMIT = -40.0
SUBSETS = [subset for size in range(5) for subset in combinations(KINDS, size)]


THINGS = {
    "dear": Thing(100, capital=10, whole=False),
    "slow": Thing(1, most=200, whole=False),
    "scarce": Thing(1, most=15, whole=False),
    "orphan": Thing(7, capital=1, owner="farm", whole=False),
}
"""100 t for 10 MSEK; 200 t at 20 a year; 15 t; and 7 t that nobody may pay for."""


def held_back(smoke: float = 1000, limit: float = LIMIT, **goal: object) -> Found:
    """The village where 5 MSEK in the first year pay for half of what is dear, and a ramp stands over what is slow."""
    pots: Rows = [budget("pot", 5, 2027), budget("pot", 0, 2028)]
    town = village(
        2030,
        THINGS,
        funds=[fund("pot", 1)],
        budgets=pots,
        eligibility=[may_pay("pot", "town")],
        targets=[target(limit)],
    )
    base = found(town, targets=["low"], **goal)
    case = base.problem.case
    measures = replace(case.measures, ramp=np.array([[np.inf, 20.0, np.inf, np.inf]]))
    case = replace(case, measures=measures, level=case.level * smoke / 1000)
    problem = replace(base.problem, case=case)
    return Found(base.built, problem, find_plan(problem))


NONE = np.zeros(len(THINGS), dtype=bool)


def by_hand(lifted: tuple[str, ...]) -> float:
    """t in 2030: half of what is dear, four years of the ramp, all that is scarce; never below zero."""
    times = 10 if "potential" in lifted else 1
    smoke = 900 if "policy" in lifted else 1000
    dear = 100 * times if "money" in lifted else 50
    slow = 200 * times if "speed" in lifted else 80
    orphan = 7 * times if "money" in lifted else 0
    return max(smoke - dear - slow - 15 * times - orphan, 0.0)


@pytest.fixture(scope="module")
def gap() -> Gap:
    """The gap of the village; with the strongest policy a tenth of the smoke is gone."""
    usual, strong = held_back(), held_back(900)
    explained = explain(Search(usual.problem), usual.plan, Search(strong.problem), NONE)
    assert explained is not None
    return explained


@pytest.mark.parametrize("lifted", SUBSETS, ids="+".join)
def test_what_can_be_reached_with_limits_lifted_is_as_by_hand(gap: Gap, lifted: tuple[str, ...]) -> None:
    assert_allclose(gap.least[lifted], by_hand(lifted), atol=0.05)


def test_the_waterfall_leads_from_the_plan_to_the_target(gap: Gap) -> None:
    assert (gap.target, gap.year, gap.limit) == ("low", 2030, LIMIT)
    assert_allclose(gap.plan, 1000 - 50 - 80 - 15, atol=0.01)
    assert_allclose(gap.lifted["money"], 50 + 7, atol=0.05)
    assert_allclose(gap.lifted["speed"], 120, atol=0.05)
    assert_allclose(gap.lifted["potential"], 1000 - 100 - 200 - 15 - 7, atol=0.05)
    assert_allclose(gap.lifted["policy"], 0, atol=0.05)  # nothing is left for it in this order
    assert_allclose(gap.rest, -LIMIT, atol=0.05)
    assert_allclose(gap.left_by_plan + sum(gap.lifted.values()) + gap.rest, gap.plan - gap.limit, atol=1e-9)


def textbook(value: Mapping[tuple[str, ...], float]) -> dict[str, float]:
    """Shapley values as first defined: the mean over all orders of what a player adds to those before it."""
    total = dict.fromkeys(KINDS, 0.0)
    orders = list(permutations(KINDS))
    for order in orders:
        for place, player in enumerate(order):
            before = tuple(kind for kind in KINDS if kind in order[:place])
            joined = tuple(kind for kind in KINDS if kind in order[: place + 1])
            total[player] += (value[before] - value[joined]) / len(orders)
    return total


def test_shapley_values_are_the_textbooks_and_sum_to_the_whole(gap: Gap) -> None:
    assert gap.shapley == pytest.approx(textbook(gap.least))
    assert sum(gap.shapley.values()) == pytest.approx(gap.least[()] - gap.least[KINDS])
    assert gap.shapley["policy"] > 10  # though it is worth nothing as the last one


def test_shapley_values_of_a_game_made_by_hand() -> None:
    """Two gloves make a pair worth 12: `money` is the only left one, `speed` and `potential` are right ones; `policy`
    is worth 5 to anybody. The left glove is worth 12 * 2/3 = 8, a right one 2.
    """
    worth = {
        each: 12.0 * ("money" in each and bool({"speed", "potential"} & set(each))) + 5.0 * ("policy" in each)
        for each in SUBSETS
    }
    values = shapley(KINDS, {each: -value for each, value in worth.items()})
    assert values == pytest.approx({"money": 8, "speed": 2, "potential": 2, "policy": 5})


def test_of_money_the_rules_on_who_may_pay_are_told_apart(gap: Gap) -> None:
    assert_allclose(gap.without_money_rules, by_hand(()) - 50, atol=0.05)  # nobody may pay for the orphan
    assert_allclose(gap.least["money",], by_hand(()) - 57, atol=0.05)


def test_the_extra_money_is_what_is_missing_where_money_alone_is() -> None:
    """Half of what is dear is not paid for: 5 MSEK. A hundredth of its 50 t (and a gram) may be left, 0.1 MSEK a t."""
    village_ = held_back(limit=1000 - 100 - 80 - 15)
    kept = Search(village_.problem)
    explained = explain(kept, village_.plan, kept, NONE)
    assert explained is not None
    assert_allclose(explained.plan - explained.limit, 50, atol=0.01)
    assert_allclose(explained.extra, [5 - 0.1 * (0.5 + 1e-3)], atol=1e-4)
    assert_allclose(explained.without_money_rules, explained.limit, atol=0.05)
    assert_allclose([explained.lifted["money"], explained.rest], [50, 0], atol=0.05)


def test_removals_keep_their_potential() -> None:
    """What is scarce is a removal here: ten times as much of the others, 15 t of it."""
    village_ = held_back(limit=0)
    removes = np.array([False, False, True, False])
    kept = Search(village_.problem)
    explained = explain(kept, village_.plan, kept, removes)
    assert explained is not None
    assert_allclose(explained.least["potential",], 1000 - 50 - 80 - 15, atol=0.05)
    assert_allclose(explained.least["speed", "potential"], 0, atol=0.05)


def test_a_target_that_is_reached_has_nothing_to_lift() -> None:
    village_ = held_back(limit=900)
    kept = Search(village_.problem)
    explained = explain(kept, village_.plan, kept, NONE)
    assert explained is not None
    assert all(abs(value) < 0.05 for value in (*explained.lifted.values(), *explained.shapley.values(), explained.rest))
    assert_allclose(explained.plan, 855, atol=0.05)  # less than the target allows
    assert_allclose(explained.extra, 0, atol=1e-3)


def test_without_a_limit_on_money_money_is_worth_nothing() -> None:
    village_ = held_back(budgets="unlimited")
    assert village_.problem.financing is None
    kept = Search(village_.problem)
    explained = explain(kept, village_.plan, kept, NONE)
    assert explained is not None and len(explained.extra) == 0
    assert_allclose(explained.lifted["money"], 0, atol=1e-6)
    assert_allclose(explained.plan, 1000 - 107 - 80 - 15, atol=0.05)


def test_only_targets_on_yearly_emissions_from_above_are_explained() -> None:
    village_ = held_back()
    problem = village_.problem
    (limit,) = problem.limits
    assert worst_target(problem, village_.plan) is not None
    for other in (replace(limit, since=2027), replace(limit, sense=-1), replace(limit, quantity="energy")):
        assert worst_target(replace(problem, limits=(other,)), village_.plan) is None
    bare = replace(problem, limits=())
    kept = Search(bare)
    assert explain(kept, find_plan(bare), kept, NONE) is None


def test_the_first_target_that_is_missed_is_explained() -> None:
    village_ = held_back()
    (limit,) = village_.problem.limits
    reached = replace(limit, name="easy", bound=np.where(np.isfinite(limit.bound), 990.0, np.inf))
    problem = replace(village_.problem, limits=(reached, replace(limit, priority=2)))
    plan = find_plan(problem)
    assert worst_target(problem, plan) == (1, 2030, pytest.approx(855, abs=0.05))
    problem = replace(problem, limits=(reached,))
    assert worst_target(problem, find_plan(problem)) == (0, 2030, pytest.approx(855, abs=0.05))


# --- against problems that are built anew -----------------------------------------------------------


def random_town(seed: int, pools: bool = False) -> Problem:
    """A random town with one target, and money for some of it."""
    case = random_case(seed, measures=6, pools=pools)
    problem = random_problem(seed, case, 0.5)
    return replace(problem, limits=problem.limits[:1])


def with_potential(problem: Problem, removes: np.ndarray) -> Problem:
    """The problem with potentials multiplied, built anew."""
    measures: Measures = problem.case.measures
    larger = measures.potential * np.where(removes, 1.0, TIMES)[None, :, None]
    return replace(problem, case=replace(problem.case, measures=replace(measures, potential=larger)))


def least(problem: Problem) -> float:
    """Least worst shortfall in t, whole units relaxed, of a problem that is built for it."""
    return 1e3 * Search(problem).settle_stage(0).objective


def without_speed_limits(problem: Problem) -> Problem:
    """The problem without ramps and lead times, built anew."""
    measures = problem.case.measures
    count = len(measures.names)
    measures = replace(measures, ramp=np.full((1, count), np.inf), lead=np.zeros(count, dtype=int))
    return replace(problem, case=replace(problem.case, measures=measures))


def built_anew(problem: Problem, lifted: tuple[Kind, ...], removes: np.ndarray) -> Problem:
    """The problem with limits of some kinds lifted in its tables."""
    anew = replace(problem, financing=None) if "money" in lifted else problem
    anew = with_potential(anew, removes) if "potential" in lifted else anew
    return without_speed_limits(anew) if "speed" in lifted else anew


@pytest.mark.parametrize("seed", range(5))
def test_lifting_in_place_is_building_anew(seed: int) -> None:
    problem = random_town(seed)
    removes = np.arange(6) == seed % 6
    kept = RelaxableProblem(Search(problem), 0, removes)
    for lifted in (*IN_TURN, ()):  # the last: everything is put back
        kept.lift(*lifted)
        assert_allclose(kept.least(), least(built_anew(problem, lifted, removes)), rtol=1e-6, atol=0.1, err_msg=lifted)


@pytest.mark.parametrize("seed", [0, 3])
def test_with_pools_lifting_in_place_is_building_anew_as_far_as_relaxations_are_settled(seed: int) -> None:
    problem, none = random_town(seed, pools=True), np.zeros(6, dtype=bool)
    kept = RelaxableProblem(Search(problem), 0, none)
    size = 1e3 * Search(problem).scales[0]
    for lifted in (*IN_TURN, ()):
        kept.lift(*lifted)
        assert abs(kept.least() - least(built_anew(problem, lifted, none))) < 5e-4 * size


@pytest.mark.parametrize("seed", range(4))
def test_only_one_of_several_targets_is_looked_at(seed: int) -> None:
    """With others beside it, of the same priority and of another, a target's worst shortfall is what it is alone."""
    problem = random_town(seed)
    (limit,) = problem.limits
    others = replace(limit, name="half", bound=0.5 * limit.bound), replace(limit, name="later", priority=2)
    search = Search(replace(problem, limits=(others[0], limit, others[1])))
    for number, one in enumerate((others[0], limit, others[1])):
        kept = RelaxableProblem(search, number, np.zeros(6, dtype=bool))
        assert_allclose(kept.least(), least(replace(problem, limits=(one,))), rtol=1e-6, atol=0.1)


@pytest.mark.parametrize("seed", range(3))
def test_pots_that_are_given_the_extra_money_reach_as_far(seed: int) -> None:
    problem = random_town(seed)
    kept = RelaxableProblem(Search(problem), 0, np.zeros(6, dtype=bool))
    before = kept.least()
    kept.lift("pots")
    far = kept.least()
    money = problem.financing
    assert money is not None
    rich = replace(problem, financing=replace(money, budget=1e4 * np.ones_like(money.budget)))
    assert_allclose(far, least(rich), rtol=1e-6, atol=0.1)
    extra = kept.money_for(far + 0.01 * (before - far) + 1e-3, len(money.funds))
    assert np.all(extra >= 0) and (extra.sum() > 1e-3) == (before - far > 1)
    kept.lift()
    assert_allclose(kept.least(), before, rtol=1e-6, atol=0.1)


@pytest.mark.parametrize("seed", range(1, 13, 2))
def test_money_lifted_is_no_limit_on_money_where_owners_grants_and_debts_are_many(seed: int) -> None:
    town = random_money(seed)
    asked = {"title": TITLE, "objective": "least_emissions", "targets": ["low"]}
    problem = problem_of(checked(Goal.model_validate(asked), town), build(town, FUTURE))
    kept = RelaxableProblem(Search(problem), 0, np.zeros(len(problem.case.measures.names), dtype=bool))
    before = kept.least()
    kept.lift("money")
    size = 1e3 * kept.search.scales[0]
    assert abs(kept.least() - least(replace(problem, financing=None))) < 2e-4 * size
    kept.lift()
    assert abs(kept.least() - before) < 2e-4 * size
