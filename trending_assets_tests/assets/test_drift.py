"""The drift assets on a lake: a range gives what the days give one by one, and what the checks stop."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform
from trending_assets.drift import day_null
from trending_assets.drift.assets import ASSETS
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import BASELINE_DAYS, DAILY, NULL_DAYS
from trending_assets_tests.assets.linking_rows import upstream
from trending_assets_tests.unit.drift.made_days import DAY, SOURCES, days_of, tables

DAYS = days_of(DAY, 4)
READ = [name for name in tables(DAY, rows=10) if name in TABLES]
DRIFT = ["drift/profiles", "drift/baseline", "drift/quality", "drift/report"]


def _fill(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The watched columns, and something for the others."""
    plain = {pl.String: "x", pl.Float64: 0.5, pl.Int32: 1, pl.Int64: 1, pl.Boolean: False, pl.Date: DAYS[0]}
    rest = []
    for column in TABLES[table].columns:
        if column.name not in frame.columns:
            value = None if column.nullable else column.values[0] if column.values else plain.get(column.dtype)  # type: ignore[call-overload]
            if isinstance(column.dtype, pl.List):
                value = []
            rest.append(pl.lit(value, dtype=column.dtype).alias(column.name))
    frame = frame.with_columns(rest)
    if table == "staging/charts":
        frame = frame.with_columns(rank=pl.int_range(1, pl.len() + 1))
    return conform(frame, TABLES[table])


def _write(day: date, *lakes: Lake, **changes: Any) -> None:
    for name, frame in tables(day, **changes).items():
        if name in TABLES:
            for lake in lakes:
                lake.write(name, _fill(frame, name), day)


@dg.asset(
    key=["marts", "made"],
    deps=[dg.AssetKey(["drift", "report"])],
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def published() -> None:
    """What is published on top of the report."""


def _run(lake: Lake, first: date, last: date) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }
    graph: list[Any] = [*ASSETS, published, *upstream(*READ, "trends/trend_scores")]
    return dg.materialize(
        [*graph, dg.AssetSpec(["genre", "training_set"])],
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
        tags=tags,
        raise_on_error=False,
    )


def _checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {found.check_name: found for found in result.get_asset_check_evaluations()}


def _published(result: dg.ExecuteInProcessResult) -> bool:
    made = {event.asset_key for event in result.get_asset_materialization_events() if event.asset_key}
    assert dg.AssetKey(["drift", "report"]) in made
    return dg.AssetKey(["marts", "made"]) in made


def test_range_and_single_days_agree_and_drift_is_found(lake: Lake, tmp_path: Path) -> None:
    other = open_lake(str(tmp_path / "other"))
    for day in DAYS:
        _write(day, lake, other, sentiment=-0.2 if day == DAYS[-1] else 0.2)
    assert _run(lake, DAYS[0], DAYS[3]).success
    for day in DAYS:
        assert _run(other, day, day).success
    pages = [f"{table}/date={day}/{name}.html" for table, name in _PAGES for day in DAYS]
    once = {key: lake.store.get(key) for key in pages}
    assert all(once.values()) and once == {key: other.store.get(key) for key in pages}
    for table in DRIFT:
        for day in DAYS:
            assert lake.sha256(table, day) == other.sha256(table, day) is not None, (table, day)
    before = {(table, day): lake.sha256(table, day) for table in DRIFT for day in DAYS}
    assert _run(lake, DAYS[0], DAYS[3]).success
    assert before == {(table, day): lake.sha256(table, day) for table in DRIFT for day in DAYS}
    assert once == {key: lake.store.get(key) for key in pages}
    assert lake.read("drift/baseline", [DAYS[0]]).is_empty()
    assert lake.read("drift/report", [DAYS[0]])["verdict"].unique().to_list() == ["no_baseline"]
    found = lake.read("drift/report", [DAYS[3]])
    assert set(found.filter("drifted")["column"]) == SENTIMENTS
    assert lake.read("drift/baseline", [DAYS[3]])["days"].unique().to_list() == [3]
    assert lake.days("drift/report")[-1] - lake.days("drift/report")[0] == timedelta(days=3)


_PAGES = (("drift/report", "report"), ("drift/profiles", "profiles"))
SENTIMENTS = {f"scoring/document_scores.sentiment{end}" for end in ("", *(f"_{source}" for source in SOURCES))}


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Fourteen quiet days and their drift."""
    lake = open_lake(str(tmp_path_factory.mktemp("fortnight")))
    days = days_of(DAY - timedelta(days=14), 14)
    for day in days:
        _write(day, lake)
    result = _run(lake, days[0], days[-1])
    assert result.success and _published(result)
    checks = _checks(result)
    assert set(checks) == {"no_drift", "no_column_emptied"} and all(found.passed for found in checks.values())
    return lake


def test_a_quiet_day_passes_every_check(fortnight: Lake) -> None:
    _write(DAY, fortnight)
    result = _run(fortnight, DAY, DAY)
    assert result.success and _published(result)
    for found in _checks(result).values():
        assert found.passed and found.description is None


def test_a_small_drift_warns_and_a_large_one_is_an_error_and_neither_stops_the_day(fortnight: Lake) -> None:
    for sentiment, severity in ((0.06, dg.AssetCheckSeverity.WARN), (-0.4, dg.AssetCheckSeverity.ERROR)):
        _write(DAY, fortnight, sentiment=sentiment)
        result = _run(fortnight, DAY, DAY)
        assert result.success and _published(result)
        checks = _checks(result)
        assert checks["no_column_emptied"].passed
        found = checks["no_drift"]
        assert (found.passed, found.severity) == (False, severity)
        assert f"{DAY} scoring/document_scores.sentiment: " in (found.description or "")
        assert "scoring/document_scores.sentiment" in str(found.metadata["columns"].value)
        assert str(found.metadata["report"].value).endswith(f"/operator/drift/{DAY}")


def test_a_new_site_is_drift_and_stops_nothing(fortnight: Lake) -> None:
    _write(DAY, fortnight, site="new.example")
    result = _run(fortnight, DAY, DAY)
    checks = _checks(result)
    assert checks["no_column_emptied"].passed and _published(result)
    assert "New categories, not seen in the 14 days before: new.example" in (checks["no_drift"].description or "")


def test_an_emptied_column_stops_what_is_published_on_top(fortnight: Lake) -> None:
    _write(DAY, fortnight)
    documents = fortnight.read("staging/documents", [DAY]).drop("date")
    fortnight.write("staging/documents", documents.with_columns(rating=pl.lit(None, pl.Float64)), DAY)
    result = _run(fortnight, DAY, DAY)
    found = _checks(result)["no_column_emptied"]
    assert not found.passed and found.blocking and not _published(result) and not result.success
    assert "rating is empty: all 300 values are missing; 66.7% were there before." in (found.description or "")
    _write(DAY, fortnight)
    assert _published(_run(fortnight, DAY, DAY)), "once it is there again, the day goes on"


def test_the_windows_of_assets_and_tests_are_the_same() -> None:
    assert (BASELINE_DAYS, NULL_DAYS) == (day_null.WINDOW, day_null.NULL_DAYS)
