"""Training and serving through Feast: one definition, nothing from the future, the newest row online."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bench.as_of import made_day, made_history, made_lake, made_queries, oracle, plain, stock_store, through_feast
from trending_assets.contracts import TABLES, TIME, Column
from trending_assets.failures import PermanentFailure
from trending_assets.features.store.as_of import AS_OF, CREATED, EVENT, TITLE, TITLE_DAY, event_time, features_as_of
from trending_assets.features.store.push import Pushed, differences, opened, push, read, write
from trending_assets.features.store.views import definition, feature_columns, feature_store, store_over
from trending_assets.lake import Lake, open_lake

DAYS = [date(2013, 5, n) for n in range(1, 6)]
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def fill(lake: Lake, day: date, *titles: str, seed: int = 0) -> None:
    lake.write(TITLE_DAY, made_day(titles, random.Random(f"{seed} {day}")), day)


def at(moment: datetime, *titles: str) -> pl.DataFrame:
    return pl.DataFrame({TITLE: titles, AS_OF: [moment] * len(titles)}, schema={TITLE: pl.String, AS_OF: TIME})


def served(lake: Lake, *titles: str) -> list[date | None]:
    return read(feature_store(lake), titles)["date"].to_list()


def assert_serving_equals_training(lake: Lake, *titles: str) -> None:
    online = read(feature_store(lake), titles)
    assert_frame_equal(online, features_as_of(lake, at(FAR, *titles)).select(online.columns))


# One definition


def test_every_column_of_the_contract_is_a_feature(lake: Lake) -> None:
    view = feature_store(lake).get_feature_view("title_day")
    fields = {field.name: str(field.dtype) for field in view.features}
    columns = TABLES[TITLE_DAY].columns
    structs = {c.name for c in columns if isinstance(c.dtype, pl.List) and isinstance(c.dtype.inner, pl.Struct)}
    assert set(fields) == {"date", *(c.name for c in columns)} - {TITLE} - structs
    assert fields["authors"] == "Int32"
    assert fields["popularity"] == "Float64"
    assert fields["date"] == "UnixTimestamp"
    assert fields["lists"] == "Array(String)"


@pytest.fixture
def more_columns() -> Iterator[None]:
    """The contract with columns of kinds that it may come to have."""
    table = TABLES[TITLE_DAY]
    more = (
        Column("made_first_seen", pl.Date, "", nullable=True),
        Column("made_count", pl.Int64, "", nullable=True),
        Column("made_flag", pl.Boolean, "", nullable=True),
        Column("made_word", pl.String, "", nullable=True),
        Column("made_sites", pl.List(pl.Struct({"site": pl.String, "authors": pl.Int32})), ""),
    )
    TABLES[TITLE_DAY] = replace(table, columns=(*table.columns, *more))
    yield
    TABLES[TITLE_DAY] = table


def test_a_new_column_comes_by_itself_and_old_rows_lack_it(lake: Lake, more_columns: None) -> None:
    whole = TABLES[TITLE_DAY]
    old = replace(whole, columns=tuple(c for c in whole.columns if not c.name.startswith("made_")))
    TABLES[TITLE_DAY] = old
    before = definition()
    fill(lake, DAYS[0], "movie-1", "movie-2")
    push(lake, DAYS[:1])
    TABLES[TITLE_DAY] = whole
    assert definition() != before
    assert "made_sites" not in feature_columns()
    assert read(feature_store(lake), ["movie-1"])["made_count"].to_list() == [None]
    fill(lake, DAYS[1], *(f"movie-{n}" for n in range(60)))
    push(lake, [DAYS[1]])
    titles = [f"movie-{n}" for n in range(60)]
    assert_serving_equals_training(lake, *titles)
    kept = read(feature_store(lake), titles)
    for name in ("made_first_seen", "made_count", "made_flag", "made_word"):
        assert 0 < kept[name].null_count() < 60, name


def test_whole_numbers_are_exact_beside_a_missing_one(lake: Lake, more_columns: None) -> None:
    big = 2**53 + 1
    day = made_day(["movie-1", "movie-2"], random.Random(1)).with_columns(
        made_count=pl.Series([big, None], dtype=pl.Int64)
    )
    lake.write(TITLE_DAY, day, DAYS[0])
    push(lake, DAYS[:1])
    assert read(feature_store(lake), ["movie-1", "movie-2"])["made_count"].to_list() == [big, None]


def test_every_number_and_text_comes_back_exactly(lake: Lake, more_columns: None) -> None:
    numbers = [0.1, 1e-300, -1.7976931348623157e308, 5e-324, 1e22, 2 / 3, -0.0, None]
    words = ['"', "\\", "a\nb", "é漢🎬", "", "null", "{}", None]
    titles = [f"movie-{n}" for n in range(8)]
    day = made_day(titles, random.Random(1)).with_columns(popularity=pl.Series(numbers), made_word=pl.Series(words))
    lake.write(TITLE_DAY, day, DAYS[0])
    push(lake, DAYS[:1])
    online = read(feature_store(lake), titles)
    assert [repr(n) for n in online["popularity"]] == [repr(n) for n in numbers]
    assert online["made_word"].to_list() == words


def test_days_long_ago_come_back_as_they_were(lake: Lake, more_columns: None) -> None:
    days = [date(1902, 9, 1), None, date(1969, 12, 31), date(1970, 1, 1)]
    titles = [f"movie-{n}" for n in range(4)]
    lake.write(TITLE_DAY, made_day(titles, random.Random(1)).with_columns(made_first_seen=pl.Series(days)), DAYS[0])
    push(lake, DAYS[:1])
    assert read(feature_store(lake), titles)["made_first_seen"].to_list() == days
    assert_serving_equals_training(lake, *titles)


# Offline


def test_feast_answers_as_a_naive_loop(tmp_path: Path) -> None:
    rng = random.Random(11)
    rows = made_history(15, 30, rng)
    queries = made_queries(rows, 1_500, rng)
    rows.write_parquet(tmp_path / "history.parquet")
    store = store_over(str(tmp_path / "history.parquet"), tmp_path / "store")
    features = list(feature_columns())
    for options in ({}, {"filter_by_created_timestamp": True}):
        found = through_feast(store, queries, features, **options)
        assert plain(found, features) == oracle(rows, queries, features)


def test_feasts_own_store_leaks_what_was_written_later_and_ours_does_not(tmp_path: Path) -> None:
    """4 May's value was corrected on 9 May: whoever asks on 5 May must not see the correction."""
    event, asked, written = (datetime(2013, 5, n, tzinfo=UTC) for n in (4, 5, 9))
    day = made_day(["movie-1", "movie-1"], random.Random(1)).with_columns(authors=pl.Series([3, 777], dtype=pl.Int32))
    times = pl.DataFrame({EVENT: [event] * 2, CREATED: [event, written]}, schema={EVENT: TIME, CREATED: TIME})
    rows = pl.concat([day, times.with_columns(date=pl.lit(date(2013, 5, 3)))], how="horizontal")
    rows.write_parquet(tmp_path / "history.parquet")
    queries = at(asked, "movie-1")
    stock = stock_store(tmp_path / "history.parquet", tmp_path)
    assert through_feast(stock, queries, ["authors"])["authors"].to_list() == [777]
    ours = store_over(str(tmp_path / "history.parquet"), tmp_path / "ours")
    assert through_feast(ours, queries, ["authors"])["authors"].to_list() == [3]
    assert through_feast(ours, at(written, "movie-1"), ["authors"])["authors"].to_list() == [777]


