"""What may the tables of owners, funds and debts contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.inputs.columns.base import (
    Count,
    Id,
    Labelled,
    Measured,
    NonNegative,
    Number,
    Ref,
    Share,
    Sourced,
    Text,
    Year,
    YesNo,
)


class Owner(Labelled, Sourced):
    """Who can own a measure. Public owners pay from municipal pots; others weigh their own savings."""

    key = ("owner",)
    owner: Id
    """What other tables call it."""
    municipal: YesNo
    """yes: pays from municipal pots. no: weighs its own savings."""
    price_set: Literal["market", "household"]
    """The prices it saves at: market excluding VAT, household including."""
    rate: NonNegative
    """Real discount rate."""
    payback_years: NonNegative
    """Savings further away than this do not count for the owner."""


class Valuation(Measured[Number]):
    """A value used for co-benefits or comparisons."""

    key = ("item",)
    item: Id
    """What is valued; `co2` is the value of carbon."""


class Fund(Labelled, Sourced):
    """A funding source. `order` is the order in which a typed-in portfolio draws on them.

    `loan` and `green_bond` are ways to finance an investment pot and have a row in `debts`. `charged_to` names the
    operating pot that carries the capital charge (depreciation and internal rate) of what this fund pays for.
    """

    key = ("fund",)
    fund: Id
    """What other tables call it."""
    kind: Literal["municipal_investment", "municipal_operating", "grant", "public", "own", "loan", "green_bond"]
    """What it is: a pot of the municipality's, a grant, others' public money, the owner's own, or borrowed."""
    pays: Literal["capital", "support"]
    """capital: what is started. support: the running cost of what operates."""
    order: Count
    """Smaller numbers are drawn on first."""
    carry_over: NonNegative
    """Most unspent money that may wait for next year."""
    carry_over_unit: Text
    """Of what may wait."""
    price_basis: Literal["real", "nominal"]
    """Of its yearly amounts, its cap on what waits, and what waits."""
    charged_to: str = ""
    """The operating pot that carries the capital charge of what it pays; blank: none."""


class Budget(Measured[NonNegative]):
    """Yearly amount of a fund; constant between and after the years given, zero before the first."""

    key = ("fund", "year")
    fund: Annotated[Id, Ref("funds.fund")]
    """Whose amount it is."""
    year: Year
    """First year in which it holds."""


class Grant(Sourced):
    """Terms of a fund. One without a row here pays up to its shares in `eligibility` and asks for nothing more.

    `least_effect` is what a unit must avoid over its lifetime per krona of capital; what it enables counts, too.
    """

    key = ("fund",)
    fund: Annotated[Id, Ref("funds.fund")]
    """Whose terms they are."""
    only_unprofitable: YesNo
    """yes: at most what savings do not pay back, and nothing for what pays for itself."""
    least_effect: NonNegative = 0.0
    """Least that must be avoided per krona, in `effect_unit`."""
    effect_unit: Text = "kg_CO2e/SEK"
    """With its price year, e.g. kg_CO2e/SEK_2026."""
    own_share: Share = 0.0
    """Least share of the cost it supports that no grant pays."""
    application_years: Count = 0
    """Years from the first decision year to its first payment."""


class GreenCategory(Labelled, Sourced):
    """A category of the green-bond framework."""

    key = ("green_label",)
    green_label: Id
    """What measures call it."""


class Debt(Sourced):
    """How a loan or a green bond finances an investment pot.

    Borrowing adds nothing to the pot but what its ceiling is lifted by. Amounts are real or nominal as the fund says.
    """

    key = ("fund",)
    fund: Annotated[Id, Ref("funds.fund")]
    """The loan or green bond."""
    pot: Annotated[Id, Ref("funds.fund")]
    """The pot it finances."""
    lift: NonNegative = 0.0
    """By how much it lifts the ceiling of the pot, a year."""
    rate: Share
    """Nominal interest."""
    years: Annotated[Count, Field(ge=1)]
    """Years over which it is repaid."""
    repayment: Literal["straight", "annuity", "bullet"]
    """straight: the same part each year. annuity: the same sum with interest. bullet: all in the last year."""
    debt_ceiling: NonNegative | None = None
    """Most outstanding; blank: no ceiling."""
    service_ceiling: NonNegative | None = None
    """Most repayment and interest a year that liquidity allows; blank: no ceiling."""
    unit: Text
    """Of the three amounts, e.g. MSEK_2026."""


class Eligibility(Sourced):
    """Who may be paid by which fund, for what, up to which share of the cost. No row: not allowed."""

    key = ("fund", "owner", "category")
    fund: Annotated[Id, Ref("funds.fund")]
    """Who pays."""
    owner: Annotated[Id, Ref("owners.owner")]
    """Who is paid."""
    category: Id
    """Development area, a measure, or `any`."""
    largest_share: Share
    """Most of the owner's cost that the fund may pay."""
    basis: str = ""
    """Legal basis where it is unusual."""
