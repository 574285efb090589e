"""What do results hold? Variables, coordinates and attributes as declared, rows of the summary from a real run."""

from __future__ import annotations

from functools import lru_cache

import xarray as xr

from docs.tools.text import table
from model import ROOT
from model.inputs.columns.emissions import IndicatorPart
from model.inputs.faults import Faults
from model.inputs.municipality import load
from model.inputs.schema import Analyses
from model.outputs import summary
from model.outputs.attributes import ATTRIBUTES
from model.outputs.coordinates import COORDINATES
from model.outputs.variables import VARIABLES
from model.studies.study import prepare, run

TOWN, PENCIL = "ostersund", "toy"
PENCIL_RUN = ("toy_mix", "toy_fossil_free")


def variables() -> str:
    """Every variable of the results: dimensions, unit, what it is."""
    data = _pencil_results()[0]
    units = {each.name: str(data[each.name].attrs["units"]) if each.name in data else each.unit for each in VARIABLES}
    rows = [(f"`{each.name}`", ", ".join(each.dims), units[each.name], each.words) for each in VARIABLES]
    return table(("variable", "dimensions", "unit", "meaning"), rows)


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
    """The attributes of the results as a whole."""
    return table(("attribute", "meaning"), ((f"`{each.name}`", each.words) for each in ATTRIBUTES))


def asked() -> str:
    """What results hold only where it was asked: variables, coordinates and attributes, found by asking for all."""
    plain_run, full = _pencil_results()[0], _pencil_asked()
    rows = [
        (f"`{name}`", ", ".join(map(str, each.dims)), str(each.attrs.get("units", "")), ASKED[str(name)])
        for kind in ("data_vars", "coords")
        for name, each in getattr(full, kind).items()
        if name not in getattr(plain_run, kind)
    ]
    known = {each.name for each in ATTRIBUTES}
    rows += [(f"`{name}`", "attribute", "", ASKED[name]) for name in full.attrs if name not in known]
    return table(("name", "along", "unit", "meaning"), rows)


def summary_rows() -> str:
    """The families of rows of `summary.csv`."""
    found: dict[str, tuple[str, ...]] = {}
    names = {str(name) for name in _pencil_results()[0].indicator_name.values}
    for data in _pencil_results():
        for _, _, name, _, _, unit, perspective, _, _ in summary.rows(data):
            family, _, rest = name.partition(":")
            if name not in names:
                shown = f"{family}:<{FAMILIES[family][0]}>" if rest else family
                own = {"cut": "the measure's own", "idle": "the measure's own", "shortfall": "the target's own"}
                family_unit = own.get(family, unit)
                found.setdefault(shown, (family_unit, perspective, FAMILIES[family][1]))
    rows = ((f"`{name}`", unit, perspective, said) for name, (unit, perspective, said) in found.items())
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
def _pencil_results() -> tuple[xr.Dataset, ...]:
    """The pencil town run for real: what there is in any results is in these."""
    batch = prepare("docs", PENCIL, PENCIL_RUN, ["central"], ROOT, Faults())
    return tuple(data for _, data, _ in run(batch, 1, lambda _: None))


@lru_cache(maxsize=1)
def _pencil_asked() -> xr.Dataset:
    """A goal of the pencil town whose target is out of reach, and everything that can be asked of its plan."""
    goal = PENCIL_RUN[1]
    batch = prepare("docs", PENCIL, [goal], ["central"], ROOT, Faults())
    everything = Analyses(gap=True, frontier=True, points=3, whole_points=1, alternatives=1)
    ((_, data, _),) = run(batch, 1, lambda _: None, {(goal, "central"): everything})
    return data


ASKED = {
    "price_fixed": "avoided per MSEK more in the pot that year, whole units as in the plan",
    "price_relaxed": "the same with whole units relaxed",
    "price_stage": "what is priced, the first stage of the objective that the plan does not have at zero",
    "price_unit": "what its prices are in",
    "limit_kind": "`money`, `speed`, `potential`, `policy`, in the order in which they are lifted",
    "subset": "kinds of limits that are lifted together, such as `money+speed`; blank: none",
    "gap_lifted": "by how much the indicator falls when the kind is lifted as well as those before it",
    "gap_shapley": "the same, averaged over all orders of lifting",
    "gap_subset": "least value of the indicator that can be reached with these lifted",
    "gap_extra": "more money, over all years, that pots would need for 99 % of what money by its rules can do; blank: "
    "the fund is no pot",
    "gap_target": "target that is explained",
    "gap_year": "the plan's worst year of that target",
    "gap_plan": "value of the plan in that year, t",
    "gap_least": "least value that can be reached with nothing lifted, t",
    "gap_limit": "limit of the target, t",
    "gap_rest": "t above the limit with all four lifted",
    "gap_tolerance": "t: what the search for whole units may have left; smaller differences mean nothing",
    "gap_unit": "unit of the values above",
    "gap_pots": "least value with pots as large as wanted and the rules on who may pay kept, t",
    "gap_extra_money": "sum of `gap_extra`, MSEK",
    "sweep_budget": "yearly amount of the first swept pot in the first decision year",
    "sweep_relaxed": "least value of the target's indicator in its worst year, whole units relaxed; blank: no plan",
    "sweep_fixed": "the same with whole units as in the plan; blank: they cannot be paid for",
    "sweep_whole_budget": "as `sweep_budget`, for plans with whole units found anew",
    "sweep_whole": "value of those plans",
    "sweep_whole_bound": "what no plan can be below, at the pools' proportions of that search",
    "sweep_whole_status": "what the solver said",
    "sweep_target": "target whose indicator is shown",
    "sweep_year": "the plan's worst year of that target",
    "sweep_funds": "pots that are swept in step, the one on the axis first",
    "sweep_gap": "t: what the search for whole units may have left",
    "sweep_difference": "t: largest distance of optimiser and projection along the curves",
    "trade_difference": "by how much projected emissions are above the limits of the curve at most, in kt",
    "trade_emissions": "limit on what `least_emissions` counts, added up over the window",
    "trade_relaxed": "least discounted cost within that limit, whole units relaxed; blank: no plan",
    "trade_fixed": "the same with whole units as in the plan",
    "alternative": "0 is the plan itself, then the others in the order in which they were found",
    "use": "mean over years of level by potential, 0 to 1",
    "use_least": "least use that a plan within the loss can have, whole units relaxed",
    "use_most": "most use",
    "role": "`must_have`, `never` or `swing`",
    "distance": "mean difference of uses to the nearest plan before it, 0 to 1",
    "alternatives_loss": "how much worse they may be, as share of base-year emissions",
    "alternatives_cost_loss": "how much dearer, relative",
}
"""What is there only where it was asked; a name without words here stops the making of the page."""

FAMILIES: dict[str, tuple[str, str]] = {
    "ghg": ("sector", "gross emissions of a territorial sector"),
    "cumulative": ("", "`ghg_total` added up from the base year on"),
    "energy": ("carrier", "use of a carrier in territorial subsectors"),
    "investment": ("", "capital of what is started in the year, whoever pays"),
    "payment": ("fund", "what a fund pays, capital and support; `unfunded` is the financing gap"),
    "net_cost": ("", "capital charges, fixed and running cost against the reference; negative: it saves"),
    "net_benefit": ("", "co-benefits less net cost"),
    "shortfall": ("target", "by how much a target is missed in a year it holds, in its own unit"),
    "cut": ("measure", "units asked for that do not operate; only measures with some"),
    "idle": ("measure", "units that could operate and do not; only measures with some"),
}
"""Families of summary rows: what the name after the colon is, and what they are."""