def test_training_frames_keep_their_rows_order_and_labels(lake: Lake) -> None:
    for day in DAYS:
        fill(lake, day, "movie-1", "movie-2")
    ends = [event_time(DAYS[3]), event_time(DAYS[0]), event_time(DAYS[3]), event_time(DAYS[0]) - timedelta(seconds=1)]
    entities = pd.DataFrame({"label": [4, 3, 2, 1], TITLE: ["movie-2", "movie-1", "movie-2", "movie-1"], EVENT: ends})
    store = feature_store(lake)
    found = store.get_historical_features(
        entities, store.get_feature_service("title_day"), full_feature_names=True
    ).to_df()
    assert found["label"].to_list() == [4, 3, 2, 1]
    days = [None if pd.isna(at) else at.date() for at in found["title_day__date"]]
    assert days == [DAYS[3], DAYS[0], DAYS[3], None]
    right = features_as_of(lake, pl.DataFrame({TITLE: entities[TITLE].to_list(), AS_OF: ends}))["authors"].to_list()
    assert [None if pd.isna(n) else int(n) for n in found["title_day__authors"]] == right


def test_moments_in_other_time_zones_and_without_one_are_utc_instants(lake: Lake) -> None:
    fill(lake, DAYS[0], "movie-1")
    store = feature_store(lake)
    end = pd.Timestamp(event_time(DAYS[0]))
    for moment in (end, end.tz_convert("America/New_York"), end.tz_localize(None)):
        for step, known in ((0, 1), (-1, 0)):
            entities = pd.DataFrame({TITLE: ["movie-1"], EVENT: [moment + pd.Timedelta(step, "us")]})
            found = store.get_historical_features(entities, ["title_day:date"]).to_df()
            assert found["date"].notna().sum() == known, (moment, step)


