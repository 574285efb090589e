"""How is a batch of scenarios run? Every scenario in every future, checked first, written whole or not at all.

Portfolios are projected all at once along the batch axis; goals are solved in processes of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model import consistency, results
from model.build import Built, build
from model.case import select, stack
from model.columns import Target
from model.constraints import FOLDER
from model.faults import Faults, Place
from model.financing import Financing
from model.indicators import indicators, measured, target_limit
from model.municipality import Municipality, load
from model.paying import pay
from model.portfolio import Decision, decide
from model.projection import Outcome, Request, replay
from model.scenario import Scenario, check, load_future, load_scenario, with_money
from model.schema import Future, Goal, Portfolio
from model.vocabulary import FloatArray
from model.workers import spread

OPERATING = (
    "measures", "potentials", "effects", "relations", "activities", "activity_levels", "fleet", "parameters",
    "population", "sectors", "subsectors", "inventory",
)  # fmt: skip
"""Tables without which a measure may seem to have no potential."""
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
    name: str,
    town_name: str,
    scenario_names: Sequence[str],
    future_names: Sequence[str],
    root: Path,
    faults: Faults,
    said: Mapping[tuple[str, str], Place] | None = None,
) -> Batch:
    """Read and check everything a batch needs. Raises `InputFaults` with all faults found in one pass.

    `said` is where names stand that did not come from the command line, by kind (`municipality`, `futures`,
    `scenarios`) and name.
    """
    said = said or {}
    town = load(town_name, root, faults, said.get(("municipality", town_name)))
    futures = {name: load_future(name, root, faults, town, said.get(("futures", name))) for name in future_names}
    scenarios = {name: load_scenario(name, root, faults, said.get(("scenarios", name))) for name in scenario_names}
    ready = {name: future for name, future in futures.items() if future is not None}
    chosen = {scenario.name: scenario for scenario in scenarios.values() if scenario is not None}
    if len(chosen) < sum(scenario is not None for scenario in scenarios.values()):
        faults.add(Place(", ".join(scenario_names)), "two scenarios of one name", "files with different names")
    built: dict[str, Built] = {}
    if town is not None:
        for scenario in chosen.values():
            check(scenario, town, faults)
        built = _built(town, ready, faults)
        for scenario in chosen.values():
            _check_required(scenario, built, faults)
    faults.stop_if_any()
    assert town is not None
    return Batch(name, town, ready, chosen, built, fingerprint(town, chosen, ready, root))


def _built(town: Municipality, futures: Mapping[str, Future], faults: Faults) -> dict[str, Built]:
    """The town in every future. Faulty tables are built as well, as far as that goes, for what more is wrong."""
    title = town.settings.label
    built = {}
    try:
        consistency.check(town)
        for name, future in (futures or {"": Future(title=title)}).items():
            built[name] = build(town, future)
            for target in town.rows(Target):
                target_limit(town, target, built[name].case)
            for indicator in indicators(town):
                measured(town, built[name].case, indicator)
    except Exception:
        if not faults:  # otherwise it comes from what has been refused, which is reported
            raise
    return built


def _check_required(scenario: Scenario, built: Mapping[str, Built], faults: Faults) -> None:
    """What a goal requires can operate at all."""
    goal = scenario.content
    if not isinstance(goal, Goal):
        return
    for number, name in enumerate(goal.require):
        for future, each in built.items():
            measures = each.case.measures
            if name in measures.names:
                index = measures.names.index(name)
                begun = max(goal.start or 0, int(measures.first_year[index]), each.case.first_decision_year)
                operating = each.case.years >= begun + int(measures.lead[index])
                if not np.any(measures.potential[:, index] * operating):
                    found = f"measure '{name}', which has no potential in any year it can operate (future '{future}')"
                    place = scenario.place("require", str(number))
                    faults.add(place, found, "measures that can operate", rests_on=OPERATING)
                    break


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
                {"fingerprint": batch.fingerprint, "version": version(), "seed": 0, "position": position}
                | extra.get(key, {}),
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
    return with_money(scenario.content, batch.town, built.financing)


def _greedy(money: Financing, built: Built, decision: Decision, outcome: Outcome) -> FloatArray:
    measures = built.case.measures
    level = np.zeros_like(decision.new_units)
    np.add.at(level[0], measures.mode_measure, outcome.level[0])
    return np.asarray(pay(money, decision.new_units, level)[0])


Solved = tuple[Decision, FloatArray | None, dict[str, Any], Portfolio]


def _solve(batch: Batch, workers: int, progress: Progress) -> Iterator[tuple[Key, Solved]]:
    """Solve every goal in every future, in processes of their own when there are several."""
    jobs = {
        (name, future): (name, each.content, future, batch.town, built, each)
        for name, each in batch.scenarios.items()
        if isinstance(each.content, Goal)
        for future, built in batch.built.items()
    }
    with closing(spread(_solved, jobs, workers)) as in_turn:
        for key, solved in in_turn:
            progress("optimised {}, {}".format(*key))
            yield key, solved


def _solved(*arguments: Any) -> Solved:
    """A goal solved; only who does it needs the solver, which takes long to load."""
    from model.optimise.solve import solve

    return solve(*arguments)


def version() -> str:
    """Version of the toolkit."""
    from model import __version__

    return __version__


def fingerprint(
    town: Municipality, scenarios: Mapping[str, Scenario], futures: Mapping[str, Future], root: Path
) -> str:
    """Hash of everything the results depend on: tables, scenarios, futures, own constraints, code and solver."""
    digest = hashlib.sha256(f"{version()} {metadata.version('highspy')}".encode())
    files = [root / file for file in sorted(set(town.files.values()))]
    files += [root / "inputs" / town.name / "municipality.yaml", root / "inputs" / town.name / "sources.csv"]
    files += sorted(Path(__file__).parent.rglob("*.py"))
    goals = [each.content for each in scenarios.values() if isinstance(each.content, Goal)]
    files += [root / FOLDER / f"{name}.py" for name in sorted({name for goal in goals for name in goal.constraints})]
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    for name, scenario in sorted(scenarios.items()):
        digest.update(f"{name} {scenario.content.model_dump_json()}".encode())
    for name, future in sorted(futures.items()):
        digest.update(f"{name} {future.model_dump_json()}".encode())
    return digest.hexdigest()
