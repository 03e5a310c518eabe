"""TMDb's search, find and discover over a world."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sandbox.tmdb_dated import as_of, genre_ids, popularity
from sandbox.tmdb_errors import TmdbError
from sandbox.tmdb_people import people, person_item
from sandbox.tmdb_shapes import item_at, paged, person_id
from sandbox.world import Row, World

MEDIA = ("movie", "tv")
EXTERNAL_SOURCES = (
    *("imdb_id", "facebook_id", "instagram_id", "tvdb_id", "tiktok_id", "twitter_id", "wikidata_id", "youtube_id"),
    *("freebase_mid", "freebase_id", "tvrage_id"),
)
Query = Mapping[str, str]


def normalise(title: str) -> str:
    """Lower case, no accents, letters and digits only, single spaces; `&` reads as `and`."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("&", " and "))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"\w+", plain))


def by_popularity(world: World) -> dict[str, list[Row]]:
    """Titles of each medium, the most popular first."""
    known: dict[str, list[Row]] | None = world.caches.get("by_popularity")
    if known is None:
        known = {media: [] for media in MEDIA}
        for row in world.titles.values():
            known.setdefault(row["media_type"], []).append(row)
        for rows in known.values():
            rows.sort(key=lambda row: (-(row["popularity"] or 0.0), row["tmdb_id"]))
        world.caches["by_popularity"] = known
    return known


def _norms(world: World) -> dict[str, list[tuple[tuple[str, str], Row]]]:
    known: dict[str, list[tuple[tuple[str, str], Row]]] | None = world.caches.get("norms")
    if known is None:
        known = world.caches["norms"] = {
            media: [((normalise(row["title"] or ""), normalise(row["original_title"] or "")), row) for row in rows]
            for media, rows in by_popularity(world).items()
        }
    return known


def _tier(wanted: str, names: tuple[str, ...]) -> int | None:
    """How well a name fits: 0 exactly, 1 from its start, 2 inside; None not at all."""
    if not any(wanted in name for name in names):
        return None
    return 0 if wanted in names else 1 if any(name.startswith(wanted) for name in names) else 2


def search(world: World, kind: str, query: Query, page: int, clock: datetime) -> dict[str, Any]:
    """Answer of /search/{movie,tv,person,multi,keyword,company,collection}. Raises TmdbError for another kind."""
    wanted = normalise(query.get("query", ""))
    year = query.get("year") or query.get("primary_release_year") or query.get("first_air_date_year")
    hits: list[tuple[tuple[int, float, int], Callable[[], dict[str, Any]]]] = []
    if kind in ("movie", "tv", "multi"):
        for media in MEDIA if kind == "multi" else (kind,):
            for names, row in _norms(world)[media] if wanted else []:
                tier = _tier(wanted, names)
                if tier is None or (year and str(row["year"]) != year):
                    continue
                more = {"media_type": media} if kind == "multi" else {}
                order = (tier, -(row["popularity"] or 0.0), row["tmdb_id"])
                hits.append((order, lambda row=row, more=more: {**item_at(world, row, clock), **more}))  # type: ignore[misc]
    elif kind not in ("person", "keyword", "company", "collection"):
        raise TmdbError(34)
    if kind in ("person", "multi") and wanted:
        more = {"media_type": "person"} if kind == "multi" else {}
        for number, (name, credits) in people(world).items():
            tier = _tier(wanted, (normalise(name),))
            if tier is not None:
                made = lambda number=number: {**person_item(world, number, clock), **more}  # noqa: E731
                hits.append(((tier, -float(len(credits)), number), made))
    if kind == "keyword" and wanted:
        for word in keywords(world).values():
            tier = _tier(wanted, (normalise(word),))
            if tier is not None:
                hits.append(((tier, 0.0, person_id(word)), lambda word=word: {"id": person_id(word), "name": word}))  # type: ignore[misc]
    hits.sort(key=lambda hit: hit[0])
    return paged(hits, page, lambda hit: hit[1]())


def keywords(world: World) -> dict[int, str]:
    """Keywords of the world's titles by id."""
    known: dict[int, str] | None = world.caches.get("keywords")
    if known is None:
        words = sorted({word for row in world.titles.values() for word in row["keywords"] or []}, reverse=True)
        known = world.caches["keywords"] = {person_id(word): word for word in words}
    return known


