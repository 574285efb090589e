"""What may the tables of owners, funds and debts contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.inputs.columns.base import Id, Measured, NonNegative, Ref, Share, Sourced, Text, Year, YesNo


class Owner(Sourced):
    """Who can own a measure. Public owners pay from municipal pots; others weigh their own savings."""

    key = ("owner",)
    owner: Id
    label_sv: Text
    label_en: Text
    municipal: YesNo
    price_set: Literal["market", "household"]
    rate: NonNegative  # real discount rate
    payback_years: NonNegative  # savings further away than this do not count for the owner


class Valuation(Measured):
    """A value used for co-benefits or comparisons."""

    key = ("item",)
    item: Id


class Fund(Sourced):
    """A funding source. `order` is the order in which a typed-in portfolio draws on them.

    `loan` and `green_bond` are ways to finance an investment pot and have a row in `debts`. `charged_to` names the
    operating pot that carries the capital charge (depreciation and internal rate) of what this fund pays for.
    """

    key = ("fund",)
    fund: Id
    label_sv: Text
    label_en: Text
    kind: Literal["municipal_investment", "municipal_operating", "grant", "public", "own", "loan", "green_bond"]
    pays: Literal["capital", "support"]
    order: int
    carry_over: NonNegative  # most unspent money that may wait for next year
    carry_over_unit: Text
    price_basis: Literal["real", "nominal"]  # of its yearly amounts, its cap on what waits, and what waits
    charged_to: str = ""


class Budget(Sourced):
    """Yearly amount of a fund; constant between and after the years given, zero before the first."""

    key = ("fund", "year")
    fund: Annotated[Id, Ref("funds.fund")]
    year: Year
    value: NonNegative
    low: NonNegative | None = None
    high: NonNegative | None = None
    unit: Text


class Grant(Sourced):
    """Terms of a fund. One without a row here pays up to its shares in `eligibility` and asks for nothing more.

    `least_effect` is what a unit must avoid over its lifetime per krona of capital; what it enables counts, too.
    """

    key = ("fund",)
    fund: Annotated[Id, Ref("funds.fund")]
    only_unprofitable: YesNo  # at most what savings do not pay back, and nothing for what pays for itself
    least_effect: NonNegative = 0.0
    effect_unit: Text = "kg_CO2e/SEK"  # with its price year, e.g. kg_CO2e/SEK_2026
    own_share: Share = 0.0  # least share of the cost it supports that no grant pays
    application_years: Annotated[int, Field(ge=0)] = 0  # from the first decision year to its first payment


class GreenCategory(Sourced):
    """A category of the green-bond framework."""

    key = ("green_label",)
    green_label: Id
    label_sv: Text
    label_en: Text


class Debt(Sourced):
    """How a loan or a green bond finances an investment pot.

    Borrowing adds nothing to the pot but what its ceiling is lifted by. Amounts are real or nominal as the fund says.
    """

    key = ("fund",)
    fund: Annotated[Id, Ref("funds.fund")]
    pot: Annotated[Id, Ref("funds.fund")]  # the pot it finances
    lift: NonNegative = 0.0  # by how much it lifts the ceiling of the pot, a year
    rate: Share  # nominal interest
    years: Annotated[int, Field(ge=1)]
    repayment: Literal["straight", "annuity", "bullet"]
    debt_ceiling: NonNegative | None = None  # most outstanding; blank: no ceiling
    service_ceiling: NonNegative | None = None  # most repayment and interest a year that liquidity allows
    unit: Text  # of the three amounts, e.g. MSEK_2026


class Eligibility(Sourced):
    """Who may be paid by which fund, for what, up to which share of the cost. No row: not allowed."""

    key = ("fund", "owner", "category")
    fund: Annotated[Id, Ref("funds.fund")]
    owner: Annotated[Id, Ref("owners.owner")]
    category: Id  # development area, a measure, or 'any'
    largest_share: Share
    basis: str = ""  # legal basis where it is unusual
