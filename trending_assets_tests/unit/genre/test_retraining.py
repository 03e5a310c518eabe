"""When the genre models are trained again: by real ticks of the sensor over a lake, and by hand through its job."""

from datetime import date, timedelta

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import TABLES
from trending_assets.definitions import defs
from trending_assets.genre.retraining import Cursor, genre_retraining, wanted
from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets_tests.unit.genre.promoted import promote
from trending_assets_tests.unit.genre.test_registry import model
from trending_assets_tests.unit.genre.worlds import DAY, titles

TODAY = date(2026, 3, 1)


@pytest.fixture
def trained(lake: Lake) -> Lake:
    """A lake whose model knew the 40 titles of DAY."""
    lake.write("staging/titles", titles(40), DAY)
    promote(lake, model(DAY))
    return lake


def drift(lake: Lake, day: date, *columns: str) -> None:
    rows = [
        {
            "column": column,
            "test": "psi",
            "drifted": column in columns,
            "verdict": "stable",
            "current": 9,
            "baseline": 9,
        }
        for column in {*columns, "staging/documents.site", "genre/predictions.genre"}
    ]
    lake.write("drift/report", pl.DataFrame(rows, schema=TABLES["drift/report"].schema), day)


def tick(lake: Lake, cursor: str | None = None) -> dg.SensorResult | dg.SkipReason:
    resources = {"lake": LakeResource(uri=lake.uri)}
    with dg.build_sensor_context(resources=resources, definitions=defs, cursor=cursor) as context:
        found = genre_retraining(context)
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def test_new_titles_ask_for_one_training_a_day(trained: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_GENRE_NEW_TITLES", "10")
    quiet = tick(trained)
    assert isinstance(quiet, dg.SkipReason) and "0 of 10 new titles" in (quiet.skip_message or "")
    trained.write("staging/titles", titles(49), DAY + timedelta(days=1))
    few = tick(trained)
    assert isinstance(few, dg.SkipReason) and "9 of 10 new titles" in (few.skip_message or "")
    trained.write("staging/titles", titles(50), DAY + timedelta(days=1))
    asked = tick(trained)
    assert isinstance(asked, dg.SensorResult) and asked.run_requests is not None
    (request,) = asked.run_requests
    assert request.tags["genre/reason"] == f"10 titles are new since {DAY}."
    again = tick(trained, asked.cursor)
    assert isinstance(again, dg.SkipReason) and "already" in (again.skip_message or "")


def test_titles_that_nothing_can_be_learned_from_are_not_new(trained: Lake) -> None:
    bare = titles(80).with_columns(overview=pl.when(pl.col("tmdb_id") > 60).then("overview"))
    trained.write("staging/titles", bare.with_columns(genres=pl.lit([], pl.List(pl.String))), DAY + timedelta(days=1))
    assert "0 of 1 " in wanted(trained, Cursor(), TODAY, 1).reason
    trained.write("staging/titles", bare, DAY + timedelta(days=1))
    assert "20 titles are new" in wanted(trained, Cursor(), TODAY, 20).reason


def test_drift_of_what_models_say_asks_for_a_training_once(trained: Lake) -> None:
    drift(trained, DAY + timedelta(days=1), "staging/documents.site")
    assert not wanted(trained, Cursor(), TODAY, 10).train, "other columns are no reason"
    drift(trained, DAY + timedelta(days=2), "genre/predictions.genre")
    found = wanted(trained, Cursor(), TODAY, 10)
    assert found.train and found.reason == f"genre/predictions.genre drifted on {DAY + timedelta(days=2)}."
    assert Cursor.read(found.cursor.to_text()) == found.cursor
    assert not wanted(trained, found.cursor, TODAY, 10).train
    tomorrow = TODAY + timedelta(days=1)
    assert not wanted(trained, found.cursor, tomorrow, 10).train, "the same day of drift is no second reason"
    drift(trained, DAY + timedelta(days=3), "genre/predictions.genre")
    assert wanted(trained, found.cursor, tomorrow, 10).train


def test_drift_before_the_training_is_no_reason(trained: Lake) -> None:
    drift(trained, DAY, "genre/predictions.genre")
    assert not wanted(trained, Cursor(), TODAY, 10).train


def test_a_refused_candidate_of_the_same_titles_is_not_tried_again(trained: Lake) -> None:
    from trending_assets.genre.registry import register

    trained.write("staging/titles", titles(60), DAY + timedelta(days=1))
    assert wanted(trained, Cursor(), TODAY, 10).train
    register(trained, model(DAY + timedelta(days=1)))
    assert not wanted(trained, Cursor(), TODAY, 10).train


def test_before_the_first_training_nothing_is_asked_for(lake: Lake) -> None:
    lake.write("staging/titles", titles(60), DAY)
    found = tick(lake, "not a cursor")
    assert isinstance(found, dg.SkipReason) and found.skip_message == "No genre model was trained yet."


def test_the_job_trains_and_judges_and_touches_no_day() -> None:
    job = defs.resolve_job_def("genre_training")
    assert genre_retraining.job_name == job.name
    chosen = {key.to_user_string() for key in job.asset_layer.executable_asset_keys}
    assert chosen - {"genre/bert"} == {"genre/training_set", "genre/xgboost", "genre/champion"}
