"""What is measured on: the scenarios of the main study as they stand in the files."""

from __future__ import annotations

from model import ROOT
from model.inputs.faults import Faults
from model.optimiser.goal import problem_of
from model.optimiser.problem import Problem
from model.studies.study import Batch, prepare
from model.studies.study_file import load_study

STUDY = "main"


def batch() -> Batch:
    """The main study, read and checked."""
    faults = Faults()
    read = load_study(STUDY, ROOT, faults)
    faults.stop_if_any()
    assert read is not None
    study = read[0]
    return prepare(STUDY, study.municipality, study.scenarios, study.futures, ROOT, faults)


def problem(goal: str, future: str) -> Problem:
    """What the optimiser is asked for a goal of the main study."""
    study = batch()
    return problem_of(study.scenarios[goal], study.built[future])
