"""A year of made days published by the real publish, and the same rows for Datasette and DuckDB: `python -m bench.serving_year`.

Kept under .trending/bench, in a folder named by what it is made of, and made once; what was interrupted goes on. 365 days of
5,000 titles take 10 GB and about 20 minutes of both cores.
"""

import argparse
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from bench.made_lake import DAY, days_until, publish_made
from bench.made_marts import Made
from trending_assets.lake import open_lake
from trending_assets.serving.container import MAGIC
from trending_assets.serving.history import quarter_of
from trending_assets.serving.pointer import read_pointer
from trending_assets.settings import REPO_ROOT

COLUMNS = ("title_id", "rank", "title", "year", "media_type", "score", "level", "lift", "mentions", "authors", "sites")
"""What Datasette and DuckDB hold of a row: less than our answers carry."""


@dataclass(frozen=True)
class Year:
    """The same made days in every form: our lake (its marts/trends are the day Parquet), one sorted Parquet, SQLite."""

    folder: Path
    days: int
    titles: int

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    @property
    def by_title(self) -> Path:
        return self.folder / "by_title.parquet"

    @property
    def sqlite(self) -> Path:
        return self.folder / "year.db"

    @property
    def made(self) -> Made:
        return Made(self.titles)

    def parquet(self, day: date) -> Path:
        """marts/trends of a day."""
        return self.lake / f"marts/trends/date={day}/data.parquet"


def year(days: int = 365, titles: int = 5000, processes: int = 2) -> Year:
    """The year, made where it is not there yet."""
    parts = json.dumps({"days": days, "titles": titles, "last": DAY.isoformat(), "format": MAGIC.decode()})
    name = f"serving-{days}x{titles}-{hashlib.sha256(parts.encode()).hexdigest()[:8]}"
    one = Year(REPO_ROOT / ".trending/bench" / name, days, titles)
    done = one.folder / "done.json"
    if not done.exists():
        one.folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        _publish(one, processes)
        published = time.monotonic()
        _write_parquet_and_sqlite(one)
        print(f"Made {days} days of {titles:,} titles: {published - started:.0f} s to publish, ", end="")
        print(f"{time.monotonic() - published:.0f} s for Parquet by title and SQLite.")
        done.write_text(parts)
    return one


def _publish(one: Year, processes: int) -> None:
    """A quarter of the history a process, month by month, so that no two rewrite the same file of it."""
    pointer = read_pointer(open_lake(str(one.lake)).store)
    missing = [day for day in days_until(DAY, one.days) if pointer is None or day not in pointer.days]
    quarters = [list(days) for _, days in groupby(missing, key=quarter_of)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_publish_quarter, [one] * len(quarters), quarters))


def _publish_quarter(one: Year, days: list[date]) -> None:
    made, lake = one.made, open_lake(str(one.lake))
    for month, group in groupby(days, key=lambda day: f"{day:%Y-%m}"):
        of_month = list(group)
        for day in of_month:
            lake.write("marts/trends", made.frames(day)["trends"], day)
        publish_made(lake, made, of_month)
        print(f"  {month} is published", flush=True)


def _rows(one: Year) -> Iterator[pl.DataFrame]:
    for day in days_until(DAY, one.days):
        yield pl.read_parquet(one.parquet(day), columns=list(COLUMNS)).select(pl.lit(day).alias("date"), *COLUMNS)


def _write_parquet_and_sqlite(one: Year) -> None:
    one.sqlite.unlink(missing_ok=True)
    pl.concat(list(_rows(one))).sort("title_id", "date").write_parquet(one.by_title, row_group_size=100_000)
    with sqlite3.connect(one.sqlite) as base:
        base.execute(f"create table trends (date, {', '.join(COLUMNS)})")
        for frame in _rows(one):
            marks = ", ".join("?" * (len(COLUMNS) + 1))
            base.executemany(
                f"insert into trends values ({marks})", frame.with_columns(pl.col("date").cast(pl.String)).rows()
            )
        base.execute("create index by_day on trends (date, rank)")
        base.execute("create index by_title on trends (title_id, date)")


def main() -> None:
    """Make the year and say where it lies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--titles", type=int, default=5000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    one = year(options.days, options.titles, options.processes)
    size = sum(path.stat().st_size for path in one.lake.rglob("*.bundle"))
    print(
        f"{one.folder}: {size / 2**30:.2f} GiB of bundles and history, SQLite {one.sqlite.stat().st_size / 2**20:.0f} MiB."
    )


if __name__ == "__main__":
    main()
