"""What do results hold? Variables, coordinates and attributes as declared, rows of the summary from a real run."""

from __future__ import annotations

from functools import lru_cache

import xarray as xr

from docs.tools.text import table
from model import ROOT
from model.inputs.columns.emissions import IndicatorPart
from model.inputs.faults import Faults
from model.inputs.municipality import load
from model.outputs import netcdf, summary
from model.outputs.attributes import ATTRIBUTES
from model.outputs.coordinates import COORDINATES
from model.outputs.variables import VARIABLES
from model.studies.study import prepare, run

TOWN, PENCIL = "ostersund", "toy"
PENCIL_RUN = ("toy_mix", "toy_fossil_free")


def variables() -> str:
    """Every variable of the results: dimensions, unit, what it is."""
    data = pencil_results()[0]
    units = {each.name: str(data[each.name].attrs["units"]) if each.name in data else each.unit for each in VARIABLES}
    stands = {True: "once", False: "by run"}
    rows = [
        (f"`{each.name}`", ", ".join(each.dims), stands[each.same], units[each.name], each.words) for each in VARIABLES
    ]
    return table(("variable", "dimensions", "in the file", "unit", "meaning"), rows)


def coordinates() -> str:
    """Every coordinate of the results: along what, what it is; what is there in each language in one line."""
    rows = []
    for each in COORDINATES:
        name, words = f"`{each.name}`", each.words
        if each.name.endswith("label_sv"):
            name = f"{name}, `{each.name.removesuffix('sv')}en`"
            words = f"{words} and English"
        if not each.name.endswith("label_en"):
            rows.append((name, each.dim, words))
    return table(("coordinate", "along", "meaning"), rows)


def attributes() -> str:
    """What is known of results as a whole, and where it stands."""
    stands = {"study": "attribute", "plan": "attribute of the group"}
    stands |= {of: f"coordinate along {', '.join(dims)}" for of, dims in netcdf.ALONG.items()}
    rows = ((f"`{each.name}`", stands[each.of], each.words) for each in ATTRIBUTES)
    return table(("name", "in the file", "meaning"), rows)


def summary_rows() -> str:
    """The families of rows of `summary.csv`; those of pots, which the pencil town has not all of, are in money."""
    first = pencil_results()[0]
    money, names = str(first.capital.attrs["units"]), {str(name) for name in first.indicator_name.values}
    found: dict[str, tuple[str, str]] = {}
    for data in pencil_results():
        for _, _, name, _, _, unit, perspective, _, _ in summary.rows(data):
            if name not in names:
                found.setdefault(name.partition(":")[0], (unit, perspective))
    own = {"cut": "the measure's own", "idle": "the measure's own", "shortfall": "the target's own"}
    rows = []
    for family, (of, said) in FAMILIES.items():
        unit, perspective = found.pop(family, (money, ""))
        rows.append((f"`{family}:<{of}>`" if of else f"`{family}`", own.get(family, unit), perspective, said))
    if found:
        raise KeyError(f"nothing is said of {', '.join(found)} in `summary.csv`")
    return table(("indicator", "unit", "perspective", "meaning"), rows)


def indicators() -> str:
    """The indicators declared in `indicators.csv`."""
    faults = Faults()
    town = load(TOWN, ROOT, faults)
    faults.stop_if_any()
    assert town is not None
    rows: dict[str, list[IndicatorPart]] = {}
    for row in town.rows(IndicatorPart):
        rows.setdefault(row.indicator, []).append(row)
    lines = []
    for name, parts in rows.items():
        what = [part.subsector or part.perspective for part in parts]
        carriers = ", ".join(part.carrier or "all carriers" for part in parts)
        gas = parts[0].gas if parts[0].quantity == "emissions" else carriers
        lines.append((f"`{name}`", parts[0].label_en, ", ".join(dict.fromkeys(what)), gas, parts[0].note))
    return table(("indicator", "name", "adds up", "gas or carrier", "note"), lines)


@lru_cache(maxsize=1)
def pencil_results() -> tuple[xr.Dataset, ...]:
    """The pencil town run for real: what there is in any results is in these."""
    batch = prepare("docs", PENCIL, PENCIL_RUN, ["central"], ROOT, Faults())
    return tuple(data for _, data, _ in run(batch, 1, lambda _: None))


FAMILIES: dict[str, tuple[str, str]] = {
    "ghg": ("sector", "gross emissions of a territorial sector"),
    "cumulative": ("", "`ghg_total` added up from the base year on"),
    "energy": ("carrier", "use of a carrier in territorial subsectors"),
    "investment": ("", "capital of what is started in the year, whoever pays"),
    "payment": ("fund", "what a fund pays, capital and support; `unfunded` is the financing gap"),
    "charge": ("fund", "capital charge (depreciation and interest) that a pot carries; only pots with some"),
    "overdrawn": ("fund", "what a pot is short of, for payments and capital charge; only pots with some"),
    "lapsed": ("fund", "unspent money that is gone at the end of the year; only pots with some, no debts"),
    "net_cost": ("", "capital charges, fixed and running cost against the reference; negative: it saves"),
    "net_benefit": ("", "co-benefits less net cost"),
    "shortfall": ("target", "by how much a target is missed in a year it holds, in its own unit"),
    "cut": ("measure", "units asked for that do not operate; only measures with some"),
    "idle": ("measure", "units that could operate and do not; only measures with some"),
}
"""Families of summary rows: what the name after the colon is, and what they are."""
