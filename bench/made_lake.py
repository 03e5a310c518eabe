"""Lakes of made days, through the real publish."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from bench.made_marts import GRAPH, Made
from trending_assets.lake import Lake, open_lake
from trending_assets.serving.pointer import Pointer
from trending_assets.serving.publish import Marts, inputs_of, publish

IMAGES = "https://image.tmdb.org/t/p"
DAY = date(2026, 11, 20)


def days_until(last: date, count: int) -> list[date]:
    """The `count` days that end with `last`."""
    return [last - timedelta(days=n) for n in reversed(range(count))]


def marts_of(made: Made, days: Sequence[date]) -> Marts:
    """The made tables of some days, with the column `date`."""
    frames = [made.frames(day) for day in days]
    dated = {
        name: pl.concat(
            [one[name].with_columns(pl.lit(day).alias("date")) for one, day in zip(frames, days, strict=True)]
        )
        for name in frames[0]
    }
    return Marts(**dated)


def publish_made(lake: Lake, made: Made, days: Sequence[date]) -> Pointer:
    """Publish made days and give the new pointer."""
    pointer, _ = publish(lake, inputs_of(lake, days, marts_of(made, days), GRAPH), IMAGES)
    return pointer


def made_lake(folder: Path, days: Sequence[date], titles: int = 60, documents: int = 200) -> Lake:
    """A lake in a folder with made days published."""
    lake = open_lake(str(folder))
    publish_made(lake, Made(titles, documents), days)
    return lake
