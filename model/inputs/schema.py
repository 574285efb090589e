"""What may a YAML file say? Each field's docstring is its manual; unknown keys are refused.

`inputs/<municipality>/municipality.yaml` describes a municipality; the files under `scenarios/` are what a
strategist writes: futures (what nobody here decides), portfolios (what is decided) and goals (what an optimiser
shall find). What a study may say, a batch of them, follows from the questions there are (`studies/study_file.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from model.inputs.columns.base import Id, NonNegative, Share, Text, Year
from model.inputs.options import Amount

ONLY_IN_A_GOAL = "only in a goal (scenarios/goals/)"
ONLY_IN_A_PORTFOLIO = "only in a portfolio (scenarios/portfolios/)"


class Document(BaseModel):
    """A YAML file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
    elsewhere: ClassVar[Mapping[str, str]] = {}
    """Keys that are looked for here and stand elsewhere: where, and what to do instead."""
    example: ClassVar[str] = ""
    """How it may be written."""


class Title(Document):
    """A text in the two languages figures and reports come in."""

    example = "{sv: Fler elbussar, en: More electric buses}"
    sv: Text
    """Swedish."""
    en: Text
    """English."""


class MunicipalitySettings(Document):
    """`municipality.yaml`: what a municipality is called and which years and money it is calculated in."""

    label: Title
    """Its name."""
    base_year: Year
    """Year of the inventory that the reference development is reconciled with; the first model year."""
    last_year: Year
    """Last model year."""
    first_decision_year: Year
    """First year whose budget is still open: no measure can start before it."""
    price_year: Year
    """All money is in prices of this year."""
    gwp_set: Id
    """Which set of global warming potentials in `gases.csv` turns gases into CO2 equivalents."""
    social_rate: NonNegative
    """Real discount rate of the social view."""
    inflation: Share
    """Expected yearly inflation, used to turn nominal budgets into real ones (an assumption)."""
    internal_rate: Share | None = None
    """Nominal internal rate charged on the book value of assets; needed where a fund has `charged_to`."""
    rates_source: Text
    """Where the rates come from."""
    reconcile_vintage: Id
    """Which vintage of `inventory.csv` the base year is reconciled with."""
    history_note: Title | None = None
    """A sentence on the observed emissions that figures show under them, such as why they rose or fell in a year."""


class Future(Document):
    """Assumptions that nobody here decides. Each value names a `path` in the tables."""

    title: Title
    """What it is called in figures."""
    mandate: Id = "central"
    """Path of the national reduction duty (`mandates.csv`)."""
    prices: Id = "central"
    """Path of the prices (`prices.csv`), the carbon levy on fuels among them."""
    uptake: Id = "central"
    """Path of everybody's own uptake of new technique (`parameters.csv`)."""
    population: Id = "central"
    """Path of the number of inhabitants (`population.csv`)."""


class Found(Document):
    """The exact plan an optimiser found; written by it, never by hand."""

    goal: Text
    """The goal it was found for."""
    future: Id
    """The future it was found in."""
    new_units: dict[str, dict[Year, NonNegative]]
    """Measure: {year: units started}."""
    levels: dict[str, dict[str, dict[Year, NonNegative]]]
    """Measure: {mode: {year: units operating}}; a measure with one way of working has the mode `all`."""
    payments: dict[str, dict[str, dict[Year, NonNegative]]] = Field(default_factory=dict)
    """Measure: {fund: {year: MSEK}}; left out when there was no money limit."""


