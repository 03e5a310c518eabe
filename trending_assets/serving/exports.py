"""The day's marts as files that people download: Parquet, and CSV that a spreadsheet opens without harm."""

import io

import orjson
import polars as pl

from trending_assets.serving.container import Entry

PARQUET, CSV = "application/vnd.apache.parquet", "text/csv; charset=utf-8"
RISKY = r"^[=+\-@\t\r]"
"""A spreadsheet takes a cell that begins so for a formula."""


def exports(name: str, frame: pl.DataFrame) -> list[Entry]:
    """The two files of a table of the day."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    path = f"/v1/exports/{name}"
    return [
        Entry(f"{path}.parquet", buffer.getvalue(), PARQUET, effort=0),
        Entry(f"{path}.csv", flat(frame).write_csv().encode(), CSV),
    ]


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with one text or number a cell: lists joined by |, structures as JSON, no text that is a formula."""
    return frame.with_columns(_flat(column) for column in frame.iter_columns())


def _flat(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        column = column.dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    if kind == pl.List(pl.String):
        column = column.list.join("|")
    elif kind.is_nested():
        cells = [None if cell is None else orjson.dumps(cell).decode() for cell in column.to_list()]
        column = pl.Series(column.name, cells, dtype=pl.String)
    if column.dtype != pl.String:
        return column
    guarded = pl.when(pl.col(column.name).str.contains(RISKY)).then("'" + pl.col(column.name))
    return column.to_frame().select(guarded.otherwise(pl.col(column.name)).alias(column.name)).to_series()
