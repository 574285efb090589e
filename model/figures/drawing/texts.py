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
    # --- gap: names and what they mean, in the order of the bars
    "gap_title": ("Vad håller kvar utsläppen? {title}", "What keeps emissions up? {title}"),
    "gap_lead": (
        "Planen lämnar {plan} {unit} {year}, {gap} över målet {label}.",
        "The plan leaves {plan} {unit} in {year}, {gap} above the target {label}.",
    ),
    "gap_lead_most": ("Största hindret är {kind}: {value}.", "The largest obstacle is {kind}: {value}."),
    "gap_lead_rest": (
        "{value} {unit} återstår även utan någon av gränserna.",
        "{value} {unit} is left even without any of the limits.",
    ),
    "gap_lead_met": (
        "Planen når målet {label}: {plan} {unit} {year}.",
        "The plan meets the target {label}: {plan} {unit} in {year}.",
    ),
    "gap_all": ("Planen {year}", "The plan in {year}"),
    "gap_own": ("Planen själv", "The plan itself"),
    "gap_own_what": ("hela enheter och andra mål", "whole units and other aims"),
    "gap_money": ("Pengar", "Money"),
    "gap_money_what": ("budgetar, bidrag, lån och vem som får betala", "budgets, grants, loans and who may pay"),
    "gap_speed": ("Tempo", "Speed"),
    "gap_speed_what": ("utbyggnadstakt och ledtider", "ramps and lead times"),
    "gap_potential": ("Potential", "Potential"),
    "gap_potential_what": ("hur mycket som finns att göra", "how much there is to do"),
    "gap_policy": ("Nationell politik", "National policy"),
    "gap_policy_what": ("det som staten beslutar", "what the state decides"),
    "gap_small": ("Under lösarens felmarginal", "Below the solver gap"),
    "gap_rest": ("Återstår ändå", "Left all the same"),
    "gap_rest_what": ("inget av detta räcker", "none of this closes it"),
    "gap_limit": ("Målet {year}", "The target in {year}"),
    "gap_shapley": ("Oavsett ordning\n(Shapley)", "Whatever the order\n(Shapley)"),
    "gap_pots": (
        "Större fonder räcker till {pots} {unit} av pengarnas stapel och kräver {extra} {money} till i allt; resten "
        "är regler om vem som får betala. ",
        "Larger pots are enough for {pots} {unit} of the bar of money and take {extra} {money} more in all; the rest "
        "is rules on who may pay. ",
    ),
    "gap_note": (
        "Varje stapel visar hur mycket lägre utsläppen kan bli när gränsen släpps utöver dem ovanför. Shapley-värdet "
        "är medelvärdet över alla ordningar. Skillnader under {tolerance} {unit} (lösarens felmarginal) säger inget.",
        "Each bar shows how much lower emissions can be when the limit is lifted on top of those above it. The Shapley "
        "value is the average over all orders. Differences below {tolerance} {unit} (the solver gap) mean nothing.",
    ),
    # --- frontier
    "frontier_title": ("Vad räcker pengarna till? {title}", "How far does the money go? {title}"),
    "frontier_lead": (
        "Som bäst nås {high} {unit} {year} med {little} {money} per år och {low} med {much}, om enheter kunde delas.",
        "At best {high} {unit} is reached in {year} with {little} {money} a year and {low} with {much}, "
        "if units could be divided.",
    ),
    "frontier_lead_limit": ("Målet är högst {limit}.", "The target is at most {limit}."),
    "frontier_across": ("{fund}, {unit} per år", "{fund}, {unit} a year"),
    "frontier_relaxed": ("Om enheter kunde delas", "If units could be divided"),
    "frontier_fixed": ("Med planens hela enheter", "With the plan's whole units"),
    "frontier_whole": (
        "Hela enheter valda på nytt; strecket når ned till det bevisat lägsta",
        "Whole units chosen anew; the line reaches down to the proven lowest",
    ),
    "frontier_limit": ("Mål: högst {limit}", "Target: at most {limit}"),
    "frontier_trade": ("Sammanlagda utsläpp, kt CO₂e", "Cumulative emissions, kt CO₂e"),
    "frontier_cost": ("Kostnad utöver den billigaste planen, {unit}", "Cost above the cheapest plan, {unit}"),
    "frontier_note": (
        "Övre rutan: målets indikator i dess sämsta år; övriga pengar som i scenariot.",
        "Upper panel: the target's indicator in its worst year; other money as in the scenario.",
    ),
    "frontier_step": ("I samma takt ändras: {names}.", "Changed in step with it: {names}."),
    "frontier_cut": ("Utsläppsaxeln börjar inte vid noll.", "The axis of emissions does not begin at zero."),
    # --- pots
    "pots_title": ("Räcker budgeten? {title}", "Is the budget enough? {title}"),
    "pots_lead": (
        "{total} {unit} {first}–{last} ur alla källor, mest {most} ({year}). Kapitalkostnaden tar {charge} {unit}, "
        "mest {top} ({top_year}).",
        "{total} {unit} in {first}–{last} from all sources, most {most} ({year}). The capital charge takes {charge} "
        "{unit}, most {top} ({top_year}).",
    ),
    "pots_lead_free": (
        "{total} {unit} {first}–{last} ur alla källor, mest {most} ({year}). Ingen pott bär någon kapitalkostnad.",
        "{total} {unit} in {first}–{last} from all sources, most {most} ({year}). No pot carries a capital charge.",
    ),
    "pots_all": ("Alla källor, {unit} per år", "All sources, {unit} a year"),
    "pots_municipal_investment": ("Kommunens investeringsram", "Municipal investment frame"),
    "pots_municipal_operating": ("Kommunens driftbudget", "Municipal operating budget"),
    "pots_debt": ("Upplåning", "Borrowing"),
    "pots_grant": ("Bidrag", "Grants"),
    "pots_public": ("Andra offentliga", "Other public bodies"),
    "pots_charge": ("Kapitalkostnad", "Capital charge"),
    "pots_available": ("Tillgängligt, med det som sparats", "Available, with what was saved"),
    "pots_used": ("{used} av {budget} {unit}", "{used} of {budget} {unit}"),
    "pots_used_free": ("{used} {unit}, utan gräns", "{used} {unit}, no limit"),
    "pots_of_charge": ("varav {charge} kapitalkostnad", "of which {charge} capital charge"),
    "pots_lapsed": ("{amount} förfaller", "{amount} lapses"),
    "pots_overdrawn": ("{amount} saknas", "{amount} is missing"),
    "pots_note": (
        "Kapital, driftstöd och kapitalkostnad (avskrivning och internränta) i {unit} per år, egen skala i varje ruta.",
        "Capital, support of running costs and capital charge (depreciation and internal rate) in {unit} a year, a "
        "scale for each panel.",
    ),
    # --- debt
    "debt_title": ("Skuld, räntor och amorteringar: {title}", "Debt, interest and repayment: {title}"),
    "debt_lead": (
        "Skulden är störst {year}: {debt} {unit}. Räntor och amorteringar är störst {service_year}: {service} {unit}.",
        "Debt is largest in {year}: {debt} {unit}. Interest and repayment are largest in {service_year}: {service} "
        "{unit}.",
    ),
    "debt_outstanding": ("Skuld vid årets slut, {unit}", "Debt at the end of the year, {unit}"),
    "debt_service": ("Räntor och amorteringar, {unit} per år", "Interest and repayment, {unit} a year"),
    "debt_ceiling": ("skuldtaket", "the debt ceiling"),
    "service_ceiling": ("taket", "the ceiling"),
    "debt_share": (
        "Som mest {share} av {ceiling} på {limit} (linjen), {year}.",
        "At most {share} of {ceiling} of {limit} (the line), in {year}.",
    ),
    "debt_free": ("Inget tak är satt.", "No ceiling is set."),
    "debt_note": ("Allt i fasta priser; egen skala i varje ruta.", "All in real prices; a scale for each panel."),
    # --- roadmap
    "roadmap_title": ("Färdplan: {title}", "Roadmap: {title}"),
    "roadmap_title_page": ("Färdplan ({page} av {pages}): {title}", "Roadmap ({page} of {pages}): {title}"),
    "roadmap_lead": (
        "{count} åtgärder påbörjas {first}–{last}; {running} av dem är i drift {year}.",
        "{count} measures are started in {first}–{last}; {running} of them operate in {year}.",
    ),
    "roadmap_left_out": ("{count} mindre åtgärder visas inte.", "{count} smaller measures are not shown."),
    "roadmap_runs": ("I drift; tjockare: mer av åtgärden", "Operates; thicker: more of the measure"),
    "roadmap_lead_time": ("Från beslut till drift", "From start to operation"),
    "roadmap_most": ("Som mest", "At most"),
    "roadmap_note": (
        "{unit}: kapital och driftstöd {first}–{last}, oavsett vem som betalar.",
        "{unit}: capital and support of running costs in {first}–{last}, whoever pays.",
    ),
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
