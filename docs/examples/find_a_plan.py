# %% [markdown]
# # The best plan for the money there is
# Toytown is small enough to be solved with a pencil (docs/toy.md). The same lines find Östersund's plan in seconds.

# %%
import model

town = model.load("toy")
plan = model.optimise(town, "toy_fossil_free", budgets={"investment": "8 MSEK/year"}, progress=print)
print(plan.certificate["in_words"]["en"])

# %% [markdown]
# A plan is a portfolio: projected, it gives what the optimiser promised.

# %%
again = model.project(town, plan.portfolio)
difference = abs(again.emissions_co2e - plan.data.emissions_co2e).max()
print(f"largest difference when the plan is projected again: {float(difference):.1e} t CO2e")

# %%
explained = plan.explain()
print(explained.gap_lifted.to_series().round())
model.plot.gap(explained, lang="en").save("outputs/examples")
plan.save("outputs/examples/plan")
