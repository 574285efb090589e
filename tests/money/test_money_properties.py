"""Does money add up in every pot and year, to the krona, whatever the town? Random towns against a second set of books.

The towns (`random_money`) have several owners, mixed ownership, grants with terms, a green bond, a loan, capital
charges, nominal pots and carry-over; they are built from tables and solved. `bookkeeping` reckons everything again in
plain loops.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from model.batch import entry
from model.build import build
from model.inputs.municipality import Municipality
from model.money.allocation import allocate
from model.money.financing import Financing
from model.money.pots import KRONA, PotAccounts, by_fund, keep_accounts
from model.optimiser.verification import TOLERANCE, violations
from model.projection.replay import installed
from model.vocabulary import FloatArray
from tests.money.bookkeeping import YEARS, Books
from tests.towns.measured_town import OWNERS
from tests.towns.money_town import Found
from tests.towns.random_money import CAPITAL, FIRST, SUPPORT, random_money, solved
from tests.towns.small_town import FUTURE, faults_of

SEEDS, BLOCK = range(72), 12
WINDOW = slice(FIRST - YEARS[0], None)
town_of = cache(solved)


@cache
def books_of(seed: int) -> tuple[Books, Found, FloatArray]:
    """The second set of books of a town, its plan, and operating units by measure."""
    town, found = town_of(seed)
    measures, money = found.built.case.measures, found.problem.money
    assert money is not None
    level = np.zeros_like(found.plan.new_units)
    np.add.at(level, measures.mode_measure, found.plan.level)
    return Books(town, money, measures.names), found, level


def money_of(found: Found) -> Financing:
    money = found.problem.money
    assert money is not None
    return money


def ledger_of(found: Found) -> PotAccounts:
    money = money_of(found)
    return keep_accounts(money, by_fund(money, found.plan.payment, len(found.plan.new_units)))


blocks = pytest.mark.parametrize("block", range(len(SEEDS) // BLOCK))


def of_block(block: int) -> range:
    return SEEDS[BLOCK * block : BLOCK * (block + 1)]


# --- plans that were found ------------------------------------------------------------------------------


@blocks
def test_what_funds_give_is_what_measures_use(block: int) -> None:
    """Every stake, every year, capital and support."""
    for seed in of_block(block):
        books, found, level = books_of(seed)
        given = books.by(found.plan.payment, 0, 1, 3)
        for name, owner in books.shares:
            m = books.names.index(name)
            used = {
                "capital": books.capital(name, owner) * found.plan.new_units[m],
                "support": max(books.yearly(name, owner), 0.0) * level[m],
            }
            for what, need in used.items():
                assert np.abs(given[name, owner, what] - need).max() <= KRONA, (seed, name, owner, what)
        assert found.plan.payment.min(initial=0.0) >= 0


@blocks
def test_sources_minus_uses_are_zero_in_every_pot_and_year(block: int) -> None:
    for seed in of_block(block):
        books, found, _ = books_of(seed)
        _pots_balance(books, money_of(found), found.plan.payment, ledger_of(found), seed)
        assert ledger_of(found).overdrawn.max() <= KRONA, seed


def _pots_balance(books: Books, money: Financing, payment: FloatArray, ledger: PotAccounts, seed: int) -> None:
    """Budgets, payments and charges of the second set of books; what waits and lapses of the ledger."""
    paid, by_measure = books.by(payment, 2), books.by(payment, 0, 2)
    for index, (name, row) in enumerate((name, books.funds[name]) for name in money.funds):
        if row.kind == "own":
            continue
        keep = 1.0 if row.price_basis == "real" else 1.0 / (1 + books.town.settings.inflation)
        cap = np.array([row.carry_over * books.price(name, year) for year in YEARS])
        waiting = ledger.waiting[index]
        waited = keep * np.concatenate([[0.0], waiting[:-1]])
        sources = books.budget(name) + waited + ledger.overdrawn[index]
        uses = paid[(name,)] + books.charge(name, by_measure) + waiting + ledger.lapsed[index]
        assert np.abs(sources - uses).max() <= KRONA, (seed, name)
        for amount in (waiting, cap - waiting, ledger.lapsed[index], ledger.overdrawn[index]):
            assert amount.min() >= -1e-9, (seed, name)
        assert not np.any((ledger.overdrawn[index] > 1e-9) & (waiting + ledger.lapsed[index] > 1e-9)), (seed, name)


@blocks
def test_no_grant_is_above_its_cap_or_against_its_terms(block: int) -> None:
    for seed in of_block(block):
        books, found, level = books_of(seed)
        decided = np.array([year - FIRST for year in YEARS])
        for (name, owner, fund, what), paid in books.by(found.plan.payment, 0, 1, 2, 3).items():
            if books.funds[fund].kind != "grant":
                continue
            m, term = books.names.index(name), books.terms.get(fund)
            share = books.largest_share(fund, name, owner)
            cost = books.capital(name, owner) * found.plan.new_units[m]
            if what == "support":
                cost = max(books.yearly(name, owner), 0.0) * level[m]
            assert np.all(paid <= share * cost + KRONA), (seed, name, owner, fund)
            if term is None:
                continue
            assert np.all(paid[decided < term.application_years] <= KRONA), (seed, name, fund)
            assert books.effect(name) >= term.least_effect or paid.max() <= KRONA, (seed, name, fund)
            if share > 0:
                every = books.by(found.plan.payment, 0, 1, 2)
                own = sum(
                    part for (m_, o, f), part in every.items() if (m_, o) == (name, owner) and f not in books.terms
                )
                assert np.all(own >= term.own_share * paid / share - KRONA), (seed, name, owner, fund)


@blocks
def test_grants_to_a_stake_are_at_most_what_its_savings_do_not_pay_back(block: int) -> None:
    for seed in of_block(block):
        books, found, _ = books_of(seed)
        given = books.by(found.plan.payment, 0, 1, 2)
        for name, owner in books.shares:
            asks = [fund for fund, term in books.terms.items() if term.only_unprofitable == "yes"]
            started = found.plan.new_units[books.names.index(name)]
            granted = sum(given[name, owner, fund] for fund in asks) + np.zeros(len(YEARS))
            assert np.all(granted <= books.need(name, owner) * started + KRONA), (seed, name, owner)
            if OWNERS[owner][0] == "no":  # and nobody public pays what the owner contributes itself
                public = [fund for fund in CAPITAL if books.funds[fund].kind != "own"]
                helped = sum(given[name, owner, fund] for fund in public) + np.zeros(len(YEARS))
                assert np.all(helped <= books.need(name, owner) * started + KRONA), (seed, name, owner)


@blocks
def test_no_bond_pays_for_what_has_no_label(block: int) -> None:
    for seed in of_block(block):
        books, found, _ = books_of(seed)
        for (name, fund), paid in books.by(found.plan.payment, 0, 2).items():
            if books.funds[fund].kind == "green_bond":
                assert books.measures[name].green_label or paid.max() <= KRONA, (seed, name)


@blocks
def test_no_owner_has_a_worse_net_present_value_after_support(block: int) -> None:
    for seed in of_block(block):
        books, found, level = books_of(seed)
        paid = books.by(found.plan.payment, 0, 1, 2)
        for name, owner in books.shares:
            if OWNERS[owner][0] == "yes":
                continue
            m = books.names.index(name)
            own = sum(
                part
                for (m_, o, fund), part in paid.items()
                if (m_, o) == (name, owner) and books.funds[fund].kind == "own"
            ) + np.zeros(len(YEARS))
            value = books.owner_value(name, owner, found.plan.new_units[m], level[m], own)
            assert value >= -KRONA * max(1.0, own.sum()), (seed, name, owner, value)


@blocks
def test_ceilings_of_pots_and_debts_are_kept(block: int) -> None:
    for seed in of_block(block):
        books, found, _ = books_of(seed)
        paid, ledger, money = books.by(found.plan.payment, 2), ledger_of(found), money_of(found)
        there = books.budget("investment") + ledger.waited[money.funds.index("investment")]
        used = paid[("investment",)].copy()
        for name, row in books.debts.items():
            prices = np.array([books.price(name, year) for year in YEARS])
            outstanding, service = books.schedule(name, paid[(name,)])
            for found_, most in ((outstanding, row.debt_ceiling), (service, row.service_ceiling)):
                assert most is None or np.all(found_ <= most * prices + KRONA), (seed, name)
            index = money.funds.index(name)
            assert np.abs(ledger.debt[index] - outstanding).max() <= KRONA, (seed, name)
            assert np.abs(ledger.debt_service[index] - service).max() <= KRONA, (seed, name)
            used, there = used + paid[(name,)], there + row.lift * prices
        assert np.all((used - there)[WINDOW] <= KRONA), seed


@blocks
def test_the_toolkit_finds_nothing_wrong_with_its_plans(block: int) -> None:
    for seed in of_block(block):
        found = town_of(seed)[1]
        assert max(violations(found.problem, found.plan).values()) <= TOLERANCE, seed


def test_the_towns_try_everything() -> None:
    """Every fund pays in many towns, also where something holds it back; else the tests above would say little."""
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        books, found, level = books_of(seed)
        ledger, money = ledger_of(found), money_of(found)
        seen.update(fund for (fund,), paid in books.by(found.plan.payment, 2).items() if paid.max() > 0.01)
        seen["charge"] += bool(ledger.charge.max() > 0.01)
        seen["waits"] += bool(ledger.waiting.max() > 0.01)
        seen["mixed"] += len(books.shares) > len(books.names)
        standing = installed(found.built.case.measures, found.plan.new_units[None])[0]
        seen["idle"] += bool((standing - level).max() > 0.01)
        unlabelled = {each for each in books.names if not books.measures[each].green_label}
        seen["unlabelled"] += any(found.started(name).max() > 0.01 for name in unlabelled)
        names = [row.fund for row in books.debts.values() if row.lift == 0]
        seen["no lift"] += any(found.paid(name).max() > 0.01 for name in names)
        seen["held"] += bool(np.isfinite(money.debts.debt_ceiling).any())
    few = {what: number for what, number in seen.items() if number < 8}
    assert not few
    assert set(CAPITAL + SUPPORT) <= set(seen)


# --- portfolios somebody typed in -----------------------------------------------------------------------


def typed(seed: int) -> tuple[Municipality, Books, Financing, FloatArray, FloatArray, FloatArray]:
    """A town, and a portfolio of random units of which random parts operate."""
    rng = np.random.default_rng(seed)
    town = random_money(seed)
    built = build(town, FUTURE)
    assert faults_of(town) == []
    measures = built.case.measures
    new_units = rng.uniform(0, 4, measures.capital.shape) * (rng.random(measures.capital.shape) < 0.5)
    new_units[:, :, : WINDOW.start] = 0.0
    level = installed(measures, new_units) * rng.uniform(0, 1, new_units.shape)
    payment = allocate(built.financing, new_units, level)[0]
    return (
        town,
        Books(town, entry(built.financing), measures.names),
        entry(built.financing),
        new_units[0],
        level[0],
        payment,
    )


@blocks
def test_typed_in_portfolios_balance_as_well(block: int) -> None:
    overdrawn = 0
    for seed in of_block(block):
        _, books, money, new_units, level, payment = typed(seed)
        need = np.zeros_like(new_units)
        for name, owner in books.shares:
            m = books.names.index(name)
            need[m] += books.capital(name, owner) * new_units[m] + max(books.yearly(name, owner), 0.0) * level[m]
        assert np.abs(payment.sum(axis=1) - need).max() <= KRONA, seed  # the gap among the payments
        assert payment.min() >= -1e-12, seed
        ledger = keep_accounts(money, payment[:, :-1])
        assert np.abs(ledger.imbalance(money)).max() <= KRONA, seed
        paid = {(name, fund): payment[m, f] for m, name in enumerate(books.names) for f, fund in enumerate(money.funds)}
        for index, fund in enumerate(money.funds):
            row = books.funds[fund]
            if row.kind == "own":
                continue
            keep = 1.0 if row.price_basis == "real" else 1.0 / (1 + books.town.settings.inflation)
            waiting = ledger.waiting[index]
            sources = books.budget(fund) + keep * np.concatenate([[0.0], waiting[:-1]]) + ledger.overdrawn[index]
            spent = sum(paid[name, fund] for name in books.names)
            uses = spent + books.charge(fund, paid) + waiting + ledger.lapsed[index]
            assert np.abs(sources - uses).max() <= KRONA, (seed, fund)
            over = ledger.overdrawn[index] > 1e-9
            overdrawn += int(over.sum())
            # only the charge overdraws a pot, which then pays for nothing
            assert not np.any(over) or fund == "operating", (seed, fund)
            assert spent[over].sum() <= 1e-9, (seed, fund)
    assert overdrawn


@blocks
def test_typed_in_portfolios_keep_terms_labels_and_ceilings(block: int) -> None:
    for seed in of_block(block):
        _, books, money, new_units, _, payment = typed(seed)
        at = {fund: index for index, fund in enumerate(money.funds)}
        for m, name in enumerate(books.names):
            assert books.measures[name].green_label or payment[m, at["bond"]].max() <= KRONA, (seed, name)
            owners = [owner for measure, owner in books.shares if measure == name]
            for fund, term in books.terms.items():
                cost = sum(
                    books.largest_share(fund, name, owner) * books.capital(name, owner) * new_units[m]
                    for owner in owners
                )
                assert np.all(payment[m, at[fund]] <= cost + KRONA), (seed, name, fund)
                if term.only_unprofitable == "yes":
                    need = sum(books.need(name, owner) for owner in owners) * new_units[m]
                    assert np.all(payment[m, at[fund]] <= need + KRONA), (seed, name, fund)
                assert books.effect(name) >= term.least_effect or payment[m, at[fund]].max() <= KRONA, (seed, name)
                share = books.largest_share(fund, name, owners[0])
                if len(owners) == 1 and share > 0:  # of what is granted, enough is left to others, the gap among them
                    granted = payment[m, [at[each] for each in books.terms]].sum(axis=0)
                    own = books.capital(name, owners[0]) * new_units[m] - granted
                    assert np.all(own >= term.own_share * payment[m, at[fund]] / share - KRONA), (seed, name, fund)
            if len(owners) == 1 and OWNERS[owners[0]][0] == "no":
                public = [at[fund] for fund in CAPITAL if books.funds[fund].kind != "own"]
                needed = books.need(name, owners[0]) * new_units[m]
                assert np.all(payment[m, public].sum(axis=0) <= needed + KRONA), (seed, name)
        for name, row in books.debts.items():
            prices = np.array([books.price(name, year) for year in YEARS])
            borrowed = payment[:, at[name]].sum(axis=0)
            assert np.all(borrowed <= row.lift * prices + KRONA), (seed, name)
            outstanding, service = books.schedule(name, borrowed)
            for reached, most in ((outstanding, row.debt_ceiling), (service, row.service_ceiling)):
                assert most is None or np.all(reached <= most * prices + KRONA), (seed, name)
