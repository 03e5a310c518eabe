"""Wiring of the raw tables: one asset a source of sources.yaml, the charts, and TMDb's (tmdb/assets.py)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import dagster as dg
import polars as pl

from trending_assets.contracts import SOURCES
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.raw.chart_rows import chart_frame, collect_charts
from trending_assets.raw.clock import today_utc
from trending_assets.raw.crawl.runner import Crawled
from trending_assets.raw.documents import check_totals, collect, document_frame, lost, store_beside
from trending_assets.raw.sources import DocumentSource
from trending_assets.raw.tmdb.assets import ASSETS as TMDB
from trending_assets.raw.wiring import counts_of, note, nothing_lost
from trending_assets.settings import get_settings
from trending_assets.table_asset import table_asset

CRAWLED = (*(entry.table for entry in SOURCES.documents), "raw/charts")


def _note_crawl(context: dg.AssetExecutionContext, crawled: Crawled) -> None:
    """What Dagit shows of a crawl, day by day: inputs by where they ended, requests, bytes, retries, and the delay kept."""
    kept: Mapping[str, Any] = {f"delay_{name}": value for name, value in crawled.delay.items()}
    for day, found in sorted(crawled.counts.items()):
        reasons = {f"quarantined_{reason}": n for reason, n in sorted(found["reasons"].items())}
        counts = {name: value for name, value in found.items() if name != "reasons"}
        note(context, day, {**counts, **reasons, **kept})
        if found["unread_listings"]:
            context.log.warning(
                f"{day}: {found['unread_listings']} feeds or other listings could not be read; the quarantine says why."
            )


def _source_asset(entry: DocumentSource) -> dg.AssetsDefinition:
    @table_asset(entry.table, kinds={"scrapy"}, code_version="2", root=True)
    def documents(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
        days = to_days(context.partition_keys)
        opened = lake.open()
        crawled = collect(entry, days, opened, get_settings(), today_utc(), context.log.info)
        check_totals(crawled, entry.table)
        store_beside(opened, entry.table, crawled, days)
        _note_crawl(context, crawled)
        return document_frame(entry.table, crawled)

    return documents


@table_asset("raw/charts", kinds={"scrapy"}, code_version="2", root=True)
def charts(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    days = to_days(context.partition_keys)
    opened = lake.open()
    crawled = collect_charts(SOURCES.charts, days, opened, get_settings(), today_utc(), context.log.info)
    frame = chart_frame(crawled, opened)
    check_totals(crawled, "raw/charts")
    store_beside(opened, "raw/charts", crawled, days)
    _note_crawl(context, crawled)
    return frame


def _lost_check(table: str) -> dg.AssetChecksDefinition:
    return nothing_lost(
        table,
        "seen",
        "What came in = rows + rows in quarantine + already seen + outside the window.",
        lambda lake, day, counts: lost(lake, table, day, counts),
    )


def _read_check(table: str) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(table.split("/"))

    @dg.asset_check(
        asset=key,
        name="every_listing_read",
        description="Every feed, sitemap, API and chart of the day could be read. What could not is named in the quarantine.",
        partitions_def=DAILY,
    )
    def every_listing_read(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        found: dict[date, int] = {
            day: counts_of(context.instance, key, day).get("unread_listings", 0)
            for day in to_days(context.partition_keys)
        }
        unread = {day.isoformat(): n for day, n in found.items() if n}
        return dg.AssetCheckResult(
            passed=not unread,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"days": dg.MetadataValue.json(unread)},
            description="; ".join(f"{day}: {n} could not be read" for day, n in list(unread.items())[:5]) or None,
        )

    return every_listing_read


ASSETS: list[dg.AssetsDefinition | dg.AssetChecksDefinition] = [
    *(_source_asset(entry) for entry in SOURCES.documents),
    charts,
    *(_lost_check(table) for table in CRAWLED),
    *(_read_check(table) for table in CRAWLED),
    *TMDB,
]
