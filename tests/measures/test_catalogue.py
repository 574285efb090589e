"""Do Östersund's measures, as physical moves, still say what the catalogue said of them?

The catalogue gave tonnes, a running cost with fuel saving and a co-benefit with health value per unit and year. Here
they are put together again from the moves, apart from the code that projects: tonnes at the factors of the base year,
money at the use and mix of the base year and the prices of the price year, pools at the reference mix, the mean over
modes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.inputs.columns.emissions import Subsector
from model.inputs.columns.measures import CatalogueRow
from model.inputs.municipality import Municipality
from model.money.savings import yearly_cost
from model.projection.case import Case
from model.vocabulary import CONSUMPTION, REMOVALS, TERRITORIAL, FloatArray
from tests.towns.shipped import compiled, shipped

AGREEMENT = 0.15
"""Share by which the tonnes may differ from the catalogue's."""
BASE = 0
"""Index of the base year."""
SEK = 1e6
"""SEK per MSEK."""


@cache
def ostersund() -> tuple[Municipality, Case]:
    return shipped("ostersund"), compiled("ostersund").case


@cache
def catalogue() -> dict[str, CatalogueRow]:
    return {row.measure: row for row in ostersund()[0].rows(CatalogueRow)}


def measure_names() -> list[str]:
    return list(catalogue())


def index_of(measure: str) -> int:
    return ostersund()[1].measures.names.index(measure)


# --- what the moves make ---------------------------------------------------------------------------


def per_activity(case: Case, of_carrier: FloatArray) -> FloatArray:
    """What an activity makes by its carriers, (activity, ...) per unit, at the energy use of the base year."""
    made = np.zeros((len(case.activities), *of_carrier.shape[1:]))
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        made[source] += case.use[0, index, BASE] * of_carrier[case.flow_carrier[target]]
    return made


def by_measure(case: Case, of_activity: FloatArray, of_flow: FloatArray) -> FloatArray:
    """What one unit of each measure adds, (measure, ...): moves times values per activity and flow, mean over modes."""
    measures = case.measures
    made = np.zeros((len(measures.mode_names), *of_activity.shape[1:]))
    for move in measures.activity_moves:
        made[move.mode] += move.amount[0, BASE] * of_activity[move.target]
    for move in measures.pool_draws:
        members = np.flatnonzero(case.pool_of == move.target)
        share = case.level[0, members, BASE] / case.level[0, members, BASE].sum()
        made[move.mode] -= move.amount[0, BASE] * np.tensordot(share, of_activity[members], axes=1)
    for move in measures.carrier_moves:
        made[move.mode] += move.amount[0, BASE] * of_flow[move.target]
    return np.array([made[measures.mode_measure == m].mean(axis=0) for m in range(len(measures.names))])


@cache
def tonnes_saved() -> dict[str, FloatArray]:
    """t CO2e that one unit saves or stores in a year, by ledger, (measure,)."""
    town, case = ostersund()
    perspective = np.array([row.perspective for row in town.rows(Subsector)])
    per_gwh = np.einsum("cg,g->c", case.factor[0, :, :, BASE], case.gwp)
    emitted = per_activity(case, per_gwh)
    for index, (source, gas) in enumerate(zip(case.direct_activity, case.direct_gas, strict=True)):
        emitted[source] += case.direct[0, index, BASE] * case.gwp[gas]
    saved = {}
    for ledger in (TERRITORIAL, REMOVALS, CONSUMPTION):
        inside = np.where(perspective == ledger, 1.0, 0.0)
        flows = per_gwh[case.flow_carrier] * inside[case.flow_subsector]
        saved[ledger] = -by_measure(case, emitted * inside[case.subsector_of], flows)
    return saved


def total_saved(measure: str) -> float:
    """Over the ledgers: the catalogue has one number a measure and does not say whose it is."""
    return float(sum(saved[index_of(measure)] for saved in tonnes_saved().values()))


def differs(measure: str) -> bool:
    """Whether the tonnes are more than 15 % from the catalogue's."""
    given = catalogue()[measure].abatement
    return abs(total_saved(measure) - given) > AGREEMENT * abs(given)


@cache
def money_recomposed() -> tuple[FloatArray, FloatArray]:
    """Running cost and co-benefit of one unit as the catalogue counted them, (measure,) in SEK a year."""
    town, case = ostersund()
    at = case.year_index(town.settings.price_year)
    price = case.price[0, :, at]
    cost = by_measure(case, case.running_cost[0] + per_activity(case, price), price[case.flow_carrier])
    spared = -by_measure(case, case.external_cost[0], np.zeros(len(case.flow_carrier)))
    measures = case.measures
    return SEK * (cost + measures.fixed_cost[0, :, at]), SEK * (spared + measures.fixed_benefit[0, :, at])


# --- tests -----------------------------------------------------------------------------------------


def test_the_catalogue_has_all_66_measures_of_the_dossier() -> None:
    assert len(catalogue()) == 66
    assert set(catalogue()) == set(ostersund()[1].measures.names)


@pytest.mark.parametrize("measure", measure_names())
def test_tonnes_agree_with_the_catalogue_or_the_reason_is_given(measure: str) -> None:
    row = catalogue()[measure]
    if row.exception:
        assert differs(measure), f"{measure} agrees: its exception is none"
    else:
        assert not differs(measure), f"{measure}: {total_saved(measure):g} t, the catalogue has {row.abatement:g}"


def test_few_measures_are_exceptions_and_each_gives_a_reason() -> None:
    exceptions = {name: row.exception for name, row in catalogue().items() if row.exception}
    assert len(exceptions) <= 4
    assert all(len(reason) > 30 for reason in exceptions.values())


def test_each_measure_moves_what_it_is_for() -> None:
    """Removals store, consumption measures stay outside the territory, nothing else emits more in the territory."""
    saved = tonnes_saved()
    for measure in catalogue():
        at = index_of(measure)
        if measure.startswith("NE") or measure == "AG05":
            assert saved[REMOVALS][at] > 0 and saved[TERRITORIAL][at] == 0, measure
        elif measure.startswith("CO"):
            assert saved[CONSUMPTION][at] >= 0 and saved[TERRITORIAL][at] == 0, measure
        else:
            assert saved[TERRITORIAL][at] >= 0 and saved[REMOVALS][at] == 0, measure


@pytest.mark.parametrize("measure", measure_names())
def test_running_cost_is_recomposed(measure: str) -> None:
    given, found = catalogue()[measure].running_cost, money_recomposed()[0][index_of(measure)]
    assert abs(found - given) <= max(0.01 * abs(given), 1.0)


@pytest.mark.parametrize("measure", measure_names())
def test_co_benefit_is_recomposed(measure: str) -> None:
    given, found = catalogue()[measure].co_benefit, money_recomposed()[1][index_of(measure)]
    assert abs(found - given) <= max(0.01 * abs(given), 1.0)


def test_what_owners_weigh_is_what_is_recomposed() -> None:
    """The yearly cost behind who pays is the same sum when it is given the same year's use, mix and prices."""
    town, case = ostersund()
    at = case.year_index(town.settings.price_year)
    price = np.repeat(case.price[:, :, at : at + 1], len(case.years), axis=2)
    owners = SEK * yearly_cost(replace(case, price=price))[0, :, BASE]
    fixed = SEK * (case.measures.fixed_cost[0, :, at] - case.measures.fixed_cost[0, :, BASE])
    assert_allclose(owners + fixed, money_recomposed()[0], rtol=1e-9, atol=1e-6)
