"""Which texts do figures share, and how do they write numbers?"""

from __future__ import annotations

from collections.abc import Mapping

from model import texts

THIN_SPACE, MINUS = "\u2009", "\u2212"
SHARED: dict[str, tuple[str, ...]] = {
    # key: (sv, en); texts of one figure alone stand in its file
    "quoted": ("”{title}”", "“{title}”"),
    "emissions_axis": ("{unit} per år", "{unit} a year"),
    "emissions_axis_of": ("{what}, {unit} per år", "{what}, {unit} a year"),
    "thousand_tonnes": ("kt CO₂e", "kt CO₂e"),
    "tonnes": ("ton CO₂e", "t CO₂e"),
    "observed": ("Observerat", "Observed"),
    "target_year": ("målår {year}", "target year {year}"),
    "other": ("Övriga ({count})", "Other ({count})"),
    "footer": (
        "{municipality} · framtid: {future} · {prices} · körning {run}",
        "{municipality} · future: {future} · {prices} · run {run}",
    ),
    "prices": ("fasta priser, {year} års nivå", "real, prices of {year}"),
    "boundary_emissions": (
        "Utsläpp inom kommunens gränser; alla växthusgaser räknas om till koldioxid (CO₂e, {gwp}).",
        "Emissions within the municipality; all greenhouse gases as carbon dioxide (CO₂e, {gwp}).",
    ),
    "thousands": ("1 kt är tusen ton.", "1 kt is a thousand tonnes."),
    "source_history": (
        "Observerat: den nationella utsläppsstatistiken.",
        "Observed: the national emissions statistics.",
    ),
    "total": ("Totalt", "Total"),
    "municipal_investment": ("Kommunens investeringar", "Municipal investment"),
    "municipal_operating": ("Kommunens drift", "Municipal operation"),
    "debt": ("Lån", "Loans"),
    "grant": ("Bidrag", "Grants"),
    "public": ("Andra offentliga och bolag", "Other public bodies and companies"),
    "own_money": ("Ägarnas egna pengar", "Owners' own money"),
    "not_funded": ("Ofinansierat", "Not funded"),
    "charge": ("Kapitalkostnad", "Capital charge"),
    "available": ("Tillgängligt, med det som sparats", "Available, with what was saved"),
    "used": ("{used} av {budget} {unit}", "{used} of {budget} {unit}"),
    "used_free": ("{used} {unit}, utan gräns", "{used} {unit}, no limit"),
    "of_charge": ("varav {charge} kapitalkostnad", "of which {charge} capital charge"),
    "short": ("{amount} ofinansierat", "{amount} not funded"),
    "left_over": ("{amount} blir över", "{amount} left over"),
    "shortage": (
        "Därtill är {short} av {charge} {unit} kapitalkostnad ofinansierat i {fund}.",
        "Besides, {short} of {charge} {unit} of capital charges are not funded in {fund}.",
    ),
    "hardly": ("Används knappt: {names}.", "Hardly used: {names}."),
    "money_note": (
        "Kapital, driftstöd och kapitalkostnad (avskrivning och ränta) i {unit} per år; egen skala i varje ruta. "
        "1 {unit} är en miljon kronor.",
        "Capital, support of running costs and capital charge (depreciation and interest) in {unit} a year; a scale "
        "for each panel. 1 {unit} is a million kronor.",
    ),
    "remains": (
        "Det som varken används eller blir över väntar efter sista året eller har tappat i köpkraft på vägen.",
        "What is neither used nor left over waits after the last year or has lost value on the way.",
    ),
    "nominal": (
        "Linjer som faller: budgetar som är lika många kronor varje år köper mindre när priserna stiger.",
        "Lines that fall: budgets of the same amount every year buy less as prices rise.",
    ),
}  # fmt: skip


class Texts(texts.Texts):
    """Texts of a figure, {key: (sv, en)}, and those that figures share."""

    def __init__(self, own: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(own, SHARED)


text = Texts({})
"""Those that figures share."""


def quoted(title: str, language: str) -> str:
    """A title in the quotation marks of the language."""
    return text("quoted", language, title=title)


def number(value: float, language: str, decimals: int = 0) -> str:
    """A number as the language writes it: `1 234,5` in Swedish (thin space), `1,234.5` in English; a true minus."""
    written = f"{abs(value):,.{decimals}f}"
    if language == "sv":
        written = written.replace(",", THIN_SPACE).replace(".", ",")
    nothing = not written.strip("0.,")
    return written if value >= 0 or nothing else MINUS + written


def rounded(value: float, language: str) -> str:
    """A number with one decimal below ten and none from there on; nothing at all is `0`."""
    return number(value, language, 1 if 0 < abs(value) < 9.95 else 0)


def percent(share: float, language: str) -> str:
    """A signed change in whole per cent: `−23 %` in Swedish, `−23%` in English."""
    sign = "+" if share > 0.005 else ""
    return f"{sign}{number(100 * share, language)}{THIN_SPACE if language == 'sv' else ''}%"
