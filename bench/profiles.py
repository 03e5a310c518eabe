"""Profiles that are merged beside those of the whole, their size and their speed: `python -m bench.profiles`.

    python -m bench.profiles [--rows 10000000] [--speed-rows 1000000]

Speed is taken in turns in one process, the best of three rounds each: ours (a row of drift/profiles with whylogs' profile in
it), bare whylogs (`why.log` of the same values as a pandas frame, which is made before the clock starts), and Polars computing
the summary alone (count, nulls, least, mean, median, greatest, deviation and bins, or how often each value occurs).
"""

import argparse
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from bench.shared import SHARED, TUNING
from trending_assets.contracts import TABLES
from trending_assets.drift.profiles import MOST_CATEGORIES, merge_rows, profile_column
from trending_assets.drift.sketch import (
    ITEMS,
    MERGED_RANK_ERROR,
    MOST_BYTES,
    _whylogs,
    column_profile,
    merge_profiles,
    read_profile,
)
from trending_assets.drift.watched import WATCHED, Watched

DAYS, ROUNDS, SMALL = 28, 3, 1_000
EDGES = (-2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0)
_SCHEMA = {**TABLES["drift/profiles"].schema, "date": pl.Date()}
_FIRST = date(2026, 1, 1)


def merging() -> None:
    """Days merged beside the whole: real days where they are there, and made ones."""
    print(
        f"\nMerged beside whole ({DAYS} days; ranks may be off by {MERGED_RANK_ERROR:.2%}, read by whylogs' get_quantile ",
        end="",
    )
    print(f"by {MERGED_RANK_ERROR + 2 / ITEMS:.2%})")
    documents = SHARED / "worlds/spring-2013/documents.parquet"
    if documents.is_file():
        first = TUNING[0]
        rows = pl.read_parquet(documents, columns=["published_at", "text", "rating", "rating_max", "site", "language"])
        rows = rows.with_columns(day=pl.col("published_at").dt.date(), rating=pl.col("rating") / pl.col("rating_max"))
        days = [rows.filter(pl.col("day") == first + timedelta(days=n)) for n in range(DAYS)]
        for watched in WATCHED:
            if watched.table == "staging/documents":
                dtype = pl.Float64 if watched.kind == "numeric" else pl.String
                _merge_line(watched, [day.select(x=watched.value.cast(dtype))["x"] for day in days])
    else:
        print(f"  spring-2013 is not at {SHARED}: left out")
    draw = np.random.default_rng(1)
    sizes = draw.integers(2_000, 60_000, DAYS)
    numbers: dict[str, Callable[[int, int], Any]] = {
        "normal, another mean each day": lambda day, n: draw.normal(day / 9, 1, n),
        "Poisson (ties)": lambda _, n: draw.poisson(3, n) * 1.0,
        "Pareto (a long tail)": lambda _, n: draw.pareto(0.7, n),
        "each day above the last": lambda day, n: day + draw.random(n),
    }
    for name, made in numbers.items():
        _merge_line(Watched(name, "made", pl.col("x"), EDGES), [pl.Series(made(d, n)) for d, n in enumerate(sizes)])
    for name, most in ((f"{MOST_CATEGORIES} names", MOST_CATEGORIES), ("200,000 names, folded", 200_000)):
        words = [pl.Series((draw.random(n) ** 4 * most).astype(int)).cast(pl.String) for n in sizes]
        _merge_line(Watched(name, "made", pl.col("x")), words)


def _merge_line(watched: Watched, days: list[pl.Series]) -> None:
    rows = [profile_column(watched, values, _FIRST + timedelta(days=n)) for n, values in enumerate(days)]
    (merged,) = merge_rows(pl.DataFrame(rows, schema=_SCHEMA))
    values = pl.concat(days)
    whole = profile_column(watched, values, _FIRST)
    ours, theirs = (read_profile(row["profile"]).to_summary_dict() for row in (merged, whole))
    exact = all(
        [merged[k] == whole[k] for k in ("count", "nulls", "minimum", "maximum", "bin_counts")]
        + [ours[k] == theirs[k] for k in theirs if k.startswith(("counts/", "types/"))]
    )
    line = f"  {watched.name}: {len(values):,} rows; counts exact: {'yes' if exact else 'no'}"
    if watched.kind == "numeric":
        off = max(abs(merged[k] - whole[k]) / abs(whole[k] or 1.0) for k in ("mean", "stddev"))
        ordered = np.sort(values.drop_nulls().to_numpy())
        ranks, quantiles = _rank_error(merged["profile"], ordered), _quantile_error(merged["profile"], ordered)
        line += f"; mean and deviation off by {off:.0e}; worst rank error {ranks:.3%}, by get_quantile {quantiles:.3%}"
    else:
        same = merged["categories"] == whole["categories"] and merged["category_counts"] == whole["category_counts"]
        line += f"; categories exact: {'yes' if same else 'no'}"
    print(f"{line}; {len(merged['profile']):,} bytes")


