"""The drift assets on a lake: a range gives what the days give one by one."""

from datetime import timedelta

import dagster as dg
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.drift.assets import ASSETS
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets_tests.assets.linking_rows import upstream
from trending_assets_tests.unit.drift.test_days import DAY, days_of, tables

DAYS = days_of(DAY, 4)


def _fill(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The watched columns, and something for the others."""
    plain = {pl.String: "x", pl.Float64: 0.5, pl.Int32: 1, pl.Boolean: False, pl.Date: DAYS[0]}
    rest = []
    for column in TABLES[table].columns:
        if column.name not in frame.columns:
            value = None if column.nullable else column.values[0] if column.values else plain.get(column.dtype)  # type: ignore[call-overload]
            rest.append(pl.lit(value, dtype=column.dtype).alias(column.name))
    frame = frame.with_columns(rest)
    if table in ("staging/documents", "scoring/document_scores"):
        frame = frame.with_columns(doc_id=pl.int_range(pl.len()).cast(pl.String))
    if table in ("features/title_signals", "genre/predictions"):
        frame = frame.with_columns(title_id=pl.int_range(pl.len()).cast(pl.String))
    if table == "features/title_signals":
        frame = frame.with_columns(
            pl.lit([], dtype=TABLES[table].schema[name]).alias(name) for name in ("by_site", "charts", "lists")
        )
    return conform(frame, TABLES[table])


def _run(lake: Lake, first: int, last: int) -> None:
    resource = LakeResource(uri=lake.uri)
    tags = {
        "dagster/asset_partition_range_start": DAYS[first].isoformat(),
        "dagster/asset_partition_range_end": DAYS[last].isoformat(),
    }
    graph: list[dg.AssetsDefinition | dg.AssetSpec] = [*ASSETS, *upstream(*tables(DAY))]
    assert dg.materialize(
        graph, resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)}, tags=tags
    ).success


def test_range_and_single_days_agree_and_drift_is_found(lake: Lake, tmp_path) -> None:  # type: ignore[no-untyped-def]
    other = open_lake(str(tmp_path / "other"))
    for day in DAYS:
        moved = {"sentiment": -0.2} if day == DAYS[-1] else {}
        for name, frame in tables(day, **moved).items():  # type: ignore[arg-type]
            for target in (lake, other):
                target.write(name, _fill(frame, name), day)
    _run(lake, 0, 3)
    for n in range(4):
        _run(other, n, n)
    for table in ("drift/profiles", "drift/baseline", "drift/report"):
        for day in DAYS:
            assert lake.sha256(table, day) == other.sha256(table, day), (table, day)
    assert lake.read("drift/baseline", [DAYS[0]]).is_empty()
    assert lake.read("drift/report", [DAYS[0]])["verdict"].unique().to_list() == ["no_baseline"]
    found = lake.read("drift/report", [DAYS[3]])
    assert set(found.filter("drifted")["column"]) == {"scoring/document_scores.sentiment"}
    assert lake.read("drift/baseline", [DAYS[3]])["days"].unique().to_list() == [3]
    assert lake.days("drift/report")[-1] - lake.days("drift/report")[0] == timedelta(days=3)
