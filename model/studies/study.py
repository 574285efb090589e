"""How is a batch of scenarios run? Every scenario in every future, checked first, written whole or not at all.

Portfolios are projected all at once along the batch axis; goals are solved in processes of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model import __version__
from model.analyses.question import Questions
from model.batch import stack
from model.build import PreparedCase, build
from model.doubts.register import Known, doubts
from model.inputs import consistency
from model.inputs.doubt import Doubt
from model.inputs.faults import Faults, Place
from model.inputs.municipality import Municipality, load
from model.inputs.schema import Future, Goal
from model.money.allocation import allocate
from model.money.financing import Financing
from model.outputs import dataset
from model.outputs.run import Run
from model.projection.replay import Outcome, Request, replay
from model.reference.carriers import strongest_mandate
from model.scenarios.checked import CheckedScenario, with_money
from model.scenarios.checks import check
from model.scenarios.files import Scenario, load_future, load_scenario, with_options
from model.scenarios.portfolio import Decision, decide
from model.studies.fingerprint import fingerprint, input_hashes
from model.studies.found import GoalJob, RunKey, Solved, Stronger
from model.studies.planning import plans
from model.vocabulary import FloatArray
from model.workers import Pool

OPERATING = (
    "measures", "potentials", "effects", "relations", "activities", "activity_levels", "fleet", "parameters",
    "population", "sectors", "subsectors", "inventory",
)  # fmt: skip
"""Tables without which a measure may seem to have no potential."""
SCENARIOS = "scenarios/"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Batch:
    """A checked batch: nothing in it is faulty any more."""

    name: str
    town: Municipality
    futures: Mapping[str, Future]
    scenarios: Mapping[str, CheckedScenario]
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

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What is probably wrong in it; nothing stops for that."""
        return doubts(Known(self.town, self.built, self.scenarios))

    @property
    def typed(self) -> list[str]:
        """Portfolio files that do not stand in `scenarios/`, as a user would type them."""
        return sorted({each.file for each in self.scenarios.values() if not each.file.startswith(SCENARIOS)})

    @property
    def attributes(self) -> dict[str, Any]:
        """What results say of what they were made from."""
        changes = "; ".join(map(str, self.town.changes))
        return {"fingerprint": self.fingerprint, "changes": changes, "version": __version__, "seed": 0}

    @property
    def fingerprint(self) -> str:
        """Hash of everything the results depend on."""
        return fingerprint(self.hashes)