def test_rows_have_no_time_to_live(lake: Lake) -> None:
    """Feast's joins have read a time to live of nothing as one of zero (its #3429)."""
    fill(lake, DAYS[0], "movie-1")
    entities = pd.DataFrame({TITLE: ["movie-1"], EVENT: [FAR]})
    found = feature_store(lake).get_historical_features(entities, ["title_day:date"]).to_df()
    assert found["date"][0].date() == DAYS[0]


def test_what_feast_cannot_be_asked(lake: Lake) -> None:
    with pytest.raises(PermanentFailure, match="title_id and event_timestamp"):
        feature_store(lake).get_historical_features("SELECT 1", ["title_day:authors"])
    labelled = pd.DataFrame({TITLE: ["movie-1"], EVENT: [FAR], "authors": [1]})
    with pytest.raises(PermanentFailure, match="already has a column authors"):
        feature_store(lake).get_historical_features(labelled, ["title_day:authors"]).to_df()


# Online


def test_the_newest_day_is_served_in_whatever_order_days_are_pushed(lake: Lake) -> None:
    for day in DAYS:
        fill(lake, day, "movie-1", *(["movie-2"] if day < DAYS[2] else []))
    for day in (DAYS[3], DAYS[4], DAYS[0], DAYS[1], DAYS[3], DAYS[2]):
        push(lake, [day])
    assert served(lake, "movie-1", "movie-2", "movie-3") == [DAYS[4], DAYS[1], None]
    assert_serving_equals_training(lake, "movie-1", "movie-2", "movie-3")


def test_a_rerun_of_an_old_day_leaves_newer_values_alone(lake: Lake) -> None:
    fill(lake, DAYS[0], "movie-1", "movie-2")
    fill(lake, DAYS[4], "movie-1")
    push(lake, [DAYS[0], DAYS[4]])
    fill(lake, DAYS[0], "movie-1", "movie-2", seed=1)
    assert push(lake, [DAYS[0]]) == Pushed(written=1, newer=1, withdrawn=0, newest=event_time(DAYS[4]))
    assert served(lake, "movie-1", "movie-2") == [DAYS[4], DAYS[0]]
    assert_serving_equals_training(lake, "movie-1", "movie-2")


def test_a_replaced_day_replaces_its_rows_and_takes_back_those_it_lost(lake: Lake) -> None:
    for day in (DAYS[0], DAYS[1]):
        fill(lake, day, "movie-1", "movie-2")
    fill(lake, DAYS[1], "movie-1", "movie-2", "tv-3")
    push(lake, DAYS[:2])
    push(lake, DAYS[:2])  # once more changes nothing
    assert_serving_equals_training(lake, "movie-1", "movie-2", "tv-3")
    fill(lake, DAYS[1], "movie-1", seed=1)
    assert push(lake, [DAYS[1]]).withdrawn == 2
    assert served(lake, "movie-1", "movie-2", "tv-3") == [DAYS[1], DAYS[0], None]
    assert_serving_equals_training(lake, "movie-1", "movie-2", "tv-3")


def test_pushes_side_by_side_leave_the_newest(lake: Lake) -> None:
    titles = [f"movie-{n}" for n in range(40)]
    for day in DAYS:
        fill(lake, day, *titles)
    feature_store(lake)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda day: push(lake, [day]), random.Random(1).sample(DAYS * 3, 15)))
    assert set(served(lake, *titles)) == {DAYS[4]}
    assert_serving_equals_training(lake, *titles)


def test_feasts_own_materialize_takes_nothing_that_was_written_after_its_end(tmp_path: Path) -> None:
    event, written = event_time(DAYS[0]), event_time(DAYS[3])
    day = made_day(["movie-1", "movie-1"], random.Random(1)).with_columns(authors=pl.Series([3, 777], dtype=pl.Int32))
    times = pl.DataFrame({EVENT: [event] * 2, CREATED: [None, written]}, schema={EVENT: TIME, CREATED: TIME})
    rows = pl.concat([day, times.with_columns(date=pl.lit(DAYS[0]))], how="horizontal")
    rows.write_parquet(tmp_path / "history.parquet")
    store = store_over(str(tmp_path / "history.parquet"), tmp_path / "store")
    for end, authors in ((event_time(DAYS[2]), 3), (event_time(DAYS[4]), 777), (event_time(DAYS[2]), 777)):
        store.materialize(event, end)
        assert read(store, ["movie-1"])["authors"].to_list() == [authors]


