"""Tables of the published bundle."""

from trending_assets.contracts.columns import BIG, TEXT, col, null
from trending_assets.contracts.table import Table

TABLES: tuple[Table, ...] = (
    Table(
        "serving/bundle",
        "Ready answers of the API for the day. Their bodies are in the bundle that serving/current.json names.",
        ("path",),
        (
            col("path", TEXT, "path, with its query, that the body answers"),
            col("content_type", TEXT, "media type of the body"),
            col("etag", TEXT, "first 32 hex digits of the body's SHA-256"),
            col("bytes", BIG, "length of the body", low=0),
            null("gzip_bytes", BIG, "length of its gzip form; null where there is none", low=1),
            null("brotli_bytes", BIG, "length of its brotli form; null where there is none", low=1),
        ),
        may_be_empty=False,
    ),
)
