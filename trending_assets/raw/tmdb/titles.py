"""Which titles matter on a day, and their details: rows of raw/tmdb_titles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from trending_assets import quarantine
from trending_assets.raw.tmdb.api import MEDIA, Tmdb
from trending_assets.raw.tmdb.client import gather
from trending_assets.raw.tmdb.names import Named, named_in, normal, normalised, strong

ENTRIES_A_NAME = 20
"""Catalogue entries that one name may bring in, most popular first."""
NAMED_A_DAY = 3000
"""Titles that names may bring in on a day besides those that documents use as a title, most popular first."""
SEARCHES_A_DAY = 300
"""Calls of TMDb's search on a day."""
SECOND_LOOKS = 60
"""Of those, calls for names that the catalogue has: a foreign film may bear the same name in English."""
CARRY_DAYS = 14
"""A partition that is older than this is not carried on: TMDb tells what changed for so long."""
LISTED_DAYS = 7
"""Details of a title on a list of the day are no older than this: platforms and votes are no changes in TMDb's sense."""
KEEP_DAYS = 150
"""Details are no older than this: TMDb's terms allow no copy that is older than six months."""

Key = tuple[str, int]
KEY = ["media_type", "tmdb_id"]
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
"""What a chart prints behind a name: "Dune (2021)", "Dune (2021 film)", "Fargo (TV series)"."""


@dataclass
class Day:
    """What is known of a day besides TMDb's details."""

    documents: pl.DataFrame
    catalogue: pl.DataFrame
    lists: pl.DataFrame
    charts: pl.DataFrame
    known: pl.DataFrame
    known_on: date | None
    """Partition that `known`, the rows to carry on, comes from; None where there is none."""


def chart_media(chart: str) -> str | None:
    """Medium of a chart by its name; None where it tells none."""
    lower = chart.lower()
    if "film" in lower or "movie" in lower or "box_office" in lower:
        return "movie"
    return "tv" if re.search(r"\b(?:tv|series|shows?)\b|^tvmaze", lower) else None


def add_charts(named: Named, charts: pl.DataFrame) -> None:
    """Count every chart entry as a declared name."""
    for chart, title in charts.select("chart", "title").unique().sort("chart", "title").iter_rows():
        name = _QUALIFIER.sub("", title) or title
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


def due(given: Day, day: date, changed: set[Key]) -> dict[str, list[Key]]:
    """Known titles whose details are asked anew, ascending, by the first reason that holds.

    `changed`: TMDb says so. `differing`: a list of the day has another title, original title, release day or language.
    `aged`: older than KEEP_DAYS, or than LISTED_DAYS on a list.
    """
    facts = ("title", "original_title", "release_date", "original_language")
    listed = given.lists.sort("media_type", "tmdb_id", "list").unique(KEY, keep="first", maintain_order=True)
    both = given.known.join(listed.select(*KEY, *facts), on=KEY, suffix="_listed", how="inner")
    other = pl.any_horizontal(
        pl.col(f"{fact}_listed").is_not_null() & pl.col(f"{fact}_listed").ne_missing(pl.col(fact)) for fact in facts
    )
    aged = [
        given.known.filter(pl.col("fetched_on") < day - timedelta(days=KEEP_DAYS)),
        both.filter(pl.col("fetched_on") < day - timedelta(days=LISTED_DAYS)),
    ]
    known = set(_keys(given.known))
    reasons = {
        "changed": known & changed,
        "differing": set(_keys(both.filter(other))),
        "aged": {key for frame in aged for key in _keys(frame)},
    }
    taken: set[Key] = set()
    found: dict[str, list[Key]] = {}
    for reason, keys in reasons.items():
        found[reason] = sorted(keys - taken)
        taken |= keys
    return found


async def titles_of_day(
    tmdb: Tmdb, day: date, given: Day, top: int
) -> tuple[pl.DataFrame, dict[str, int], list[quarantine.Row]]:
    """Rows of the day: those of an earlier day, with details of what is new or changed. Counts tell where they came from.

    A known title that answers 404 keeps its row while the export or a list of the day still has it; else it is gone. One
    whose answer cannot be read keeps its row, too. rows = carried + read, asked = read + not_found + unreadable.
    """
    catalogue = given.catalogue.with_columns(normalised(pl.col("original_title")).alias("name"))
    named = named_in(given.documents, set(catalogue["name"].to_list()))
    add_charts(named, given.charts)
    entries, in_catalogue = named_entries(named, catalogue)
    pairs = searches(named, in_catalogue, given.known)
    answers = await gather([tmdb.search(media, named.written[name], day) for media, name in pairs])
    found = [
        (media, item["tmdb_id"])
        for (media, name), (items, _) in zip(pairs, answers, strict=True)
        for item in items
        if name in {normal(t) for t in (item["title"], item["original_title"]) if t}
    ]
    popular = _keys(catalogue.sort(["popularity", "media_type", "tmdb_id"], descending=[True, False, False]).head(top))
    changed, bad = set[Key](), [row for _, rows in answers for row in rows]
    if given.known_on and not given.known.is_empty():
        changed, more = await tmdb.changes(given.known_on + timedelta(days=1), day, day)
        bad += more
    again = due(given, day, changed)
    wanted = _new([*_keys(given.lists), *found, *entries, *popular], set(_keys(given.known)))
    asked = [*(key for keys in again.values() for key in keys), *wanted]
    details = await tmdb.details(asked, day)
    dropped = set(details.gone) - _there(details.gone, catalogue, given.lists)
    carried = given.known.join(_frame([*_keys(details.rows), *sorted(dropped)]), on=KEY, how="anti")
    counts = {
        "known": given.known.height,
        "carried": carried.height,
        "asked": len(asked),
        "read": details.rows.height,
        **{reason: len(keys) for reason, keys in again.items()},
        "not_found": len(details.gone),
        "gone": given.known.join(_frame(sorted(dropped)), on=KEY, how="semi").height,
        "unreadable": len(details.unreadable),
        "quarantined": len(bad) + len(details.bad),
        "searches": len(pairs),
        "found_by_search": len(set(found)),
        "named": len(entries),
    }
    return pl.concat([carried, details.rows]).sort(KEY), counts, [*bad, *details.bad]


def _frame(keys: list[Key]) -> pl.DataFrame:
    return pl.DataFrame(keys, schema={"media_type": pl.String, "tmdb_id": pl.Int64}, orient="row")


def _there(keys: list[Key], catalogue: pl.DataFrame, lists: pl.DataFrame) -> set[Key]:
    """Those of the keys that the export or a list of the day has."""
    wanted = _frame(keys)
    return {key for frame in (catalogue, lists) for key in _keys(wanted.join(frame, on=KEY, how="semi"))}


def _new(keys: Iterable[Key], known: set[Key]) -> list[Key]:
    return [key for key in dict.fromkeys(keys) if key not in known]
