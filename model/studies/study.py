"""How is a batch of scenarios run? Every scenario in every future, checked first, written whole or not at all.

Portfolios are projected all at once along the batch axis; goals are solved in processes of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from model import ROOT
from model.analyses.question import Questions
from model.batch import stack
from model.build import PreparedCase, build
from model.inputs import consistency
from model.inputs.columns.emissions import Target
from model.inputs.constraint_files import FOLDER
from model.inputs.faults import Faults, Place
from model.inputs.municipality import Municipality, load
from model.inputs.schema import Future, Goal, Portfolio
from model.money.allocation import allocate
from model.money.financing import Financing
from model.outputs import dataset
from model.projection.indicators import compiled, indicators, target_limit
from model.projection.replay import Outcome, Request, replay
from model.scenarios.amounts import with_money
from model.scenarios.checks import check
from model.scenarios.files import Scenario, load_future, load_scenario, with_options
from model.scenarios.portfolio import Decision, decide
from model.vocabulary import FloatArray
from model.workers import spread

if TYPE_CHECKING:
    from model.studies.goal_run import Job, Solved


OPERATING = (
    "measures", "potentials", "effects", "relations", "activities", "activity_levels", "fleet", "parameters",
    "population", "sectors", "subsectors", "inventory",
)  # fmt: skip
"""Tables without which a measure may seem to have no potential."""
RunKey = tuple[str, str]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Batch:
    """A checked batch: nothing in it is faulty any more."""

    name: str
    town: Municipality
    futures: Mapping[str, Future]
    scenarios: Mapping[str, Scenario]
    built: Mapping[str, PreparedCase]
    hashes: Mapping[str, str]
    """of every input, by file or name"""
    only: Mapping[str, str] = field(default_factory=dict)
    """scenario: the only future it is run in"""

    @property
    def keys(self) -> list[RunKey]:
        """Every scenario in every future, or in its only one."""
        pairs = product(self.scenarios, self.built)
        return [(name, future) for name, future in pairs if self.only.get(name, future) == future]

    @property
    def fingerprint(self) -> str:
        """Hash of everything the results depend on."""
        return hashlib.sha256(repr(sorted(self.hashes.items())).encode()).hexdigest()


def prepare(
    name: str,
    town_name: str,
    scenario_names: Sequence[str],
    future_names: Sequence[str],
    root: Path,
    faults: Faults,
    named_at: Mapping[tuple[str, str], Place] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Batch:
    """Read and check everything a batch needs. Raises `InputFaults` with all faults found in one pass.

    `named_at` is where names stand that did not come from the command line, by kind (`municipality`, `futures`,
    `scenarios`) and name. `options` of the command line are put into goals.
    """
    named_at = named_at or {}
    town = load(town_name, root, faults, named_at.get(("municipality", town_name)))
    futures = {name: load_future(name, root, faults, town, named_at.get(("futures", name))) for name in future_names}
    scenarios = {name: load_scenario(name, root, faults, named_at.get(("scenarios", name))) for name in scenario_names}
    ready = {name: future for name, future in futures.items() if future is not None}
    chosen = {each.name: with_options(each, options or {}) for each in scenarios.values() if each is not None}
    if len(chosen) < sum(scenario is not None for scenario in scenarios.values()):
        faults.add(Place(", ".join(scenario_names)), "two scenarios of one name", "files with different names")
    built: dict[str, PreparedCase] = {}
    if town is not None:
        for scenario in chosen.values():
            check(scenario, town, faults)
        built = _built(town, ready, faults)
        for scenario in chosen.values():
            _check_required(scenario, built, faults)
    faults.stop_if_any()
    assert town is not None
    return Batch(name, town, ready, chosen, built, input_hashes(town, chosen, ready, root))


def _built(town: Municipality, futures: Mapping[str, Future], faults: Faults) -> dict[str, PreparedCase]:
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
                compiled(town, built[name].case, indicator)
    except Exception:
        if not faults:  # otherwise it comes from what has been refused, which is reported
            raise
    return built


def _check_required(scenario: Scenario, built: Mapping[str, PreparedCase], faults: Faults) -> None:
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
                    faults.add(place, found, "measures that can operate", depends_on=OPERATING)
                    break


def run(
    batch: Batch, workers: int, progress: Progress, wanted: Mapping[RunKey, Questions] | None = None
) -> Iterator[tuple[RunKey, xr.Dataset, Solved | None]]:
    """Each (scenario, future) with its dataset and, for a goal, what was found. `wanted`: what is asked of plans."""
    found = dict(_solve(batch, workers, progress, wanted or {}))
    decisions = {key: solved.decision for key, solved in found.items()}
    portfolios = {n: s.content for n, s in batch.scenarios.items() if isinstance(s.content, Portfolio)}
    for name, portfolio in portfolios.items():
        for future in (future for each, future in batch.keys if each == name):
            built = batch.built[future]
            decisions[name, future] = decide(portfolio, batch.town, built.case, built.financing.funds)
    outcomes = project(batch, decisions)
    for position, (name, future) in enumerate(batch.keys):
        scenario, built, key = batch.scenarios[name], batch.built[future], (name, future)
        money = _financing(batch, scenario, built)
        solved = found.get(key)
        paid = decisions[key].payment if solved is None else solved.payment
        if paid is None:
            paid = _greedy(money, built, decisions[key], outcomes[key])
        labelled = dataset.Run(
                name, future, "goal" if isinstance(scenario.content, Goal) else "portfolio",
                scenario.content.title, batch.futures[future].title, decisions[key], outcomes[key], paid, money,
                {"fingerprint": batch.fingerprint, "version": version(), "seed": 0, "position": position}
                | (solved.attributes if solved else {}),
            )  # fmt: skip
        progress(f"{name}, {future}")
        data = dataset.dataset(batch.town, built, labelled)
        yield key, dataset.with_analysis(data, solved.analysis.data) if solved else data, solved


def project(batch: Batch, decisions: Mapping[RunKey, Decision]) -> dict[RunKey, Outcome]:
    """The outcome of every decision, all of them replayed at once along the batch axis."""
    futures = list(batch.built)
    keys = list(decisions)
    case = stack([built.case for built in batch.built.values()])
    future_of = np.array([futures.index(future) for _, future in keys], dtype=np.int64)
    request = Request(
        np.concatenate([decisions[key].request.level for key in keys]),
        np.concatenate([decisions[key].request.by_mode for key in keys]),
    )
    whole = replay(case, request, future_of)
    return {
        key: Outcome(*(getattr(whole, name)[index : index + 1] for name in Outcome.__dataclass_fields__))
        for index, key in enumerate(keys)
    }


def _financing(batch: Batch, scenario: Scenario, built: PreparedCase) -> Financing:
    return with_money(scenario.content, batch.town, built.financing)


def _greedy(money: Financing, built: PreparedCase, decision: Decision, outcome: Outcome) -> FloatArray:
    measures = built.case.measures
    level = np.zeros_like(decision.new_units)
    np.add.at(level[0], measures.mode_measure, outcome.level[0])
    return np.asarray(allocate(money, decision.new_units, level)[0])


def _solve(
    batch: Batch, workers: int, progress: Progress, wanted: Mapping[RunKey, Questions]
) -> Iterator[tuple[RunKey, Solved]]:
    """Solve every goal in every future, in processes of their own when there are several; what takes longest first."""
    keys = [key for key in batch.keys if isinstance(batch.scenarios[key[0]].content, Goal)]
    keys.sort(key=lambda key: key not in wanted)
    jobs = {key: (_job(batch, *key, wanted.get(key, {})),) for key in keys}
    with closing(spread(_solved, jobs, workers)) as in_turn:
        for key, solved in in_turn:
            progress("optimised {}, {}".format(*key))
            yield key, solved


def _job(batch: Batch, name: str, future: str, wanted: Questions) -> Job:
    from model.studies.goal_run import Job

    scenario = batch.scenarios[name]
    assert isinstance(scenario.content, Goal)
    return Job(
        scenario.content, future, batch.futures[future], batch.town, batch.built[future], scenario, wanted,
        batch.hashes,
    )  # fmt: skip


def _solved(job: Job) -> Solved:
    """A goal solved; only who does it needs the solver, which takes long to load."""
    from model.studies.goal_run import solve

    return solve(job)


def version() -> str:
    """Version of the toolkit."""
    from model import __version__

    return __version__


def input_hashes(
    town: Municipality, scenarios: Mapping[str, Scenario], futures: Mapping[str, Future], root: Path
) -> dict[str, str]:
    """Hash of everything the results depend on: tables, scenarios, futures, own constraints, code and solver."""
    files = town.paths
    goals = [each.content for each in scenarios.values() if isinstance(each.content, Goal)]
    files += [root / FOLDER / f"{name}.py" for name in sorted({name for goal in goals for name in goal.constraints})]
    hashes = {path.relative_to(root).as_posix(): _hash(path.read_bytes()) for path in files if path.exists()}
    hashes |= {f"scenario {name}": _hash(each.content.model_dump_json().encode()) for name, each in scenarios.items()}
    hashes |= {f"future {name}": _hash(future.model_dump_json().encode()) for name, future in futures.items()}
    code = b"".join(path.name.encode() + path.read_bytes() for path in sorted((ROOT / "model").rglob("*.py")))
    return hashes | {"code": _hash(code), "version": version(), "solver": f"HiGHS {metadata.version('highspy')}"}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
