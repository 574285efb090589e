"""How is a table written in Markdown?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[int] = ()) -> str:
    """A table; columns named in `right` (by position) are set to the right."""
    right = set(right)
    rule = ["--:" if number in right else "---" for number in range(len(heads))]
    return "\n".join(_line(row) for row in (heads, rule, *rows))


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def tonnes(number: float) -> str:
    """Tonnes with a thin gap between thousands, as in Swedish and in scientific English."""
    return f"{number:,.0f}".replace(",", " ").replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    """A share in per cent with its sign; nothing has none."""
    text = f"{100 * share:+.{digits}f} %"
    return text[1:] if float(text[:-2]) == 0 else text.replace("-", "−")


def share_of(part: float, whole: float) -> str:
    """A part of a whole, in per cent."""
    return f"{100 * part / whole if whole else 0:.0f} %"


def plain(text: str | None) -> str:
    """A docstring on one line."""
    return " ".join((text or "").split())
