"""How is a batch of scenarios run? Every scenario in every future, checked first, written whole or not at all.

Portfolios are projected all at once along the batch axis; goals are solved in processes of their own.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model import results
from model.build import Built, build
from model.case import select, stack
from model.faults import Faults
from model.financing import Financing, pay
from model.municipality import Municipality, load
from model.portfolio import Decision, decide
from model.projection import Outcome, Request, replay
from model.scenario import Scenario, check, load_future, load_scenario, with_budgets
from model.schema import Future, Goal, Portfolio
from model.vocabulary import FloatArray

Key = tuple[str, str]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Batch:
    """A checked batch: nothing in it is faulty any more."""

    name: str
    town: Municipality
    futures: Mapping[str, Future]
    scenarios: Mapping[str, Scenario]
    built: Mapping[str, Built]
    fingerprint: str


def prepare(
    name: str, town_name: str, scenario_names: Sequence[str], future_names: Sequence[str], root: Path, faults: Faults
) -> Batch:
    """Read and check everything a batch needs. Raises `InputFaults` with all faults found in one pass."""
    town = load(town_name, root, faults)
    futures = {name: load_future(name, root, faults, town) for name in future_names}
    scenarios = {name: load_scenario(name, root, faults) for name in scenario_names}
    if town is not None:
        for scenario in scenarios.values():
            if scenario is not None:
                check(scenario, town, faults)
    built: dict[str, Built] = {}
    if town is not None and not faults:
        built = {name: build(town, future) for name, future in futures.items() if future is not None}
    faults.stop_if_any()
    assert town is not None
    chosen = {scenario.name: scenario for scenario in scenarios.values() if scenario is not None}
    ready = {name: future for name, future in futures.items() if future is not None}
    return Batch(name, town, ready, chosen, built, fingerprint(town, chosen, ready, root))


def run(batch: Batch, workers: int, progress: Progress) -> Iterator[tuple[Key, xr.Dataset, Portfolio | None]]:
    """Each (scenario, future) with its dataset and, for a goal, the found portfolio as it is saved."""
    decisions, payments, extra, found = {}, {}, {}, {}
    for key, plan in _solve(batch, workers, progress):
        decisions[key], payments[key], extra[key], found[key] = plan
    portfolios = {n: s.content for n, s in batch.scenarios.items() if isinstance(s.content, Portfolio)}
    for name, portfolio in portfolios.items():
        for future, built in batch.built.items():
            decisions[name, future] = decide(portfolio, batch.town, built.case, built.financing.funds)
    outcomes = project(batch, decisions)
    for position, (name, future) in enumerate(product(batch.scenarios, batch.built)):
            scenario, built, key = batch.scenarios[name], batch.built[future], (name, future)
            money = _financing(batch, scenario, built)
            paid = payments.get(key)
            if paid is None:
                paid = decisions[key].payment
            if paid is None:
                paid = _greedy(money, built, decisions[key], outcomes[key])
            labelled = results.Run(
                name, future, "goal" if isinstance(scenario.content, Goal) else "portfolio",
                scenario.content.title, batch.futures[future].title, decisions[key], outcomes[key], paid, money,
                {"fingerprint": batch.fingerprint, "version": version(), "seed": 0, "position": position, **extra.get(key, {})},
            )  # fmt: skip
            progress(f"{name}, {future}")
            yield key, results.dataset(batch.town, built, labelled), found.get(key)


def project(batch: Batch, decisions: Mapping[Key, Decision]) -> dict[Key, Outcome]:
    """The outcome of every decision, all of them replayed at once along the batch axis."""
    futures = list(batch.built)
    keys = list(decisions)
    case = stack([built.case for built in batch.built.values()])
    chosen = select(case, [futures.index(future) for _, future in keys])
    request = Request(
        np.concatenate([decisions[key].request.level for key in keys]),
        np.concatenate([decisions[key].request.by_mode for key in keys]),
    )
    whole = replay(chosen, request)
    return {
        key: Outcome(*(getattr(whole, name)[index : index + 1] for name in Outcome.__dataclass_fields__))
        for index, key in enumerate(keys)
    }


def _financing(batch: Batch, scenario: Scenario, built: Built) -> Financing:
    budgets = scenario.content.budgets
    return built.financing if budgets == "unlimited" else with_budgets(budgets, batch.town, built.financing)


def _greedy(money: Financing, built: Built, decision: Decision, outcome: Outcome) -> FloatArray:
    measures = built.case.measures
    level = np.zeros_like(decision.new_units)
    np.add.at(level[0], measures.mode_measure, outcome.level[0])
    return np.asarray(pay(money, decision.new_units, level)[0])


Solved = tuple[Decision, FloatArray | None, dict[str, Any], Portfolio]


def _solve(batch: Batch, workers: int, progress: Progress) -> Iterator[tuple[Key, Solved]]:
    """Solve every goal in every future, in processes of their own when there are several."""
    from model.optimise.solve import solve

    goals = [(n, s.content) for n, s in batch.scenarios.items() if isinstance(s.content, Goal)]
    jobs = [(name, goal, future) for name, goal in goals for future in batch.built]
    if workers < 2 or len(jobs) < 2:
        for name, goal, future in jobs:
            progress(f"optimising {name}, {future}")
            yield (name, future), solve(name, goal, future, batch.town, batch.built[future])
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=spawn) as pool:
        waiting = {
            pool.submit(solve, name, goal, future, batch.town, batch.built[future]): (name, future)
            for name, goal, future in jobs
        }
        for done in as_completed(waiting):
            progress("optimised {}, {}".format(*waiting[done]))
            yield waiting[done], done.result()


def version() -> str:
    """Version of the toolkit."""
    from model import __version__

    return __version__


def fingerprint(
    town: Municipality, scenarios: Mapping[str, Scenario], futures: Mapping[str, Future], root: Path
) -> str:
    """Hash of everything the results depend on: input tables, scenarios, futures, code and solver."""
    digest = hashlib.sha256(f"{version()} {metadata.version('highspy')}".encode())
    files = [root / file for file in sorted(set(town.files.values()))]
    files += [root / "inputs" / town.name / "municipality.yaml", root / "inputs" / town.name / "sources.csv"]
    files += sorted(Path(__file__).parent.rglob("*.py"))
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    for name, scenario in sorted(scenarios.items()):
        digest.update(f"{name} {scenario.content.model_dump_json()}".encode())
    for name, future in sorted(futures.items()):
        digest.update(f"{name} {future.model_dump_json()}".encode())
    return digest.hexdigest()
