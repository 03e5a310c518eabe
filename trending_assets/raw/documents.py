"""From a source's entry to its rows: the crawl, what the lake already has, and the quarantine."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import polars as pl

from trending_assets.contracts import TABLES, conform, empty
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.partitions import LATE_DAYS
from trending_assets.raw.crawl_runner import Crawled, run_crawl
from trending_assets.raw.job import CrawlJob
from trending_assets.raw.sources import DocumentSource
from trending_assets.settings import Settings

QUARANTINE = "quarantine/documents"
UNDATED_DAYS = 28
"""An item without a date is new unless a partition of this many days before has it."""


def known_addresses(lake: Lake, table: str, days: Sequence[date]) -> dict[date, list[str]]:
    """Addresses of the partitions before the newest day that the run does not write itself, quarantined ones included."""
    first, last = min(days) - timedelta(days=UNDATED_DAYS), max(days)
    there = [day for day in lake.days(table) if first <= day < last and day not in set(days)]
    set_aside = lake.read(QUARANTINE, there, columns=["source", "url"], missing="skip").filter(
        pl.col("source") == table
    )
    found: dict[date, list[str]] = {}
    for day in there:
        urls = lake.read(table, [day], columns=["url"])["url"].to_list()
        found[day] = sorted({*urls, *set_aside.filter(pl.col("date") == day)["url"].to_list()})
    return found


def collect(
    entry: DocumentSource, days: Sequence[date], lake: Lake, settings: Settings, today: date, say: Callable[[str], None]
) -> Crawled:
    """Crawl one source for the days. A source without addresses in this world gives empty days."""
    addresses = entry.addresses(settings.world)
    if not addresses.opml and not addresses.feeds:
        say(f"{entry.name} has no addresses in the world {settings.world}: empty partitions")
        zero = {"seen": 0, "kept": 0, "quarantined": 0, "already_seen": 0, "outside": 0}
        return Crawled(counts={day: dict(zero) for day in days})
    job = CrawlJob(
        source=entry.name,
        kind=entry.kind,
        document_kind=entry.document_kind,
        opml=list(addresses.opml),
        feeds=list(addresses.feeds),
        days=sorted(days),
        today=today,
        partitions=known_addresses(lake, entry.table, days),
        late_days=LATE_DAYS,
        user_agent=settings.user_agent,
        delay=max(settings.crawl_delay, entry.crawl_delay),
        proxied=settings.http_proxy is not None,
        max_body_bytes=settings.max_body_bytes,
    )
    return run_crawl(job, settings.http_proxy, say)


def document_frame(table: str, crawled: Crawled) -> pl.DataFrame:
    """The crawl's documents in the contract's columns, plus `date`."""
    contract = TABLES[table]
    if not crawled.documents:
        return empty(contract).with_columns(pl.lit(None, dtype=pl.Date).alias("date"))
    texts = {name: pl.String if name == "published_at" else kind for name, kind in contract.schema.items()}
    frame = pl.DataFrame(crawled.documents, schema={**texts, "date": pl.String}).with_columns(
        pl.col("published_at").str.to_datetime(time_unit="us", time_zone="UTC", format="%+"),
        pl.col("date").str.to_date(),
    )
    return frame.select("date", *contract.schema).sort("date", *contract.key)


def store_quarantine(lake: Lake, table: str, crawled: Crawled, days: Sequence[date]) -> None:
    """Replace the source's own rows in the quarantine of each day; other sources' rows stay as they are."""
    contract = TABLES[QUARANTINE]
    new = pl.DataFrame(crawled.quarantine, schema={**contract.schema, "date": pl.String})
    for day in sorted(days):
        there = lake.read(QUARANTINE, [day], missing="skip").drop("date")
        rows = new.filter(pl.col("date") == day.isoformat())
        if there.is_empty() and rows.is_empty():
            continue
        others = there.filter(pl.col("source") != table)
        merged = pl.concat([others, rows.select(list(contract.schema))]).unique(contract.key, keep="first")
        lake.write(QUARANTINE, conform(merged, contract), day)


def lost(lake: Lake, table: str, day: date, counts: dict[str, int]) -> str | None:
    """What the feeds showed against what stands in the lake: a sentence when a document went missing, else None."""
    kept = lake.read(table, [day], columns=["url"]).height
    aside = lake.read(QUARANTINE, [day], columns=["source"], missing="skip").filter(pl.col("source") == table).height
    accounted = kept + aside + counts["already_seen"] + counts["outside"]
    if accounted == counts["seen"]:
        return None
    return (
        f"{day}: the feeds showed {counts['seen']} documents, yet {kept} kept, {aside} in quarantine, "
        f"{counts['already_seen']} already seen and {counts['outside']} outside the window make {accounted}"
    )


def check_totals(crawled: Crawled, table: str) -> None:
    """Raise PermanentFailure when the crawl's own counts do not add up."""
    for day, c in crawled.counts.items():
        if c["seen"] != c["kept"] + c["quarantined"] + c["already_seen"] + c["outside"]:
            raise PermanentFailure(f"{table} of {day} lost documents on the way: {c}.")
