"""Frames held against their declaration."""

import polars as pl

from trending_assets.contracts.columns import REAL
from trending_assets.contracts.table import Column, Table


def empty(table: Table) -> pl.DataFrame:
    """A frame with the table's columns and no row."""
    return pl.DataFrame(schema=table.schema)


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The frame in the contract's columns, order and types, sorted by key. Extra columns are dropped.

    Raises ValueError naming the columns that are missing or cannot be cast.
    """
    missing = [name for name in table.schema if name not in frame.columns]
    if missing:
        raise ValueError(f"{table.name} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}.")
    try:
        typed = frame.select(pl.col(c.name).cast(c.dtype) for c in table.columns)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{table.name} has a column of the wrong type: {str(error).splitlines()[0]}") from None
    return typed.sort(table.key)


def validate(frame: pl.DataFrame, table: Table) -> list[str]:
    """Every way in which the frame breaks the contract, as sentences. An empty list means that it holds."""
    problems: list[str] = []
    for column in table.columns:
        if column.name not in frame.columns:
            problems.append(f"column {column.name} is missing")
        elif frame.schema[column.name] != column.dtype:
            problems.append(f"column {column.name} is {frame.schema[column.name]}, not {column.dtype}")
    if problems:
        return problems
    if frame.is_empty():
        return [] if table.may_be_empty else ["the partition has no rows"]
    for column in table.columns:
        problems += _breaches(frame[column.name], column)
    repeated = frame.height - frame.select(table.key).n_unique()
    if repeated:
        problems.append(f"{repeated} rows repeat the key ({', '.join(table.key)})")
    return problems


def _breaches(series: pl.Series, column: Column) -> list[str]:
    found: list[str] = []
    nulls = series.null_count()
    if nulls and not column.nullable:
        found.append(f"{column.name} is null in {nulls} rows")
    if column.dtype == REAL and (bad := int(series.is_nan().sum()) + int(series.is_infinite().sum())):
        found.append(f"{column.name} is NaN or infinite in {bad} rows")
    if column.low is not None and (below := int((series < column.low).sum())):
        found.append(f"{column.name} is below {column.low:g} in {below} rows")
    if column.high is not None and (above := int((series > column.high).sum())):
        found.append(f"{column.name} is above {column.high:g} in {above} rows")
    if column.values is not None and (odd := series.drop_nulls().is_in(column.values).not_().sum()):
        found.append(f"{column.name} has {odd} values outside {', '.join(column.values)}")
    return found
