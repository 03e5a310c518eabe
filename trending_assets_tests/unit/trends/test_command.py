"""`trending rank` on files: causal to the byte, clear errors, and Iron Man 3 on its opening weekend."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.trends.command import RANKED, rank_files

FIRST = date(2013, 5, 1)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    names = ["Iron Man 3", "The Great Gatsby", "Silver Linings Playbook", "Jack Reacher"]
    pl.DataFrame({"tmdb_id": [1, 2, 3, 4], "media_type": ["movie"] * 4, "title": names}).write_parquet(
        tmp_path / "titles.parquet"
    )
    rows = [
        (
            f"http://a/{d}-{n}-{k}",
            "a",
            "post",
            f"u{k}",
            datetime(2013, 5, 1 + d, 20, tzinfo=UTC),
            f"I rated {name} 7/10",
        )
        for d in range(12)
        for n, name in enumerate(names)
        for k in range((d * (n + 3) * 7 + n) % 9)
    ]
    schema = ["url", "site", "kind", "author", "published_at", "text"]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(tmp_path / "documents.parquet")
    charts = [
        ("box_office_us", FIRST + timedelta(days=d), 1 + n, name) for d in range(12) for n, name in enumerate(names)
    ]
    pl.DataFrame(charts, schema=["chart", "date", "rank", "title"], orient="row").write_parquet(
        tmp_path / "charts.parquet"
    )
    return tmp_path


def ranked(world: Path, first: date, last: date, charts: bool = True) -> pl.DataFrame:
    rank_files(
        world / "titles.parquet",
        world / "documents.parquet",
        world / "charts.parquet" if charts else None,
        first,
        last,
        world / "out.parquet",
    )
    return pl.read_parquet(world / "out.parquet")


@pytest.mark.parametrize("after", [0, 4, 7, 10])
def test_cutting_the_future_changes_nothing(world: Path, after: int) -> None:
    day = FIRST + timedelta(days=after)
    whole = ranked(world, FIRST, FIRST + timedelta(days=11))
    for name, column in (("documents", pl.col("published_at").dt.date()), ("charts", pl.col("date"))):
        path = world / f"{name}.parquet"
        pl.read_parquet(path).filter(column <= day).write_parquet(path)
    assert whole.filter(pl.col("date") <= day).equals(ranked(world, FIRST, day))
    assert whole.filter(pl.col("date") == day).equals(ranked(world, day, day))


def test_columns_and_days(world: Path) -> None:
    frame = ranked(world, FIRST, FIRST + timedelta(days=1), charts=False)
    assert frame.columns[:4] == ["date", "title_id", "score", "rank"] and frame.columns == list(RANKED)
    assert set(frame["date"]) == {FIRST, FIRST + timedelta(days=1)}
    assert frame.group_by("date").len()["len"].to_list() == [4, 4], "every title of the catalogue"
    silent = ranked(world, date(2012, 1, 1), date(2012, 1, 2), charts=False)
    assert silent.height == 8 and silent["score"].sum() == 0, "nothing was known then"


def test_wrong_input_is_one_sentence(world: Path) -> None:
    with pytest.raises(PermanentFailure, match="last day 2013-05-01 is before the first day 2013-05-02"):
        ranked(world, date(2013, 5, 2), date(2013, 5, 1))
    (world / "charts.parquet").unlink()
    with pytest.raises(PermanentFailure, match="There is no file"):
        ranked(world, FIRST, FIRST)


@pytest.mark.world
@pytest.mark.slow
def test_opening_weekend_cold(shared: Path, tmp_path: Path) -> None:
    """A file that begins on 2013-05-01: Iron Man 3 leads on 05-03 and 05-05."""
    folder = shared / "worlds" / "spring-2013"
    documents = pl.read_parquet(folder / "documents.parquet").filter(pl.col("published_at").dt.date() >= FIRST)
    documents.write_parquet(tmp_path / "documents.parquet")
    out = tmp_path / "rank.parquet"
    days = FIRST, date(2013, 5, 5)
    rank_files(folder / "titles.parquet", tmp_path / "documents.parquet", folder / "charts.parquet", *days, out)
    titles = pl.read_parquet(folder / "titles.parquet").select(
        "imdb_id", title_id=pl.format("{}-{}", "media_type", "tmdb_id")
    )
    first = pl.read_parquet(out).filter(rank=1).join(titles, on="title_id")
    assert dict(
        first.filter(pl.col("date") >= date(2013, 5, 3)).select("date", "imdb_id").iter_rows()
    ) == dict.fromkeys([date(2013, 5, 3), date(2013, 5, 4), date(2013, 5, 5)], "tt1300854")
