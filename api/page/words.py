"""How the page says things: days, figures, links, the signs of a movement, numbered citations."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

LIFT_SPAN = 4.0  # the lift scale of the table runs from 1/16 to 16, in powers of two
MINUTE, HOUR, DAY = 60, 3600, 86400


def safe_href(url: object) -> str | None:
    """The URL when it is http(s) with a host, else None: data must not smuggle in javascript: or data: links."""
    try:
        parts = urlsplit(str(url or "").strip())
    except ValueError:
        return None
    return str(url).strip() if parts.scheme in ("http", "https") and parts.netloc else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def long_day(value: object) -> str:
    """`2026-11-20` as `Friday 20 November 2026`; other text as it is."""
    day = _day(value)
    return f"{day:%A} {day.day} {day:%B %Y}" if day else str(value)


def short_day(value: object) -> str:
    """`2026-11-20` as `20 Nov 2026`; other text as it is."""
    day = _day(value)
    return f"{day.day} {day:%b %Y}" if day else str(value)


def moment(value: object) -> str:
    """`2026-11-21T00:00:00Z` as `21 Nov 2026, 00:00 UTC`; other text as it is, an en dash for none."""
    if value is None:
        return "–"
    try:
        at = datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return str(value)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def duration(seconds: float | None) -> str:
    """Seconds for people, in the two largest units: `2 d 3 h`, `3 h 5 min`, `4 min`; an en dash for none."""
    if seconds is None:
        return "–"
    whole = int(seconds)
    for large, name, small, small_name in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min")):
        if whole >= large:
            rest = whole % large // small
            return f"{whole // large} {name}" + (f" {rest} {small_name}" if rest else "")
    return f"{whole // MINUTE} min"


def number(value: float | None, digits: int = 1) -> str:
    """A figure for people: thousands by comma, fixed decimals; an en dash for none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def plural(count: int, word: str) -> str:
    """`1 title`, `2 titles`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def lift_x(value: float | None) -> float:
    """Place of a lift on the 0 to 100 scale of the interval drawing (log2, 1 in the middle, ends cut)."""
    power = math.log2(value) if value and value > 0 else -LIFT_SPAN
    return round(50 + 50 * max(-1.0, min(1.0, power / LIFT_SPAN)), 1)


def tone(row: Mapping[str, Any]) -> str:
    """Class of a title's movement: rise2, rise1, steady, fall1, fall2 (2: threefold, or down to a third)."""
    lift, direction = row.get("lift") or 0.0, row.get("direction")
    if direction == "rising":
        return "rise2" if lift >= 3 else "rise1"
    if direction == "falling":
        return "fall2" if lift <= 1 / 3 else "fall1"
    return "steady"


def main_genre(row: Mapping[str, Any]) -> str | None:
    """The genre that a title is grouped under: the LLM's, else the champion model's, else TMDb's first."""
    named = [row.get("genre_llm"), row.get("genre_model"), *(row.get("genres") or [])]
    return next((genre for genre in named if genre), None)


def bar_parts(row: Mapping[str, Any], best: float) -> list[tuple[str, float, float]]:
    """(class, x, width) of the parts of a score's bar on 0 to 100, where 100 is the best score of the view."""
    parts, x = [], 0.0
    for name in ("mention", "release", "chart", "list"):
        width = 100 * (row.get(f"{name}_points") or 0.0) / best if best > 0 else 0.0
        parts.append((name, round(x, 2), round(width, 2)))
        x += width
    return parts


def number_citations(summary: Sequence[Mapping[str, Any]] | None) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The digest's sentences with numbered citations, and the number of every cited doc_id, in order of first use."""
    numbers: dict[str, int] = {}
    sentences = []
    for part in summary or []:
        doc_ids = list(dict.fromkeys(part.get("doc_ids") or []))
        for doc_id in doc_ids:
            numbers.setdefault(doc_id, len(numbers) + 1)
        sentences.append({"text": part.get("sentence") or "", "cites": [(numbers[d], d) for d in doc_ids]})
    return sentences, numbers


def link(path: str, **params: str | int | None) -> str:
    """A link of the page without its empty parameters, by name: one view has one address."""
    kept = sorted((key, value) for key, value in params.items() if value not in (None, ""))
    return f"{path}?{urlencode(kept)}" if kept else path


def title_link(title_id: str, day: str) -> str:
    """A title's page on a day."""
    return link(f"/titles/{quote(title_id, safe='')}", date=day)
