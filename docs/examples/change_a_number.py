# %% [markdown]
# # What if it were otherwise?
# A town never changes. `change` gives another one, which says what was changed, and so does every result of it.

# %%
import model

town = model.load("ostersund")
cheaper = town.change("costs", measure="EV01", item="capital", times=0.8)
print(*cheaper.changes, sep="\n")

# %%
before, after = (model.project(each, "electrification") for each in (town, cheaper))
saved = float((before.capital - after.capital).sum())
print(f"{saved:.0f} MSEK of capital less; made from: {after.attrs['changes']}")
assert before.attrs["fingerprint"] != after.attrs["fingerprint"]

# %% [markdown]
# What cannot be is refused, with everything that is wrong at once.

# %%
try:
    model.project(town, {"levels": {"EV1": {2030: "9000 cars"}, "EV02": {2030: "sixty"}}})
except model.InputFaults as error:
    print(*error.faults, sep="\n")