class Portfolio(Document):
    """What is decided: levels of measures by year. `docs/scenarios.md` shows how to write one."""

    elsewhere = {
        "exclude": f"{ONLY_IN_A_GOAL}, where bans belong; a portfolio leaves out what it does not name",
        "require": f"{ONLY_IN_A_GOAL}, where musts belong; a portfolio does what its 'levels' say",
        "targets": f"{ONLY_IN_A_GOAL}, for which a plan is found; a portfolio is carried out, and its distance shown",
        "objective": f"{ONLY_IN_A_GOAL}, for which a plan is found; a portfolio is carried out as it says",
        "constraints": f"{ONLY_IN_A_GOAL}, for which a plan is found; a portfolio is carried out as it says",
    }
    title: Title
    """What it is called in figures."""
    future: Id = "central"
    """Future it is run in when none is asked for."""
    levels: dict[str, dict[Any, Any]] = Field(default_factory=dict)
    """Measure: {year: level with unit, ..., shape: linear}. Levels may be beyond what is there: they are cut."""
    found: Found | None = None
    """Instead of `levels`: the exact plan an optimiser found."""
    budgets: dict[str, Amount] = Field(default_factory=dict)
    """Fund: amount a year, instead of that in `budgets.csv`."""
    lifts: dict[str, Amount] = Field(default_factory=dict)
    """Loan or bond: by how much it lifts the ceiling of its pot, a year, instead of that in `debts.csv`."""


class Goal(Document):
    """What an optimiser shall find a portfolio for."""

    elsewhere = {
        "levels": f"{ONLY_IN_A_PORTFOLIO}; a goal's plan is found, and 'require' says what must be in it",
        "found": f"{ONLY_IN_A_PORTFOLIO}, which a plan that was found is",
    }
    title: Title
    """What it is called in figures."""
    future: Id = "central"
    """Future it is solved in when none is asked for."""
    objective: Literal["least_emissions", "least_cost", "best_value"]
    """least_emissions: as close to the targets as the money there is allows, then cheapest.
    least_cost: meet the targets, as far as that can be done, at least discounted cost.
    best_value: meet the targets, as far as that can be done, at most social net present value, with co-benefits and a
    value of carbon."""
    targets: list[str] = Field(default_factory=list)
    """Targets in `targets.csv`, each a limit from its year on, in that year only, or on the sum of years up to it."""
    budgets: dict[str, Amount] | Literal["unlimited"] = Field(default_factory=dict)
    """Fund: amount a year (`100 MSEK/year`) instead of that in `budgets.csv`; or `unlimited`: no money limit."""
    lifts: dict[str, Amount] = Field(default_factory=dict)
    """Loan or bond: by how much it lifts the ceiling of its pot, a year, instead of that in `debts.csv`."""
    carbon_value: Amount | None = None
    """What a tonne avoided is worth to `best_value` (`9.2 SEK/kg`), instead of `co2` in `valuations.csv`."""
    require: list[str] = Field(default_factory=list)
    """Measures that must be in the plan: at least one unit operating from the first year possible."""
    exclude: list[str] = Field(default_factory=list)
    """Measures that must not be in the plan."""
    constraints: list[str] = Field(default_factory=list)
    """Further demands on the plan, each a file of yours in `constraints/` (`docs/constraints.md`)."""
    start_from: list[str] = Field(default_factory=list)
    """Goals that differ only in having less money, whose plans are found first: this one's is no worse. Not taken over
    by `extends`; where options change the goal, it starts from the goal as it stands in the file, or its starts, if
    those have less money and differ in nothing else."""
    start: Year | None = None
    """First year of decisions, if later than that of the municipality."""
    gap: Annotated[float, Field(gt=0, lt=1)] = 0.005
    """Gap at which the search for whole units may stop: share of base-year emissions, in every year that counts
    (for targets on energy and shares: of base-year energy, of 100 percentage points).
    Cost, the last stage, may be four times this share from the cheapest; what was reached stands in the certificate."""
    time_limit: Annotated[float, Field(gt=0)] | None = None
    """Seconds a plan may take; if left out, the search ends after a counted amount of work, so that every machine
    finds the same plan. A search that is not through by then gives its best plan, and its certificate says so."""
    window: tuple[Year, Year] | None = None
    """Years over which cumulative emissions count in the objective; all decision years if left out."""
