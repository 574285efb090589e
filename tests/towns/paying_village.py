"""A village in which every limit on money binds: owners, grants, pots, a bond and what must be paid every year."""

from __future__ import annotations

from model.inputs.municipality import Municipality
from tests.towns.money_town import Thing, budget, debt, fund, may_pay, terms, village


def everything(**of_debt: float) -> Municipality:
    """A farm's shed that pays half of itself, roads and panels of the town, and heat that must be paid every year."""
    return village(
        2029,
        {
            "SHED": Thing(tonnes=50, capital=10, yearly=-1, most=4, owner="farm", whole=False),
            "ROAD": Thing(tonnes=20, capital=1, most=100, whole=False),
            "PANEL": Thing(tonnes=10, capital=1, most=100, whole=False, green_label="solar"),
            "BIO": Thing(tonnes=5, yearly=1, most=3, lifetime=1, whole=False),
        },
        {"internal_rate": 0.025},
        funds=[
            fund("own", 1, kind="own"),
            fund("climate", 2),
            fund("modern", 3),
            fund("state", 4, kind="public"),
            fund("investment", 5, kind="municipal_investment"),
            fund("bond", 6, kind="green_bond"),
            fund("operating", 7, "support", kind="municipal_operating"),
        ],
        budgets=[
            budget("climate", 16),
            budget("modern", 0),
            budget("state", 4),
            budget("investment", 10),
            budget("bond", 99),
            budget("operating", 3),
        ],
        eligibility=[
            may_pay("own", "farm"),
            may_pay("climate", "farm", largest_share=0.4),
            may_pay("modern", "farm", largest_share=0.4),
            may_pay("state", "farm", largest_share=1),
            *(may_pay(name, "town") for name in ("investment", "bond", "operating")),
        ],
        grants=[terms("climate", only_unprofitable="yes"), terms("modern", own_share=0.5)],
        debts=[debt("bond", "investment", **({"lift": 6} | of_debt))],
        green_categories=[{"green_label": "solar"}],
    )
