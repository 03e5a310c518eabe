"""From a path and its parameters to an answer: for the API's routes and for the page alike.

Bodies are put together from JSON that the bundle holds ready; nothing is parsed that is only passed on.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from math import inf
from typing import Any
from urllib.parse import urlencode

import orjson

from api.bundles import HISTORY_DAYS, Bundle, Bundles, Plan, State, quarters_of
from api.problems import ProblemError
from api.reply import CACHE, IMMUTABLE, Answer, AnyAnswer, Pieced, Stored
from trending_assets.serving.container import key_of
from trending_assets.serving.encoding import end_of, etag, to_json
from trending_assets.serving.history import COLUMNS
from trending_assets.serving.listing import links, listing, next_page
from trending_assets.serving.listing import query as trends_path

MOST_PLANS = 1000
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Scene:
    """What a request is answered from: one state of the data, and the bundle of the day that it is about."""

    bundles: Bundles
    state: State
    bundle: Bundle
    pinned: bool = False

    @property
    def cache(self) -> bytes:
        return IMMUTABLE if self.pinned else CACHE

    @property
    def stamp(self) -> dict[str, Any]:
        """What every answer carries."""
        return {**as_of(self.bundle.day), "snapshot": self.bundle.snapshot}


def scene(bundles: Bundles, day: date | None, snapshot: str | None = None, cursor: str | None = None) -> Scene:
    """The scene of a day, of a snapshot, or of what a cursor was given out by. Raises ProblemError."""
    state = bundles.need()
    if cursor is not None:
        bundle = bundles.pinned(cursor.partition(".")[0])
        if (day is not None and bundle.day != day) or (snapshot is not None and bundle.snapshot != snapshot):
            raise ProblemError(404, f"The cursor {cursor} is of another day: it belongs to {bundle.day}.")
        return Scene(bundles, state, bundle, pinned=True)
    if snapshot is not None:
        return Scene(bundles, state, bundles.pinned(snapshot), pinned=True)
    return Scene(bundles, state, bundles.day(state, day))


def as_of(day: date) -> dict[str, Any]:
    """The data day, and the instant up to which everything in an answer was known."""
    return {"date": day, "as_of": end_of(day)}


def composed(body: bytes, cache: bytes = CACHE, lasts: float = inf) -> Answer:
    """An answer that no bundle holds, with the ETag of its bytes. It `lasts` for so many seconds."""
    return Answer(body, etag(body), cache, keep=True, lasts=lasts)


def ready(bundle: Bundle, name: str, cache: bytes = CACHE) -> Stored | None:
    """An answer as the bundle holds it, None where it does not."""
    found = bundle.container.find(name)
    if found is None:
        return None
    fields = b"content-location: /v1/snapshots/%b%b\r\n" % (bundle.name, name[3:].encode())
    if name.startswith("/v1/exports/"):
        table, _, ending = name.rpartition("/")[2].partition(".")
        fields += f'content-disposition: attachment; filename="{table}-{bundle.day}.{ending}"\r\n'.encode()
    return Stored(found, cache, fields)


def stored(scene: Scene, name: str) -> Stored:
    """A ready answer of the scene's day. Raises ProblemError 404."""
    found = ready(scene.bundle, name, scene.cache)
    if found is None:
        parts = name.split("/")
        what = f"{parts[3]} is not ranked on" if parts[2] == "titles" else f"{name} is not part of"
        raise ProblemError(404, f"{what} {scene.bundle.day}. /v1/trends lists the titles of a day, /v1/days the days.")
    return found


def trends(scene: Scene, query: Any) -> AnyAnswer:
    """The ranking, filtered."""
    asked = query.model_dump(mode="json", exclude={"date", "cursor"}, exclude_defaults=True)
    if query.cursor is None and not asked.keys() - {"list", "media_type"}:
        return stored(scene, trends_path(asked))
    bundle, facets = scene.bundle, scene.bundle.facets
    start = int(query.cursor.partition(".")[2]) if query.cursor else 0
    numbers = _chosen(facets, query)
    shown = numbers[start : start + query.limit]
    following = next_page(bundle.snapshot, start + len(shown), len(numbers), asked) if shown else None
    head = orjson.loads(bundle.internal("trends.head"))
    body = listing(head, query.list, len(numbers), query.limit, following, bundle.rows(shown))
    return composed(body, scene.cache)


def _chosen(facets: Mapping[str, Any], query: Any) -> list[int]:
    """Row numbers that pass the filters, in the order of the list."""
    numbers = facets["rising"] if query.list == "rising" else range(len(facets["title_ids"]))
    for name, wanted in (("genres", query.genre), ("tags", query.vibe_tag), ("platforms", query.platform)):
        if wanted is not None:
            passing = {n for kind, rows in facets[name].items() if kind.casefold() == wanted.casefold() for n in rows}
            numbers = [n for n in numbers if n in passing]
    if query.media_type is not None:
        numbers = [n for n in numbers if facets["media_types"][n] == query.media_type]
    low = query.min_score if query.min_score is not None else float("-inf")
    high = query.max_score if query.max_score is not None else float("inf")
    return [n for n in numbers if low <= facets["scores"][n] <= high]


def history(scene: Scene, query: Any, title_id: str) -> Pieced:
    """A title's days up to the scene's day. Raises ProblemError 404 where it was ranked on none of them."""
    for quarter in quarters_of(_first(scene.bundle.day, query.first), scene.bundle.day):
        scene.bundles.quarter(scene.state, quarter)
    found = history_at_hand(scene.state, title_id, scene.bundle.day, query.first)
    if found is None:
        raise ProblemError(404, f"{title_id} is ranked on no day up to {scene.bundle.day}. /v1/search finds titles.")
    return found


