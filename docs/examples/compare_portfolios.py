# %% [markdown]
# # Portfolios side by side
# Where does Östersund stand in 2030 under decided policy, with electrification, and with a portfolio typed in here?

# %%
import model

town = model.load("ostersund")
buses_first = {
    "title": {"sv": "Bussar först", "en": "Buses first"},
    "levels": {"EV08": {2030: "20 bus"}, "MO01": {2030: "60 %", "shape": "logistic"}},
}
results = [model.project(town, portfolio) for portfolio in ("reference", "electrification", buses_first)]

# %%
for each in results:
    left = each.indicator.sel(indicator_name="ghg_total", year=2030)
    print(f"{each.attrs['scenario_en']}: {float(left) / 1000:.1f} kt CO2e in 2030")

# %% [markdown]
# A result is one labelled dataset: everything in it has a name, a unit and words.

# %%
by_sector = results[1].emissions_co2e.groupby("sector").sum().sel(year=2030)
print(by_sector.to_series().round().sort_values(ascending=False).head(3))
print(results[1].payment.attrs)

# %%
model.plot.pathways(results, lang="en").save("outputs/examples")
