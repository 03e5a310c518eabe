"""The as-of join: what was known when, equal to a naive loop, whatever the order of the rows."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bench.as_of import made_day, made_history, made_queries, oracle
from trending_assets.contracts import TIME, Dtype
from trending_assets.failures import PermanentFailure
from trending_assets.features.store.as_of import (
    AS_OF,
    CREATED,
    DAYS_AT_ONCE,
    EVENT,
    TITLE,
    TITLE_DAY,
    event_time,
    features_as_of,
)
from trending_assets.lake import Lake

D1 = date(2013, 5, 1)
T0 = datetime(2013, 5, 2, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
SCHEMA: dict[str, Dtype] = {
    TITLE: pl.String,
    EVENT: TIME,
    CREATED: TIME,
    "n": pl.Int32,
    "text": pl.String,
    "tags": pl.List(pl.String),
}
DAYS = DAYS_AT_ONCE + 5


def history(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def asked(*moments: datetime, title: str = "movie-1") -> pl.DataFrame:
    return pl.DataFrame({TITLE: [title] * len(moments), AS_OF: moments}, schema={TITLE: pl.String, AS_OF: TIME})


def answers(rows: pl.DataFrame, *moments: datetime) -> list[int | None]:
    return features_as_of(rows, asked(*moments))["n"].to_list()


moments = st.integers(0, 6).map(lambda hours: T0 + timedelta(hours=hours))
texts = st.lists(st.sampled_from(["a", "b", "ab", ""]), max_size=2)
versions = st.tuples(
    st.sampled_from(["movie-1", "movie-2"]),
    moments,
    st.none() | moments,
    st.none() | st.integers(0, 2),
    st.none() | st.sampled_from(["x", "y", "é", ""]),
    st.none() | texts,
)
questions = st.tuples(st.sampled_from(["movie-1", "movie-2", "movie-3"]), moments)


@settings(max_examples=150, deadline=None)
@given(st.lists(versions, max_size=25), st.lists(questions, max_size=25), st.randoms(use_true_random=False))
def test_equal_to_a_naive_loop_in_any_order(
    rows: list[tuple[Any, ...]], wanted: list[tuple[str, datetime]], rng: random.Random
) -> None:
    queries = pl.DataFrame(wanted, schema={TITLE: pl.String, AS_OF: TIME}, orient="row")
    found = features_as_of(history(*rows), queries)
    assert found.select(TITLE, AS_OF).equals(queries)
    assert found.select("n", "text", "tags").rows() == oracle(history(*rows), queries, ["n", "text", "tags"])
    rng.shuffle(rows)
    assert features_as_of(history(*rows), queries).equals(found)


def test_a_made_history_with_every_kind_of_row() -> None:
    rng = random.Random(7)
    rows = made_history(20, 40, rng)
    queries = made_queries(rows, 2_000, rng)
    features = [name for name in rows.columns if name not in (TITLE, EVENT, CREATED)]
    right = oracle(rows, queries, features)
    assert features_as_of(rows, queries).select(features).rows() == right
    # The same loop without creation times gives other answers: the history tells the two apart.
    assert oracle(rows.drop(CREATED), queries, features) != right


def test_one_column_alone_is_of_the_same_row() -> None:
    rows = history(
        ("movie-1", T0, None, 1, "y", []), ("movie-1", T0, None, 2, "x", []), ("movie-1", T0, None, None, "z", [])
    )
    whole = features_as_of(rows, asked(T0))
    assert whole.select("n", "text").rows() == [(2, "x")]
    assert features_as_of(rows, asked(T0), ["text"])["text"].to_list() == ["x"]


def test_the_very_instant_counts_and_the_microsecond_before_does_not() -> None:
    rows = history(("movie-1", T0, None, 1, None, None))
    assert answers(rows, T0 - MICRO, T0, T0 + MICRO) == [None, 1, 1]


def test_a_late_row_is_unknown_until_it_was_written() -> None:
    later = T0 + timedelta(days=5)
    rows = history(
        ("movie-1", T0, None, 1, None, None),
        ("movie-1", T0 + timedelta(days=1), later, 2, None, None),
    )
    assert answers(rows, later - MICRO, later) == [1, 2]


def test_a_correction_takes_the_place_of_its_row_from_then_on() -> None:
    later = T0 + timedelta(days=5)
    rows = history(("movie-1", T0, later, 2, None, None), ("movie-1", T0, T0, 9, None, None))
    assert answers(rows, T0, later - MICRO, later) == [9, 9, 2]


def test_a_backfilled_old_row_does_not_hide_a_newer_one() -> None:
    newer = T0 + timedelta(days=1)
    rows = history(("movie-1", newer, None, 1, None, None), ("movie-1", T0, T0 + timedelta(days=9), 2, None, None))
    assert answers(rows, T0 + timedelta(days=30)) == [1]


def test_other_time_zones_mean_the_same_instants() -> None:
    rows = history(("movie-1", T0, None, 1, None, None))
    there = asked(T0 - MICRO, T0).with_columns(pl.col(AS_OF).dt.convert_time_zone("America/New_York"))
    found = features_as_of(rows.with_columns(pl.col(EVENT).dt.convert_time_zone("Asia/Tokyo")), there)
    assert found["n"].to_list() == [None, 1]
    assert found[AS_OF].equals(there[AS_OF])


@pytest.mark.parametrize(
    ("queries", "columns", "sentence"),
    [
        (asked(T0).drop(AS_OF), None, "lack the column as_of"),
        (asked(T0).with_columns(pl.col(AS_OF).dt.replace_time_zone(None)), None, "with a time zone"),
        (asked(T0).with_columns(pl.lit(None, TIME).alias(AS_OF)), None, "empty in 1 questions"),
        (asked(T0).with_columns(n=pl.lit(1)), None, "already have a column n"),
        (asked(T0), ["m"], "has no column m"),
    ],
)
def test_questions_that_cannot_be_answered(queries: pl.DataFrame, columns: list[str] | None, sentence: str) -> None:
    with pytest.raises(PermanentFailure, match=sentence):
        features_as_of(history(("movie-1", T0, None, 1, None, None)), queries, columns)


def test_a_history_without_time_zone_is_refused() -> None:
    rows = history(("movie-1", T0, None, 1, None, None)).with_columns(pl.col(EVENT).dt.replace_time_zone(None))
    with pytest.raises(PermanentFailure, match="event_timestamp has to be moments with a time zone"):
        features_as_of(rows, asked(T0))


@pytest.fixture
def filled(lake: Lake) -> Lake:
    """More days than are read at once; a title in every day, one in the first alone, one in every third."""
    rng = random.Random(3)
    for n in range(DAYS):
        there = ["movie-1", *(["movie-2"] if n == 0 else []), *(["tv-3"] if n % 3 == 0 else [])]
        lake.write(TITLE_DAY, made_day(there, rng), D1 + timedelta(days=n))
    return lake


def of_lake(lake: Lake) -> pl.DataFrame:
    """Every title at every day's end, an instant before and at noon."""
    ends = [event_time(D1 + timedelta(days=n)) for n in range(-1, DAYS + 1)]
    instants = [end + step for end in ends for step in (-MICRO, timedelta(), timedelta(hours=12))]
    titles = ["movie-1", "movie-2", "tv-3", "movie-4"]
    return pl.DataFrame(
        [(title, at) for title in titles for at in instants], schema={TITLE: pl.String, AS_OF: TIME}, orient="row"
    )


