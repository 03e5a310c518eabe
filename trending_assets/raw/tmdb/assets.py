"""Wiring of TMDb: the catalogue from the id exports, the lists, the titles' details, and their user reviews."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES, empty
from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import LATE_DAYS, to_days
from trending_assets.raw.sources import load_sources
from trending_assets.raw.wiring import Counts, dated, note, nothing_lost
from trending_assets.settings import Settings, get_settings
from trending_assets.table_asset import table_asset

if TYPE_CHECKING:
    from trending_assets.raw.tmdb.client import Client

CATALOGUE, LISTS, TITLES, REVIEWS = "raw/tmdb_catalogue", "raw/tmdb_lists", "raw/tmdb_titles", "raw/tmdb_reviews"
_DOCUMENTS = tuple(source.table for source in load_sources().documents)


def _has_key(settings: Settings, warn: Callable[[str], None]) -> bool:
    if settings.tmdb_api_key is None or not settings.tmdb_api_key.get_secret_value().strip():
        warn("There is no TMDB_API_KEY, so TMDb's lists, details and reviews stay empty. The id exports need no key.")
        return False
    return True


def _no_rows(
    context: dg.AssetExecutionContext, lake: Lake, table: str, counts: Sequence[str], days: Sequence[date]
) -> pl.DataFrame:
    """Empty partitions: what a table holds without a key."""
    for day in days:
        quarantine.replace(lake, table, day, [])
        note(context, day, dict.fromkeys(counts, 0))
    return lake.read(table, [], missing="skip")


class _Book:
    """Notes each day's counts, what its requests cost, and its quarantine."""

    def __init__(self, context: dg.AssetExecutionContext, lake: Lake, table: str, web: "Client") -> None:
        self.context, self.lake, self.table, self.web = context, lake, table, web
        self.before = replace(web.stats)

    def close(self, day: date, counts: Counts, bad: Sequence[quarantine.Row]) -> None:
        """End a day."""
        quarantine.replace(self.lake, self.table, day, bad)
        by_reason = Counter(f"quarantined_{row['reason']}" for row in bad)
        note(self.context, day, {**counts, **dict(sorted(by_reason.items())), **self.web.stats.since(self.before)})
        self.before = replace(self.web.stats)


def _in_quarantine(lake: Lake, table: str, day: date) -> int:
    return quarantine.read(lake, table, [day]).height


