"""What has been found for the main study? Its results, if they are of the present inputs and code, and variants."""

from __future__ import annotations

import csv
from functools import lru_cache

import xarray as xr

import model
from model import ROOT
from model.inputs.faults import Fault, Faults, InputFaults, Place
from model.inputs.schema import Goal
from model.outputs import manifest
from model.outputs.staging import load_study
from model.scenarios.files import load_scenario
from model.studies.study import prepare
from model.studies.study_file import load_study as read_study
from model.vocabulary import CENTRAL

STUDY, GOAL = "main", "neutral_2030"
"""The study that pages tell of, and the goal whose plan they look into."""
FOLDER = ROOT / "outputs" / STUDY
Results = dict[tuple[str, str], xr.Dataset]


@lru_cache(maxsize=1)
def results() -> Results:
    """The main study, (scenario, future) -> dataset. Raises `InputFaults` if it is not there or of something else."""
    found = load_study(FOLDER, ROOT)
    faults = Faults()
    read = read_study(STUDY, ROOT, faults)
    faults.stop_if_any()
    assert read is not None
    study = read[0]
    now = prepare(STUDY, study.municipality, study.scenarios, study.futures, ROOT, faults).fingerprint
    if any(data.attrs["fingerprint"] != now for data in found.values()):
        shown = FOLDER.relative_to(ROOT).as_posix()
        allowed = f"results of the inputs and the code there are; run it again: run.py study {STUDY}"
        raise InputFaults([Fault(Place(shown), "results of other inputs or other code", allowed)])
    return found


def of(scenario: str, future: str = CENTRAL) -> xr.Dataset:
    """Results of a scenario of the study, or of a variant of its goal."""
    found = results()
    return found[scenario, future] if (scenario, future) in found else variant(scenario)


@lru_cache(maxsize=16)
def variant(name: str) -> xr.Dataset:
    """The plan of another goal, or of the same one otherwise: found now, in some seconds.

    `more_grants`: the pot of the largest grant as large as its range allows; `charges_elsewhere`: nobody in the plan
    carries depreciation and interest.
    """
    town = model.load(str(results()[GOAL, CENTRAL].attrs["municipality"]))
    if name == "more_grants":
        return model.optimise(town, GOAL, budgets={"klimatklivet": "120 MSEK/year"}).data
    if name == "charges_elsewhere":
        return model.optimise(town.change("funds", column="charged_to", to="", fund="municipal_investment"), GOAL).data
    return model.optimise(town, name).data


def goal(name: str) -> Goal:
    """A goal as its file, and what that extends, say."""
    faults = Faults()
    read = load_scenario(name, ROOT, faults)
    faults.stop_if_any()
    assert read is not None and isinstance(read.content, Goal)
    return read.content


@lru_cache(maxsize=1)
def prices() -> list[dict[str, str]]:
    """Rows of `prices.csv` of the goal's plan, as they were written."""
    name = f"plans/{GOAL}.{CENTRAL}/prices.csv"
    known = manifest.read(FOLDER) or {manifest.FILES: {}}
    if name not in known[manifest.FILES] or manifest.changed(FOLDER, {name: known[manifest.FILES][name]}):
        raise InputFaults([Fault(Place(name), "a file that is not as it was written", "run it again: --fresh")])
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
