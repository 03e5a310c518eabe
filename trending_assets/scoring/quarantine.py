"""Rows that got no usable answer, kept with the reason beside the rows of other sources of the day."""

import hashlib
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.lake import Lake
from trending_assets.scoring.client import Failure

TABLE = "quarantine/documents"
PAYLOAD_CHARACTERS = 2000


def quarantined(source: str, address: str, failure: Failure) -> dict[str, str]:
    """A row of quarantine/documents: what was asked about (`address`), why it failed and what came back."""
    return {
        "source": source,
        "url": address,
        "reason": f"{failure.kind}: {failure.reason}",
        "payload_sha256": hashlib.sha256(failure.payload.encode()).hexdigest(),
        "payload": failure.payload[:PAYLOAD_CHARACTERS],
    }


def replace_rows(lake: Lake, source: str, day: date, rows: list[dict[str, str]]) -> None:
    """Put a source's rows of a day in place of the ones that it had. Rows of other sources stay."""
    stood = lake.read(TABLE, [day], missing="skip").drop("date")
    others = stood.filter(pl.col("source") != source)
    if rows or others.height < stood.height:
        lake.write(TABLE, pl.concat([others, pl.DataFrame(rows, schema=TABLES[TABLE].schema)]), day)


def count_rows(lake: Lake, source: str, day: date) -> int:
    """Rows that the source has in quarantine on the day."""
    return lake.read(TABLE, [day], missing="skip").filter(pl.col("source") == source).height
