"""Is every goal of a batch planned, or is it said loudly which is not?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from model import ROOT
from model.inputs.faults import Faults
from model.studies.planning import plans
from model.studies.study import goal_jobs, prepare
from model.workers import Pool


def test_a_goal_that_waits_for_itself_ends_in_an_error_and_not_in_a_plan_of_nothing() -> None:
    batch = prepare("toy", "toy", ["toy_cheapest"], ["central"], ROOT, Faults())
    (key, job), *_ = goal_jobs(batch, {}).items()
    with Pool(1) as pool, pytest.raises(RuntimeError, match="toy_cheapest"):
        list(plans({key: replace(job, starts=(job,))}, pool))
