"""Features from files: a day alone, in a range, cut after the day or in another order of rows is the same to the bit."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.features.files import FileFeatures, features_of_files

START = date(2013, 3, 1)
DAYS = 75
NAMES = ["Iron Man 3", "The Great Gatsby", "Silver Linings Playbook", "Jack Reacher", "Cloud Atlas"]
D = START + timedelta(days=62)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Posts of two sites about four of five titles; some accounts come back after weeks. A chart every third day."""
    folder = tmp_path_factory.mktemp("world")
    rows = [
        (
            f"http://{site}/{d}-{n}-{k}",
            site,
            "post",
            f"once-{d}-{n}-{k}" if k % 3 == 1 else f"u{(d * 7 + k * k + n) % 45}",
            datetime(2013, 3, 1, 20, tzinfo=UTC) + timedelta(days=d),
            f"I rated {name} 7/10",
            float(k),
            10.0,
        )
        for d in range(DAYS)
        for n, name in enumerate(NAMES[:4])
        for k in range((d * (n + 3) * 7 + n) % 9)
        for site in ["a"] + ["b"] * (k % 4 == 0)
    ]
    schema = ["url", "site", "kind", "author", "published_at", "text", "rating", "rating_max"]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "documents.parquet")
    titles = {"tmdb_id": range(1, 6), "media_type": ["movie"] * 5, "title": NAMES, "release_date": ["2013-04-25"] * 5}
    pl.DataFrame(titles).write_parquet(folder / "titles.parquet")
    charts = [
        ("box_office_us", START + timedelta(days=d), 1 + (n + d) % 4, NAMES[n], 100.0 * (4 - (n + d) % 4), "usd", d)
        for d in range(0, DAYS, 3)
        for n in range(4)
    ]
    schema = ["chart", "date", "rank", "title", "value", "unit", "days_in_release"]
    pl.DataFrame(charts, schema=schema, orient="row").write_parquet(folder / "charts.parquet")
    return folder


def made(folder: Path, first: date, last: date) -> FileFeatures:
    titles, documents, charts = (folder / f"{name}.parquet" for name in ("titles", "documents", "charts"))
    return features_of_files(titles, documents, charts, first, last)


def tables_of(features: FileFeatures, day: date) -> dict[str, pl.DataFrame]:
    frames = {"site_day": features.sites, "title_signals": features.signals, "title_day": features.title_days([day])}
    return {f"features/{name}": frame.filter(date=day).drop("date") for name, frame in frames.items()}


def test_a_day_alone_and_in_a_range(world: Path) -> None:
    alone, ranged = made(world, D, D), made(world, D - timedelta(days=20), D + timedelta(days=12))
    for name, frame in tables_of(alone, D).items():
        assert frame.height and validate(frame, TABLES[name]) == []
        assert frame.equals(tables_of(ranged, D)[name]), name
    window = pl.col("date").is_between(D - timedelta(days=27), D)
    assert alone.signals.filter(window).equals(ranged.signals.filter(window)), "the oldest day knows its own past"
    row = tables_of(alone, D)["features/title_day"].filter(title_id="movie-1").row(0, named=True)
    assert row["chart_share"] is not None and row["chart_rank_change_7d"] is not None and row["chart_days"] == 60
    known = alone.signals.filter(date=D).select(pl.sum("authors"), pl.sum("known_authors"))
    assert 0 < known["known_authors"].item() < known["authors"].item()
    assert tables_of(alone, D)["features/title_day"]["title_id"].to_list() == [f"movie-{n}" for n in range(1, 6)]


def test_what_comes_after_and_the_order_of_rows_change_nothing(world: Path, tmp_path: Path) -> None:
    whole = tables_of(made(world, D, D + timedelta(days=5)), D)
    for name, at in (("documents", pl.col("published_at").dt.date()), ("charts", pl.col("date"))):
        kept = pl.read_parquet(world / f"{name}.parquet").filter(at <= D)
        kept.sample(fraction=1, shuffle=True, seed=5).write_parquet(tmp_path / f"{name}.parquet")
    pl.read_parquet(world / "titles.parquet").reverse().write_parquet(tmp_path / "titles.parquet")
    cut = tables_of(made(tmp_path, D, D + timedelta(days=5)), D)
    for name, frame in whole.items():
        assert frame.equals(cut[name]), name
