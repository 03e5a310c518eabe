"""serving/bundle through Dagster: a day, a range, a broken mart, and the graph in the lineage."""

from datetime import date, timedelta
from typing import Any

import dagster as dg
import orjson
import polars as pl
import pytest

from trending_assets.contracts import TABLES
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import DAILY
from trending_assets.serving.assets import ASSETS
from trending_assets.serving.pointer import POINTER, read_pointer
from trending_assets_tests.unit.serving.marts import trends, write_day

DAYS = [date(2026, 11, 18) + timedelta(days=n) for n in range(3)]
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


OTHERS = [
    dg.AssetSpec(name.split("/"), partitions_def=DAILY)
    for name in ("marts/titles", "marts/evidence", "drift/report", "scoring/ledger")
]


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


def body(lake: Lake, day: date, path: str) -> dict[str, Any]:
    frame = lake.read("serving/bundle", [day])
    parsed: dict[str, Any] = orjson.loads(frame.filter(pl.col("path") == path)["body"].item())
    return parsed


def test_a_range_is_one_step_and_the_same_bytes_as_single_days(lake_of_marts: Lake) -> None:
    for day in DAYS:
        materialize(lake_of_marts, day, day)
    alone = {day: lake_of_marts.sha256("serving/bundle", day) for day in DAYS}, lake_of_marts.store.get(POINTER)
    result = materialize(lake_of_marts, DAYS[0], DAYS[-1])
    assert (
        {day: lake_of_marts.sha256("serving/bundle", day) for day in DAYS},
        lake_of_marts.store.get(POINTER),
    ) == alone
    events = result.asset_materializations_for_node("serving__bundle")
    assert sorted(e.partition or "" for e in events) == [day.isoformat() for day in DAYS]
    pointer = read_pointer(lake_of_marts)
    assert pointer is not None and pointer.newest == DAYS[-1]
    stored = lake_of_marts.read("serving/bundle", DAYS[:1]).drop("date")
    assert dict(stored.schema) == TABLES["serving/bundle"].schema and stored.height == 5 + 3 * 2


def test_history_is_read_over_the_served_window(lake_of_marts: Lake) -> None:
    materialize(lake_of_marts, DAYS[-1], DAYS[-1])
    history = body(lake_of_marts, DAYS[-1], "/v1/titles/movie-1/history")["history"]
    assert [h["rank"] for h in history] == [1, 2, 3]


def test_lineage_knows_assets_that_the_run_did_not_select(lake_of_marts: Lake) -> None:
    materialize(lake_of_marts, DAYS[0], DAYS[0])
    rows = {row["asset"]: row for row in body(lake_of_marts, DAYS[0], "/v1/lineage")["assets"]}
    assert rows["genre/champion"]["code_version"] == "3" and rows["genre/champion"]["partition"] is None
    assert rows["marts/trends"]["upstream"] == ["genre/champion"] and rows["marts/trends"]["code_version"] == "7"
    assert rows["marts/trends"]["sha256"] == lake_of_marts.sha256("marts/trends", DAYS[0])
    marts = ["marts/evidence", "marts/titles", "marts/trends"]
    assert rows["serving/bundle"]["upstream"] == ["drift/report", *marts, "scoring/ledger"]


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