def find(world: World, external_id: str, query: Query, clock: datetime) -> dict[str, Any]:
    """Answer of /find/{external_id}: the world knows IMDb ids. Raises TmdbError without a known external_source."""
    if query.get("external_source") not in EXTERNAL_SOURCES:
        raise TmdbError(5)
    index: dict[str, list[Row]] | None = world.caches.get("by_imdb")
    if index is None:
        index = world.caches["by_imdb"] = {}
        for row in world.titles.values():
            if row["imdb_id"]:
                index.setdefault(row["imdb_id"], []).append(row)
    out: dict[str, list[Any]] = {f"{kind}_results": [] for kind in ("movie", "person", "tv", "tv_episode", "tv_season")}
    for row in index.get(external_id, []) if query["external_source"] == "imdb_id" else []:
        out[f"{row['media_type']}_results"].append({**item_at(world, row, clock), "media_type": row["media_type"]})
    return out


def _number(query: Query, name: str) -> float | None:
    text = query.get(name)
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise TmdbError(5) from None


def _has(text: str, have: set[int]) -> bool:
    """TMDb's lists of ids: a comma is AND, a bar is OR."""
    try:
        if "|" in text:
            return any(int(part) in have for part in text.split("|"))
        return all(int(part) in have for part in text.split(","))
    except ValueError:
        raise TmdbError(5) from None


def _order(media: str, sort_by: str, world: World, day: date) -> tuple[Callable[[Row], Any], bool]:
    field, _, way = sort_by.rpartition(".")
    name = "title" if media == "movie" else "name"
    dated = ("primary_release_date", "release_date") if media == "movie" else ("first_air_date",)
    keys: dict[str, Callable[[Row], Any]] = {
        "popularity": lambda row: popularity(world, row, day),
        "vote_average": lambda row: row["vote_average"] or 0.0,
        "vote_count": lambda row: row["vote_count"] or 0,
        name: lambda row: row["title"] or "",
        f"original_{name}": lambda row: row["original_title"] or row["title"] or "",
        "revenue": lambda row: 0,
        **{one: lambda row: row["release_date"] or "" for one in dated},
    }
    if field not in keys or way not in ("asc", "desc"):
        raise TmdbError(5)
    return keys[field], way == "desc"


def _fits(world: World, row: Row, query: Query) -> bool:
    """Whether a title keeps every filter of a discover query that the world can judge."""
    movie = row["media_type"] == "movie"
    dated = ("primary_release_date", "release_date") if movie else ("first_air_date",)
    day = row["release_date"] or ""
    for name in dated:
        low, high = query.get(f"{name}.gte"), query.get(f"{name}.lte")
        if (low and day < low) or (high and not "" < day <= high):
            return False
    year = query.get("primary_release_year") or query.get("year") or query.get("first_air_date_year")
    if year and str(row["year"]) != year:
        return False
    figures = {"vote_count": row["vote_count"], "vote_average": row["vote_average"], "with_runtime": row["runtime"]}
    for name, value in figures.items():
        low_figure, high_figure = _number(query, f"{name}.gte"), _number(query, f"{name}.lte")
        if (low_figure is not None and (value or 0) < low_figure) or (
            high_figure is not None and (value or 0) > high_figure
        ):
            return False
    language = query.get("with_original_language")
    if language and (row["original_language"] or "en") not in language.split("|"):
        return False
    having: dict[str, Callable[[], set[int]]] = {
        "genres": lambda: set(genre_ids(row)),
        "keywords": lambda: _ids_of(row["keywords"]),
        "cast": lambda: _ids_of(row["cast"]),
        "crew": lambda: _ids_of(row["directors"]),
        "people": lambda: _ids_of(row["cast"]) | _ids_of(row["directors"]),
        "watch_providers": lambda: _offers(world, row, query),
    }
    for name, have in having.items():
        wanted, unwanted = query.get(f"with_{name}"), query.get(f"without_{name}")
        if (wanted and not _has(wanted, have())) or (unwanted and _has(unwanted.replace(",", "|"), have())):
            return False
    return True


def _ids_of(names: list[str] | None) -> set[int]:
    return {person_id(name) for name in names or []}


def _offers(world: World, row: Row, query: Query) -> set[int]:
    offers = world.providers.get((row["media_type"], row["tmdb_id"]), [])
    kinds = query.get("with_watch_monetization_types", "").split("|")
    return {
        offer["provider_id"]
        for offer in offers
        if offer["region"] == query.get("watch_region") and (kinds == [""] or offer["offer"] in kinds)
    }


def discover(world: World, media: str, query: Query, page: int, clock: datetime) -> dict[str, Any]:
    """Answer of /discover/{movie,tv}; filters that the world knows nothing of are ignored. Raises TmdbError."""
    day = clock.date()
    key, descending = _order(media, query.get("sort_by", "popularity.desc"), world, day)
    rows = [row for row in (as_of(world, row, day) for row in by_popularity(world)[media]) if _fits(world, row, query)]
    rows.sort(key=lambda row: int(row["tmdb_id"]))
    rows.sort(key=key, reverse=descending)
    return paged(rows, page, lambda row: item_at(world, row, clock))
