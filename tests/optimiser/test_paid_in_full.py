"""Do payments add up to what they pay for, and is what is not a matter of rounding left as it is?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.optimiser.paid_in_full import in_full
from model.optimiser.verification import TOLERANCE, violations
from tests.towns.money_town import found
from tests.towns.paying_village import everything


def test_differences_of_rounding_are_paid_and_larger_ones_are_found() -> None:
    village = found(everything())
    problem, plan = village.problem, village.plan
    money, level = problem.money, problem.case.measures.of_modes(plan.level)
    assert money is not None and plan.payment.max() > 1
    for factor, right in ((1 - 3e-8, True), (1 + 3e-8, True), (0.999, False)):
        paid = in_full(money, plan.payment * factor, plan.new_units, level)
        np.testing.assert_allclose(paid, plan.payment * (1 if right else factor), rtol=1e-12, atol=1e-12)
        worst = violations(problem, replace(plan, payment=paid))["to the krona"]
        assert (worst <= TOLERANCE) == right
