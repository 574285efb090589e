"""Which tables are there, where, and which of them must be?"""

from __future__ import annotations

from dataclasses import dataclass

from model.inputs.columns.activities import (
    Activity,
    ActivityLevel,
    CarrierUse,
    DirectEmission,
    Parameter,
    Population,
    Use,
    Vehicle,
)
from model.inputs.columns.base import Row, Source
from model.inputs.columns.emissions import Gas, IndicatorPart, Inventory, Pathway, Sector, SharePart, Subsector, Target
from model.inputs.columns.energy import Blend, Carrier, EmissionFactor, Levied, Mandate, Price
from model.inputs.columns.measures import (
    Area,
    CatalogueRow,
    Cost,
    Department,
    Effect,
    Measure,
    OwnerShare,
    Potential,
    Relation,
    Workload,
)
from model.inputs.columns.money import Budget, Debt, Eligibility, Fund, Grant, GreenCategory, Owner, Valuation


@dataclass(frozen=True)
class Table:
    """A table: its row class, where it stands, and whether a municipality may do without."""

    row: type[Row]
    common: bool
    optional: bool = False


TABLES: dict[str, Table] = {
    "sources": Table(Source, common=True),
    "sectors": Table(Sector, common=True),
    "subsectors": Table(Subsector, common=True),
    "gases": Table(Gas, common=True),
    "carriers": Table(Carrier, common=True),
    "emission_factors": Table(EmissionFactor, common=True),
    "blends": Table(Blend, common=True),
    "mandates": Table(Mandate, common=True),
    "prices": Table(Price, common=True),
    "levied": Table(Levied, common=True),
    "owners": Table(Owner, common=True),
    "valuations": Table(Valuation, common=True),
    "indicators": Table(IndicatorPart, common=True),
    "inventory": Table(Inventory, common=False),
    "population": Table(Population, common=False, optional=True),
    "activities": Table(Activity, common=False),
    "activity_levels": Table(ActivityLevel, common=False),
    "direct_emissions": Table(DirectEmission, common=False, optional=True),
    "use": Table(Use, common=False, optional=True),
    "carrier_use": Table(CarrierUse, common=False, optional=True),
    "parameters": Table(Parameter, common=False, optional=True),
    "fleet": Table(Vehicle, common=False, optional=True),
    "measures": Table(Measure, common=False),
    "areas": Table(Area, common=False, optional=True),
    "owner_shares": Table(OwnerShare, common=False),
    "costs": Table(Cost, common=False),
    "potentials": Table(Potential, common=False),
    "effects": Table(Effect, common=False),
    "relations": Table(Relation, common=False, optional=True),
    "funds": Table(Fund, common=False),
    "budgets": Table(Budget, common=False),
    "eligibility": Table(Eligibility, common=False),
    "grants": Table(Grant, common=False, optional=True),
    "debts": Table(Debt, common=False, optional=True),
    "green_categories": Table(GreenCategory, common=False, optional=True),
    "shares": Table(SharePart, common=False, optional=True),
    "departments": Table(Department, common=False, optional=True),
    "workload": Table(Workload, common=False, optional=True),
    "targets": Table(Target, common=False),
    "pathways": Table(Pathway, common=False, optional=True),
    "catalogue": Table(CatalogueRow, common=False, optional=True),
}
