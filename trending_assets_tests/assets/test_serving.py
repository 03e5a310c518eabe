"""serving/bundle through Dagster: a day, a range, a broken mart, and the graph in the lineage."""

from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from trending_assets.contracts import TABLES
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import DAILY
from trending_assets.serving.assets import ASSETS
from trending_assets.serving.pointer import POINTER, Published
from trending_assets_tests.unit.serving.marts import TABLES_READ, answer, history, served, trends, write_day

DAYS = [date(2026, 9, 29) + timedelta(days=n) for n in range(3)]
ORDERS = (["movie-1", "movie-2"], ["tv-3", "movie-1"], ["movie-2", "tv-3", "movie-1"])


@pytest.fixture
def lake_of_marts(lake: Lake) -> Lake:
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(lake, day, order)
    return lake


@dg.asset(key=["marts", "trends"], deps=[dg.AssetKey(["genre", "champion"])], code_version="7", partitions_def=DAILY)
def _trends() -> None: ...


@dg.asset(key=["genre", "champion"], code_version="3")
def _champion() -> None: ...


OTHERS = [dg.AssetSpec(name.split("/"), partitions_def=DAILY) for name in TABLES_READ if name != "marts/trends"]


def materialize(lake: Lake, first: date, last: date, raise_on_error: bool = True) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    one = {"partition_key": first.isoformat()} if first == last else {}
    span = {"dagster/asset_partition_range_start": str(first), "dagster/asset_partition_range_end": str(last)}
    return dg.materialize(
        [*ASSETS, _trends, _champion, *OTHERS],
        selection=ASSETS,
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
        tags={} if one else span,
        raise_on_error=raise_on_error,
        **one,  # type: ignore[arg-type]
    )


def stored(lake: Lake, days: list[date]) -> tuple[dict[date, str | None], dict[date, Published], dict[str, str]]:
    """The tables of the days, and what the pointer says of them."""
    pointer = served(lake)
    return {day: lake.sha256("serving/bundle", day) for day in days}, dict(pointer.days), dict(pointer.history)


def test_the_first_day_alone(lake_of_marts: Lake) -> None:
    result = materialize(lake_of_marts, DAYS[0], DAYS[0])
    pointer = served(lake_of_marts)
    assert (pointer.version, list(pointer.days), list(pointer.history)) == (1, DAYS[:1], ["2026-Q3"])
    assert [row["rank"] for row in history(lake_of_marts, "movie-1")] == [1]
    (event,) = result.asset_materializations_for_node("serving__bundle")
    assert event.metadata["version"].value == 1
    assert event.metadata["snapshot"].value == pointer.days[DAYS[0]].snapshot


def test_a_rerun_is_the_same_bytes_and_no_new_version(lake_of_marts: Lake) -> None:
    materialize(lake_of_marts, DAYS[0], DAYS[-1])
    files = {key: lake_of_marts.store.get(key) for key in lake_of_marts.store.list("serving")}
    materialize(lake_of_marts, DAYS[0], DAYS[-1])
    materialize(lake_of_marts, DAYS[1], DAYS[1])
    assert {key: lake_of_marts.store.get(key) for key in lake_of_marts.store.list("serving")} == files
    assert served(lake_of_marts).version == 1


def test_a_range_is_one_step_and_the_same_bytes_as_single_days(lake_of_marts: Lake, tmp_path: Path) -> None:
    other = open_lake(str(tmp_path / "other"))
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(other, day, order)
    for day in DAYS:
        materialize(other, day, day)
    result = materialize(lake_of_marts, DAYS[0], DAYS[-1])
    assert stored(lake_of_marts, DAYS) == stored(other, DAYS)  # over the end of a quarter
    assert list(served(other).history) == ["2026-Q3", "2026-Q4"]
    assert (served(lake_of_marts).version, served(other).version) == (1, 3)
    events = result.asset_materializations_for_node("serving__bundle")
    assert sorted(e.partition or "" for e in events) == [day.isoformat() for day in DAYS]
    assert served(lake_of_marts).newest == DAYS[-1]
    table = lake_of_marts.read("serving/bundle", DAYS[:1]).drop("date")
    assert dict(table.schema) == TABLES["serving/bundle"].schema and table.height == 6 + 7 + 6 + 2 * 2


def test_a_day_needs_no_other_day(lake_of_marts: Lake) -> None:
    for day in DAYS[:-1]:
        lake_of_marts.store.delete(lake_of_marts.key("marts/trends", day))
    materialize(lake_of_marts, DAYS[-1], DAYS[-1])
    assert [row["date"] for row in history(lake_of_marts, "movie-1")] == ["2026-10-01"]


def test_a_day_of_last_month_is_published_anew(lake_of_marts: Lake) -> None:
    materialize(lake_of_marts, DAYS[0], DAYS[-1])
    before = served(lake_of_marts)
    write_day(lake_of_marts, DAYS[0], ["movie-2", "movie-1"])
    materialize(lake_of_marts, DAYS[0], DAYS[0])
    after = served(lake_of_marts)
    assert after.version == 2 and after.history["2026-Q4"] == before.history["2026-Q4"]
    assert [row["rank"] for row in history(lake_of_marts, "movie-1")] == [2, 2, 3]


def test_lineage_knows_assets_that_the_run_did_not_select(lake_of_marts: Lake) -> None:
    materialize(lake_of_marts, DAYS[0], DAYS[0])
    rows = {row["asset"]: row for row in answer(lake_of_marts, DAYS[0], "/v1/lineage")["assets"]}
    assert rows["genre/champion"]["code_version"] == "3" and rows["genre/champion"]["partition"] is None
    assert rows["marts/trends"]["upstream"] == ["genre/champion"] and rows["marts/trends"]["code_version"] == "7"
    assert rows["marts/trends"]["sha256"] == lake_of_marts.sha256("marts/trends", DAYS[0])
    assert rows["serving/bundle"]["upstream"] == sorted(TABLES_READ)


def test_a_broken_mart_fails_the_run_and_the_pointer_stays(lake_of_marts: Lake) -> None:
    materialize(lake_of_marts, DAYS[0], DAYS[0])
    before = lake_of_marts.store.get(POINTER)
    twice = trends(ORDERS[1]).with_columns(pl.lit(1, pl.Int32).alias("rank"))
    lake_of_marts.write("marts/trends", twice, DAYS[1])
    result = materialize(lake_of_marts, DAYS[1], DAYS[2], raise_on_error=False)
    assert not result.success
    failure = result.failure_data_for_node("serving__bundle")
    assert failure is not None and failure.user_failure_data is not None
    assert "not 1 to 2" in (failure.user_failure_data.description or "")
    assert lake_of_marts.store.get(POINTER) == before
    assert lake_of_marts.days("serving/bundle") == DAYS[:1]


def test_a_day_without_its_ranking_is_not_published(lake_of_marts: Lake) -> None:
    result = materialize(lake_of_marts, date(2026, 10, 2), date(2026, 10, 2), raise_on_error=False)
    assert not result.success and lake_of_marts.store.get(POINTER) is None
