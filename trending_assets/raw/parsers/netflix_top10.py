"""Netflix's weekly top 10 as a TSV: week (its last day), category, weekly_rank, show_title, weekly_hours_viewed, weekly_views."""

import re
from datetime import date, timedelta

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import BadItem, ChartRow, Edition
from trending_assets.raw.plain_text import decode, fold
from trending_assets.raw.values import number

WEEK_LIMIT = 14
"""A weekly edition older than this many days is not the newest of anything."""
_NEEDED = ("week", "category", "weekly_rank", "show_title")


def parse(body: bytes, name: str, day: date) -> Edition:
    """Rows of the newest week at or before `day`, a chart `<name>/<category>` each; none where it is older than WEEK_LIMIT.

    A line without rank, title or category is in `bad`, as is one whose week cannot be read. Hours count, views where a
    line has no hours. Raises BadInput (WRONG_FORMAT) naming the columns that are missing.
    """
    head, *lines = [line.rstrip("\r") for line in decode(body).split("\n")]
    columns = head.split("\t")
    if missing := [column for column in _NEEDED if column not in columns]:
        raise BadInput(
            Reason.WRONG_FORMAT, f"The chart {name} lacks the column {', '.join(missing)}: it has a new shape."
        )
    editions: dict[date, list[ChartRow]] = {}
    bad: dict[date | None, list[BadItem]] = {}
    for place, line in enumerate(lines, 2):
        if not line:
            continue
        cells = dict(zip(columns, line.split("\t"), strict=False))
        week = _day(cells.get("week"))
        if week is not None and not day - timedelta(days=WEEK_LIMIT) <= week <= day:
            continue
        rank, title, category = (
            whole(cells.get("weekly_rank")),
            fold(cells.get("show_title")),
            fold(cells.get("category")),
        )
        if week is None or not rank or not title or not category:
            sentence = f"Line {place} of the chart {name} has no week, rank, title or category."
            bad.setdefault(week, []).append(BadItem(name, Reason.BAD_ROW, sentence, line.encode("utf-8", "replace")))
            continue
        hours, views = amount(cells.get("weekly_hours_viewed")), amount(cells.get("weekly_views"))
        value, unit = (hours, "hours") if hours is not None or views is None else (views, "views")
        row = ChartRow(f"{name}/{category}", week, rank, title, value, None if value is None else unit)
        editions.setdefault(week, []).append(row)
    newest = max((week for week in {*editions, *bad} if week is not None), default=None)
    return Edition(
        editions.get(newest, []) if newest else [], bad.get(None, []) + (bad.get(newest, []) if newest else [])
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def whole(text: str | None) -> int | None:
    """A place or a number of days as charts print it; None for anything else."""
    plain = (fold(text) or "").replace(",", "")
    return int(plain) if re.fullmatch(r"[0-9]{1,9}", plain) else None


def amount(text: str | None) -> float | None:
    """An amount as charts print it: 12400000, $68,900,000. None for anything else."""
    plain = re.sub(r"[$,\s]", "", text or "")
    return number(plain) if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", plain) else None