def test_over_a_lake_as_over_its_rows(filled: Lake) -> None:
    queries = of_lake(filled)
    found = features_as_of(filled, queries)
    rows = filled.read(TITLE_DAY, filled.days(TITLE_DAY))
    timed = rows.with_columns(pl.Series(EVENT, [event_time(day) for day in rows["date"]], TIME))
    features = [name for name in found.columns if name not in (TITLE, AS_OF, EVENT)]
    assert found.select(features).rows() == oracle(timed, queries, features)
    known = found.filter(pl.col("date").is_not_null())
    assert (known[EVENT] <= known[AS_OF]).all()
    assert known.height > 100
    some = features_as_of(filled, queries, ["authors", "date"])
    assert_frame_equal(some, found.select(some.columns))


def test_what_comes_later_changes_no_byte(filled: Lake) -> None:
    moment = event_time(D1 + timedelta(days=3))
    queries = of_lake(filled).filter(pl.col(AS_OF) <= moment)
    before = features_as_of(filled, queries)
    rng = random.Random(5)
    for n in range(4, DAYS):
        day = D1 + timedelta(days=n)
        if n % 2:
            filled.write(TITLE_DAY, made_day([f"movie-{t}" for t in range(9)], rng), day)
        else:
            filled.store.delete(filled.key(TITLE_DAY, day))
    filled.write(TITLE_DAY, made_day(["movie-1", "movie-4"], rng), D1 + timedelta(days=400))
    after = features_as_of(filled, queries)
    assert before.write_json() == after.write_json()
    # And what came before does change it.
    filled.write(TITLE_DAY, made_day(["movie-1", "movie-4"], rng), D1 + timedelta(days=3))
    assert features_as_of(filled, queries).write_json() != before.write_json()


def test_an_empty_lake_knows_nothing(lake: Lake) -> None:
    found = features_as_of(lake, asked(T0), ["authors"])
    assert found.rows() == [("movie-1", T0, None, None)]
    assert features_as_of(lake, asked()).height == 0
    with pytest.raises(PermanentFailure, match="no column nonsense"):
        features_as_of(lake, asked(T0), ["nonsense"])
