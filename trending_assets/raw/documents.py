"""From a source's entry to its rows: the crawl, what the lake already has, and the quarantine."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import TABLES, empty, listings_of
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.partitions import LATE_DAYS
from trending_assets.raw.crawl.addresses import guard_of
from trending_assets.raw.crawl.job import DocumentJob, Manners, Validators
from trending_assets.raw.crawl.runner import Crawled, Line, run_crawl
from trending_assets.raw.language import best
from trending_assets.raw.sources import DocumentSource
from trending_assets.settings import Settings

UNDATED_DAYS = 28
"""An item without a date is new unless a partition of this many days before has it."""
COUNTS = ("seen", "kept", "quarantined", "already_seen", "outside", "not_modified", "unread_listings")


def known_addresses(lake: Lake, table: str, days: Sequence[date]) -> dict[date, list[str]]:
    """Addresses of the partitions before the newest day that the run does not write itself.

    Quarantined ones are among them, but for those that another day may read.
    """
    first, last = min(days) - timedelta(days=UNDATED_DAYS), max(days)
    there = [day for day in lake.days(table) if first <= day < last and day not in set(days)]
    aside = quarantine.read(lake, table, there).filter(~pl.col("transient"))
    found: dict[date, list[str]] = {}
    for day in there:
        urls = lake.read(table, [day], columns=["url"])["url"].to_list()
        found[day] = sorted({*urls, *aside.filter(pl.col("date") == day)["url"].to_list()})
    return found


def known_validators(lake: Lake, table: str, days: Sequence[date]) -> dict[date, dict[str, Validators]]:
    """What servers gave on the day before each day, where the run does not write that day itself."""
    found: dict[date, dict[str, Validators]] = {}
    for day in days:
        before = day - timedelta(days=1)
        if before not in set(days):
            rows = lake.read(listings_of(table), [before], missing="skip").iter_rows(named=True)
            found[day] = {r["url"]: Validators(etag=r["etag"], last_modified=r["last_modified"]) for r in rows}
    return found


def manners(settings: Settings, asked: Iterable[tuple[str, float]]) -> Manners:
    """How to behave: `asked` are addresses with the seconds that sources.yaml names for their hosts.

    Raises PermanentFailure where TRENDING_ALLOW_HOSTS has an entry that cannot be read.
    """
    allow = [entry.strip() for entry in settings.allow_hosts.split(",") if entry.strip()]
    try:
        guard_of(allow)
    except ValueError as error:
        raise PermanentFailure(f"TRENDING_ALLOW_HOSTS is wrong: {error}.") from None
    delays: dict[str, float] = {}
    for url, seconds in asked:
        host = urlsplit(url).hostname or ""
        delays[host] = max(delays.get(host, settings.crawl_delay), seconds)
    return Manners(
        user_agent=settings.user_agent,
        delay=settings.crawl_delay,
        delays=delays,
        timeout=settings.download_timeout,
        max_body_bytes=settings.max_body_bytes,
        proxy=settings.http_proxy or None,
        allow=allow,
    )


def collect(
    entry: DocumentSource, days: Sequence[date], lake: Lake, settings: Settings, today: date, say: Callable[[str], None]
) -> Crawled:
    """Crawl one source for the days. A source without addresses in this world gives empty days."""
    addresses = entry.addresses(settings.world)
    if not addresses:
        say(f"{entry.name} has no addresses in the world {settings.world}: empty partitions")
        return Crawled(counts={day: dict.fromkeys(COUNTS, 0) | {"reasons": {}} for day in days})
    job = DocumentJob(
        source=entry.name,
        kind=entry.kind,
        document_kind=entry.document_kind,
        parser=entry.parser,
        selectors=entry.selectors,
        addresses=list(addresses),
        days=sorted(days),
        today=today,
        partitions=known_addresses(lake, entry.table, days),
        validators=known_validators(lake, entry.table, days),
        late_days=LATE_DAYS,
        manners=manners(settings, ((address.url, address.crawl_delay) for address in addresses)),
    )
    return run_crawl(job, say)


def document_frame(table: str, crawled: Crawled) -> pl.DataFrame:
    """The crawl's documents in the contract's columns, plus `date`."""
    contract = TABLES[table]
    if not crawled.documents:
        return empty(contract).with_columns(pl.lit(None, dtype=pl.Date).alias("date"))
    rows = [
        row | {"language": best(row["language"], row["text"] or row["headline"] or "", row["site_language"])}
        for row in crawled.documents
    ]
    texts = {name: pl.String if name == "published_at" else kind for name, kind in contract.schema.items()}
    frame = pl.DataFrame(rows, schema={**texts, "date": pl.String}).with_columns(
        pl.col("published_at").str.to_datetime(time_unit="us", time_zone="UTC", format="%+"),
        pl.col("date").str.to_date(),
    )
    return frame.select("date", *contract.schema).sort("date", *contract.key)


def store_beside(lake: Lake, table: str, crawled: Crawled, days: Sequence[date]) -> None:
    """Replace what stands beside the table's partitions: its quarantine, and what servers gave to ask with again.

    A day on which something failed that may pass leaves nothing to ask with: its listings are read in full again.
    """
    for day in sorted(days):
        aside = _of_day(crawled.quarantine, day)
        quarantine.replace(lake, table, day, aside)
        listings = [] if any(row["transient"] for row in aside) else _of_day(crawled.listings, day)
        name = listings_of(table)
        if listings or lake.sha256(name, day) is not None:
            lake.write(name, pl.DataFrame(listings, schema=TABLES[name].schema).unique("url", keep="first"), day)


def _of_day(lines: list[Line], day: date) -> list[Line]:
    return [line for line in lines if line["date"] == day.isoformat()]


def lost(lake: Lake, table: str, day: date, counts: dict[str, int]) -> str | None:
    """What came in against what stands in the lake: a sentence when something went missing, else None."""
    kept = lake.read(table, [day], columns=[TABLES[table].key[0]]).height
    aside = quarantine.read(lake, table, [day]).height
    gone = counts.get("already_seen", 0) + counts.get("outside", 0)
    if kept + aside + gone == counts["seen"]:
        return None
    return (
        f"{day}: {counts['seen']} came in, yet {kept} kept, {aside} in quarantine and {gone} already seen or outside the "
        f"window make {kept + aside + gone}"
    )


def check_totals(crawled: Crawled, table: str) -> None:
    """Raise PermanentFailure when the crawl's own counts do not add up."""
    for day, c in crawled.counts.items():
        if c["seen"] != c["kept"] + c["quarantined"] + c.get("already_seen", 0) + c.get("outside", 0):
            raise PermanentFailure(f"{table} of {day} lost documents on the way: {c}.")
