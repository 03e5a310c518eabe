"""Where a table's partition lives, and how it is read and replaced: a local folder or s3://.

One Parquet object per partition, `<lake>/<group>/<table>/date=YYYY-MM-DD/data.parquet`, replaced atomically: a reader sees
the old object or the new one, never half of one.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from trending_assets.contracts import TABLES, Table, conform, empty
from trending_assets.failures import PermanentFailure
from trending_assets.store import Store, open_store

_DAY = re.compile(r"date=(\d{4}-\d{2}-\d{2})/data\.parquet$")


@dataclass(frozen=True)
class Lake:
    """The tables of contracts over a store. `uri` has no trailing slash."""

    uri: str
    store: Store

    def key(self, table: str, day: date | None = None) -> str:
        """Relative key of a partition's object; of the whole table's object when day is None."""
        return f"{table}/date={day.isoformat()}/data.parquet" if day else f"{table}/data.parquet"

    def location(self, table: str, day: date | None = None) -> str:
        """Full address of a partition's object, as DuckDB or a person would open it."""
        return f"{self.uri}/{self.key(table, day)}"

    def days(self, table: str) -> list[date]:
        """Days for which the table has a partition, ascending."""
        found = (_DAY.search(key) for key in self.store.list(table))
        return sorted(date.fromisoformat(match[1]) for match in found if match)

    def write(self, table: str, frame: pl.DataFrame, day: date | None = None) -> None:
        """Replace a partition with the frame, in the contract's columns and order. Bytes depend on the rows alone."""
        buffer = io.BytesIO()
        conform(frame, TABLES[table]).write_parquet(buffer, compression="zstd", statistics=True)
        self.store.put(self.key(table, day), buffer.getvalue())

    def read(
        self,
        table: str,
        days: Iterable[date] | None = None,
        columns: Sequence[str] | None = None,
        missing: Literal["error", "skip"] = "error",
    ) -> pl.DataFrame:
        """Rows of some days in one frame, with the partition's day in the column `date`.

        `days=None` reads an unpartitioned table (no `date` column). `missing="skip"` leaves out days that are not there and
        gives an empty frame in the contract's columns when none is. Raises PermanentFailure for a missing partition otherwise.
        """
        contract = TABLES[table]
        frames: list[pl.DataFrame] = []
        for day in [None] if days is None else sorted(days):
            data = self.store.get(self.key(table, day))
            if data is not None:
                frame = pl.read_parquet(io.BytesIO(data), columns=list(columns) if columns else None)
                frames.append(frame if day is None else frame.with_columns(pl.lit(day).alias("date")))
            elif missing == "error":
                raise PermanentFailure(
                    f"{self.location(table, day)} is not there. Materialize {table}"
                    + (f" for {day} first." if day else " first.")
                )
        if frames:
            return pl.concat(frames, how="vertical")
        return _empty(contract, columns, dated=days is not None)

    def sha256(self, table: str, day: date | None = None) -> str | None:
        """Hex SHA-256 of a partition's object, None where there is none."""
        data = self.store.get(self.key(table, day))
        return None if data is None else hashlib.sha256(data).hexdigest()


def _empty(contract: Table, columns: Sequence[str] | None, dated: bool) -> pl.DataFrame:
    frame = empty(contract)
    frame = frame.select(columns) if columns else frame
    return frame.with_columns(pl.lit(None, dtype=pl.Date).alias("date")) if dated else frame


def open_lake(uri: str) -> Lake:
    """Open a lake at a local path or s3://bucket/prefix. Raises as store.open_store does."""
    return Lake(*open_store(uri))