@table_asset(CATALOGUE, kinds={"tmdb"}, code_version="2", root=True)
def tmdb_catalogue(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.raw.tmdb.api import tmdb

    async def read(opened: Lake) -> pl.DataFrame:
        frames = []
        async with tmdb(get_settings()) as api:
            book = _Book(context, opened, CATALOGUE, api.web)
            for day in to_days(context.partition_keys):
                exports = await api.catalogue(day)
                bad = [row for export in exports for row in export.bad]
                left_out = {
                    f"left_out_{reason}": sum(export.left_out[reason] for export in exports)
                    for reason in sorted(exports[0].left_out)
                }
                lines = sum(export.lines for export in exports)
                book.close(day, {"lines": lines, **left_out, "quarantined": len(bad)}, bad)
                frames.append((day, pl.concat([export.frame for export in exports])))
        return dated(frames)

    return asyncio.run(read(lake.open()))


def _judge_catalogue(lake: Lake, day: date, counts: Counts) -> str | None:
    rows, aside = lake.read(CATALOGUE, [day], columns=["tmdb_id"]).height, _in_quarantine(lake, CATALOGUE, day)
    left_out = sum(count for name, count in counts.items() if name.startswith("left_out_"))
    if rows + aside + left_out == counts["lines"]:
        return None
    return f"{counts['lines']} lines, yet {rows} rows, {aside} in quarantine and {left_out} left out by policy"


@table_asset(LISTS, kinds={"tmdb"}, code_version="2", root=True)
def tmdb_lists(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.raw.tmdb.api import tmdb

    settings, days = get_settings(), to_days(context.partition_keys)

    async def read(opened: Lake) -> pl.DataFrame:
        frames = []
        async with tmdb(settings) as api:
            book = _Book(context, opened, LISTS, api.web)
            for day in days:
                frame, counts, bad = await api.lists(day)
                book.close(day, counts, bad)
                frames.append((day, frame))
        return dated(frames)

    if not _has_key(settings, context.log.warning):
        return _no_rows(context, lake.open(), LISTS, ("items", "repeats", "quarantined"), days)
    return asyncio.run(read(lake.open()))


def _judge_lists(lake: Lake, day: date, counts: Counts) -> str | None:
    rows, aside = lake.read(LISTS, [day], columns=["tmdb_id"]).height, _in_quarantine(lake, LISTS, day)
    if rows + aside + counts["repeats"] == counts["items"]:
        return None
    return f"{counts['items']} list items, yet {rows} rows, {aside} in quarantine and {counts['repeats']} repeats"


_TITLE_COUNTS = ("asked", "read", "carried", "not_found", "unreadable", "quarantined")


@table_asset(
    TITLES,
    kinds={"tmdb"},
    code_version="2",
    deps=(*_DOCUMENTS, CATALOGUE, LISTS, "raw/charts"),
)
def tmdb_titles(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.raw.tmdb.api import tmdb
    from trending_assets.raw.tmdb.titles import Day, titles_of_day

    settings, days = get_settings(), to_days(context.partition_keys)

    async def read(opened: Lake) -> pl.DataFrame:
        frames: list[tuple[date, pl.DataFrame]] = []
        async with tmdb(settings) as api:
            book = _Book(context, opened, TITLES, api.web)
            for day in days:
                known_on, known = _known(opened, day, frames)
                given = Day(
                    documents=pl.concat([_rows(opened, table, day) for table in _DOCUMENTS]),
                    catalogue=_rows(opened, CATALOGUE, day),
                    lists=_rows(opened, LISTS, day),
                    charts=_rows(opened, "raw/charts", day),
                    known=known,
                    known_on=known_on,
                )
                frame, counts, bad = await titles_of_day(api, day, given, settings.tmdb_details_top)
                book.close(day, counts, bad)
                frames.append((day, frame))
                context.log.info(f"{day}: {frame.height} titles, {counts['asked']} asked for")
        return dated(frames)

    if not _has_key(settings, context.log.warning):
        return _no_rows(context, lake.open(), TITLES, _TITLE_COUNTS, days)
    return asyncio.run(read(lake.open()))


def _rows(lake: Lake, table: str, day: date) -> pl.DataFrame:
    return lake.read(table, [day]).drop("date")


def _known(lake: Lake, day: date, written: Sequence[tuple[date, pl.DataFrame]]) -> tuple[date | None, pl.DataFrame]:
    """The newest earlier partition that may be carried on: of this run, else of the lake.

    One in an older shape of the table is not: asking anew fills what it lacks.
    """
    from trending_assets.raw.tmdb.titles import CARRY_DAYS

    first = day - timedelta(days=CARRY_DAYS)
    mine = {d: frame for d, frame in written if first <= d < day}
    there = [d for d in (*lake.days(TITLES), *mine) if first <= d < day]
    if there:
        newest = max(there)
        frame = mine[newest] if newest in mine else _rows(lake, TITLES, newest)
        if frame.schema == TABLES[TITLES].schema:
            return newest, frame
    return None, empty(TABLES[TITLES])


def _judge_titles(lake: Lake, day: date, counts: Counts) -> str | None:
    rows, aside = lake.read(TITLES, [day], columns=["tmdb_id"]).height, _in_quarantine(lake, TITLES, day)
    if rows != counts["carried"] + counts["read"]:
        return f"{counts['carried']} titles carried and {counts['read']} read, yet {rows} rows"
    if counts["asked"] != counts["read"] + counts["not_found"] + counts["unreadable"]:
        return f"{counts['asked']} titles asked for, which {counts['read']} read ones and the rest do not make"
    return None if aside == counts["quarantined"] else f"{counts['quarantined']} quarantined, yet {aside} in quarantine"


@table_asset(REVIEWS, kinds={"tmdb"}, code_version="1", deps=(LISTS, TITLES))
def tmdb_reviews(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.raw.tmdb.api import tmdb
    from trending_assets.raw.tmdb.reviews import choose, titles_to_ask, visible_reviews

    settings, days = get_settings(), to_days(context.partition_keys)

    async def read(opened: Lake) -> pl.DataFrame:
        visible, costs = {}, {}
        async with tmdb(settings) as api:
            for day in days:
                before = replace(api.web.stats)
                titles = titles_to_ask(_rows(opened, TITLES, day), _rows(opened, LISTS, day), day)
                visible[day] = await visible_reviews(api, titles, day)
                costs[day] = {"titles_asked": titles.height, **api.web.stats.since(before)}
        chosen = choose(visible, _known_reviews(opened, days), LATE_DAYS)
        for day, found in chosen.items():
            quarantine.replace(opened, REVIEWS, day, found.bad)
            note(context, day, {**found.counts, **costs[day]})
        return dated([(day, found.frame) for day, found in chosen.items()])

    if not _has_key(settings, context.log.warning):
        names = ("seen", "kept", "quarantined", "already_seen", "outside", "repeats")
        return _no_rows(context, lake.open(), REVIEWS, names, days)
    return asyncio.run(read(lake.open()))


def _known_reviews(lake: Lake, days: Sequence[date]) -> dict[date, list[str]]:
    """Addresses of the partitions that the run does not write itself, quarantined ones included."""
    from trending_assets.raw.tmdb.reviews import KNOWN_DAYS

    first, last = min(days) - timedelta(days=KNOWN_DAYS), max(days)
    found = {}
    for day in lake.days(REVIEWS):
        if first <= day < last and day not in days:
            aside = quarantine.read(lake, REVIEWS, [day])["url"].to_list()
            found[day] = sorted({*lake.read(REVIEWS, [day], columns=["url"])["url"].to_list(), *aside})
    return found


def _judge_reviews(lake: Lake, day: date, counts: Counts) -> str | None:
    rows, aside = lake.read(REVIEWS, [day], columns=["url"]).height, _in_quarantine(lake, REVIEWS, day)
    rest = counts["already_seen"] + counts["outside"] + counts["repeats"]
    if rows + aside + rest == counts["seen"]:
        return None
    return f"{counts['seen']} reviews seen, yet {rows} rows, {aside} in quarantine and {rest} seen before, outside or twice"


ASSETS: list[dg.AssetsDefinition | dg.AssetChecksDefinition] = [
    tmdb_catalogue,
    tmdb_lists,
    tmdb_titles,
    tmdb_reviews,
    nothing_lost(
        CATALOGUE, "lines", "Lines of the exports = rows + quarantine + left out by policy.", _judge_catalogue
    ),
    nothing_lost(LISTS, "items", "Items of the lists = rows + quarantine + repeats across pages.", _judge_lists),
    nothing_lost(
        TITLES, "asked", "Rows = carried + read, and asked = read + not found (404) + unreadable.", _judge_titles
    ),
    nothing_lost(
        REVIEWS,
        "seen",
        "Reviews seen = rows + quarantine + seen before + outside the window + repeats.",
        _judge_reviews,
    ),
]
