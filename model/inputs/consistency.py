"""Do the tables fit together where no row alone can tell? Names without a table of their own, years, kinds of series.

What the sectors, carriers and measures need for their arrays they check themselves when these are built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from model.inputs.columns.activities import Activity, ActivityLevel, DirectEmission
from model.inputs.columns.emissions import TOTAL, Gas, IndicatorPart, Inventory, Pathway, SharePart, Subsector, Target
from model.inputs.columns.energy import CARBON_LEVY, Carrier, EmissionFactor, Price
from model.inputs.columns.measures import Cost, Effect, Measure, OwnerShare, Potential, Relation
from model.inputs.columns.money import Eligibility, Fund, GreenCategory
from model.inputs.faults import Place, listing
from model.inputs.municipality import Municipality, gwp
from model.vocabulary import EMISSIONS, MASS, REMOVALS


def check(town: Municipality) -> None:
    """Note everything in `town.faults`."""
    _check_settings(town)
    gwp(town, ())
    _check_names(town)
    _check_base_year(town)
    _check_gaps(town)
    _check_removed(town)
    _check_kinds(town)
    _check_effects(town)
    _check_modes(town)
    _check_shares(town)
    _check_indicators(town)
    _check_targets(town)
    _check_green(town)
    for row in town.rows(Cost):
        if row.item == "capital" and row.value < 0:
            town.faults.add(town.place(row, "value"), f"'{row.value:g}'", "a capital cost of at least 0")
    for relation in town.rows(Relation):
        if relation.measure == relation.other:
            allowed = f"another measure than '{relation.measure}' itself"
            town.faults.add(town.place(relation, "other"), f"'{relation.other}'", allowed)
    for observed in town.rows(Inventory):
        town.convert(observed, EMISSIONS if observed.gas == TOTAL else MASS)
    for published in town.rows(Pathway):
        town.convert(published, EMISSIONS)


def _check_settings(town: Municipality) -> None:
    """What the settings name stands in the tables; if not, what rests on it is not looked at."""
    settings, inventory = town.settings, town.rows(Inventory)
    vintage = [row for row in inventory if row.vintage == settings.reconcile_vintage]
    for key, table, known in (
        ("gwp_set", "gases", {row.gwp_set for row in town.rows(Gas)}),
        ("reconcile_vintage", "inventory", {row.vintage for row in inventory}),
        ("base_year", "inventory", {str(row.year) for row in vintage if row.subsector and row.gas == TOTAL}),
    ):
        name = str(getattr(settings, key))
        if known and name not in known:
            place = town.places.get((key,), Place(f"inputs/{town.name}/municipality.yaml"))
            allowed = f"one of those in {town.files[table]}: {listing(known)}"
            town.faults.add(place, f"'{name}' for '{key}'", allowed, known, name, depends_on=(table,))
            town.faults.reject(table, (name,))


def _check_names(town: Municipality) -> None:
    """Columns that may name one of several kinds of things."""
    items = {row.carrier for row in town.rows(Carrier)} | {CARBON_LEVY}
    for price in town.rows(Price):
        if price.item not in items:
            place, allowed = town.place(price, "item"), f"a carrier or {CARBON_LEVY}: {listing(items, 20)}"
            town.faults.add(place, f"'{price.item}'", allowed, items, price.item, depends_on=("carriers",))
            town.faults.reject("prices", (price.item,))
    measures = town.rows(Measure)
    categories = {row.category for row in measures}
    known = categories | {row.measure for row in measures} | {"any"}
    for row in town.rows(Eligibility):
        if row.category not in known:
            place, adding = town.place(row, "category"), "a new one is what a measure has for 'category'"
            allowed = f"any, a measure, or one of {listing(categories)}; {adding} in {town.files['measures']}"
            town.faults.add(place, f"'{row.category}'", allowed, known, row.category, depends_on=("measures",))


def _check_base_year(town: Municipality) -> None:
    """Series that nothing can be guessed for before their first row begin in the base year or earlier."""
    base = town.settings.base_year
    observed = {row.year for row in town.rows(Inventory)}
    if base not in observed:  # then the base year is wrong, not the tables
        return
    kinds: tuple[tuple[type[Any], str, Callable[[Any], tuple[str, ...]]], ...] = (
        (ActivityLevel, "activity_levels", lambda row: (row.activity,)),
        (DirectEmission, "direct_emissions", lambda row: (row.activity, row.gas)),
        (EmissionFactor, "emission_factors", lambda row: (row.carrier, row.gas)),
    )
    for kind, table, key in kinds:
        for name, rows in _grouped(town.rows(kind), key).items():
            first = min(rows, key=lambda row: row.year)
            if first.year > base:
                allowed = f"a first year of '{', '.join(name)}' that is {base} (the base year) or earlier"
                place, found = town.place(first, "year"), f"'{first.year}'"
                town.faults.add(place, found, allowed, depends_on=(table,))


def _check_gaps(town: Municipality) -> None:
    """A sector's official total has no gap in years for which other sectors have one."""
    totals = [
        row
        for row in town.rows(Inventory)
        if not row.subsector and (row.vintage, row.gas) == (town.settings.reconcile_vintage, TOTAL)
    ]
    years = sorted({row.year for row in totals})
    for sector, rows in _grouped(totals, lambda row: row.sector).items():
        own = {row.year: row for row in rows}
        for year in years:
            if min(own) < year < max(own) and year not in own:
                before = own[max(each for each in own if each < year)]
                found = f"no total of '{sector}' for {year} after that of {before.year}"
                allowed = "a row for every year that other sectors have"
                town.faults.add(town.place(before, "year"), found, allowed, depends_on=("inventory",))


