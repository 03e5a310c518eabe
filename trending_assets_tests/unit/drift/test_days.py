"""Profiles of days, and their sum."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.drift.profiles import baseline_days, category_counts, profile_column, profile_days
from trending_assets.drift.report import report_days
from trending_assets.drift.watched import WATCHED, bin_counts
from trending_assets_tests.unit.drift.made_days import DAY, days_of, tables

NO_QUALITY = pl.DataFrame(schema={**TABLES["drift/quality"].schema, "date": pl.Date()})


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
    past = _profiles(days_of(DAY - timedelta(days=3), 3))
    report = report_days(pl.concat([past, found]), baseline_days(past, [DAY], 14), NO_QUALITY, [DAY])
    assert report["verdict"].unique().to_list() == ["no_baseline"]
    assert report.height == len(WATCHED)


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


def test_profile_column_is_indifferent_to_row_order() -> None:
    values = pl.Series(np.random.default_rng(1).normal(size=3_000))
    assert profile_column(WATCHED[0], values, DAY) == profile_column(WATCHED[0], values.reverse(), DAY)
