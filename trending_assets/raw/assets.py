"""Wiring of the raw tables: one asset a source of sources.yaml, TMDb's catalogue, lists and titles, and the charts."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Literal

import dagster as dg
import polars as pl

from trending_assets.contracts import SOURCES
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import DAILY, to_days
from trending_assets.raw.chart_rows import chart_frame, collect_charts
from trending_assets.raw.clock import today_utc
from trending_assets.raw.crawl.runner import Crawled
from trending_assets.raw.documents import check_totals, collect, document_frame, lost, store_beside
from trending_assets.raw.sources import DocumentSource
from trending_assets.settings import Settings, get_settings
from trending_assets.table_asset import table_asset

ONCE_MORE = dg.RetryPolicy(max_retries=1, delay=5)
"""For what clients and spiders could not get past by themselves; permanent failures are never retried."""
_SEEN = ("seen", "already_seen", "outside")


@contextmanager
def readable_failures() -> Iterator[None]:
    """Turn the project's errors into Dagster's: the sentence alone, and a retry only where it may help."""
    try:
        yield
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except TransientFailure as error:
        raise dg.Failure(str(error), allow_retries=True) from None


def _dated(frames: Sequence[tuple[date, pl.DataFrame]]) -> pl.DataFrame:
    return pl.concat([frame.with_columns(pl.lit(day).alias("date")) for day, frame in frames])


def _note(context: dg.AssetExecutionContext, day: date, counts: dict[str, Any]) -> None:
    context.add_asset_metadata(dict(counts), partition_key=day.isoformat())


def _note_crawl(context: dg.AssetExecutionContext, crawled: Crawled) -> None:
    """What Dagit shows of a crawl, day by day: inputs by where they ended, requests, bytes, retries, and the delay kept."""
    for day, found in sorted(crawled.counts.items()):
        reasons = {f"quarantined_{reason}": n for reason, n in sorted(found["reasons"].items())}
        counts = {name: value for name, value in found.items() if name != "reasons"}
        kept = {f"delay_{name}": value for name, value in crawled.delay.items()}
        _note(context, day, {**counts, **reasons, **kept})
        if found["unread_listings"]:
            context.log.warning(
                f"{day}: {found['unread_listings']} feeds or other listings could not be read; the quarantine says why."
            )


def _source_asset(entry: DocumentSource) -> dg.AssetsDefinition:
    @table_asset(entry.table, kinds={"scrapy"}, code_version="2", root=True, retry_policy=ONCE_MORE)
    def documents(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
        days = to_days(context.partition_keys)
        with readable_failures():
            opened = lake.open()
            crawled = collect(entry, days, opened, get_settings(), today_utc(), context.log.info)
            check_totals(crawled, entry.table)
            store_beside(opened, entry.table, crawled, days)
        _note_crawl(context, crawled)
        return document_frame(entry.table, crawled)

    return documents


@table_asset("raw/charts", kinds={"scrapy"}, code_version="2", root=True, retry_policy=ONCE_MORE)
def charts(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    days = to_days(context.partition_keys)
    with readable_failures():
        opened = lake.open()
        crawled = collect_charts(SOURCES.charts, days, opened, get_settings(), today_utc(), context.log.info)
        frame = chart_frame(crawled, opened)
        check_totals(crawled, "raw/charts")
        store_beside(opened, "raw/charts", crawled, days)
    _note_crawl(context, crawled)
    return frame


def _lost_check(table: str) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(table.split("/"))

    @dg.asset_check(
        asset=key,
        name="nothing_lost",
        description="What came in = rows + rows in quarantine + already seen + outside the window.",
        blocking=True,
        partitions_def=DAILY,
    )
    def nothing_lost(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
        opened, problems, seen = lake.open(), list[str](), 0
        for day in to_days(context.partition_keys):
            counts = _counts_of(context.instance, key, day)
            if counts is None:
                problems.append(f"{day}: the materialization carries no counts")
                continue
            seen += counts["seen"]
            problem = lost(opened, table, day, counts)
            problems += [problem] if problem else []
        return dg.AssetCheckResult(
            passed=not problems, metadata={"seen": seen}, description="; ".join(problems[:5]) or None
        )

    return nothing_lost


def _read_check(table: str) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(table.split("/"))

    @dg.asset_check(
        asset=key,
        name="every_listing_read",
        description="Every feed, sitemap, API and chart of the day could be read. What could not is named in the quarantine.",
        partitions_def=DAILY,
    )
    def every_listing_read(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        found = {
            day.isoformat(): (_counts_of(context.instance, key, day, ("unread_listings",)) or {}).get(
                "unread_listings", 0
            )
            for day in to_days(context.partition_keys)
        }
        unread = {day: n for day, n in found.items() if n}
        return dg.AssetCheckResult(
            passed=not unread,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"days": dg.MetadataValue.json(unread)},
            description="; ".join(f"{day}: {n} could not be read" for day, n in list(unread.items())[:5]) or None,
        )

    return every_listing_read


def _counts_of(
    instance: dg.DagsterInstance, key: dg.AssetKey, day: date, names: Sequence[str] = ("seen",)
) -> dict[str, int] | None:
    """Counts that the newest materialization of the partition carries; None where it lacks one of `names`."""
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=key, asset_partitions=[day.isoformat()]), limit=1
    )
    made = found.records[0].asset_materialization if found.records else None
    values = {n: made.metadata[n].value for n in {*_SEEN, *names} if made and n in made.metadata}
    return {n: int(str(v)) for n, v in values.items()} if set(names) <= set(values) else None


async def _tmdb_days(
    context: dg.AssetExecutionContext, settings: Settings, what: Literal["catalogue", "lists"]
) -> pl.DataFrame:
    from trending_assets.raw.tmdb import tmdb

    frames = []
    async with tmdb(settings) as api:
        for day in to_days(context.partition_keys):
            frame, left_out = await (api.catalogue(day) if what == "catalogue" else api.lists(day))
            frames.append((day, frame))
            _note(context, day, {f"left_out_{reason}": n for reason, n in left_out.items()})
    return _dated(frames)


@table_asset("raw/tmdb_catalogue", kinds={"tmdb"}, code_version="1", root=True, retry_policy=ONCE_MORE)
def tmdb_catalogue(context: dg.AssetExecutionContext) -> pl.DataFrame:
    with readable_failures():
        return asyncio.run(_tmdb_days(context, get_settings(), "catalogue"))


@table_asset("raw/tmdb_lists", kinds={"tmdb"}, code_version="1", root=True, retry_policy=ONCE_MORE)
def tmdb_lists(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    settings = get_settings()
    if not _has_key(settings, context.log.warning):
        return lake.open().read("raw/tmdb_lists", [], missing="skip")
    with readable_failures():
        return asyncio.run(_tmdb_days(context, settings, "lists"))


def _has_key(settings: Settings, warn: Callable[[str], None]) -> bool:
    if settings.tmdb_api_key is None or not settings.tmdb_api_key.get_secret_value().strip():
        warn("There is no TMDB_API_KEY, so TMDb's lists and details stay empty. The id exports need no key.")
        return False
    return True


_TITLE_DEPS = (*(entry.table for entry in SOURCES.documents), "raw/tmdb_catalogue", "raw/tmdb_lists", "raw/charts")


@table_asset("raw/tmdb_titles", kinds={"tmdb"}, code_version="1", deps=_TITLE_DEPS, retry_policy=ONCE_MORE)
def tmdb_titles(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.raw.titles import Day, titles_of_day
    from trending_assets.raw.tmdb import tmdb

    settings, days = get_settings(), to_days(context.partition_keys)

    async def read(opened: Lake) -> pl.DataFrame:
        frames: list[tuple[date, pl.DataFrame]] = []
        async with tmdb(settings) as api:
            for day in days:
                before = day - timedelta(days=1)
                carried = (
                    frames[-1][1] if frames and frames[-1][0] == before else _rows(opened, "raw/tmdb_titles", before)
                )
                given = Day(
                    documents=pl.concat([_rows(opened, entry.table, day, "error") for entry in SOURCES.documents]),
                    catalogue=_rows(opened, "raw/tmdb_catalogue", day, "error"),
                    lists=_rows(opened, "raw/tmdb_lists", day, "error"),
                    charts=_rows(opened, "raw/charts", day, "error"),
                    known=carried,
                )
                frame, counts = await titles_of_day(api, day, given, settings.tmdb_details_top)
                frames.append((day, frame))
                _note(context, day, counts)
                context.log.info(f"{day}: {frame.height} titles, {counts['asked']} asked for")
        return _dated(frames)

    with readable_failures():
        opened = lake.open()
        if not _has_key(settings, context.log.warning):
            return opened.read("raw/tmdb_titles", [], missing="skip")
        return asyncio.run(read(opened))


def _rows(lake: Lake, table: str, day: date, missing: str = "skip") -> pl.DataFrame:
    return lake.read(table, [day], missing=missing).drop("date")  # type: ignore[arg-type]


CRAWLED = (*(entry.table for entry in SOURCES.documents), "raw/charts")

ASSETS: list[dg.AssetsDefinition | dg.AssetChecksDefinition] = [
    *(_source_asset(entry) for entry in SOURCES.documents),
    *(_lost_check(table) for table in CRAWLED),
    *(_read_check(table) for table in CRAWLED),
    tmdb_catalogue,
    tmdb_lists,
    tmdb_titles,
    charts,
]
