"""A day's features over 100,000 titles in a lake of 365 days: `python -m bench.feature_speed`.

Ours, plain pandas and DuckDB alone read the same files and must give the same numbers. Each runs in a process of its own; the
seconds are those of reading and computing, the memory is the process's peak, libraries included.
"""

import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.linking_speed import _peak as peak
from trending_assets.contracts import TABLES, conform
from trending_assets.features.parameters import CATALOGUE
from trending_assets.features.site_day import site_days
from trending_assets.features.title_day import title_days
from trending_assets.features.title_signals import title_signals
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import HISTORY_DAYS, MOVE_DAYS, PAST_DAYS, days_between

TITLES, DAYS, YOUNG = 100_000, 365, 30
VOICES_A_DAY, ACCOUNTS, SITES = 10_000, 60_000, 60
BEGIN = date(2025, 1, 1)
ROUNDS = 3
WAYS = ("ours", "pandas", "duckdb")
RANKED = "ranked"
"""Ours with trends/trend_scores after it, which has nothing beside it."""


def _day(number: int) -> date:
    """The day that has a history of `number` days, itself included."""
    return BEGIN + timedelta(days=number - 1)


def _filled(table: str, columns: dict[str, object]) -> pl.DataFrame:
    """Rows of a table, with an empty list where a list is asked for and else null."""
    schema = TABLES[table].schema
    rest = [pl.lit([] if dtype == pl.List else None, dtype).alias(n) for n, dtype in schema.items() if n not in columns]
    return conform(pl.DataFrame(columns).with_columns(rest), TABLES[table])


def _voices(rng: np.random.Generator, ids: np.ndarray, likes: np.ndarray) -> pl.DataFrame:
    titles, accounts = rng.choice(TITLES, VOICES_A_DAY, p=likes), rng.integers(0, ACCOUNTS, VOICES_A_DAY)
    site = np.minimum(accounts % 997 % SITES, accounts % 41)
    frame = {
        "title_id": ids[titles],
        "voice_id": [f"site-{s}/{a}" for s, a in zip(site, accounts, strict=True)],
        "site": [f"site-{s}" for s in site],
        "mentions": rng.integers(1, 4, VOICES_A_DAY),
        "posts": np.ones(VOICES_A_DAY, int),
        "reviews": np.zeros(VOICES_A_DAY, int),
        "sentiment": np.where(rng.random(VOICES_A_DAY) < 0.7, rng.uniform(-1, 1, VOICES_A_DAY), np.nan),
        "rating": np.where(rng.random(VOICES_A_DAY) < 0.3, rng.random(VOICES_A_DAY), np.nan),
    }
    made = pl.DataFrame(frame).with_columns(pl.col("sentiment", "rating").fill_nan(None))
    return made.unique(["title_id", "voice_id"], keep="first", maintain_order=True)


def build(lake: Lake) -> None:
    """Write 365 days: voices, charts, lists, signals; the catalogue on the days that are read."""
    rng = np.random.default_rng(7)
    ids = np.array([f"movie-{n + 1}" for n in range(TITLES)])
    likes = 1 / np.arange(1, TITLES + 1) ** 0.9
    likes /= likes.sum()
    facts = {
        "title_id": ids,
        "tmdb_id": np.arange(1, TITLES + 1),
        "media_type": ["movie"] * TITLES,
        "title": ids,
        "original_title": ids,
        "year": rng.integers(1950, 2026, TITLES),
        "release_date": [BEGIN + timedelta(days=int(n)) for n in rng.integers(-9000, 600, TITLES)],
        "has_details": [True] * TITLES,
        "genres": [["Drama", "Action"][: n % 3] for n in range(TITLES)],
        "runtime_minutes": rng.uniform(80, 180, TITLES),
        "original_language": ["en"] * TITLES,
    }
    for number in range(1, DAYS + 1):
        day = _day(number)
        lake.write("features/voices", _voices(rng, ids, likes), day)
        charted = rng.choice(200, 50, replace=False)
        chart = {"chart": ["box_office_us"] * 50, "chart_date": [day] * 50, "rank": np.arange(1, 51)}
        more = {"title": ids[charted], "value": np.sort(rng.gamma(1, 1e6, 50))[::-1], "unit": ["usd"] * 50}
        lake.write("staging/charts", _filled("staging/charts", chart | more | {"days_in_release": charted}), day)
        linked = {"title_id": ids[charted], "confidence": [0.9] * 50, "method": ["exact"] * 50}
        lake.write("linking/chart_entries", _filled("linking/chart_entries", chart | linked), day)
        listed = rng.choice(500, 200, replace=False)
        names = {"title_id": ids[listed], "media_type": ["movie"] * 200, "list": ["popular"] * 200}
        lake.write("staging/lists", _filled("staging/lists", names | {"rank": np.arange(1, 201)}), day)
        if any(0 <= read - number <= PAST_DAYS + HISTORY_DAYS for read in (YOUNG, DAYS)):
            lake.write(
                "staging/titles", _filled("staging/titles", facts | {"popularity": rng.gamma(1, 20, TITLES)}), day
            )
            lake.write("features/title_signals", _signals(lake, day), day)


