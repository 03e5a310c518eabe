"""What could not become a row: one object a table and day, with reason, source, hash and the start of the payload."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, conform, quarantine_of
from trending_assets.failures import Reason
from trending_assets.lake import Lake

PAYLOAD_CHARACTERS = 2000

Row = dict[str, Any]


def row(source: str, url: str, reason: Reason, detail: str, payload: bytes) -> Row:
    """A row of a quarantine table. `source` is the feed, page or endpoint that it came from."""
    start = payload[: PAYLOAD_CHARACTERS * 4].decode("utf-8", "replace").replace("\x00", "")
    return {
        "source": source,
        "url": url,
        "reason": reason.value,
        "transient": reason.transient,
        "detail": detail,
        "payload_sha256": hashlib.sha256(payload).hexdigest(),
        "payload": start[:PAYLOAD_CHARACTERS],
    }


def replace(lake: Lake, table: str, day: date, rows: Sequence[Row]) -> None:
    """Put a day's rows in place of the ones that the table had in quarantine; a day without any leaves no object new."""
    name = quarantine_of(table)
    contract = TABLES[name]
    if not rows and lake.sha256(name, day) is None:
        return
    frame = pl.DataFrame(rows, schema=contract.schema).unique(contract.key, keep="first", maintain_order=True)
    lake.write(name, conform(frame, contract), day)


def read(lake: Lake, table: str, days: Sequence[date]) -> pl.DataFrame:
    """Rows that a table has in quarantine over some days, with `date`; days without any are left out."""
    return lake.read(quarantine_of(table), days, missing="skip")


def by_reason(rows: pl.DataFrame) -> dict[str, int]:
    """Rows of a quarantine table by reason, the most frequent first."""
    counts = rows.group_by("reason").len().sort(["len", "reason"], descending=[True, False])
    return dict(counts.iter_rows())
