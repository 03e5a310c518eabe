"""features/title_day: equal to a plain oracle, one day at a time, and blind to what comes after."""

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import HALF_LIVES, TABLES, validate
from trending_assets.features.files import of_voices
from trending_assets.features.title_day import title_days
from trending_assets_tests.unit.features.people import day, random_past

DAYS = 45
TITLES = [f"movie-{n}" for n in range(14)]


def catalogue(*days: date) -> pl.DataFrame:
    rows = [
        {"date": d, "title_id": t, "media_type": "movie", "year": 2013, "release_date": day(20 + n)}
        | {"popularity": None if n == 3 else float(n) * (d - day(0)).days}
        for d in days
        for n, t in enumerate(TITLES)
    ]
    return pl.DataFrame(rows, schema={"date": pl.Date, **TABLES["staging/titles"].schema}, strict=False)


def signals(seed: int) -> pl.DataFrame:
    """Signals of DAYS days with charts, lists and sentiment drawn at random over them."""
    rng = np.random.default_rng(seed)
    frame = of_voices(catalogue(day(0)).drop("date"), random_past(seed, DAYS), [day(n) for n in range(DAYS)]).signals
    n = frame.height
    drawn = {
        "chart_rank": np.where(rng.random(n) < 0.4, rng.integers(1, 20, n), np.nan),
        "chart_share": np.where(rng.random(n) < 0.4, rng.random(n), np.nan),
        "list_rank": np.where(rng.random(n) < 0.5, rng.integers(1, 20, n), np.nan),
        "sentiment": np.where(rng.random(n) < 0.7, rng.uniform(-1, 1, n), np.nan),
    }
    schema = TABLES["features/title_signals"].schema
    return frame.with_columns(pl.Series(k, v).fill_nan(None).cast(schema[k]) for k, v in drawn.items())


def oracle(frame: pl.DataFrame, title_id: str, today: date) -> dict[str, Any]:
    """The columns that look back, in plain Python."""
    rows = [row for row in frame.to_dicts() if 0 <= (today - row["date"]).days < 28]
    for row in rows:
        row["age"] = (today - row["date"]).days
    known = sorted({row["age"] for row in rows if row["mentions"] > 0})
    total = {a: sum(row["voices"] for row in rows if row["age"] == a) for a in range(28)}
    mean = sum(total[a] for a in known) / len(known) if known else 0.0
    volume = {a: (total[a] + 50) / (mean + 50) for a in range(28)}
    own = {row["age"]: row for row in rows if row["title_id"] == title_id}

    def value(age: int, column: str) -> Any:
        return own[age][column] if age in own else None

    def ewma(half_life: float, since: int = 0) -> float | None:
        ages = [a for a in known if a >= since]
        weights = [0.5 ** ((a - since) / half_life) for a in ages]
        said = [(value(a, "voices") or 0) / volume[a] for a in ages]
        return sum(w * v for w, v in zip(weights, said, strict=True)) / sum(weights) if ages else None

    def felt(column: str, first: int, last: int) -> float | None:
        pairs = [(own[a]["authors"], own[a][column]) for a in own if first <= a <= last and own[a][column] is not None]
        weight = sum(w for w, _ in pairs)
        return sum(w * v for w, v in pairs) / weight if weight else None

    def less(one: Any, other: Any) -> Any:
        return None if one is None or other is None else one - other

    ages = [a for a in own if own[a]["mentions"] > 0]
    editions = [row["age"] for row in rows if row["age"] >= 7 and row["chart_rank"] is not None]
    level = ewma(1.0) or 0.0
    before = ewma(7.0, 1)
    before = level if before is None else before
    return {
        "voices_lag1": (value(1, "voices") or 0.0) if 1 in known else None,
        "voices_7d": sum(own[a]["voices"] for a in own if a < 7),
        "voices_28d": sum(own[a]["voices"] for a in own),
        **{f"voices_ewma_{name}": ewma(h) or 0.0 for name, h in HALF_LIVES.items()},
        "voices_before": before,
        "lift": (level + 1) / (before + 1),
        "days_since_mention": min(ages, default=None),
        "first_seen": today - timedelta(days=max(ages)) if ages else None,
        "active_days": len(ages),
        "sites_7d": len({s["site"] for a in own if a < 7 for s in own[a]["by_site"]}),
        "authors_7d": sum(own[a]["authors"] for a in own if a < 7),
        "sentiment_7d": felt("sentiment", 0, 6),
        "sentiment_change": less(felt("sentiment", 0, 6), felt("sentiment", 7, 27)),
        "rating_7d": felt("rating", 0, 6),
        "chart_rank_change_7d": less(value(min(editions), "chart_rank"), value(0, "chart_rank")) if editions else None,
        "chart_share_change_7d": less(value(0, "chart_share"), value(min(editions), "chart_share"))
        if editions
        else None,
        "list_rank_change_1d": less(value(1, "list_rank"), value(0, "list_rank")),
        "list_rank_change_7d": less(value(7, "list_rank"), value(0, "list_rank")),
        "known_days": len(known),
        "volume": volume[0],
    }


