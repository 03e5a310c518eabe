"""Profiles of days, their sum, the report, and the file command."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.drift.command import drift_files
from trending_assets.drift.profiles import baseline_days, category_counts, profile_column, profile_days
from trending_assets.drift.report import report_days
from trending_assets.drift.watched import WATCHED, bin_counts
from trending_assets.failures import PermanentFailure

DAY = date(2026, 2, 11)


def tables(day: date, sentiment: float = 0.2, rows: int = 300, site: str = "a.example") -> dict[str, pl.DataFrame]:
    """The watched tables of one day, in the columns that are watched."""
    draw = np.random.default_rng(day.toordinal())
    scores = {
        "sentiment": np.clip(draw.normal(sentiment, 0.3, rows), -1, 1),
        "enthusiasm": draw.integers(0, 101, rows),
        "genres": [["Drama", "War"] if n % 2 else [] for n in range(rows)],
        "vibe_tags": [["funny"]] * rows,
    }
    documents = {
        "rating": [0.5 if n % 3 else None for n in range(rows)],
        "text": ["x" * int(n) for n in draw.integers(1, 400, rows)],
        "site": [site if n % 2 else "b.example" for n in range(rows)],
        "language": ["en"] * rows,
    }
    predicted = {
        "model": ["xgboost"] * rows,
        "genre": ["Drama", "War"] * (rows // 2),
        "predicted": [True, False] * (rows // 2),
    }
    frames = {
        "scoring/document_scores": pl.DataFrame(scores),
        "staging/documents": pl.DataFrame(documents),
        "genre/predictions": pl.DataFrame(predicted),
        "features/title_signals": pl.DataFrame({"authors": draw.poisson(3, rows), "voices": draw.gamma(3, 1.0, rows)}),
    }
    return {name: frame.with_columns(date=pl.lit(day)) for name, frame in frames.items()}


def days_of(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def _profiles(days: list[date], **changes: float | int | str) -> pl.DataFrame:
    return pl.concat(profile_days(tables(day, **changes), [day]) for day in days)  # type: ignore[arg-type]


def test_a_profile_counts_every_value() -> None:
    found = _profiles([DAY])
    assert validate(conform(found, TABLES["drift/profiles"]), TABLES["drift/profiles"]) == []
    rows = {row["column"]: row for row in found.to_dicts()}
    assert set(rows) == {w.name for w in WATCHED}
    assert (rows["staging/documents.rating"]["count"], rows["staging/documents.rating"]["nulls"]) == (300, 100)
    assert sum(rows["staging/documents.rating"]["bin_counts"]) == 200
    genres = rows["scoring/document_scores.genres"]
    assert dict(zip(genres["categories"], genres["category_counts"], strict=True)) == {"Drama": 150, "War": 150}
    assert genres["nulls"] == 150
    assert rows["genre/predictions.genre"]["categories"] == ["xgboost: Drama"]
    assert rows["scoring/document_scores.sentiment"]["mean"] == pytest.approx(0.2, abs=0.1)


def test_a_day_is_the_same_alone_in_a_range_and_again() -> None:
    days = days_of(DAY, 3)
    together = {name: pl.concat(tables(day)[name] for day in days) for name in tables(DAY)}
    assert profile_days(together, days).equals(_profiles(days))
    assert _profiles(days).equals(_profiles(days))


def test_an_empty_day_has_profiles_of_nothing() -> None:
    empty = {name: frame.clear() for name, frame in tables(DAY).items()}
    found = profile_days(empty, [DAY])
    assert found["count"].sum() == 0
    assert validate(conform(found, TABLES["drift/profiles"]), TABLES["drift/profiles"]) == []
    report = report_days(found, baseline_days(_profiles(days_of(DAY - timedelta(days=3), 3)), [DAY], 14), [DAY])
    assert report["verdict"].unique().to_list() == ["no_baseline"]


def test_bins_hold_their_lower_edge() -> None:
    assert bin_counts(pl.Series([-1.0, 0.0, 0.5, 1.0, None]), (0.0, 1.0)) == [1, 2, 1]
    assert bin_counts(pl.Series([], dtype=pl.Float64), (0.0,)) == [0, 0]


def test_the_rarest_categories_are_folded() -> None:
    assert category_counts(pl.Series(["b", "b", "a", "c"]), most=1) == [("(other)", 2), ("b", 2)]


def test_the_baseline_is_the_sum_of_the_window_and_knows_nothing_of_the_day() -> None:
    days = days_of(DAY - timedelta(days=20), 21)
    past = _profiles(days)
    found = baseline_days(past, [DAY], 14)
    assert validate(conform(found, TABLES["drift/baseline"]), TABLES["drift/baseline"]) == []
    window = past.filter((pl.col("date") < DAY) & (pl.col("date") >= DAY - timedelta(days=14)))
    for row in found.to_dicts():
        same = window.filter(pl.col("column") == row["column"])
        assert (row["days"], row["count"], row["nulls"]) == (14, same["count"].sum(), same["nulls"].sum())
        assert sum(row["bin_counts"]) + sum(row["category_counts"]) == row["count"] - row["nulls"]
    later = past.with_columns(count=pl.when(pl.col("date") >= DAY).then(10**9).otherwise("count"))
    assert baseline_days(later, [DAY], 14).equals(found)
    assert baseline_days(past, [days[0]], 14).is_empty()
    assert pl.concat([baseline_days(past, [d], 14) for d in days]).equals(baseline_days(past, days, 14))


def test_changed_bins_do_not_mix() -> None:
    yesterday = DAY - timedelta(days=1)
    old, new = (
        _profiles([d]).filter(pl.col("column").str.ends_with("rating")) for d in (yesterday - timedelta(1), yesterday)
    )
    old = old.with_columns(bin_edges=pl.lit([0.5]), bin_counts=pl.lit([1, 1]))
    (row,) = baseline_days(pl.concat([old, new]), [DAY], 14).to_dicts()
    assert (row["days"], row["bin_counts"]) == (1, new["bin_counts"][0].to_list())


def test_the_report_finds_the_shift_and_only_it() -> None:
    past = _profiles(days_of(DAY - timedelta(days=14), 14))
    base = baseline_days(past, [DAY], 14)
    quiet = report_days(_profiles([DAY]), base, [DAY])
    assert validate(conform(quiet, TABLES["drift/report"]), TABLES["drift/report"]) == []
    assert quiet["drifted"].sum() == 0
    assert quiet.height == 2 * len(WATCHED)
    moved = report_days(_profiles([DAY], sentiment=-0.1, site="new.example"), base, [DAY])
    assert set(moved.filter("drifted")["column"]) == {"scoring/document_scores.sentiment", "staging/documents.site"}
    first = report_days(_profiles([DAY]), base.clear(), [DAY])
    assert first["verdict"].unique().to_list() == ["no_baseline"]
    assert first["drifted"].null_count() == first.height


def test_profile_column_is_indifferent_to_row_order() -> None:
    values = pl.Series(np.random.default_rng(1).normal(size=3_000))
    assert profile_column(WATCHED[0], values, DAY) == profile_column(WATCHED[0], values.reverse(), DAY)


def test_any_two_files(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)

    def write(name: str, shift: float, tags: list[str]) -> Path:
        frame = pl.DataFrame(
            {
                "number": draw.normal(shift, 1, 800),
                "still": draw.integers(0, 9, 800),
                "flag": [bool(n % 2) for n in range(800)],
                "tags": [tags] * 800,
                "text": [f"w{n % 200}" for n in range(800)],
                "when": [DAY] * 800,
                "none": [None] * 800,
            },
            schema_overrides={"none": pl.Float64},
        )
        frame.write_parquet(tmp_path / name)
        return tmp_path / name

    left, right = write("a.parquet", 0, ["x", "y"]), write("b.parquet", 1, ["x", "z"])
    assert drift_files(left, right, tmp_path / "deep" / "out.parquet") == 12
    found = pl.read_parquet(tmp_path / "deep" / "out.parquet")
    assert found.columns == ["column", "test", "statistic", "p_value", "effect", "drifted"]
    assert set(found.filter("drifted")["column"]) == {"number", "tags"}
    assert found.filter(pl.col("column") == "none")["drifted"].null_count() == 2


def test_files_that_cannot_be_compared_are_said_in_a_sentence(tmp_path: Path) -> None:
    good, other, bare = (tmp_path / f"{n}.parquet" for n in ("good", "other", "bare"))
    pl.DataFrame({"a": [1]}).write_parquet(good)
    pl.DataFrame({"b": [1]}).write_parquet(other)
    pl.DataFrame({"a": []}, schema={"a": pl.Int64}).write_parquet(bare)
    for left, right, complaint in (
        (good, other, "no column in common"),
        (good, bare, "has no rows"),
        (good, tmp_path / "x", "There is no file"),
    ):
        with pytest.raises(PermanentFailure, match=complaint):
            drift_files(left, right, tmp_path / "out.parquet")
