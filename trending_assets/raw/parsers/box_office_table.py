"""A day's box office as an HTML table with a header: rank (TD), title (Release), gross (Daily), days in release (Days)."""

from datetime import date
from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import BadItem, ChartRow, Edition
from trending_assets.raw.parsers.markup import html_tree
from trending_assets.raw.parsers.netflix_top10 import amount, whole
from trending_assets.raw.plain_text import decode, fold

_HEADERS = {
    "rank": ("rank", "td", "#"),
    "title": ("title", "release", "movie", "film"),
    "value": ("gross", "daily", "value", "daily gross"),
    "days_in_release": ("days in release", "days"),
}


def parse(body: bytes, name: str, day: date) -> Edition:
    """Rows of the page's first table whose header has a rank, a title and a gross: the edition of `day`.

    A line that has none of rank and title is in `bad`. Raises BadInput: WRONG_FORMAT where no table has such a header,
    TOO_LARGE, BROKEN_MARKUP.
    """
    for table in html_tree(decode(body)).iter("table"):
        lines = [[_cell(c) for c in tr if c.tag in ("td", "th")] for tr in table.iter("tr")]
        head = [cell.lower() for cell in lines[0]] if lines else []
        places = {field: next((head.index(n) for n in names if n in head), None) for field, names in _HEADERS.items()}
        if None in (places["rank"], places["title"], places["value"]):
            continue
        edition = Edition()
        for place, cells in enumerate(lines[1:], 1):
            cell = {f: cells[i] if i is not None and i < len(cells) else "" for f, i in places.items()}
            rank, title, value = whole(cell["rank"]), fold(cell["title"]), amount(cell["value"])
            if rank and title:
                unit = None if value is None else "usd"
                edition.rows.append(ChartRow(name, day, rank, title, value, unit, whole(cell["days_in_release"])))
            elif any(cells):
                sentence = f"Line {place} of the chart {name} has no rank or no title."
                edition.bad.append(BadItem(name, Reason.BAD_ROW, sentence, "\t".join(cells).encode("utf-8", "replace")))
        return edition
    raise BadInput(
        Reason.WRONG_FORMAT, f"The page of the chart {name} for {day} has no table with rank, title and gross."
    )


def _cell(node: Any) -> str:
    return fold(node.text_content()) or ""
