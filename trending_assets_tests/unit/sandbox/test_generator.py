"""The generated world: same bytes for a seed, the shapes of the worlds README, and trends that are really there."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from sandbox.generator import default_world, generate
from sandbox.world import WorldError, load_world
from trending_assets_tests.unit.sandbox.conftest import DAYS, LAST_DAY


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_seed_same_bytes(small_world: Path, tmp_path: Path) -> None:
    generate(3, DAYS, LAST_DAY, tmp_path / "again")
    assert _bytes(tmp_path / "again") == _bytes(small_world)
    generate(4, DAYS, LAST_DAY, tmp_path / "other")
    assert _bytes(tmp_path / "other")["documents.parquet"] != _bytes(small_world)["documents.parquet"]


def test_default_world(tmp_path: Path) -> None:
    start = time.monotonic()
    folder = default_world(tmp_path)
    assert time.monotonic() - start < 30
    assert default_world(tmp_path) == folder and [path.name for path in tmp_path.iterdir()] == [folder.name]
    documents = pl.read_parquet(folder / "documents.parquet").with_columns(day=pl.col("published_at").dt.date())
    assert documents["day"].n_unique() == 45 and 120 <= documents.height / 45 <= 190
    assert documents["url"].is_unique().all()
    assert documents.filter(kind="post")["site"].n_unique() == 2 and documents["site"].n_unique() == 10
    assert 0.005 < documents["truth_tmdb_id"].null_count() / documents.height < 0.03
    truth = pl.read_parquet(folder / "truth_trends.parquet")
    assert truth.height == 8
    for row in truth.to_dicts():
        mine = documents.filter(truth_tmdb_id=row["tmdb_id"])
        peak = mine.filter((pl.col("day") - row["peak_day"]).dt.total_days().abs() <= 1)
        days = max(1, min(3, (date(2026, 11, 20) - row["peak_day"]).days + 2))
        calm = mine.filter(pl.col("day") < row["first_day"]).height / (row["first_day"] - date(2026, 10, 7)).days
        assert peak.height / days > 3 * max(calm, 1)
        assert peak["author"].n_unique() > 0.8 * peak.height


@pytest.mark.parametrize(("days", "last"), [(1, date(2026, 11, 20)), (3, date(2024, 3, 1)), (20, date(2025, 12, 31))])
def test_other_spans(tmp_path: Path, days: int, last: date) -> None:
    generate(1, days, last, tmp_path / "w")
    world = load_world(tmp_path / "w")
    assert (world.first_day, world.last_day) == (last - timedelta(days=days - 1), last)


def test_shapes_are_those_of_the_real_worlds(shared: Path, small_world: Path) -> None:
    for world, name in (
        ("spring-2013", "titles"),
        ("spring-2013", "documents"),
        ("spring-2013", "charts"),
        ("winter-2026", "tmdb_lists"),
    ):
        path = shared / "worlds" / world / f"{name}.parquet"
        if not path.exists():
            pytest.skip(f"{path} is absent")
        assert pl.read_parquet_schema(small_world / f"{name}.parquet") == pl.read_parquet_schema(path)


def test_bad_folders_get_one_sentence(tmp_path: Path, small_world: Path) -> None:
    with pytest.raises(WorldError, match=r"does not exist"):
        load_world(tmp_path / "none")
    with pytest.raises(WorldError, match=r"no titles\.parquet"):
        load_world(tmp_path)
    pl.read_parquet(small_world / "titles.parquet").drop("overview", "genres").write_parquet(
        tmp_path / "titles.parquet"
    )
    with pytest.raises(WorldError, match=r"lacks the column\(s\) overview, genres"):
        load_world(tmp_path)
    command = [sys.executable, "-m", "sandbox.server", "--world", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and "titles.parquet" in ended.stderr
