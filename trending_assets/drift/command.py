"""`trending drift`: any two Parquet files, column by column."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.drift.alarms import DAILY, alarms
from trending_assets.drift.blocks import block_mean, block_units
from trending_assets.drift.day_null import Spread, effective_rows, quadratic_spread, settled
from trending_assets.drift.statistics import (
    Finding,
    align,
    chi_squared,
    independent,
    ks,
    mann_whitney,
    mean_shift,
    psi,
    ridits,
)
from trending_assets.failures import PermanentFailure
from trending_assets.files import read_file, write_file

BLOCKS = ("title_id", "imdb_id", "author_id", "user_id", "date", "site", "source")
"""Columns whose equal values make rows alike, in the order in which the first that both files have is taken."""
LEAST_BLOCKS = 8
"""Blocks of either file below which they say too little of how they differ."""
_SCHEMA = {
    "column": pl.String,
    "test": pl.String,
    "statistic": pl.Float64,
    "p_value": pl.Float64,
    "effect": pl.Float64,
    "drifted": pl.Boolean,
}


@dataclass(frozen=True)
class Compared:
    """What was written: rows, columns that drifted, and the column whose values are the blocks (None: rows are independent)."""

    rows: int
    drifted: list[str]
    block: str | None


def drift_files(baseline: Path, current: Path, out: Path, block: str | None = None) -> Compared:
    """Compare two Parquet files and write column, test, statistic, p_value, effect, drifted.

    Each common column gets `schema` (statistic 1 where the type changed, or it came to be empty or no longer is), `missing`,
    `psi` and `chi_squared`, a number `mann_whitney` and `ks` besides; a column of one file alone gets `schema`. Numbers are
    binned by the deciles of the baseline; strings, booleans and lists of strings (exploded) are counted, the 50 most frequent by
    name. Nulls, NaN and infinities count as missing; where a side has no value, its tests are null. Other types get `schema` and
    `missing`.

    Rows of a `block` are alike (None: the first of BLOCKS that makes blocks in both files; "none": rows are independent), and
    the tests count blocks. All tests of a file are one family: with nothing going on, one in 137 pairs of files alarms (a day's
    part of 5% a week). Raises PermanentFailure where a file cannot be read or no column is common to both.
    """
    left, right = _read(baseline), _read(current)
    if not set(left.columns) & set(right.columns):
        raise PermanentFailure(f"{baseline} and {current} have no column in common.")
    by = _block(block, left, right)
    found: list[tuple[str, str, Finding | None]] = []
    for column in dict.fromkeys([*left.columns, *right.columns]):
        found += [(column, test, one) for test, one in _column(column, left, right, by)]
    if all(test == "schema" for _, test, _ in found):
        raise PermanentFailure(f"{baseline} and {current} have no column in common that can be compared.")
    tested = [n for n, (_, _, one) in enumerate(found) if one is not None]
    fired = dict(zip(tested, alarms([f for _, _, f in found if f is not None], DAILY), strict=True))
    rows = [
        (column, test, *((one.statistic, one.p_value, one.effect) if one else (None, None, None)), fired.get(n))
        for n, (column, test, one) in enumerate(found)
    ]
    written = write_file(pl.DataFrame(rows, schema=_SCHEMA, orient="row"), out)
    return Compared(written, sorted({row[0] for row in rows if row[-1]}), by)


def _read(path: Path) -> pl.DataFrame:
    frame = read_file(path)
    if frame.is_empty():
        raise PermanentFailure(f"{path} has no rows, so there is nothing to compare.")
    return frame


def _block(asked: str | None, left: pl.DataFrame, right: pl.DataFrame) -> str | None:
    if asked == "none":
        return None
    if asked is not None:
        for side, name in ((left, "baseline"), (right, "current")):
            if asked not in side.columns:
                raise PermanentFailure(f"--block {asked} is no column of the {name} file.")
            if not _names(side[asked]):
                raise PermanentFailure(
                    f"--block {asked} is of type {side[asked].dtype} in the {name} file; use a column of names, numbers or days."
                )
            if side[asked].n_unique() < LEAST_BLOCKS:
                raise PermanentFailure(
                    f"--block {asked} has {side[asked].n_unique()} values in the {name} file; {LEAST_BLOCKS} are needed."
                )
        return asked
    for name in BLOCKS:
        sides = [side for side in (left, right) if name in side.columns and _names(side[name])]
        sizes = [(side.height, side[name].n_unique()) for side in sides]
        enough = len(sizes) == 2 and all(blocks >= LEAST_BLOCKS for _, blocks in sizes)
        if enough and any(blocks < rows for rows, blocks in sizes):
            return name
    return None


def _names(values: pl.Series) -> bool:
    """Whether values can name blocks."""
    return not values.dtype.is_nested() and values.dtype not in (pl.Binary, pl.Object)


def _kind(values: pl.Series) -> str | None:
    if values.dtype.is_numeric():
        return "numeric"
    if values.dtype in (pl.String, pl.Boolean, pl.Categorical, pl.List(pl.String)) or values.dtype == pl.Enum:
        return "categorical"
    return None


def _column(column: str, left: pl.DataFrame, right: pl.DataFrame, by: str | None) -> list[tuple[str, Finding | None]]:
    if column not in left.columns or column not in right.columns:
        return [("schema", Finding("schema", 1.0, 0.0, 1.0))]
    kind, other = _kind(left[column]), _kind(right[column])
    sides = [_values(side, column, by) for side in (left, right)]
    there = [1 - one["value"].null_count() / one.height for one in sides]
    changed = kind != other or (kind is None and left.schema[column] != right.schema[column])
    missing = _missing(sides)
    turned = min(there) == 0 < max(there)
    # all or nothing among a handful of rows may be chance: then p is that of the missing values
    p = 0.0 if changed else missing.p_value if turned else 1.0
    effect = 1.0 if changed else max(there) if turned else 0.0
    found: list[tuple[str, Finding | None]] = [("schema", Finding("schema", float(changed or turned), p, effect))]
    found.append(("missing", missing))
    if changed or kind is None:
        return found
    tests = ("mann_whitney", "ks", "psi", "chi_squared") if kind == "numeric" else ("psi", "chi_squared")
    values = [one.drop_nulls("value") for one in sides]
    if values[0].is_empty() or values[1].is_empty():
        return found + [(test, None) for test in tests]
    return found + [(one.test, one) for one in _compare(kind, values)]


def _values(frame: pl.DataFrame, column: str, by: str | None) -> pl.DataFrame:
    """value and block of each row; lists exploded (an empty one is a null), numbers as floats, all finite."""
    block = pl.col(by).cast(pl.String).fill_null("") if by else pl.int_range(pl.len()).cast(pl.String)
    rows = frame.select(pl.col(column).alias("value"), block.alias("block"))
    if isinstance(rows.schema["value"], pl.List):
        rows = rows.explode("value", empty_as_null=True)
    if rows.schema["value"].is_numeric():
        number = pl.col("value").cast(pl.Float64)
        return rows.with_columns(value=pl.when(number.is_finite()).then(number))
    return rows if _kind(rows["value"]) is None else rows.with_columns(pl.col("value").cast(pl.String))


def _missing(sides: Sequence[pl.DataFrame]) -> Finding:
    tables = [_table(one.select("block", bin=pl.col("value").is_not_null().cast(pl.Int64)), 2) for one in sides]
    shares = [float(table[:, 0].sum() / table.sum()) for table in tables]
    if sum(table[:, 0].sum() for table in tables) == 0 or sum(table[:, 1].sum() for table in tables) == 0:
        return Finding("missing", shares[1], 1.0, abs(shares[1] - shares[0]))
    of = block_units(*tables)
    p = quadratic_spread(of).p_value(float((of.share**2 / of.weights).sum()))
    return Finding("missing", shares[1], p, abs(shares[1] - shares[0]))


def _compare(kind: str, values: Sequence[pl.DataFrame]) -> list[Finding]:
    found, tables = [], []
    if kind == "numeric":
        left = values[0]["value"]
        edges = sorted({q for tenth in range(1, 10) if (q := left.quantile(tenth / 10, "linear")) is not None})
        import numpy as np

        for one in values:
            places = np.searchsorted(np.asarray(edges), one["value"].to_numpy(), side="right")
            tables.append(_table(one.select("block", bin=pl.Series(places)), len(edges) + 1))
        found += [_mann_whitney(tables), _ks(tables)]
    else:
        counts = [dict(one["value"].value_counts().iter_rows()) for one in values]
        names, _ = align(counts)
        place = {name: n for n, name in enumerate(names)}
        for one in values:
            bins = one["value"].replace_strict(place, default=len(names) - 1, return_dtype=pl.Int64)
            tables.append(_table(one.select("block", bin=bins), len(names)))
    left, right = _merged(tables)
    sides = left.sum(axis=0).tolist(), right.sum(axis=0).tolist()
    spread = (
        quadratic_spread(block_units(left, right))
        if left.shape[1] > 1
        else independent(1, sum(sides[1]), sum(sides[0]))
    )
    return [*found, psi(*sides, spread), chi_squared(*sides, spread)]


def _table(rows: pl.DataFrame, bins: int) -> Any:
    """Counts (blocks, bins) of rows with block and bin."""
    import numpy as np

    blocks = rows["block"].rank("dense").to_numpy().astype(int) - 1
    table = np.zeros((int(blocks.max()) + 1, bins))
    np.add.at(table, (blocks, rows["bin"].to_numpy()), 1)
    return table


def _merged(tables: Sequence[Any]) -> tuple[Any, Any]:
    """Both tables over bins merged until the smaller side expects LEAST_EXPECTED independent rows in each."""
    totals = [table.sum(axis=0) for table in tables]
    expected = (totals[0] + totals[1]) / (totals[0] + totals[1]).sum() * min(total.sum() for total in totals)
    return settled(expected, tables[0], tables[1], block_units)


def _mann_whitney(tables: Sequence[Any]) -> Finding:
    """By ridits of the baseline's bins, blocks as units."""
    base = tables[0].sum(axis=0)
    ranks, deviation = ridits(base)
    if deviation == 0:
        return Finding("mann_whitney", 0.0, 1.0, 0.0)
    sides = [(table @ ranks, table.sum(axis=1)) for table in tables]
    difference, variance, degrees = block_mean(sides[0], sides[1])
    floor = deviation**2 * sum(1 / table.sum() for table in tables)
    scale = max(variance, floor)
    shift = mean_shift(
        "mann_whitney", difference, deviation, Spread(scale, scale * math.sqrt(2), 1.0, degrees, scale / floor)
    )
    return mann_whitney(base.tolist(), tables[1].sum(axis=0).tolist(), shift)


def _ks(tables: Sequence[Any]) -> Finding:
    rows, degrees = effective_rows(block_units(*tables))
    return ks(tables[0].sum(axis=0).tolist(), tables[1].sum(axis=0).tolist(), rows, degrees)
