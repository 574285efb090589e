"""How fast are portfolios carried out: one with totals, many with totals, and everything about many?

Run with `python -m benchmarks.projection`. Portfolios are those of the main study in its futures, again and again. One
portfolio is compared with the readable replay in numpy of the tests; everything is compared with what the memory can
carry: writing as many numbers into fresh pages, and into the same ones again. As other work disturbs the machine, it is
the fastest of many repetitions that counts.
"""

from __future__ import annotations

import numpy as np

from benchmarks.cases import batch
from model.inputs.schema import Portfolio
from model.projection.case import Case
from model.projection.replay import Request
from model.projection.sums import Total
from model.scenarios.portfolio import decide

MANY = 6000
"""Entries of a batch."""
TIMES = 50
"""Repetitions of what takes milliseconds; a single portfolio is repeated forty times as often."""


def runs() -> tuple[list[Case], Request, list[Total]]:
    """The town in every future, every portfolio as decided in the first of them, and every indicator with money."""
    study = batch()
    first = next(iter(study.built.values()))
    portfolios = [each.content for each in study.scenarios.values() if isinstance(each.content, Portfolio)]
    asked = [decide(portfolio, study.town, first.case, first.financing.funds).request for portfolio in portfolios]
    asked.sort(key=lambda request: int(np.any(request.level[0], axis=1).sum()))
    level, by_mode = (np.concatenate([getattr(each, name) for each in asked]) for name in ("level", "by_mode"))
    totals = [Total(indicator, official) for indicator, official in indicators_of(study, first.case)]
    return (
        [each.case for each in study.built.values()],
        Request(level, by_mode),
        [*totals, Total("cost"), Total("benefit")],
    )