def _first(day: date, first: date | None) -> date:
    return first if first is not None else day - timedelta(days=HISTORY_DAYS - 1)


def history_at_hand(state: State, title_id: str, day: date, first: date | None = None) -> Pieced | None:
    """A history from the quarters that are mapped; None where one of them is not, or none names the title."""
    plan = state.plans.get((day, first)) or _plan(state, day, first)
    if plan is None:
        return None
    name = title_id.encode()
    key, spans, marks = key_of(name), [plan.head], [plan.head]
    for find in plan.finds:
        if (found := find(key, name)) is not None and found[0]:
            spans.append(found[0])
            marks.append(found[1])
    if len(spans) == 1:
        return None
    marks.append(name)
    spans[-1] = spans[-1][:-1]  # its last comma
    spans.append(b'],"title_id":"%b"}' % name)
    return Pieced(tuple(spans), hashlib.blake2b(b"".join(marks), digest_size=16).hexdigest())


def _plan(state: State, day: date, first: date | None) -> Plan | None:
    """How histories of one span of days are put together; None where a quarter of it is not mapped."""
    start, finds = _first(day, first), []
    for quarter in quarters_of(start, day):
        if quarter not in state.pointer.history:
            continue
        mapped = state.quarters.get(quarter)
        if mapped is None:
            return None
        inside = start <= mapped.days[0] and mapped.days[-1] <= day
        finds.append(mapped.whole if inside else partial(mapped.span, first=start, last=day))
    stamp = as_of(day) | {"snapshot": state.pointer.days[day].snapshot, "from": start, "columns": COLUMNS}
    plan = Plan(to_json(stamp)[:-1] + b',"history":[', finds)
    if len(state.plans) < MOST_PLANS:
        state.plans[day, first] = plan
    return plan


def evidence(scene: Scene, query: Any, title_id: str) -> AnyAnswer:
    """The documents behind a title, all of them or a part."""
    whole = stored(scene, f"/v1/titles/{title_id}/evidence")
    if query.limit is None and query.cursor is None:
        return whole
    value = orjson.loads(whole.body)
    start = int(query.cursor.partition(".")[2]) if query.cursor else 0
    end = start + (query.limit or len(value["results"]))
    page = {"cursor": f"{scene.bundle.snapshot}.{end}", **({"limit": query.limit} if query.limit else {})}
    value["next"] = f"/v1/titles/{title_id}/evidence?{urlencode(page)}" if end < value["total"] else None
    value["results"] = value["results"][start:end]
    return composed(to_json(value), scene.cache)


def search(scene: Scene, query: Any) -> Answer:
    """Titles whose name, original name or people have words that begin with every word asked for."""
    words = _WORD.findall(query.q)
    numbers = scene.bundle.search(" ".join(f'"{word}"*' for word in words)) if words else []
    facets = scene.bundle.facets
    results = [
        {
            "title_id": (title_id := facets["title_ids"][n]),
            "title": facets["titles"][n],
            "year": facets["years"][n],
            "media_type": facets["media_types"][n],
            "rank": n + 1,
            "score": facets["scores"][n],
            "links": links(title_id),
        }
        for n in numbers[: query.limit]
    ]
    found = {"query": query.q, "total": len(numbers), "limit": query.limit, "results": results}
    return composed(to_json(scene.stamp | found), scene.cache)


def days(scene: Scene, _query: Any) -> Answer:
    """The published days up to the scene's."""
    state, last = scene.state, scene.bundle.day
    listed = [day.isoformat() for day in sorted(state.pointer.days) if day <= last]
    body = as_of(last) | {"snapshot": state.pointer.days[last].snapshot, "version": state.pointer.version}
    return composed(to_json(body | {"days": listed, "newest": state.newest.day}))


def compare(scene: Scene, query: Any) -> Answer:
    """How places and scores differ between two days, the largest differences of score first."""
    bundles, state = scene.bundles, scene.state
    before, after = bundles.day(state, query.first), bundles.day(state, query.last)
    old, new = _places(before, query), _places(after, query)
    rows = [_moved(title_id, old.get(title_id), new.get(title_id)) for title_id in sorted(old.keys() | new.keys())]
    rows.sort(key=lambda row: (-abs(row["score_change"]), row["title_id"]))
    body = {
        **as_of(max(before.day, after.day)),
        "snapshot": after.snapshot,
        "from": query.first,
        "from_snapshot": before.snapshot,
        "to": query.last,
        "list": query.list,
        "total": len(rows),
        "limit": query.limit,
        "results": rows[: query.limit],
    }
    return composed(to_json(body))


_Place = tuple[int, float, str, str]  # rank, score, title, media type


def _places(bundle: Bundle, query: Any) -> dict[str, _Place]:
    facets, rising = bundle.facets, query.list == "rising"
    numbers = facets["rising"] if rising else range(len(facets["title_ids"]))
    scores = facets["rising_scores"] if rising else facets["scores"]
    return {
        facets["title_ids"][n]: (rank, scores[n], facets["titles"][n], facets["media_types"][n])
        for rank, n in enumerate(numbers, 1)
        if query.media_type in (None, facets["media_types"][n])
    }


def _moved(title_id: str, old: _Place | None, new: _Place | None) -> dict[str, Any]:
    known = new or old
    assert known is not None
    change = old[0] - new[0] if old and new else None
    return {
        "title_id": title_id,
        "title": known[2],
        "media_type": known[3],
        "from_rank": old[0] if old else None,
        "to_rank": new[0] if new else None,
        "rank_change": change,
        "from_score": old[1] if old else None,
        "to_score": new[1] if new else None,
        "score_change": (new[1] if new else 0.0) - (old[1] if old else 0.0),
        "status": "new" if not old else "gone" if not new else "up" if change else "same",
    } | ({"status": "down"} if change is not None and change < 0 else {})
