"""Which amounts of money can hardly be meant? Rates above 20 %, and units that make a bicycle cost billions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.doubts.register import Known, doubt
from model.inputs.columns.activities import Population
from model.inputs.columns.energy import Price
from model.inputs.columns.measures import Cost
from model.inputs.columns.money import Budget, Debt, Owner
from model.inputs.doubt import Doubt
from model.inputs.faults import Place
from model.plain_text import thousands

HIGH_RATE, HIGH_OWNERS_RATE = 0.2, 0.5
DEAR_UNIT = 10_000.0
"""MSEK that next to nothing costs that is one unit of a measure."""
DEAR_FOR_ALL = 0.5
"""MSEK an inhabitant for all there can be of one measure."""
SMALL_CHANGE = 1e-6
"""MSEK: nothing that is worth deciding costs less than a krona."""
RICH = 0.2
"""MSEK an inhabitant and year: more than twice what a municipality spends on everything."""
DEAR_ENERGY = 20.0
"""MSEK per GWh, which is SEK per kWh."""


@doubt
def high_rate(known: Known) -> Iterator[Doubt]:
    """A social rate, inflation, internal rate or interest over 20 %; an owner's rate over 50 %."""
    settings, town = known.town.settings, known.town
    named = {key: getattr(settings, key) for key in ("social_rate", "inflation", "internal_rate")}
    rates = [(known.setting(key), f"'{key}'", rate, HIGH_RATE) for key, rate in named.items() if rate is not None]
    rates += [(town.place(row, "rate"), f"'{row.fund}'", row.rate, HIGH_RATE) for row in town.rows(Debt)]
    rates += [(town.place(row, "rate"), f"'{row.owner}'", row.rate, HIGH_OWNERS_RATE) for row in town.rows(Owner)]
    for place, what, rate, most in rates:
        if rate > most:
            yield Doubt(
                place,
                f"{rate:g} for {what}, which is {100 * rate:g} %",
                f"at most {most:g}",
                f"Write it as a share: '{rate / 100:g}' for {rate:g} %" if rate >= 1 else "Check it",
            )


@doubt
def unlikely_cost(known: Known) -> Iterator[Doubt]:
    """A unit of a measure that costs over 10 000 MSEK or under a krona, or a whole potential beyond all means."""
    town, inhabitants = known.town, _inhabitants(known)
    unit = {"capital": town.money, "fixed_cost": town.money, "fixed_benefit": town.money}
    most = {name: _most_units(known, name) for name in known.measures}
    for row in town.rows(Cost):
        measure = known.measures.get(row.measure)
        if measure is None:
            continue
        each = abs(town.convert(row, unit[row.item]))
        for_all = each * most[row.measure]
        shown = f"{row.item} of {row.value:g} {row.unit} for one {measure.unit} of {known.called(measure)}"
        if each > DEAR_UNIT:
            found, usual = f"{shown}, {thousands(each)} MSEK", f"at most {thousands(DEAR_UNIT)} MSEK a unit"
        elif inhabitants and for_all > DEAR_FOR_ALL * inhabitants:
            found = f"{shown}, {thousands(for_all)} MSEK for all {thousands(most[row.measure])} that there can be"
            usual = f"at most {DEAR_FOR_ALL:g} MSEK an inhabitant, {thousands(DEAR_FOR_ALL * inhabitants)} MSEK"
        elif 0 < each < SMALL_CHANGE:
            found, usual = f"{shown}, {each * 1e6:g} SEK", "at least a krona a unit"
        else:
            continue
        yield Doubt(town.place(row, "unit"), found, usual, "Check value and unit: SEK, kSEK or MSEK, of one unit")


@doubt
def unlikely_price(known: Known) -> Iterator[Doubt]:
    """A price of energy over 20 SEK/kWh."""
    for index, name in enumerate(known.cases[0].case.carriers if known.cases else ()):
        most = max(float(each.case.price[:, index].max()) for each in known.cases)
        if most > DEAR_ENERGY:
            row = max((row for row in known.town.rows(Price) if row.item == name), key=lambda row: row.value)
            yield Doubt(
                known.town.place(row, "value"),
                f"a price of {row.value:g} {row.unit} for '{name}', {most:g} SEK/kWh",
                f"at most {DEAR_ENERGY:g} SEK/kWh",
                "Check value and unit",
            )


@doubt
def unlikely_budget(known: Known) -> Iterator[Doubt]:
    """A yearly amount of a fund, in a table or a scenario, above what a municipality spends on everything."""
    inhabitants = _inhabitants(known)
    if not inhabitants:
        return
    most, town = RICH * inhabitants, known.town
    amounts: dict[tuple[Place, str], float] = defaultdict(float)
    for row in town.rows(Budget):
        amounts[town.place(row, "value"), row.fund] = town.convert(row, f"{town.money}/year")
    for scenario in known.scenarios.values():
        for fund, amount in scenario.budgets.items():
            amounts[scenario.place("budgets", fund), fund] = amount
    for (place, fund), amount in amounts.items():
        if amount > most:
            yield Doubt(
                place,
                f"{thousands(amount)} MSEK a year for '{fund}'",
                f"at most {RICH:g} MSEK an inhabitant, {thousands(most)} MSEK a year",
                "Check its unit; a goal without a money limit says 'budgets: unlimited'",
            )


def _inhabitants(known: Known) -> float:
    """Most inhabitants that are known of; 0: none."""
    return max((row.value for row in known.town.rows(Population)), default=0.0)


def _most_units(known: Known, name: str) -> float:
    """Most units of a measure that can operate in any year and future."""
    return max(
        float(each.case.measures.potential[:, each.case.measures.names.index(name)].max()) for each in known.cases
    )
