"""Is a plan the same whatever the last bits of a processor say, and whatever its clock?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from model import ROOT
from model.optimiser.digits import SOLVER, settled, settled_number
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search, find_plan
from model.plain_text import settled as written
from tests.towns.pencil_town import pencil_plan
from tests.towns.pooled_towns import pooled_town
from tests.towns.random_towns import random_case, random_problem

LAST_BITS = 1e-14
"""Share by which the same number may differ between processors, generously."""
SEEDS = (6, 7)
ELSEWHERE = {
    "one thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    "other kernels": {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX"},
    "other mathematics": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F", "OPENBLAS_CORETYPE": "Nehalem"},
    "other hashes": {"PYTHONHASHSEED": "7", "OPENBLAS_CORETYPE": "Haswell"},
}
"""Environments in which sums have other last bits, or sets another order."""
STUDY = """
import hashlib, sys
from pathlib import Path
from tests.optimiser.test_same_everywhere import bits, problem
from model.optimiser.search import find_plan
from model.outputs import summary
from model.studies.study import prepare, run
from model.inputs.faults import Faults
from model import ROOT
print([bits(find_plan(problem(seed))).hex() for seed in (6, 7)])
batch = prepare("same", "toy", ["toy_low_from", "toy_fossil_free"], ["central"], ROOT, Faults())
path = Path(sys.argv[1]) / "summary.csv"
summary.write([data for _, data, _ in run(batch, 1, lambda _: None)], path)
print(hashlib.sha256(path.read_bytes()).hexdigest())
"""


@cache
def problem(seed: int) -> Problem:
    """A random town with whole units, money and pools."""
    return random_problem(seed, random_case(seed))


def perturbed(value: Any, rng: np.random.Generator) -> Any:
    """A record in which all numbers in arrays differ in their last bits."""
    if isinstance(value, np.ndarray) and value.dtype == float:
        return value * (1 + LAST_BITS * rng.uniform(-1, 1, value.shape))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: perturbed(getattr(value, each.name), rng) for each in fields(value)})
    if isinstance(value, list | tuple):
        return type(value)(perturbed(each, rng) for each in value)
    if isinstance(value, dict):
        return {key: perturbed(each, rng) for key, each in value.items()}
    return value


def bits(plan: Plan) -> bytes:
    """A plan to the last bit."""
    known = [[stage.value, stage.scale, np.nan if stage.bound is None else stage.bound] for stage in plan.stages]
    parts = plan.new_units, plan.level, plan.payment, plan.shortfall, np.array(known), np.array([plan.rounds])
    return b"".join(np.ascontiguousarray(each).tobytes() for each in parts)


@cache
def found(seed: int) -> bytes:
    return bits(find_plan(problem(seed)))


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize("seed", SEEDS)
def test_last_bits_of_what_is_asked_change_no_bit_of_the_plan(seed: int, draw: int) -> None:
    assert bits(find_plan(perturbed(problem(seed), np.random.default_rng(draw)))) == found(seed)


@pytest.mark.parametrize("seed", [0, 5, 6, 7])
def test_nor_where_pools_are_drawn_on(seed: int) -> None:
    town = pooled_town(seed)
    assert bits(find_plan(perturbed(town, np.random.default_rng(seed)))) == bits(find_plan(town))


@pytest.mark.parametrize("draw", range(6))
def test_what_goes_to_the_solver_is_the_same_to_the_last_bit(draw: int) -> None:
    for town in (pencil_plan().problem, problem(8), pooled_town(1)):
        mine, its = (Search(each).arrays for each in (town, perturbed(town, np.random.default_rng(draw))))
        assert list(mine.rows) == list(its.rows) and list(mine.columns) == list(its.columns)
        for name in ("objective", "offset", "lower", "upper", "row_lower", "row_upper"):
            assert_array_equal(getattr(mine, name), getattr(its, name))
        assert_array_equal(mine.matrix.toarray(), its.matrix.toarray())


@pytest.fixture
def mad_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks that jump by days, to and fro."""
    jumps: Iterator[int] = count()

    def now() -> float:
        return 1e5 * float(np.random.default_rng(next(jumps)).uniform(-1, 1))

    for name in ("perf_counter", "monotonic", "time", "process_time"):
        monkeypatch.setattr(time, name, now)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_clock_has_a_say_unless_the_user_gave_a_time(seed: int, mad_clock: None) -> None:
    plan = find_plan(problem(seed))
    assert bits(plan) == found(seed) and not plan.stopped


def test_other_threads_kernels_hashes_and_load_change_nothing(tmp_path: Path) -> None:
    """All at once, so that they disturb each other."""
    runs = {}
    for name, environment in ({"here": {}} | ELSEWHERE).items():
        folder = tmp_path / name.replace(" ", "_")
        folder.mkdir()
        runs[name] = subprocess.Popen(
            [sys.executable, "-c", STUDY, str(folder)], cwd=ROOT, env=os.environ | environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    said = {name: (run.communicate(), run.returncode) for name, run in runs.items()}
    assert {code for _, code in said.values()} == {0}, [error for (_, error), _ in said.values()]
    assert {name for name, ((out, _), _) in said.items() if out != said["here"][0][0]} == set()


@pytest.mark.parametrize("value", [123.4567885, 0.001234567895, 1.000000005e12, 10.0, 0.3, 1e-12])
@pytest.mark.parametrize("towards", [-1, 0, 1])
def test_decimals_are_rounded_alike_however_their_last_bits_are(value: float, towards: int) -> None:
    """Also those that end in 5, which lie between two that are settled."""
    around = [value * (1 + share * LAST_BITS) for share in (-1, -0.1, 0, 0.1, 1)]
    assert len({settled_number(each, towards) for each in around}) == 1
    assert len({settled_number(-each, towards) for each in around}) == 1
    assert settled_number(value) == pytest.approx(value, rel=10.0 ** (1 - SOLVER))


@pytest.mark.parametrize("value", [1234.5675, 0.00012345675, 9999999.5])
def test_what_is_written_is_so_too(value: float) -> None:
    assert len({written(value * (1 + share * LAST_BITS)) for share in (-1, -0.1, 0, 0.1, 1)}) == 1


def test_rounding_towards_a_side_never_goes_to_the_other() -> None:
    values = np.random.default_rng(1).uniform(-1e6, 1e6, 1000) ** 3
    assert np.all(settled(values, 1) >= values * (1 - np.sign(values) * 1e-11))
    assert np.all(settled(values, -1) <= values * (1 + np.sign(values) * 1e-11))
