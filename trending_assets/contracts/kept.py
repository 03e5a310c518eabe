"""Tables beside those of the assets: what could not become a row, and what conditional requests carry."""

from trending_assets.contracts.columns import FLAG, TEXT, col, null
from trending_assets.contracts.raw import RAW_TABLES, SOURCES
from trending_assets.contracts.table import Table
from trending_assets.failures import Reason


def quarantine_of(table: str) -> str:
    """Name of the table that keeps what could not become a row of `table`: quarantine/posts for raw/posts."""
    return f"quarantine/{table.partition('/')[2]}"


def listings_of(table: str) -> str:
    """Name of the table that keeps what servers gave to ask with again: listings/posts for raw/posts."""
    return f"listings/{table.partition('/')[2]}"


def _listings(table: str) -> Table:
    return Table(
        listings_of(table),
        f"Feeds and other listings that {table} read whole on the day: what the next day's conditional requests carry.",
        ("url",),
        (
            col("url", TEXT, "address that was asked for"),
            null("etag", TEXT, "ETag of the answer"),
            null("last_modified", TEXT, "Last-Modified of the answer"),
        ),
        asset=False,
    )


def _quarantine(table: str) -> Table:
    return Table(
        quarantine_of(table),
        f"What could not become a row of {table}, kept with the reason.",
        ("url", "payload_sha256", "detail"),
        (
            col("source", TEXT, "feed, page or endpoint that it came from"),
            col("url", TEXT, "address of the input itself"),
            col("reason", TEXT, "what it is counted by", values=tuple(Reason)),
            col("transient", FLAG, "whether asking again on a later day may help"),
            col("detail", TEXT, "why, in a sentence"),
            col("payload_sha256", TEXT, "SHA-256 of the bytes"),
            col("payload", TEXT, "first 2,000 characters of the payload"),
        ),
        asset=False,
    )


TABLES: tuple[Table, ...] = (
    *(_listings(table) for table in (*(source.table for source in SOURCES.documents), "raw/charts")),
    *(_quarantine(table) for table in (*RAW_TABLES, "scoring/document_scores", "scoring/title_digests")),
)