def test_feasts_own_materialize_gives_the_same(lake: Lake) -> None:
    for day in DAYS:
        fill(lake, day, "movie-1", *(["movie-2"] if day < DAYS[2] else []))
    store = feature_store(lake)
    store.materialize(event_time(DAYS[0]), event_time(DAYS[3]))
    assert served(lake, "movie-1", "movie-2") == [DAYS[3], DAYS[1]]
    store.materialize(event_time(DAYS[0]), event_time(DAYS[4]))
    assert_serving_equals_training(lake, "movie-1", "movie-2")


def test_feasts_own_write_and_ours_store_the_same(lake: Lake, more_columns: None) -> None:
    titles = [f"movie-{n}" for n in range(50)]
    fill(lake, DAYS[0], *titles)
    store = feature_store(lake)
    rows = features_as_of(lake, at(FAR, *titles)).drop(AS_OF).select(TITLE, EVENT, *feature_columns())
    times = pl.col(pl.Date).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    frame = rows.with_columns(times, pl.col(EVENT).alias(CREATED))
    store.write_to_online_store("title_day", frame.to_pandas(use_pyarrow_extension_array=True))
    feasts = read(store, titles)
    push(lake, [DAYS[0]])
    assert read(store, titles).equals(feasts)
    assert_serving_equals_training(lake, *titles)


def test_lakes_do_not_share_an_online_store(tmp_path: Path) -> None:
    one, other = open_lake(str(tmp_path / "one")), open_lake(str(tmp_path / "other"))
    fill(one, DAYS[0], "movie-1")
    fill(other, DAYS[1], "movie-1")
    push(one, [DAYS[0]])
    push(other, [DAYS[1]])
    assert served(one, "movie-1") == [DAYS[0]]
    assert served(other, "movie-1") == [DAYS[1]]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Changes the time zone of the machine."""

    def change(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield change
    monkeypatch.delenv("TZ", raising=False)
    time.tzset()


def test_event_times_do_not_depend_on_the_machines_time_zone(lake: Lake, zone: Any) -> None:
    fill(lake, DAYS[0], "movie-1")
    zone("America/New_York")
    push(lake, [DAYS[0]])
    zone("Asia/Tokyo")
    store = feature_store(lake)
    config, view, online = opened(store)
    assert online.newest(config, view) == event_time(DAYS[0])
    assert_serving_equals_training(lake, "movie-1")


def test_a_value_that_is_not_the_lakes_is_found(lake: Lake) -> None:
    fill(lake, DAYS[0], "movie-1", "movie-2", "movie-3")
    push(lake, [DAYS[0]])
    assert differences(lake, DAYS[0], ["movie-1", "movie-2", "movie-3"]) == []
    wrong = features_as_of(lake, at(FAR, "movie-2")).with_columns(authors=pl.lit(12_345, pl.Int32))
    store = feature_store(lake)
    write(store, wrong)
    config, view, online = opened(store)
    online.withdraw(config, view, {"movie-3": event_time(DAYS[0])})
    assert differences(lake, DAYS[0], ["movie-1", "movie-2", "movie-3"]) == ["movie-2", "movie-3"]


@pytest.mark.s3
def test_a_lake_in_s3(s3_env: None) -> None:
    lake = open_lake("s3://features/lake")
    for day in DAYS[:3]:
        fill(lake, day, "movie-1", "movie-2")
    push(lake, DAYS[:2])
    assert served(lake, "movie-1") == [DAYS[1]]
    entities = pd.DataFrame({TITLE: ["movie-1"], EVENT: [FAR]})
    found = feature_store(lake).get_historical_features(entities, ["title_day:date"]).to_df()
    assert found["date"][0].date() == DAYS[2]


def test_a_made_lake_online_equals_offline(tmp_path: Path) -> None:
    lake = made_lake(tmp_path, 80, 6, random.Random(2))
    push(lake, lake.days(TITLE_DAY))
    assert_serving_equals_training(lake, *(f"movie-{n}" for n in range(81)))
