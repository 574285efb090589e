"""Does the compiled kernel give what the readable replay gives, whatever is asked of it and however it is run?"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from model import ROOT
from model.batch import stack
from model.inputs.schema import Portfolio
from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.projection.indicators import Indicator, accumulated, series
from model.projection.kernel import Kernel
from model.projection.program import Op
from model.projection.replay import Request, emissions, replay
from model.projection.sums import Total, emission_program
from model.projection.translation import EVERYTHING, OUTCOME, translate
from model.scenarios.portfolio import decide
from model.studies.study import Batch
from model.vocabulary import FloatArray
from tests.projection import reference_replay
from tests.projection.plain_interpreter import evaluate
from tests.towns.random_towns import in_futures, random_case, random_request

SAME = 1e-9
"""Share of the base level by which kernel and reference may differ."""


# --- the same numbers as the readable replay -------------------------------------------------------


@pytest.mark.parametrize("block", range(10))
def test_random_towns_give_what_the_readable_replay_gives(block: int) -> None:
    """500 towns with pools, modes, cuts, requires, enables; several futures in each, and a portfolio for each."""
    for seed in range(50 * block, 50 * block + 50):
        futures = 1 + seed % 3
        case = in_futures(random_case(seed, measures=6 + seed % 9), futures, seed)
        request = random_request(case, seed, count=(1, futures)[seed % 2])
        _agree(case, request, _random_totals(case, seed))


def test_every_portfolio_of_the_main_study_gives_what_the_readable_replay_gives() -> None:
    study = main_study()
    case = stack([built.case for built in study.built.values()])
    totals = [Total(each, name.endswith("official")) for name, each in _indicators(study).items()]
    for scenario in study.scenarios.values():
        if isinstance(scenario.content, Portfolio):
            parts = [decide(scenario, built).request for built in study.built.values()]
            request = Request(
                *(np.concatenate([getattr(each, name) for each in parts]) for name in ("level", "by_mode"))
            )
            _agree(case, request, [*totals, Total("cost"), Total("benefit")])
            _agree(case, Request(2 * request.level, request.by_mode), totals)


def _agree(case: Case, request: Request, totals: list[Total]) -> None:
    """Everything, and totals alone, are what the readable replay makes of it."""
    kernel, expected = Kernel(translate(case, totals, EVERYTHING)), _reference(case, request, totals)
    rows = kernel.run(request.level, request.by_mode)
    for name, size in _sizes(case).items():
        _close(rows[:, kernel.program.rows[name]], expected[name], size, name)
    for number, total in enumerate(totals):
        size = np.abs(expected["totals"][:, number]).max(initial=1.0)
        _close(rows[:, kernel.program.rows["totals"]][:, number], expected["totals"][:, number], size, str(total.of))
    alone = Kernel(translate(case, totals, ())).run(request.level, request.by_mode)
    _close(alone, rows[:, kernel.program.rows["totals"]], np.abs(alone).max(initial=1.0), "totals alone")


def _close(found: FloatArray, expected: FloatArray, size: Any, name: str) -> None:
    difference = np.abs(found - expected) / np.maximum(size, 1e-9)
    assert difference.max(initial=0.0) < SAME, f"{name}: {difference.max()}"


def _sizes(case: Case) -> dict[str, Any]:
    """What a difference is a share of, by kind of result: base levels, and of measures what they may be at most."""
    flow = reference_flow(case)
    base, burnt = case.level[:, :, :1].max(), flow[:, :, :1].max()
    tonnes = np.abs(reference_replay.emissions(case, case.level, flow)).max()
    money = burnt * case.price.max() + base * case.running_cost.max()
    most = case.measures.potential.max()
    return {"level": most, "activity": base, "flow": burnt, "running_cost": money, "benefit": base,
            "emissions": tonnes, "official": tonnes}  # fmt: skip


def _reference(case: Case, request: Request, totals: list[Total]) -> dict[str, FloatArray]:
    """Every result as the readable replay has it."""
    outcome = reference_replay.replay(case, request)
    found = {name: getattr(outcome, name) for name in OUTCOME}
    tonnes = {kind: reference_replay.emissions(case, outcome.activity, outcome.flow, kind) for kind in (False, True)}
    units = np.zeros((len(outcome.level), len(case.measures.names), len(case.years)))
    for mode, measure in enumerate(case.measures.mode_measure):
        units[:, measure] += outcome.level[:, mode]
    made = {
        "cost": (outcome.running_cost + case.measures.fixed_cost * units).sum(axis=1),
        "benefit": (outcome.benefit + case.measures.fixed_benefit * units).sum(axis=1),
    }
    summed = []
    for total in totals:
        if isinstance(total.of, str):
            each = made[total.of]
        else:
            each = series(total.of, tonnes[total.official], outcome.activity, outcome.flow)
        summed.append(accumulated(each, total.since, case))
    shape = (len(outcome.level), -1, len(case.years))
    found |= {"emissions": tonnes[False].reshape(shape), "official": tonnes[True].reshape(shape)}
    return found | {"totals": np.stack(summed, axis=1)}


def _random_totals(case: Case, seed: int) -> list[Total]:
    """Sums of emissions, of energy, a share, and money, some of them added up."""
    rng = np.random.default_rng(seed)
    activities, flows = len(case.activities), len(case.flow_carrier)
    weight = rng.choice([0.0, 1.0, 28.0], (len(case.subsectors), len(case.gases)))
    of = rng.choice([0.0, 1.0, 1.5], activities)
    counted = Indicator("emissions", weight)
    share = Indicator("share", of * (rng.random(activities) < 0.5), of)
    energy = Indicator("energy", rng.choice([0.0, 1.0], flows))
    year = int(case.years[3])
    return [Total(counted), Total(counted, official=True), Total(counted, since=year), Total(energy), Total(share),
            Total("cost"), Total("benefit"), Total("cost", since=year)]  # fmt: skip


@cache
def main_study() -> Batch:
    """The main study, read and checked."""
    from benchmarks.cases import batch

    return batch()


def _indicators(study: Batch) -> Mapping[str, Indicator]:
    built = next(iter(study.built.values()))
    return {f"{name} {each.accounting}": each.counts for name, each in built.indicators.items()}


# --- as documented ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_what_the_documentation_says_of_the_instructions_gives_the_same_bits(seed: int) -> None:
    case = in_futures(random_case(seed), 2, seed)
    request, program = random_request(case, seed), translate(case, _random_totals(case, seed), EVERYTHING)
    rows = Kernel(program).run(request.level, request.by_mode)
    for entry in range(2):
        assert_array_equal(evaluate(program, request.level[0], request.by_mode[0], entry), rows[entry])


def test_every_instruction_is_documented_and_occurs_in_random_towns() -> None:
    page = (ROOT / "docs" / "kernel.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+) \| `(\w+)` \|", page, re.MULTILINE)
    assert [(int(number), name) for number, name in listed] == [(int(op), op.name) for op in Op]
    cases = [random_case(seed) for seed in range(10)]
    programs = [translate(case, _random_totals(case, 1), EVERYTHING) for case in cases]
    programs.append(emission_program(cases[0], official=False))
    used = {int(op) for program in programs for op in program.instructions[:, 0]}
    assert used == {int(op) for op in Op}


# --- however it is run -----------------------------------------------------------------------------


def _batch(entries: int = 1500) -> tuple[Kernel, Request, Any, Any]:
    """A town in four futures and seven requests, each entry taking any of both."""
    case, rng = in_futures(random_case(5), 4, 5), np.random.default_rng(5)
    kernel = Kernel(translate(case, _random_totals(case, 5), EVERYTHING))
    return kernel, random_request(case, 5, 7), rng.integers(0, 4, entries), rng.integers(0, 7, entries)


def test_entries_that_share_futures_and_requests_give_what_each_gives_alone() -> None:
    kernel, request, case_of, request_of = _batch(40)
    rows = kernel.run(request.level, request.by_mode, case_of, request_of)
    for entry, (case, asked) in enumerate(zip(case_of, request_of, strict=True)):
        one = slice(asked, asked + 1)
        alone = kernel.run(request.level[one], request.by_mode[one], np.array([case]), np.array([0]))
        assert_array_equal(rows[entry], alone[0])


@pytest.mark.processes
def test_the_number_of_threads_does_not_matter() -> None:
    kernel, request, case_of, request_of = _batch()
    one, two, all_of_them = (
        kernel.run(request.level, request.by_mode, case_of, request_of, threads=threads) for threads in (1, 2, None)
    )
    assert_array_equal(one, two)
    assert_array_equal(one, all_of_them)


def test_results_of_a_run_before_are_written_over() -> None:
    kernel, request, case_of, request_of = _batch(300)
    fresh = kernel.run(request.level, request.by_mode, case_of, request_of)
    kept = np.full_like(fresh, np.nan)
    assert kernel.run(request.level, request.by_mode, case_of, request_of, kept) is kept
    assert_array_equal(kept, fresh)


def test_a_long_batch_comes_in_blocks_of_the_same_memory() -> None:
    kernel, request, case_of, request_of = _batch(700)
    whole = kernel.run(request.level, request.by_mode, case_of, request_of)
    seen, memory = 0, set()
    for part, rows in kernel.blocks(request.level, request.by_mode, case_of, request_of, size=256):
        assert_array_equal(rows, whole[part])
        seen += len(rows)
        memory.add(rows.ctypes.data)
    assert seen == 700 and len(memory) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": lambda a: a[:, 1:]}, {"level": lambda a: a[:, :, 1:]}, {"by_mode": lambda a: a[:, 1:]},
        {"by_mode": lambda a: a[1:]}, {"case_of": lambda a: a + 4}, {"case_of": lambda a: a - 4},
        {"request_of": lambda a: a[:3]}, {"request_of": lambda a: a + 7}, {"results": lambda a: a[1:]},
        {"results": lambda a: a.astype(np.float32)}, {"results": lambda a: np.asfortranarray(a)},
    ],
)  # fmt: skip
def test_what_would_be_read_or_written_outside_the_arrays_is_refused(wrong: dict[str, Callable[[Any], Any]]) -> None:
    kernel, request, case_of, request_of = _batch(5)
    results = np.empty((5, kernel.program.results, kernel.program.years))
    given = {"level": request.level, "by_mode": request.by_mode, "case_of": case_of, "request_of": request_of,
             "results": results}  # fmt: skip
    kernel.run(**given)
    with pytest.raises(ValueError, match=r"level|by_mode|results|cannot take"):
        kernel.run(**given | {name: change(given[name]) for name, change in wrong.items()})


def test_a_request_of_any_layout_is_taken() -> None:
    case = random_case(1)
    request = random_request(case, 1, 3)
    expected = replay(case, request)
    turned = Request(np.asfortranarray(request.level), np.broadcast_to(request.by_mode, request.by_mode.shape))
    assert_array_equal(replay(case, turned).activity, expected.activity)


def test_what_all_futures_share_is_stored_once() -> None:
    case = random_case(2)
    same, different = translate(stack([case] * 5)), translate(in_futures(case, 5, 2))
    assert same.coefficients.size == translate(case).coefficients.size and not np.any(same.step)
    assert same.batch == different.batch == 5 and np.any(different.step)


def test_a_case_is_sent_elsewhere_without_what_was_compiled_for_it() -> None:
    case = random_case(4)
    before = len(pickle.dumps(case))
    outcome = replay(case, random_request(case, 4))
    emissions(case, outcome.activity, outcome.flow)
    assert len(pickle.dumps(case)) == before
    assert_array_equal(replay(pickle.loads(pickle.dumps(case)), random_request(case, 4)).flow, outcome.flow)
