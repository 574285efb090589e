"""What may the tables of carriers, their factors, blending and prices contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from model.inputs.columns.base import Id, Labelled, Measured, NonNegative, Number, Positive, Ref, Share, Sourced, Year

CARBON_LEVY = "carbon_levy"
"""The item of `prices.csv` that is added to levied carriers, per tonne of fossil CO2."""


class Carrier(Labelled, Sourced):
    """What activities use. `energy_content` turns litres or kilograms into energy."""

    key = ("carrier",)
    carrier: Id
    """What other tables call it."""
    energy_content: Positive | None = None
    """Energy of a litre or kilogram; blank: sold by energy."""
    energy_content_unit: str = ""
    """kWh/l or kWh/kg."""
    official_group: str = ""
    """Carriers that official statistics cannot tell apart share one group."""
    national_share: Share | None = None
    """Share of the carrier in its group, nationally; those of a group add up to 1."""


class EmissionFactor(Measured[NonNegative]):
    """Emissions where the carrier is burnt, before any national blending (see `blends`). Holds from `year` on."""

    key = ("carrier", "gas", "year")
    carrier: Annotated[Id, Ref("carriers.carrier")]
    """What is burnt."""
    gas: Annotated[Id, Ref("gases.gas")]
    """What it emits; a pair without a row emits nothing."""
    year: Year
    """First year in which it holds."""


class Blend(Sourced):
    """A carrier whose bio share follows the national duty: bio share = min(duty / saving, wall).

    The bio share takes away `fossil_gas` in proportion and adds it to `bio_gas`.
    """

    key = ("carrier",)
    carrier: Annotated[Id, Ref("carriers.carrier")]
    """What is blended."""
    saving: Share
    """Greenhouse gas saving per litre of the biofuel blended in."""
    saving_low: Share
    """Least it may be."""
    saving_high: Share
    """Most it may be."""
    wall: Share
    """Largest bio share the fuel standard lets through."""
    fossil_gas: Annotated[Id, Ref("gases.gas")]
    """The gas that biofuel takes away."""
    bio_gas: Annotated[Id, Ref("gases.gas")]
    """The gas that biofuel brings, carried beside."""


class Mandate(Sourced):
    """The reduction duty by carrier and year; `path` is what a future chooses.

    Straight lines between years, constant after the last.
    """

    key = ("path", "carrier", "year")
    path: Id
    """`decided` is history and law, shared by all paths; other paths go on from it."""
    carrier: Annotated[Id, Ref("blends.carrier")]
    """What must be blended."""
    year: Year
    """Of the duty."""
    value: NonNegative
    """By how much emissions of the fuel sold must fall short of the fossil one's."""
    unit: Literal["percent"]
    """What the number is in."""


class Price(Measured[Number]):
    """A price, real, in the price year. `path` 'all' holds in every path. Straight lines between years."""

    key = ("path", "item", "price_set", "year")
    path: Id
    """`all`, or a path that a future chooses."""
    item: Id
    """A carrier, or `carbon_levy` (SEK per t fossil CO2, added to carriers marked in `levied`)."""
    price_set: Literal["market", "household"]
    """market: excluding VAT. household: including VAT."""
    year: Year
    """Of the price."""


class Levied(Sourced):
    """Carriers on which the carbon levy of a future (emissions trading for fuels) is added."""

    key = ("carrier",)
    carrier: Annotated[Id, Ref("carriers.carrier")]
    """What is levied."""
    from_year: Year
    """First year in which it is."""
