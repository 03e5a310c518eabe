"""features/online through Dagster, with a real Feast store on disk."""

import random
from datetime import date, timedelta

import dagster as dg
import polars as pl
import pytest

from bench.as_of import made_day
from trending_assets.features.store.as_of import TITLE, TITLE_DAY, event_time, features_as_of
from trending_assets.features.store.assets import ASSETS, ONLINE
from trending_assets.features.store.command import show
from trending_assets.features.store.push import read, write
from trending_assets.features.store.views import definition, feature_columns, feature_store
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake
from trending_assets_tests.assets.linking_rows import upstream

DAYS = [date(2013, 5, n) for n in range(1, 4)]


@pytest.fixture
def filled(lake: Lake) -> Lake:
    """Three days; movie-2 is missing on the last."""
    for day in DAYS:
        titles = ["movie-1", *(["movie-2"] if day != DAYS[2] else [])]
        lake.write(TITLE_DAY, made_day(titles, random.Random(day.day)), day)
    return lake


def materialize(lake: Lake, first: date, last: date) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    return dg.materialize(
        [*ASSETS, *upstream(TITLE_DAY)],
        tags={
            "dagster/asset_partition_range_start": first.isoformat(),
            "dagster/asset_partition_range_end": last.isoformat(),
        },
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
    )


def checked(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    (evaluation,) = result.get_asset_check_evaluations()
    return evaluation


def test_a_range_then_an_old_day_again(filled: Lake) -> None:
    result = materialize(filled, DAYS[0], DAYS[2])
    assert result.success
    assert checked(result).passed
    rows = filled.read(ONLINE, DAYS)
    assert rows["titles"].to_list() == [2, 2, 1]
    assert rows["event_timestamp"].to_list() == [event_time(day) for day in DAYS]
    assert set(rows["features"]) == {len(feature_columns())}
    assert set(rows["definition"]) == {definition()}
    assert read(feature_store(filled), ["movie-1", "movie-2"])["date"].to_list() == [DAYS[2], DAYS[1]]

    before = [filled.sha256(ONLINE, day) for day in DAYS]
    online = read(feature_store(filled), ["movie-1", "movie-2"])
    again = materialize(filled, DAYS[0], DAYS[0])
    assert again.success
    assert checked(again).passed
    assert read(feature_store(filled), ["movie-1", "movie-2"]).equals(online)
    assert [filled.sha256(ONLINE, day) for day in DAYS] == before
    metadata = again.asset_materializations_for_node("features__online")[0].metadata
    assert metadata["titles_written"].value == 0
    assert metadata["titles_newer_online"].value == 2


def test_the_check_finds_what_training_would_not_read(filled: Lake) -> None:
    """A value that came into the online store beside the lake, at a later moment than the asset's own write."""
    materialize(filled, DAYS[2], DAYS[2])
    queries = pl.DataFrame({TITLE: ["movie-1"], "as_of": [event_time(DAYS[2])]})
    wrong = features_as_of(filled, queries).with_columns(
        authors=pl.lit(54_321, pl.Int32),
        event_timestamp=pl.col("event_timestamp") + timedelta(seconds=1),
    )
    write(feature_store(filled), wrong)
    evaluation = checked(materialize(filled, DAYS[2], DAYS[2]))
    assert not evaluation.passed
    assert evaluation.description == "different: movie-1"
    assert not evaluation.blocking


def test_a_person_reads_a_title(filled: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    materialize(filled, DAYS[0], DAYS[2])
    show(filled, "movie-2", None)
    text = capsys.readouterr().out
    assert "movie-2 in the online store: the day 2013-05-02, known since 2013-05-03 00:00 UTC" in " ".join(text.split())
    assert "authors" in text
    show(filled, "movie-2", "2013-05-02T00:00")
    text = capsys.readouterr().out
    assert "movie-2 as of 2013-05-02 00:00 UTC: the day 2013-05-01" in " ".join(text.split())
