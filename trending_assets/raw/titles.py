"""Which titles matter on a day, and their details: rows of raw/tmdb_titles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from trending_assets.raw.http_client import gather
from trending_assets.raw.names import Named, named_in, normal, normalised, strong
from trending_assets.raw.tmdb import MEDIA, Tmdb

ENTRIES_A_NAME = 20
"""Catalogue entries that one name may bring in, most popular first."""
NAMED_A_DAY = 3000
"""Titles that names may bring in on a day besides those that documents use as a title, most popular first."""
SEARCHES_A_DAY = 300
"""Calls of TMDb's search on a day."""
SECOND_LOOKS = 60
"""Of those, calls for names that the catalogue has: a foreign film may bear the same name in English."""

Key = tuple[str, int]
_YEAR = re.compile(r"\s*\((?:19|20)\d\d\)\s*$")


@dataclass
class Day:
    """What is known of a day besides TMDb's details."""

    documents: pl.DataFrame
    catalogue: pl.DataFrame
    lists: pl.DataFrame
    charts: pl.DataFrame
    known: pl.DataFrame


def chart_media(chart: str) -> str | None:
    """Medium of a chart by its name; None where it tells none."""
    lower = chart.lower()
    if "film" in lower or "movie" in lower or "box_office" in lower:
        return "movie"
    return "tv" if re.search(r"\b(?:tv|series|shows?)\b", lower) else None


def add_charts(named: Named, charts: pl.DataFrame) -> None:
    """Count every chart entry as a declared name."""
    for chart, title in charts.select("chart", "title").unique().sort("chart", "title").iter_rows():
        name = _YEAR.sub("", title)
        named.add(name, chart_media(chart), declared=True)
        named.phrases.add(normal(name))


def named_entries(named: Named, catalogue: pl.DataFrame) -> tuple[list[Key], set[str]]:
    """Catalogue titles that the names bring in, and the names that the catalogue knows.

    `catalogue` has the contract's columns and `name`. What documents use as a title comes first, then by popularity.
    """
    wanted = strong(named.phrases | set(named.candidates), named.candidates)
    hits = catalogue.filter(pl.col("name").is_in(pl.Series(wanted, dtype=pl.String).implode()))
    ranked = (
        hits.sort(["popularity", "media_type", "tmdb_id"], descending=[True, False, False])
        .group_by("name", maintain_order=True)
        .head(ENTRIES_A_NAME)
        .with_columns(
            pl.col("name").is_in(pl.Series(sorted(named.candidates), dtype=pl.String).implode()).alias("as_title")
        )
        .sort(["as_title", "popularity", "media_type", "tmdb_id"], descending=[True, True, False, False])
    )
    kept = pl.concat([ranked.filter("as_title"), ranked.filter(~pl.col("as_title")).head(NAMED_A_DAY)])
    return _keys(kept), set(hits["name"].to_list())


def _keys(frame: pl.DataFrame) -> list[Key]:
    return list(frame.select("media_type", "tmdb_id").iter_rows())


def searches(named: Named, in_catalogue: set[str], known: pl.DataFrame) -> list[tuple[str, str]]:
    """(media type, name) to search for: names used as a title that neither catalogue nor known details have.

    The catalogue has original titles only, so an English name of a foreign film is found by search. Declared names come
    first, then the most used; names of the catalogue come last, and only SECOND_LOOKS of them.
    """
    have = {name for column in ("title", "original_title") for name in known.select(normalised(pl.col(column)))[column]}
    fresh = [n for n in strong(named.candidates, named.candidates) if n not in have]
    fresh.sort(key=lambda n: (n not in named.declared, -named.candidates[n], n))
    unknown = [(media, n) for n in fresh if n not in in_catalogue for media in MEDIA if media in named.media[n]]
    second = [(media, n) for n in fresh if n in in_catalogue for media in MEDIA if media in named.media[n]]
    return [*unknown, *second[:SECOND_LOOKS]][:SEARCHES_A_DAY]


async def titles_of_day(tmdb: Tmdb, day: date, given: Day, top: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows of the day: those of the day before, and details of what is new. Counts tell where they came from.

    Details are asked for once: a row stays as it was on `fetched_on`.
    """
    catalogue = given.catalogue.with_columns(normalised(pl.col("original_title")).alias("name"))
    named = named_in(given.documents, set(catalogue["name"].to_list()))
    add_charts(named, given.charts)
    entries, in_catalogue = named_entries(named, catalogue)
    pairs = searches(named, in_catalogue, given.known)
    answers = await gather([tmdb.search(media, named.written[name], day) for media, name in pairs])
    found = [
        (media, item["tmdb_id"])
        for (media, name), items in zip(pairs, answers, strict=True)
        for item in items
        if item["tmdb_id"] and name in {normal(t) for t in (item["title"], item["original_title"]) if t}
    ]
    popular = _keys(catalogue.sort(["popularity", "media_type", "tmdb_id"], descending=[True, False, False]).head(top))
    known = set(_keys(given.known))
    wanted = _new([*_keys(given.lists), *found, *entries, *popular], known)
    rows, gone = await tmdb.details(wanted, day)
    counts = {
        "carried": given.known.height,
        "asked": len(wanted),
        "not_found": len(gone),
        "searches": len(pairs),
        "found_by_search": len(set(found)),
        "named": len(entries),
    }
    return pl.concat([given.known, rows]).sort("media_type", "tmdb_id"), counts


def _new(keys: Iterable[Key], known: set[Key]) -> list[Key]:
    return [key for key in dict.fromkeys(keys) if key not in known]
