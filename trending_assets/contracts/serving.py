"""Tables of the published bundle."""

import polars as pl

from trending_assets.contracts.columns import TEXT, col
from trending_assets.contracts.table import Table

TABLES: tuple[Table, ...] = (
    Table(
        "serving/bundle",
        "Ready responses of the API, content-addressed by their ETag.",
        ("path",),
        (
            col("path", TEXT, "API path that the body answers"),
            col("body", pl.Binary, "JSON bytes"),
            col("etag", TEXT, "first 32 hex digits of the body's SHA-256"),
        ),
        may_be_empty=False,
    ),
)