def _signals(lake: Lake, day: date) -> pl.DataFrame:
    voices = lake.read("features/voices", days_between(day - timedelta(days=PAST_DAYS), day), missing="skip")
    charts, entries, lists = (
        lake.read(name, [day]) for name in ("staging/charts", "linking/chart_entries", "staging/lists")
    )
    titles = lake.read("staging/titles", [day], CATALOGUE)
    return title_signals(voices, site_days(voices, [day]), charts, entries, lists, titles, [day])


def ours(lake: Lake, day: date) -> pl.DataFrame:
    """Today's signals from the voices of 29 days, and title_day from the signals of 28."""
    earlier = days_between(day - timedelta(days=HISTORY_DAYS - 1), day - timedelta(days=1))
    signals = pl.concat(
        [lake.read("features/title_signals", earlier, missing="skip"), _signals(lake, day)], how="diagonal"
    )
    before = lake.read("staging/titles", [day - timedelta(days=MOVE_DAYS)], CATALOGUE, "skip")
    return title_days(signals, lake.read("staging/titles", [day], CATALOGUE), [day], before)


def timed(way: str, folder: str, number: str) -> None:
    """Make the day one way; print seconds and MiB, and keep the rows for the comparison."""
    lake, day = open_lake(folder), _day(int(number))
    if way in ("ours", RANKED):
        from trending_assets.trends.rank import rank_days

        begin = time.perf_counter()
        frame = ours(lake, day)
        if way == RANKED:
            frame = rank_days(frame, [day], None, lake.read("features/site_day", [day], missing="skip"))
    elif way == "pandas":
        from bench import feature_pandas

        begin = time.perf_counter()
        frame = feature_pandas.title_day(Path(folder), day)  # type: ignore[assignment]
    else:
        from bench import feature_duckdb

        begin = time.perf_counter()
        frame = feature_duckdb.title_day(Path(folder), day)  # type: ignore[assignment]
    print(time.perf_counter() - begin, peak())
    kept = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    kept.write_parquet(Path(folder) / f"{way}.parquet")


def difference(one: pl.DataFrame, other: pl.DataFrame) -> float:
    """Largest difference over the columns that both have, 1 where one has a value and the other none or another word."""
    schema = {n: d for n, d in TABLES["features/title_day"].schema.items() if n in other.columns and d != pl.List}
    left, right = (f.sort("title_id").select(pl.col(n).cast(d) for n, d in schema.items()) for f in (one, other))
    right = right.with_columns(pl.selectors.float().fill_nan(None))
    worst = 0.0 if left["title_id"].equals(right["title_id"]) else 1.0
    for name, dtype in schema.items():
        a, b = left[name], right[name]
        if not a.is_null().equals(b.is_null()):
            worst = 1.0
        elif dtype in (pl.String, pl.Date):
            worst = max(worst, 0.0 if a.equals(b) else 1.0)
        else:
            worst = max(worst, float(((a - b).abs() / b.abs().clip(lower_bound=1)).max() or 0.0))  # type: ignore[arg-type]
    return worst


def _run(way: str, folder: str, number: int) -> tuple[float, float]:
    """Seconds and MiB, the best of ROUNDS processes."""
    command = [sys.executable, "-m", "bench.feature_speed", way, folder, str(number)]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(ROUNDS)]
    return min(float(run[0]) for run in runs), min(float(run[1]) for run in runs)


def main() -> None:
    """Print seconds, memory and what growth costs."""
    with tempfile.TemporaryDirectory() as folder:
        lake = open_lake(folder)
        build(lake)
        read = pl.concat(pl.scan_parquet(p) for p in Path(folder).glob("features/voices/*/*.parquet"))
        rows = read.select(pl.len()).collect().item()
        print(f"{TITLES:,} titles, {DAYS} days, {rows:,} voices in the lake; day {DAYS}, best of {ROUNDS}:")
        for way in WAYS:
            seconds, memory = _run(way, folder, DAYS)
            apart = difference(pl.read_parquet(f"{folder}/ours.parquet"), pl.read_parquet(f"{folder}/{way}.parquet"))
            columns = len(pl.read_parquet_schema(f"{folder}/{way}.parquet"))
            print(
                f"  {way:<8} {seconds:>6.2f} s   peak {memory:>6,.0f} MiB   {columns} columns, apart {apart:.1e}",
                flush=True,
            )
        seconds, memory = _run(RANKED, folder, DAYS)
        print(f"  ours with the ranking of all titles {seconds:.2f} s, peak {memory:,.0f} MiB")
        turns = [(_run("ours", folder, DAYS)[0], _run("ours", folder, YOUNG)[0]) for _ in range(ROUNDS)]
        old, young = (min(column) for column in zip(*turns, strict=True))
        print(f"  day {DAYS} costs {old / young:.2f} of day {YOUNG} (best of {ROUNDS * ROUNDS} each, in turns)")


if __name__ == "__main__":
    timed(*sys.argv[1:]) if len(sys.argv) > 1 else main()