def _rank_error(profile: bytes, ordered: Any) -> float:
    points = np.unique(ordered[:: max(1, len(ordered) // 5_000)])
    said = np.array(read_profile(profile).get_metric("distribution").kll.value.get_cdf(points.tolist())[:-1])
    return float(np.max(np.abs(said - np.searchsorted(ordered, points, "left") / len(ordered))))


def _quantile_error(profile: bytes, ordered: Any) -> float:
    sketch, asked = read_profile(profile).get_metric("distribution").kll.value, np.linspace(0.001, 0.999, 999)
    read = np.array([sketch.get_quantile(rank) for rank in asked])
    low, high = (
        np.searchsorted(ordered, read, "left") / len(ordered),
        np.searchsorted(ordered, read, "right") / len(ordered),
    )
    return float(np.max(np.clip(low - asked, 0, None) + np.clip(asked - high, 0, None)))


def _made(rows: int) -> dict[str, pl.Series]:
    """Columns of numbers and strings, a twentieth of them null."""
    draw = np.random.default_rng(2)
    there = pl.Series(draw.random(rows) > 0.05)
    heavy = draw.random(rows) ** 4
    columns = {
        "numbers, all different": pl.Series(draw.normal(size=rows)),
        "numbers, 15 different": pl.Series(draw.poisson(3, rows) * 1.0),
        "strings, 700 different": pl.Series((heavy * 700).astype(int)).cast(pl.String) + ".example",
        "strings, 100,000 different": pl.Series((heavy * 100_000).astype(int)).cast(pl.String) + ".example",
    }
    return {name: _with_nulls(values, there) for name, values in columns.items()}


def _with_nulls(values: pl.Series, there: pl.Series) -> pl.Series:
    return pl.DataFrame({"x": values, "there": there}).select(x=pl.when("there").then("x"))["x"]


def size(rows: int) -> None:
    """Bytes of a column's profile: of the whole, of days merged here, and of days merged by whylogs itself."""
    print(f"\nBytes of a profile of {rows:,} rows (at most {MOST_BYTES:,})")
    columns = _made(rows)
    columns["strings of 200 characters"] = columns.pop("strings, 100,000 different").str.pad_end(200, "é")
    for name, values in columns.items():
        cuts = np.linspace(0, rows, DAYS + 1).astype(int)
        days = [column_profile(values[int(a) : int(b)]) for a, b in pairwise(cuts)]
        theirs = read_profile(days[0])
        for day in days[1:]:
            theirs = theirs.merge(read_profile(day))
        found = len(column_profile(values)), len(merge_profiles(days)), len(theirs.serialize())
        print(f"  {name}: whole {found[0]:,}; {DAYS} days merged {found[1]:,}, by whylogs itself {found[2]:,}")


def speed(rows: int) -> None:
    """Rows a second of each way, in turns."""
    print(f"\nRows a second, {rows:,} rows a column, best of {ROUNDS} in turns")
    columns = _made(rows)
    total = np.zeros(3)
    for name, values in columns.items():
        times = _in_turns(values, 1)
        total += times
        _speed_line(name, rows, times)
    _speed_line("all four together", rows * len(columns), total)
    print(f"Days of {SMALL:,} rows, 50 of them a turn")
    for name in ("numbers, all different", "strings, 700 different"):
        _speed_line(name, SMALL * 50, _in_turns(columns[name].head(SMALL), 50))


def _speed_line(name: str, rows: int, times: Any) -> None:
    ours, theirs, bare = times
    print(
        f"  {name}: ours {rows / ours:,.0f}, whylogs {rows / theirs:,.0f}, Polars' summary {rows / bare:,.0f}: "
        f"ours is {theirs / ours:.1f} x whylogs, {bare / ours:.2f} x Polars"
    )


def _in_turns(values: pl.Series, repeat: int) -> Any:
    """Seconds of ours, whylogs and Polars for so many repeats, the best round of each."""
    import pandas as pd

    whylogs = _whylogs()
    numeric = values.dtype == pl.Float64
    watched = Watched("x", "made", pl.col("x"), EDGES if numeric else ())
    frame = pd.DataFrame({"x": values.to_numpy() if numeric else pd.Series(values.to_list(), dtype=object)})
    alone = values.to_frame("x")
    ways: list[Callable[[], object]] = [
        lambda: profile_column(watched, values, _FIRST),
        lambda: whylogs.log(pandas=frame).view().get_column("x").serialize(),
        lambda: _summary(alone, numeric),
    ]
    times = np.full((ROUNDS, len(ways)), np.inf)
    for turn in range(ROUNDS):
        for place, way in enumerate(ways):
            begin = time.perf_counter()
            for _ in range(repeat):
                way()
            times[turn, place] = time.perf_counter() - begin
    return times.min(axis=0)


def _summary(frame: pl.DataFrame, numeric: bool) -> object:
    """The summary that a row of drift/profiles holds, by Polars and without a profile."""
    x = pl.col("x")
    if not numeric:
        return frame.select(pl.len(), nulls=x.null_count()), frame["x"].value_counts(sort=True)
    shape = (
        pl.len(),
        x.null_count().alias("nulls"),
        x.min().alias("low"),
        x.mean().alias("mean"),
        x.median().alias("mid"),
    )
    bins = pl.lit(pl.Series(EDGES)).search_sorted(x.drop_nulls(), side="right")
    return frame.select(*shape, x.max().alias("high"), x.std().alias("sd")), frame.select(bins.alias("bin"))[
        "bin"
    ].value_counts()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the columns whose bytes are counted")
    parser.add_argument("--speed-rows", type=int, default=1_000_000, help="rows of the columns that are timed")
    asked = parser.parse_args()
    merging()
    size(asked.rows)
    speed(asked.speed_rows)


if __name__ == "__main__":
    main()
