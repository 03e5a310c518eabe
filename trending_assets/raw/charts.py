"""Chart editions: Netflix's weekly TSV and box office tables by day, as rows of raw/charts."""

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.raw.http_client import Client
from trending_assets.raw.plain_text import fold, number
from trending_assets.raw.sources import ChartAddress, ChartSource

WEEK_LIMIT = 14
"""A weekly edition older than this many days is not the newest of anything."""
TABLE_DAYS = 3
"""Days before D whose table stands in where D has none."""

Row = dict[str, Any]
_HEADERS = {
    "rank": ("rank", "td", "#"),
    "title": ("title", "release", "movie", "film"),
    "value": ("gross", "daily", "value", "daily gross"),
    "days_in_release": ("days in release", "days"),
}


def _whole(value: Any) -> int | None:
    text = (fold(value) or "").replace(",", "")
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def _amount(value: Any) -> float | None:
    text = re.sub(r"[$,\s]", "", value or "")
    return number(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


def parse_tsv(name: str, body: bytes, day: date) -> tuple[list[Row], int]:
    """Rows of the newest week at or before `day`, and the number of its lines that could not be read.

    Netflix's columns: week (its last day), category, weekly_rank, show_title, weekly_hours_viewed, weekly_views.
    Raises PermanentFailure where a column is missing.
    """
    reader = csv.DictReader(
        io.StringIO(body.decode("utf-8-sig", "replace"), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    needed = ("week", "category", "weekly_rank", "show_title")
    missing = [column for column in needed if column not in (reader.fieldnames or [])]
    if missing:
        raise PermanentFailure(f"The chart {name} lacks the column {', '.join(missing)}: its file has a new shape.")
    editions: dict[date, list[Row]] = {}
    bad: dict[date, int] = {}
    for line in reader:
        try:
            week = date.fromisoformat(line["week"] or "")
        except ValueError:
            continue
        if not day - timedelta(days=WEEK_LIMIT) <= week <= day:
            continue
        rank, title, category = _whole(line["weekly_rank"]), fold(line["show_title"]), fold(line["category"])
        if not rank or not title or not category:
            bad[week] = bad.get(week, 0) + 1
            continue
        hours, views = _amount(line.get("weekly_hours_viewed")), _amount(line.get("weekly_views"))
        value, unit = (hours, "hours") if hours is not None or views is None else (views, "views")
        editions.setdefault(week, []).append(_row(f"{name}/{category}", week, rank, title, value, unit, None))
    if not editions:
        return [], sum(bad.values())
    newest = max(editions)
    return editions[newest], bad.get(newest, 0)


def _row(chart: str, day: date, rank: int, title: str, value: float | None, unit: str, days: int | None) -> Row:
    made = {"chart": chart, "chart_date": day, "rank": rank, "title": title, "value": value}
    return made | {"unit": unit if value is not None else None, "days_in_release": days}


def parse_table(name: str, body: bytes, day: date) -> tuple[list[Row], int]:
    """Rows of the page's first table that has a rank, a title and a gross by its header; and the lines without them.

    Raises PermanentFailure where no table has such a header.
    """
    import lxml.html
    from lxml.etree import LxmlError

    try:
        tree = lxml.html.document_fromstring(
            body.decode("utf-8", "replace").encode(), lxml.html.HTMLParser(encoding="utf-8")
        )
    except (LxmlError, ValueError, AssertionError):
        raise PermanentFailure(f"The page of the chart {name} for {day} is no HTML.") from None
    for table in tree.iter("table"):
        lines = [[fold(c.text_content()) or "" for c in tr if c.tag in ("td", "th")] for tr in table.iter("tr")]
        head = [cell.lower() for cell in lines[0]] if lines else []
        at = {field: next((head.index(n) for n in names if n in head), None) for field, names in _HEADERS.items()}
        if at["rank"] is None or at["title"] is None or at["value"] is None:
            continue
        rows, bad = list[Row](), 0
        for cells in lines[1:]:
            cell = {f: cells[i] if i is not None and i < len(cells) else "" for f, i in at.items()}
            rank, title = _whole(cell["rank"]), fold(cell["title"])
            if rank and title:
                days = _whole(cell["days_in_release"])
                rows.append(_row(name, day, rank, title, _amount(cell["value"]), "usd", days))
            elif any(cells):
                bad += 1
        return rows, bad
    raise PermanentFailure(f"The page of the chart {name} for {day} has no table with rank, title and gross.")


async def _exists(web: Client, entry: ChartSource, address: ChartAddress, day: date) -> bool:
    """Whether the publisher's list of charts (where it has one) names the chart."""
    if address.index is None:
        return True
    answer = await web.get(address.index, day)
    try:
        charts = json.loads(answer.body)["charts"]
        return any(str(c) == entry.name or str(c).startswith(f"{entry.name}/") for c in charts)
    except (ValueError, KeyError, TypeError):
        raise PermanentFailure(f"The list of charts at {address.index} is not of the form {{'charts': […]}}.") from None


async def chart_rows(web: Client, entry: ChartSource, address: ChartAddress, day: date) -> tuple[list[Row], int]:
    """Newest edition of a chart at the end of `day`, and the lines that could not be read. Empty where there is none."""
    if not await _exists(web, entry, address, day):
        return [], 0
    if entry.kind == "chart_tsv":
        answer = await web.get(address.url, day)
        return parse_tsv(entry.name, answer.body, day)
    for back in range(TABLE_DAYS + 1):
        edition = day - timedelta(days=back)
        answer = await web.get(address.url.replace("{day}", edition.isoformat()), day, expected=(404,))
        if answer.status == 200:
            return parse_table(entry.name, answer.body, edition)
    return [], 0


def chart_frame(rows: list[Row]) -> pl.DataFrame:
    """Rows in the contract's columns; a place that is printed twice keeps its first line."""
    contract = TABLES["raw/charts"]
    return (
        pl.DataFrame(rows, schema=contract.schema)
        .unique(contract.key, keep="first", maintain_order=True)
        .sort(contract.key)
    )
