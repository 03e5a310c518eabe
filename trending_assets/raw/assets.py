"""Wiring of the raw tables: one asset a source of sources.yaml, the charts, and TMDb's (tmdb_assets.py)."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import dagster as dg
import polars as pl
from filelock import FileLock

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.raw.clock import today_utc
from trending_assets.raw.documents import check_totals, collect, document_frame, lost, store_quarantine
from trending_assets.raw.sources import DocumentSource, load_sources
from trending_assets.raw.tmdb_assets import ASSETS as TMDB
from trending_assets.settings import get_settings
from trending_assets.table_asset import table_asset

SOURCES = load_sources()
ONCE_MORE = dg.RetryPolicy(max_retries=1, delay=5)
"""For what clients and spiders could not get past by themselves; permanent failures are never retried."""
_COUNTS = ("seen", "kept", "quarantined", "already_seen", "outside")


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


def _note(context: dg.AssetExecutionContext, day: date, counts: dict[str, int]) -> None:
    context.add_asset_metadata(dict(counts), partition_key=day.isoformat())


def _source_asset(entry: DocumentSource) -> dg.AssetsDefinition:
    @table_asset(entry.table, kinds={"scrapy"}, code_version="1", root=True, retry_policy=ONCE_MORE)
    def documents(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
        days, settings = to_days(context.partition_keys), get_settings()
        with readable_failures():
            opened = lake.open()
            crawled = collect(entry, days, opened, settings, today_utc(), context.log.info)
            check_totals(crawled, entry.table)
            settings.state_dir.mkdir(parents=True, exist_ok=True)
            # the sources of a run share the day's quarantine object, so one of them rewrites it at a time
            with FileLock(settings.state_dir / "quarantine.lock"):
                store_quarantine(opened, entry.table, crawled, days)
        for day, counts in sorted(crawled.counts.items()):
            _note(context, day, counts)
        return document_frame(entry.table, crawled)

    return documents


def _source_check(entry: DocumentSource) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(entry.table.split("/"))

    @dg.asset_check(
        asset=key,
        name="nothing_lost",
        description="Documents that the feeds showed = rows + rows in quarantine + already seen + outside the window.",
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
            problem = lost(opened, entry.table, day, counts)
            problems += [problem] if problem else []
        return dg.AssetCheckResult(
            passed=not problems, metadata={"seen": seen}, description="; ".join(problems[:5]) or None
        )

    return nothing_lost


def _counts_of(instance: dg.DagsterInstance, key: dg.AssetKey, day: date) -> dict[str, int] | None:
    """Counts that the newest materialization of the partition carries."""
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=key, asset_partitions=[day.isoformat()]), limit=1
    )
    made = found.records[0].asset_materialization if found.records else None
    values = {name: made.metadata[name].value for name in _COUNTS if made and name in made.metadata}
    return {name: int(str(value)) for name, value in values.items()} if len(values) == len(_COUNTS) else None


@table_asset("raw/charts", kinds={"httpx"}, code_version="1", root=True, retry_policy=ONCE_MORE)
def charts(context: dg.AssetExecutionContext) -> pl.DataFrame:
    from trending_assets.raw import charts as chart_readers
    from trending_assets.raw.http_client import client

    settings, days = get_settings(), to_days(context.partition_keys)

    async def read() -> pl.DataFrame:
        frames = []
        async with client("Charts", user_agent=settings.user_agent, proxy=settings.http_proxy) as web:
            for day in days:
                rows: list[chart_readers.Row] = []
                unreadable = 0
                for entry in SOURCES.charts:
                    address = entry.address(settings.world)
                    if address is not None:
                        more, bad = await chart_readers.chart_rows(web, entry, address, day)
                        rows, unreadable = rows + more, unreadable + bad
                frames.append((day, chart_readers.chart_frame(rows)))
                _note(context, day, {"unreadable_lines": unreadable})
        return _dated(frames)

    with readable_failures():
        return asyncio.run(read())


ASSETS: list[dg.AssetsDefinition | dg.AssetChecksDefinition] = [
    *(_source_asset(entry) for entry in SOURCES.documents),
    *(_source_check(entry) for entry in SOURCES.documents),
    *TMDB,
    charts,
]
