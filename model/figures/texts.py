"""How is it said, and how are numbers written? All texts of the figures in one table, and the number formats."""

from __future__ import annotations

LANGUAGES = ("sv", "en")

THIN_SPACE, MINUS = "\u2009", "\u2212"

TEXTS: dict[str, tuple[str, str]] = {
    # key: (sv, en)
    "quoted": ("”{0}”", "“{0}”"),
    # --- axes and units
    "emissions_axis": ("{unit} per år", "{unit} a year"),
    "emissions_axis_of": ("{what}, {unit} per år", "{what}, {unit} a year"),
    "money_axis": ("{unit} per år", "{unit} a year"),
    "thousand_tonnes": ("kt CO₂e", "kt CO₂e"),
    "tonnes": ("ton CO₂e", "t CO₂e"),
    # --- marks
    "observed": ("Observerat", "Observed"),
    "base_year": ("basår {year}", "base year {year}"),
    "target_year": ("målår {year}", "target year {year}"),
    "target": ("Mål: {label}", "Target: {label}"),
    "removals": ("Upptag och lagring", "Removals"),
    "net": ("Netto", "Net"),
    "other": ("Övriga ({count})", "Other ({count})"),
    "total": ("Summa", "Total"),
    # --- under the figures
    "footer": (
        "{municipality} · framtid: {future} · {prices} · körning {run}",
        "{municipality} · future: {future} · {prices} · run {run}",
    ),
    "all_futures": ("alla {count}", "all {count}"),
    "prices": ("fasta priser, {year} års nivå", "real, prices of {year}"),
    "boundary_emissions": (
        "Utsläpp inom kommunens gränser (territoriellt, brutto; GWP100 {gwp}).",
        "Emissions within the municipality (territorial, gross; GWP100 {gwp}).",
    ),
    "source_history": (
        "Observerat: den nationella utsläppsstatistiken.",
        "Observed: the national emissions statistics.",
    ),
    "source_pathways": (
        "Streckade grå linjer är andras beräkningar och kan ha annan avgränsning.",
        "Dashed grey lines are calculations by others and may have another boundary.",
    ),
    "boundary_capital": (
        "Kapital det år åtgärden påbörjas, oavsett vem som betalar; driftkostnader ingår inte.",
        "Capital in the year a measure is started, whoever pays; running costs are not included.",
    ),
    "boundary_payment": (
        "Kapital och driftstöd i {unit} per år, egen skala i varje ruta. "
        "Pengar som sparats från tidigare år kan lyfta en stapel över det som är tillgängligt.",
        "Capital and support of running costs in {unit} a year, a scale for each panel. "
        "Money left from earlier years may lift a bar above what is available.",
    ),
    # --- pathways
    "pathways_title": ("Utsläppens vägar i {municipality}", "Emission pathways of {municipality}"),
    "pathways_lead": (
        "{base_year} släpptes {base} {unit} ut. {year} blir det {reference} kvar med {reference_title}.",
        "{base} {unit} was emitted in {base_year}. In {year} {reference} is left with {reference_title}.",
    ),
    "pathways_lowest": ("Lägst når {title}: {value}.", "Lowest is {title}: {value}."),
    # --- sectors
    "sectors_title": ("Utsläpp per sektor: {title}", "Emissions by sector: {title}"),
    "sectors_lead": (
        "Från {base} {unit} {base_year} till {value} {year} ({change}) och {last} {last_year}.",
        "From {base} {unit} in {base_year} to {value} in {year} ({change}) and {last} in {last_year}.",
    ),
    "sectors_bars": ("staplar: observerat", "bars: observed"),
    "sectors_areas": ("ytor: beräknat", "areas: projected"),
    # --- comparison
    "comparison_title": ("Vad finns kvar {year}?", "What is left in {year}?"),
    "comparison_lead": (
        "Med {reference_title} återstår {reference} {unit}. Mest minskar {title}: till {value}.",
        "With {reference_title}, {reference} {unit} is left. The largest cut is by {title}: to {value}.",
    ),
    "comparison_missed": (
        "Inget scenario når målet {label}; närmast är {gap} {unit} ifrån.",
        "No scenario meets the target {label}; the nearest is {gap} {unit} away.",
    ),
    "comparison_met": (
        "Målet {label} nås i {count} av {all} scenarier.",
        "The target {label} is met in {count} of {all} scenarios.",
    ),
    "comparison_base": ("{year}, basår", "{year}, base year"),
    "comparison_total": ("Totalt", "Total"),
    "comparison_official": ("Officiell\nstatistik", "Official\nstatistics"),
    "comparison_gap": ("Över\nmålet", "Above\ntarget"),
    "comparison_thin": ("{label} (smal stapel)", "{label} (thin bar)"),
    "comparison_limit": ("Mål: {label} högst {limit}", "Target: {label} at most {limit}"),
    "comparison_official_key": ("Som officiell statistik skulle visa", "As official statistics would show"),
    # --- investment
    "investment_title": ("Investeringar: {title}", "Investment: {title}"),
    "investment_lead": (
        "{total} {unit} {first}–{last}, varav {early} till och med {year}.",
        "{total} {unit} in {first}–{last}, of which {early} up to and including {year}.",
    ),
    "investment_top": (
        "De {shown} största av {all} åtgärder visas var för sig.",
        "The {shown} largest of {all} measures are shown by themselves.",
    ),
    "investment_total": ("Alla åtgärder, {unit} per år", "All measures, {unit} a year"),
    # --- payments
    "payments_title": ("Vem betalar? {title}", "Who pays? {title}"),
    "payments_lead": ("{total} {unit} {first}–{last}: {parts}.", "{total} {unit} in {first}–{last}: {parts}."),
    "payments_from_pots": ("{amount} ur budgetar och bidrag", "{amount} from budgets and grants"),
    "payments_from_own": ("{amount} ur ägarnas egna medel", "{amount} of the owners' own money"),
    "payments_from_unfunded": ("{amount} ofinansierat", "{amount} not funded"),
    "payments_funded": ("allt är finansierat", "all is funded"),
    "payments_of": ("{paid} av {budget} {unit}", "{paid} of {budget} {unit}"),
    "payments_sum": ("{paid} {unit}", "{paid} {unit}"),
    "payments_pot": ("Ur budgetar och bidrag", "From budgets and grants"),
    "payments_outline": ("Tillgängligt per år", "Available by year"),
    "payments_own": ("Ägarnas egna medel", "Owners' own money"),
    "payments_gap": ("Ofinansierat", "Not funded"),
    "payments_unused": ("Används inte: {names}.", "Not used: {names}."),
    # --- fan
    "fan_title": ("Hur mycket avgör omvärlden? {title}", "How much is decided elsewhere? {title}"),
    "fan_lead": (
        "Samma beslut i {count} framtider: {low}–{high} {unit} {year}, en skillnad på {difference}.",
        "The same decisions in {count} futures: {low}–{high} {unit} in {year}, a difference of {difference}.",
    ),
    "fan_lead_goal": (
        "Bästa plan i var och en av {count} framtider: {low}–{high} {unit} {year}, en skillnad på {difference}.",
        "The best plan in each of {count} futures: {low}–{high} {unit} in {year}, a difference of {difference}.",
    ),
    "fan_lead_one": (
        "I den enda framtiden blir det {low} {unit} {year}.",
        "In the only future: {low} {unit} in {year}.",
    ),
    "fan_difference": ("{year}: skillnad {difference} {unit}", "{year}: difference {difference} {unit}"),
}  # fmt: skip


def text(key: str, language: str, **values: object) -> str:
    """A text of the table in a language, with its values filled in. Raises KeyError when either is unknown."""
    if language not in LANGUAGES:
        raise KeyError(f"'{language}' is not a language of the figures; choose {' or '.join(LANGUAGES)}")
    return TEXTS[key][LANGUAGES.index(language)].format(**values)


def quoted(title: str, language: str) -> str:
    """A title in the quotation marks of the language."""
    return TEXTS["quoted"][LANGUAGES.index(language)].format(title)


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
