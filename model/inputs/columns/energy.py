"""What may the tables of carriers, their factors, blending and prices contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from model.inputs.columns.base import Id, Measured, NonNegative, Positive, Ref, Share, Sourced, Text, Year

CARBON_LEVY = "carbon_levy"
"""The item of `prices.csv` that is added to levied carriers, per tonne of fossil CO2."""


class Carrier(Sourced):
    """What activities use. `energy_content` turns litres or kilograms into energy (blank: sold by energy)."""

    key = ("carrier",)
    carrier: Id
    label_sv: Text
    label_en: Text
    energy_content: Positive | None = None
    energy_content_unit: str = ""  # kWh/l or kWh/kg
    official_group: str = ""  # carriers official statistics cannot tell apart share one group
    national_share: Share | None = None  # share of the carrier in its group, nationally


class EmissionFactor(Measured):
    """Emissions where the carrier is burnt, before any national blending (see `blends`). Holds from `year` on."""

    key = ("carrier", "gas", "year")
    carrier: Annotated[Id, Ref("carriers.carrier")]
    gas: Annotated[Id, Ref("gases.gas")]
    year: Year
    value: NonNegative


class Blend(Sourced):
    """A carrier whose bio share follows the national duty: bio share = min(duty / saving, wall).

    The bio share takes away `fossil_gas` in proportion and adds it to `bio_gas`.
    """

    key = ("carrier",)
    carrier: Annotated[Id, Ref("carriers.carrier")]
    saving: Share  # greenhouse gas saving per litre of the biofuel blended in
    saving_low: Share
    saving_high: Share
    wall: Share  # largest bio share the fuel standard lets through
    fossil_gas: Annotated[Id, Ref("gases.gas")]
    bio_gas: Annotated[Id, Ref("gases.gas")]


class Mandate(Sourced):
    """The reduction duty by carrier and year; `path` is what a future chooses.

    Straight lines between years, constant after the last.
    """

    key = ("path", "carrier", "year")
    path: Id  # 'decided' is history and law, shared by all paths; other paths go on from it
    carrier: Annotated[Id, Ref("blends.carrier")]
    year: Year
    value: NonNegative
    unit: Literal["percent"]


class Price(Measured):
    """A price, real, in the price year. `path` 'all' holds in every path. Straight lines between years."""

    key = ("path", "item", "price_set", "year")
    path: Id
    item: Id  # a carrier, or 'carbon_levy' (SEK per t fossil CO2, added to carriers marked in `levied`)
    price_set: Literal["market", "household"]  # market: excluding VAT; household: including VAT
    year: Year


class Levied(Sourced):
    """Carriers on which the carbon levy of a future (emissions trading for fuels) is added."""

    key = ("carrier",)
    carrier: Annotated[Id, Ref("carriers.carrier")]
    from_year: Year
