"""`trending drift`: any two Parquet files, column by column."""

from pathlib import Path

import polars as pl

from trending_assets.drift.statistics import align, compare
from trending_assets.drift.watched import bin_counts
from trending_assets.failures import PermanentFailure
from trending_assets.files import read_file, write_file

_SCHEMA = {
    "column": pl.String,
    "test": pl.String,
    "statistic": pl.Float64,
    "p_value": pl.Float64,
    "effect": pl.Float64,
    "drifted": pl.Boolean,
}


def drift_files(baseline: Path, current: Path, out: Path) -> int:
    """Compare the common columns of two Parquet files and write column, test, statistic, p_value, effect, drifted.

    Numbers are binned by the deciles of the baseline; strings, booleans and lists of strings (exploded) are counted, the 50
    most frequent by name. Nulls and NaN are left out; a column without a value on either side gets nulls. Columns of another
    type are not compared. Gives the number of rows. Raises PermanentFailure where a file cannot be read or
    nothing can be compared.
    """
    left, right = _read(baseline), _read(current)
    rows = [
        row
        for column in left.columns
        if column in right.columns and (kind := _kind(left[column])) and kind == _kind(right[column])
        for row in _compare(column, kind, left[column], right[column])
    ]
    if not rows:
        raise PermanentFailure(
            f"{baseline} and {current} have no column in common that is a number, a text, true or false, or a list of texts."
        )
    found = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return write_file(found, out)


def _read(path: Path) -> pl.DataFrame:
    frame = read_file(path)
    if frame.is_empty():
        raise PermanentFailure(f"{path} has no rows, so there is nothing to compare.")
    return frame


def _kind(values: pl.Series) -> str | None:
    if values.dtype.is_numeric():
        return "numeric"
    if values.dtype in (pl.String, pl.Boolean, pl.Categorical, pl.List(pl.String)) or values.dtype == pl.Enum:
        return "categorical"
    return None


def _compare(column: str, kind: str, baseline: pl.Series, current: pl.Series) -> list[tuple[object, ...]]:
    if kind == "numeric":
        left, right = (side.cast(pl.Float64).fill_nan(None).drop_nulls() for side in (baseline, current))
    else:
        left, right = (_texts(side) for side in (baseline, current))
    if left.is_empty() or right.is_empty():
        return [(column, test, None, None, None, None) for test in ("psi", "chi_squared")]
    if kind == "numeric":
        edges = sorted({q for tenth in range(1, 10) if (q := left.quantile(tenth / 10, "linear")) is not None})
        counts = bin_counts(left, edges), bin_counts(right, edges)
    else:
        counts = align(dict(left.value_counts().iter_rows()), dict(right.value_counts().iter_rows()))
    return [(column, f.test, f.statistic, f.p_value, f.effect, f.drifted) for f in compare(*counts)]


def _texts(values: pl.Series) -> pl.Series:
    exploded = values.explode(empty_as_null=False) if isinstance(values.dtype, pl.List) else values
    return exploded.cast(pl.String).drop_nulls()
