"""TVmaze's schedule of a day: `GET /schedule?country=US&date=…` or `/schedule/web?date=…` (tvmaze.com/api)."""

from datetime import date
from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import BadItem, ChartRow, Edition
from trending_assets.raw.json_values import at, dump, load_json
from trending_assets.raw.plain_text import fold
from trending_assets.raw.values import number


def parse(body: bytes, name: str, day: date) -> Edition:
    """The shows with an episode on the newest day at or before `day`, each once.

    TVmaze ranks no schedule: places go by its weight (0 to 100, what its users look at), then rating, then name. The value is
    the mean rating (0 to 10). An episode stands with its show (`show` or `_embedded.show`); a lone show counts as one of
    `day`. What names no show is in `bad`. Raises BadInput (WRONG_FORMAT) for an answer that is no list of episodes.
    """
    value = load_json(body, f"the chart {name}")
    if isinstance(value, dict) and ("message" in value or isinstance(value.get("status"), int)):
        said = fold(value.get("message"), 200) or fold(value.get("name"), 200) or "no reason"
        raise BadInput(Reason.WRONG_FORMAT, f"TVmaze has no schedule for the chart {name}: {said}.")
    if not isinstance(value, list | dict):
        raise BadInput(Reason.WRONG_FORMAT, f"The chart {name} is no list of episodes.")
    editions: dict[date, dict[Any, tuple[float, float, str, float | None]]] = {}
    bad: list[BadItem] = []
    for place, entry in enumerate(value if isinstance(value, list) else [value], 1):
        show = _show(entry)
        title = fold(at(show, "name"), 500)
        if title is None:
            sentence = f"Episode {place} of the chart {name} names no show."
            bad.append(BadItem(name, Reason.BAD_ROW, sentence, dump(entry)))
            continue
        aired = day if show is entry else _day(at(entry, "airdate")) or day
        if aired <= day:
            weight, rating, key = number(at(show, "weight")), number(at(show, "rating", "average")), at(show, "id")
            row = (-(weight or 0.0), -(rating or 0.0), title, rating)
            editions.setdefault(aired, {}).setdefault(key if isinstance(key, int) else title, row)
    newest = max(editions, default=day)
    shows = sorted(editions.get(newest, {}).values(), key=lambda row: row[:3])
    rows = [
        ChartRow(name, newest, rank, title, rating, None if rating is None else "rating")
        for rank, (_, _, title, rating) in enumerate(shows, 1)
    ]
    return Edition(rows, bad)


def _show(entry: Any) -> Any:
    """The show of an episode; the entry itself where it is a show, which has a type and a first day."""
    if not isinstance(entry, dict):
        return None
    found = entry.get("show") or at(entry, "_embedded", "show")
    return found or (entry if "premiered" in entry or "genres" in entry else None)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
