"""Wikipedia's most viewed articles of a day, the films and shows among them.

`GET /api/rest_v1/metrics/pageviews/top/en.wikipedia/all-access/YYYY/MM/DD` of wikimedia.org.
"""

import re
from datetime import date
from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import BadItem, ChartRow, Edition
from trending_assets.raw.json_values import at, dump, load_json
from trending_assets.raw.plain_text import fold
from trending_assets.raw.values import number

_QUALIFIED = re.compile(
    r"\((?:[\w.'’-]+ ){0,4}(?:films?|movies?|film series|film trilogy|trilogy|franchise|miniseries|serial|web series|anime"
    r"|(?:TV|television) (?:series|program|programme|show|film|movie|special|miniseries|serial)"
    r"|(?:season|series) \d{1,3})\)$"
    r"|\w.* (?:season|series) \d{1,3}$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\([^()]*\b(?:book|novel|comics?|game|album|soundtrack|score|song|baseball|cricket|radio|podcast)\b", re.I
)
_SPACE = re.compile(
    r"^(?:Special|Wikipedia|Portal|File|Help|Category|Template|Talk|User|Draft|Module|MediaWiki|Book|List of|Lists of)[: ]"
)


def parse(body: bytes, name: str, day: date) -> Edition:
    """Articles of the day whose title says that they are about a film or show: `Heat (1995 film)`, `The Bear (TV series)`,
    `The Bear season 2`.

    Many films have no such word in their title: what is left out is unknown, not unviewed. Places count what is kept, from 1
    in the order of views, so that they are dense; the value is the views. An entry without article and views is in `bad`. Empty
    where the edition is after `day`. Raises BadInput (WRONG_FORMAT) for an answer of another form.
    """
    value = load_json(body, f"the chart {name}")
    articles = at(value, "items", 0, "articles")
    if not isinstance(articles, list):
        said = fold(at(value, "detail"), 200) or fold(at(value, "title"), 200)
        raise BadInput(
            Reason.WRONG_FORMAT, f"Wikimedia has no most viewed articles for {day}: {said or 'another form'}."
        )
    edition = _day(at(value, "items", 0)) or day
    bad: list[BadItem] = []
    kept: dict[str, float] = {}
    for place, entry in enumerate(articles, 1):
        title, views = fold(str(at(entry, "article") or "").replace("_", " "), 500), number(at(entry, "views"))
        if title is None or views is None or views < 0:
            sentence = f"Entry {place} of the chart {name} has no article or no views."
            bad.append(BadItem(name, Reason.BAD_ROW, sentence, dump(entry)))
        elif _QUALIFIED.search(title) and not _SPACE.match(title) and not _OTHER.search(title):
            kept[title] = max(views, kept.get(title, 0.0))
    if edition > day:
        return Edition()
    ranked = sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))
    return Edition([ChartRow(name, edition, rank, t, v, "views") for rank, (t, v) in enumerate(ranked, 1)], bad)


def _day(item: Any) -> date | None:
    try:
        return date(*(int(str(at(item, part))) for part in ("year", "month", "day")))
    except ValueError:
        return None
