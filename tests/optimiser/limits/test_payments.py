"""Can what shares of funds may just pay be paid, also when all numbers are rounded for the solver?"""

from __future__ import annotations

import numpy as np

from benchmarks.towns import town
from model.optimiser.search import Search


def test_shares_that_may_just_pay_a_unit_are_enough_for_it() -> None:
    problem = town(80)
    engine, money = Search(problem).engine, problem.money
    matrix, rows, seen = engine.matrix.tocsr(), engine.rows, 0
    for stake, year in [index for name, index in rows if name == "capital_paid"]:
        public = ("deficit_only", (stake, year))
        claims = np.flatnonzero((money.claim_stake == stake) & money.claim_capital)
        own = [("claim_limit", (int(claim), year)) for claim in claims if money.own[money.claim_fund[claim]]]
        if public in rows and own and all(row in rows for row in own):
            cost, *most = (
                -float(matrix[[rows[row]], :].min()) for row in (("capital_paid", (stake, year)), public, *own)
            )
            assert cost <= sum(most), (stake, year)
            seen += sum(most) < cost * (1 + 1e-6)
    assert seen > 20