@pytest.mark.parametrize("n", [0, 1, 6, 30, 40, 44])
def test_equals_a_plain_oracle(n: int) -> None:
    given, today = signals(3), day(n)
    frame = title_days(given, catalogue(today), [today], catalogue(today - timedelta(days=7)))
    assert validate(frame.drop("date"), TABLES["features/title_day"]) == []
    assert frame["title_id"].to_list() == sorted(TITLES), "titles that nobody ever named have a row too"
    for row in frame.to_dicts():
        for name, value in oracle(given, row["title_id"], today).items():
            if isinstance(value, float):
                assert row[name] == pytest.approx(value, rel=1e-12, abs=1e-12), (row["title_id"], name)
            else:
                assert row[name] == value, (row["title_id"], name)


def test_a_day_alone_in_any_order_and_with_a_future_has_the_same_bytes() -> None:
    given, days = signals(4), [day(n) for n in range(DAYS)]
    whole = title_days(given, catalogue(*days), days)
    for today in days[::6]:
        window = given.filter(pl.col("date").is_between(today - timedelta(days=27), today))
        shuffled = window.sample(fraction=1, shuffle=True, seed=1)
        assert title_days(shuffled, catalogue(today), [today]).equals(whole.filter(date=today))
    changed = given.with_columns(voices=pl.when(pl.col("date") > day(30)).then(99.0).otherwise("voices"))
    past = pl.col("date") <= day(30)
    after = title_days(changed, catalogue(*days), days)
    assert after.filter(past).equals(whole.filter(past)) and not after.equals(whole), "the change is seen on its day"


def test_calendar_popularity_and_titles_outside_the_catalogue() -> None:
    given = signals(5).filter(pl.col("title_id") != "movie-13")
    stranger = given.filter(pl.col("title_id") == "movie-1").with_columns(title_id=pl.lit("tv-77"))
    today = day(30)
    frame = title_days(pl.concat([given, stranger]), catalogue(today), [today], catalogue(day(23)))
    rows = {row["title_id"]: row for row in frame.to_dicts()}
    assert rows["movie-2"]["popularity_change_7d"] == pytest.approx(math.log(30 / 23))
    assert rows["movie-0"]["popularity_change_7d"] is None and rows["movie-3"]["popularity_change_7d"] is None
    assert [rows[f"movie-{n}"]["days_since_release"] for n in (0, 10, 13)] == [10, 0, -3]
    assert (rows["tv-77"]["media_type"], rows["tv-77"]["year"]) == ("tv", None)
    untouched = rows["movie-13"]
    assert (untouched["voices_28d"], untouched["lift"], untouched["days_since_mention"]) == (0.0, 1.0, None)


def test_a_flood_that_counts_for_nothing_moves_no_other_title() -> None:
    """Volume is of voices, not of authors: 10,000 new accounts leave every other title's features as they are."""
    from trending_assets_tests.unit.features.people import accounts, said

    past = random_past(6, DAYS)
    known, days = catalogue(day(0)).drop("date"), [day(n) for n in range(DAYS)]
    flooded = pl.concat([past, said(DAYS - 1, "movie-13", accounts("s0", 10_000, 1000))])
    one, other = (of_voices(known, who, days).title_days([days[-1]]) for who in (past, flooded))
    others = pl.col("title_id") != "movie-13"
    assert one.filter(others).equals(other.filter(others))
    assert other.filter(~others)["authors"].item() == 10_000


def test_nothing_at_all() -> None:
    empty = signals(1).clear()
    frame = title_days(empty, catalogue(day(3)), [day(3)])
    assert frame.height == len(TITLES) and frame["known_days"].unique().to_list() == [0]
    assert validate(frame.drop("date"), TABLES["features/title_day"]) == []
    assert title_days(empty, catalogue(), []).columns[0] == "date"