def _check_removed(town: Municipality) -> None:
    """Only what is removed counts below 0: a gas of which nothing is emitted, in the ledger of removals."""
    removing = {row.subsector for row in town.rows(Subsector) if row.perspective == REMOVALS}
    of_activity = {row.activity: row.subsector for row in town.rows(Activity)}
    emitted: dict[str, Any] = {row.gas: row for row in town.rows(EmissionFactor) if row.value}
    emitted |= {
        row.gas: row for row in town.rows(DirectEmission) if of_activity.get(row.activity) not in removing and row.value
    }
    for row in town.rows(Gas):
        if row.value < 0 and row.gas in emitted:
            found = f"'{row.value:g}' for '{row.gas}', which is emitted ({town.place(emitted[row.gas])})"
            town.faults.add(town.place(row, "value"), found, "at least 0; -1 is for a gas that is removed")


def _check_kinds(town: Municipality) -> None:
    """Rows of a series over years are of one kind: amounts or shares, additional or total."""
    effects = _grouped(town.rows(Effect), lambda row: (row.measure, row.mode, row.kind, row.target, row.subsector))
    potentials = _grouped(town.rows(Potential), lambda row: row.measure)
    for rows in (*effects.values(), *potentials.values()):
        for row in rows:
            if row.basis != rows[0].basis:
                allowed = f"'{rows[0].basis}' as in line {rows[0].line}: all years of a series are of one kind"
                town.faults.add(town.place(row, "basis"), f"'{row.basis}'", allowed)


def _check_effects(town: Municipality) -> None:
    """No column of an effect is filled in vain."""
    for row in town.rows(Effect):
        if row.share_of and row.basis != "share":
            town.faults.add(town.place(row, "share_of"), f"'{row.share_of}'", "nothing, or 'share' for 'basis'")
        if row.subsector and row.kind != "carrier":
            town.faults.add(town.place(row, "subsector"), f"'{row.subsector}'", "nothing, or 'carrier' for 'kind'")


def _check_modes(town: Municipality) -> None:
    """Modes of a measure take from different things: what is left for one must not depend on another."""
    members = _grouped(town.rows(Activity), lambda row: row.pool)
    taken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in town.rows(Effect):
        if row.value >= 0:
            continue
        things = {
            "activity": [f"activity '{row.target}'"],
            "pool": [f"activity '{member.activity}'" for member in members.get(row.target, ())],
            "carrier": [f"carrier '{row.target}' in subsector '{row.subsector}'"],
        }[row.kind]
        for (measure, mode), others in taken.items():
            shared = next((each for each in things if each in others), "")
            if shared and measure == row.measure and mode != row.mode:
                found = f"modes '{mode}' and '{row.mode}' of '{measure}' that both take from {shared}"
                town.faults.add(town.place(row, "mode"), found, "modes that take from different things")
        taken[row.measure, row.mode] |= set(things)


