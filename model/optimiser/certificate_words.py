"""How is a certificate told? A paragraph and a table of stages, in English and Swedish, by the worst of the stages."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Any

from model.optimiser.stages import COST_GAP
from model.plain_text import columns, shares, thousands

MOST_DECIMALS = 9
"""Decimals shown at most of a value."""
STATUS = {
    "en": {
        "optimal within the gaps asked": "It is optimal within the gaps asked: at no stage can a plan that is as good "
        "at those before be better by more than that.",
        "locally optimal within the gaps asked": "It is locally optimal within the gaps asked: at no stage can a plan "
        "that is as good at those before, with proportions of pools near its own, be better by more than that; whether "
        "quite other proportions allow a better plan is not known.",
        "feasible, gap larger than asked": "It keeps all limits, but a better plan was not ruled out as far as asked: "
        "{missed}.",
        "feasible, gap not known": "It keeps all limits, but how far it is from the best plan is not known: {missed}.",
        "stopped by the time limit": "The search was stopped by the time limit before it was through: {missed}.",
    },
    "sv": {
        "optimal within the gaps asked": "Den är optimal inom de gap som begärdes: i inget steg kan en plan som är "
        "lika bra i stegen före vara bättre med mer än så.",
        "locally optimal within the gaps asked": "Den är lokalt optimal inom de gap som begärdes: i inget steg kan en "
        "plan som är lika bra i stegen före, med liknande sammansättning av poolerna, vara bättre med mer än så; om en "
        "helt annan sammansättning ger en bättre plan är inte känt.",
        "feasible, gap larger than asked": "Den håller alla gränser, men en bättre plan är inte utesluten så långt som "
        "begärdes: {missed}.",
        "feasible, gap not known": "Den håller alla gränser, men hur långt den är från den bästa planen är inte känt: "
        "{missed}.",
        "stopped by the time limit": "Sökningen stoppades av tidsgränsen innan den var klar: {missed}.",
    },
}
"""What each status means."""
STATUS_IN_SWEDISH = {
    "optimal within the gaps asked": "optimal inom de gap som begärdes",
    "locally optimal within the gaps asked": "lokalt optimal inom de gap som begärdes",
    "feasible, gap larger than asked": "tillåten, gapet större än begärt",
    "feasible, gap not known": "tillåten, gapet inte känt",
    "stopped by the time limit": "stoppad av tidsgränsen",
}
WORDS = {
    "en": {
        "found": "The plan for '{scenario}' in future '{future}' was found with {solver}.",
        "first": "At the first stage, {stage}, it reaches {value} {unit}, and {bound}.",
        "bound": "no plan can be better than {bound} {unit}",
        "near": "no plan with proportions of pools near its own can be better than {bound} {unit}",
        "no_bound": "what the best plan reaches is not known",
        "larger": "the gap is {reached} at '{stage}' ({asked} asked)",
        "unknown": "the gap is not known at '{stage}'",
        "refuted": "At '{stage}' the search took {bound} {unit} for a bound; the plan is better, so it is none.",
        "time": "The time limit ended the search before it was through, so another machine may find another plan.",
        "constant": "{whole} {unit} are emitted in all at '{stage}': {value} that measures can change and {constant} "
        "that none can.",
        "gaps": "A gap is the distance from the bound as a share of the base year, in every year that a stage counts; "
        "of cost it is a share of cost itself, and {times} times as much may be left there, because cost comes last "
        "and only chooses among plans that are as good before.",
        "checked": "Projected again without the optimiser, its emissions differ by at most {difference} of base-year "
        "emissions ({agreement} is allowed). {count} kinds of limits were re-checked outside the solver; the largest "
        "violation is {violation} of what is limited ({tolerance} is allowed).",
        "unlimited": "There was no limit on money.",
        "pots": "In every pot and year, sources are uses, to {kronor} kronor.",
        "unknown_cell": "not known",
    },
    "sv": {
        "found": "Planen för '{scenario}' i framtiden '{future}' hittades med {solver}.",
        "first": "I första steget, {stage}, når den {value} {unit}, och {bound}.",
        "bound": "ingen plan kan vara bättre än {bound} {unit}",
        "near": "ingen plan med liknande sammansättning av poolerna kan vara bättre än {bound} {unit}",
        "no_bound": "vad den bästa planen når är inte känt",
        "larger": "gapet är {reached} i '{stage}' ({asked} begärdes)",
        "unknown": "gapet är inte känt i '{stage}'",
        "refuted": "I '{stage}' tog sökningen {bound} {unit} för en gräns; planen är bättre, så det är ingen.",
        "time": "Tidsgränsen avslutade sökningen innan den var klar, så en annan dator kan hitta en annan plan.",
        "constant": "{whole} {unit} släpps ut i allt i '{stage}': {value} som åtgärder kan ändra och {constant} som "
        "ingen kan.",
        "gaps": "Ett gap är avståndet till gränsen som andel av basåret, i varje år som ett steg räknar; för kostnaden "
        "är det en andel av kostnaden själv, och {times} gånger så mycket får vara kvar där, för kostnaden kommer sist "
        "och väljer bara bland planer som är lika bra dessförinnan.",
        "checked": "Räknad om utan optimeraren skiljer sig utsläppen med högst {difference} av basårets utsläpp "
        "({agreement} tillåts). {count} slags gränser har kontrollerats om utanför lösaren; den största avvikelsen är "
        "{violation} av det som begränsas ({tolerance} tillåts).",
        "unlimited": "Pengarna var inte begränsade.",
        "pots": "I varje fond och år är in lika med ut, på {kronor} kronor när.",
        "unknown_cell": "inte känt",
    },
}
HEADS = {"en": ("stage", "value", "bound", "asked", "reached"), "sv": ("steg", "värde", "gräns", "begärt", "nått")}
"""Columns of the table of stages."""
IN_SWEDISH = {
    "worst shortfall, priority": "största avstånd till mål, prioritet",
    "summed shortfall, priority": "summa av avstånd till mål, prioritet",
    "energy": "energi",
    "share": "andel",
    "cumulative emissions": "summa av utsläpp",
    "discounted cost": "diskonterad kostnad",
    "social cost less benefits": "samhällskostnad minus nytta",
    "percentage points": "procentenheter",
}
"""Parts of names of stages and units."""


def status_words(status: str, language: str) -> str:
    """What is known of a plan, in a few words."""
    return STATUS_IN_SWEDISH.get(status, status) if language == "sv" else status


def in_short(content: Mapping[str, Any], language: str) -> str:
    """What is known of the plan of the certificate `content`: its status, in two sentences or three."""
    words = WORDS[language]
    parts = [words["found"].format(**{key: content[key] for key in ("scenario", "future", "solver")})]
    missed = "; ".join(_missed(stage, language) for stage in content["stages"] if not stage["gap_met"])
    parts.append(STATUS[language][content["status"]].format(missed=missed))
    if content["stopped_by_time_limit"]:
        parts.append(words["time"])
    return " ".join(parts)


def in_words(content: Mapping[str, Any], language: str) -> str:
    """The certificate `content` as a paragraph."""
    words = WORDS[language]
    stages: list[dict[str, Any]] = content["stages"]
    parts = [in_short(content, language)]
    if stages:
        parts.append(_first(stages[0], language))
    parts += [_of_stage("refuted", each, language) for each in stages if each["refuted_bound"] is not None]
    parts += [_of_stage("constant", each, language) for each in stages if each["cannot_be_changed"]]
    parts.append(words["gaps"].format(times=f"{COST_GAP:.0f}"))
    projection = content["projection"]
    numbers = {
        "difference": _small(projection["largest_difference"], ".1e"),
        "agreement": _small(projection["allowed"], ".0e"),
        "violation": _small(content["largest_violation"], ".1e"),
        "tolerance": _small(content["allowed_violation"], ".0e"),
    }
    parts.append(words["checked"].format(count=len(content["limits"]), **_written(numbers, language)))
    off = [abs(v) for pot in content["pots"].values() for v in pot["sources_minus_uses_in_kronor"].values()]
    kronor = _written({"kronor": _small(max(off, default=0.0), ".2g")}, language)
    parts.append(words["pots"].format(**kronor) if content["money_limited"] else words["unlimited"])
    return " ".join(parts)


def table_in_words(content: Mapping[str, Any], language: str) -> list[list[str]]:
    """Stage, value, bound, gap asked and reached of each stage, a row each, headings first."""
    rows = [list(HEADS[language])]
    for stage in content["stages"]:
        asked, reached = _gaps(stage, language)
        told = _told(stage, language)
        bound = WORDS[language]["unknown_cell"] if stage["bound"] is None else f"{told['bound']} {told['unit']}"
        rows.append([told["stage"], f"{told['value']} {told['unit']}", bound, asked, reached])
    return rows


def as_text(content: Mapping[str, Any]) -> str:
    """What `certificate.txt` holds: in each language the paragraph and the table beneath it."""
    blocks = []
    for language in ("sv", "en"):
        blocks += [content["in_words"][language], columns(content["stages_in_words"][language])]
    return "\n\n".join(blocks) + "\n"


def _missed(stage: Mapping[str, Any], language: str) -> str:
    """What is wrong with a stage whose gap is larger than asked or not known."""
    if stage["gap_reached"] is None:
        return _of_stage("unknown", stage, language)
    asked, reached = _gaps(stage, language)
    return WORDS[language]["larger"].format(stage=stage_words(stage["stage"], language), asked=asked, reached=reached)


def _first(stage: Mapping[str, Any], language: str) -> str:
    near = stage["bound_holds_for"] == "proportions near the plan's"
    kind = "no_bound" if stage["bound"] is None else "near" if near else "bound"
    told = _told(stage, language)
    return WORDS[language]["first"].format(**told | {"bound": WORDS[language][kind].format(**told)})


def _of_stage(kind: str, stage: Mapping[str, Any], language: str) -> str:
    return WORDS[language][kind].format(**_told(stage, language))


def _told(stage: Mapping[str, Any], language: str) -> dict[str, str]:
    """The numbers of a stage as they are written, with as many decimals as its gap asked needs."""
    decimals = min(max(1 - floor(log10(stage["gap_asked"] * stage["gap_is_share_of"])), 2), MOST_DECIMALS)
    bound = stage["refuted_bound"] if stage["bound"] is None else stage["bound"]
    numbers = {"value": stage["value"], "constant": stage["cannot_be_changed"], "whole": stage["value_in_all"]}
    if bound is not None:
        numbers["bound"] = bound
    written = _written({key: thousands(number, decimals) for key, number in numbers.items()}, language)
    return written | {"stage": stage_words(stage["stage"], language), "unit": stage_words(stage["unit"], language)}


def _gaps(stage: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Gap asked and reached in per cent."""
    if stage["gap_reached"] is None:
        asked, _ = shares(stage["gap_asked"], 0.0)
        return _comma(asked, language), WORDS[language]["unknown_cell"]
    asked, reached = shares(stage["gap_asked"], stage["gap_reached"])
    return _comma(asked, language), _comma(reached, language)


def _small(value: float, form: str) -> str:
    return f"{value:{form}}" if value else "0"


def _written(numbers: Mapping[str, str], language: str) -> dict[str, str]:
    return {key: _comma(number, language) for key, number in numbers.items()}


def _comma(number: str, language: str) -> str:
    return number.replace(".", ",") if language == "sv" else number


def stage_words(name: str, language: str) -> str:
    """The name of a stage of the objective, or of its unit, in a language."""
    for english, swedish in IN_SWEDISH.items() if language == "sv" else ():
        name = name.replace(english, swedish)
    return name