def prepare(
    name: str,
    town: str | Municipality,
    scenario_names: Sequence[str | Scenario],
    future_names: Sequence[str],
    root: Path,
    faults: Faults,
    named_at: Mapping[tuple[str, str], Place] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Batch:
    """Read and check everything a batch needs. Raises `InputFaults` with all faults found in one pass.

    `town` is a municipality or the name of one. `named_at` is where names stand that did not come from the command
    line, by kind (`municipality`, `futures`, `scenarios`) and name. `options` of the command line are put into goals.
    """
    at = named_at or {}
    if isinstance(town, str):
        read = load(town, root, faults, at.get(("municipality", town)))
    else:
        read = replace(town, faults=faults)
    futures = {name: load_future(name, root, faults, read, at.get(("futures", name))) for name in future_names}
    named = {each.name if isinstance(each, Scenario) else each: each for each in scenario_names}
    scenarios = [
        each if isinstance(each, Scenario) else load_scenario(name, root, faults, at.get(("scenarios", name)))
        for name, each in named.items()
    ]
    chosen = {each.name: with_options(each, options or {}) for each in scenarios if each is not None}
    if len(chosen) < sum(scenario is not None for scenario in scenarios):
        faults.add(Place(", ".join(named)), "two scenarios of one name", "files with different names")
    ready = {name: future for name, future in futures.items() if future is not None}
    checked: dict[str, CheckedScenario] = {}
    built: dict[str, PreparedCase] = {}
    if read is not None:
        checked = {name: check(scenario, read, faults) for name, scenario in chosen.items()}
        built = _built(read, ready, faults)
        for scenario in chosen.values():
            _check_required(scenario, built, faults)
    faults.stop_if_any()
    assert read is not None
    return Batch(name, read, ready, checked, built, input_hashes(read, checked, ready))


def _built(town: Municipality, futures: Mapping[str, Future], faults: Faults) -> dict[str, PreparedCase]:
    """The town in every future. Faulty tables are built as well, as far as that goes, for what more is wrong."""
    title = town.settings.label
    built = {}
    try:
        consistency.check(town)
        for name, future in (futures or {"": Future(title=title)}).items():
            built[name] = build(town, future)
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
    """Each (scenario, future) with its dataset and, for a goal, what was found. `wanted`: what is asked of plans.

    Everything is computed here, nothing taken from earlier runs.
    """
    found: dict[RunKey, Solved] = {}
    with Pool(workers) as pool:
        for key, solved, _ in plans(goal_jobs(batch, wanted or {}), pool):
            progress("optimised {}, {}".format(*key))
            found[key] = solved
    yield from results(batch, found, progress)


def results(
    batch: Batch, found: Mapping[RunKey, Solved], progress: Progress
) -> Iterator[tuple[RunKey, xr.Dataset, Solved | None]]:
    """Each (scenario, future) with its dataset: typed-in portfolios are projected, plans that were `found` as well."""
    decisions = {key: solved.decision for key, solved in found.items()}
    decisions |= {
        key: decide(batch.scenarios[key[0]], batch.built[key[1]]) for key in batch.keys if key not in decisions
    }
    outcomes = project(batch, decisions)
    money = {key: with_money(batch.scenarios[key[0]], batch.built[key[1]]) for key in batch.keys}
    paid = {key: solved.payment for key, solved in found.items() if solved.payment is not None}
    paid |= {key: each.payment for key, each in decisions.items() if each.payment is not None}
    paid |= _paid_in_order(batch, {key: each for key, each in decisions.items() if key not in paid}, outcomes, money)
    for position, key in enumerate(batch.keys):
        (name, future), solved = key, found.get(key)
        content = batch.scenarios[name].content
        more = {"position": position} | (solved.attributes if solved else {})
        labelled = Run(
            batch.built[future], name, future, "goal" if isinstance(content, Goal) else "portfolio",
            content.title, batch.futures[future].title, decisions[key], outcomes[key], paid[key], money[key],
            batch.attributes | more,
        )  # fmt: skip
        progress(f"projected {name}, {future}")
        data = dataset.dataset(labelled)
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


def _paid_in_order(
    batch: Batch, decisions: Mapping[RunKey, Decision], outcomes: Mapping[RunKey, Outcome],
    money: Mapping[RunKey, Financing],
) -> dict[RunKey, FloatArray]:  # fmt: skip
    """What funds pay in their order for decisions that do not say it, (measure, fund + 1, year); all at once."""
    if not decisions:
        return {}
    measures = next(iter(batch.built.values())).case.measures
    new_units = np.concatenate([each.new_units for each in decisions.values()])
    level = measures.of_modes(np.concatenate([outcomes[key].level for key in decisions]))
    paid = allocate(stack([money[key] for key in decisions]), new_units, level)
    return dict(zip(decisions, paid, strict=True))


def goal_jobs(batch: Batch, wanted: Mapping[RunKey, Questions]) -> dict[RunKey, GoalJob]:
    """What is to be solved, what takes longest first: every goal in every future, with what is asked of its plan."""
    keys = [key for key in batch.keys if isinstance(batch.scenarios[key[0]].content, Goal)]
    keys.sort(key=lambda key: key not in wanted)
    stronger: dict[str, Stronger | None] = {}
    jobs = {}
    for key in keys:
        if wanted.get(key) and key[1] not in stronger:
            stronger[key[1]] = stronger_policy(batch, key[1])
        name, future = key
        job = _job(batch, batch.scenarios[name], future)
        jobs[key] = replace(job, wanted=wanted.get(key, {}), stronger=stronger.get(future))
    return jobs


def _job(batch: Batch, scenario: CheckedScenario, future: str) -> GoalJob:
    """A goal and those it starts from, of which nothing is asked."""
    starts = tuple(_job(batch, each, future) for each in scenario.starts)
    return GoalJob(scenario, future, batch.town, batch.built[future], {}, None, batch.hashes, starts)


def stronger_policy(batch: Batch, future: str) -> Stronger | None:
    """The strongest national policy there is and the case in it; None if the future has it."""
    chosen = batch.futures[future]
    path = strongest_mandate(batch.town, chosen)
    if path == chosen.mandate:
        return None
    return path, build(batch.town, chosen.model_copy(update={"mandate": path}))