def _check_shares(town: Municipality) -> None:
    """The owners' shares of every measure add up to one."""
    total: dict[str, float] = defaultdict(float)
    for share in town.rows(OwnerShare):
        total[share.measure] += share.share
    for row in town.rows(Measure):
        if abs(total[row.measure] - 1.0) > 1e-6:
            place, allowed = town.place(row, "measure"), f"1, in {town.files['owner_shares']}"
            found = f"owner shares of '{row.measure}' that add up to {total[row.measure]:g}"
            town.faults.add(place, found, allowed, depends_on=("owner_shares",))


def _check_indicators(town: Municipality) -> None:
    """An indicator is of one kind, with the columns that belong to it; a share counts some of its rows, not all."""
    sums, shares = (_grouped(town.rows(kind), lambda row: row.indicator) for kind in (IndicatorPart, SharePart))
    for rows in sums.values():
        for row in rows:
            for column in ("quantity", "accounting"):
                if (said := getattr(row, column)) != (usual := getattr(rows[0], column)):
                    allowed = f"'{usual}' as in line {rows[0].line}: all rows of an indicator are of one kind"
                    town.faults.add(town.place(row, column), f"'{said}'", allowed)
            other, column = ("emissions", "gas") if row.quantity == "energy" else ("energy", "carrier")
            if filled := getattr(row, column):
                town.faults.add(town.place(row, column), f"'{filled}'", f"nothing, or '{other}' for 'quantity'")
            if row.quantity == "emissions" and not row.gas:
                town.faults.add(town.place(row, "gas"), "nothing", "a gas, or 'all'")
            if row.quantity == "energy" and row.accounting == "official":
                town.faults.add(town.place(row, "accounting"), "'official' for energy", "'activity'")
    for name, rows in shares.items():
        place = town.place(rows[0], "indicator")
        if name in sums:
            allowed = f"a name that is not in {town.files['indicators']}"
            town.faults.add(place, f"'{name}' again", allowed)
        if len({row.counted for row in rows}) < 2:
            place = town.place(rows[0], "counted")
            found, allowed = f"only '{rows[0].counted}' for '{name}'", "both 'yes' and 'no': a share of something"
            town.faults.add(place, found, allowed, depends_on=("shares",))


def _check_targets(town: Municipality) -> None:
    """A target that shall be computed has a limit; only a cumulative one has a span of years, in order."""
    base, first = town.settings.base_year, town.settings.first_decision_year
    for row in town.rows(Target):
        if row.evaluable == "yes" and row.limit is None:
            town.faults.add(town.place(row, "limit"), "nothing", "a number, or 'no' for 'evaluable'")
        place, found = town.place(row, "since"), f"'{row.since}'" if row.since else f"nothing, which means {first}"
        if row.since and row.hold != "cumulative":
            town.faults.add(place, found, "nothing, or 'cumulative' for 'hold'")
        elif row.hold == "cumulative" and not base <= (row.since or first) <= row.year:
            town.faults.add(place, found, f"a year from {base} (the base year) to {row.year} (its 'year')")


def _check_green(town: Municipality) -> None:
    """Labels of measures are categories of the framework, and a green bond has one."""
    known, table = {row.green_label for row in town.rows(GreenCategory)}, town.files["green_categories"]
    for row in town.rows(Measure):
        if row.green_label and row.green_label not in known:
            place, allowed = town.place(row, "green_label"), f"nothing, or one of those in {table}: {listing(known)}"
            depends_on = ("green_categories",)
            town.faults.add(place, f"'{row.green_label}'", allowed, known, row.green_label, depends_on=depends_on)
    for fund in town.rows(Fund):
        if fund.kind == "green_bond" and not known:
            found, allowed = "'green_bond', but no green categories", f"at least one row in {table}"
            town.faults.add(town.place(fund, "kind"), found, allowed, depends_on=("green_categories",))


def _grouped(rows: Iterable[Any], key: Callable[[Any], Hashable]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
