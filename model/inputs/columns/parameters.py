"""Which parameters are asked for by name, of what, in which unit, and what do they mean?

A driver of one's own may ask for others.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """A parameter that is asked for by its name."""

    of: str
    """what it belongs to"""
    meaning: str
    unit: str
    where: str
    """where it can be found"""


FLEET: dict[str, Asked] = {
    "mileage": Asked(
        "technique, or type",
        "kilometres of a vehicle a year",
        "km/vehicle/year",
        "national (Trafikanalys, Körsträckor); a local value if you find one",
    ),
    "mean_life": Asked(
        "type", "age at which a vehicle leaves the local fleet, scrapped or sold", "year", "national (C)"
    ),
    "survival_shape": Asked("type", "how sharply (Weibull shape): 3 means few leave young", "fraction", "national (C)"),
    "used_entry_age": Asked(
        "type",
        "age of vehicles that come used; needed where there are new registrations",
        "year",
        "national for cars (C)",
    ),
    "population_elasticity": Asked(
        "type", "1: vehicles follow inhabitants; 0: their number is decided", "fraction", "national (C)"
    ),
    "vintage_improvement": Asked(
        "technique, or type", "how much less energy a km takes with each vintage", "fraction", "national (C)"
    ),
    "entry_share": Asked(
        "technique that leads (electric)",
        "its share of all that enters, by path (`low`, `central`, `high`) and year",
        "fraction",
        "2030 on national (C); **the first year is yours**: the rise of the stock by entries of the last years",
    ),
    "entry_weight": Asked(
        "every other technique",
        "how the rest of what enters divides, by year",
        "fraction",
        "**yours**: new registrations by fuel; what comes new today comes used ten years later",
    ),
}
"""Of vehicles."""
OTHERS: dict[str, Asked] = {
    "decay_rate": Asked("activity", "share of what is left that decays in a year", "1/year", "fitted, or IPCC (B)"),
    "deposit": Asked("activity", "gas that what is deposited in a year will give in all", "t/year", "0 after a ban"),
    "bio_share": Asked("carrier", "share of biofuel in what was sold", "percent", "statistics of fuels (A)"),
    "fit_first_year": Asked("activity", "first year on which the decay is fitted", "year", "stated beforehand"),
    "fit_last_year": Asked("activity", "last year on which the decay is fitted", "year", "stated beforehand"),
}
"""Of what decays, and of checks."""
PARAMETERS = FLEET | OTHERS
