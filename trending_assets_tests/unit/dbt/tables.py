"""Small lake tables for the tests of dbt's models: rows of the contract with defaults for what a test does not name."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg
import polars as pl

from trending_assets.contracts import RAW_TABLES, TABLES
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import days_between
from trending_assets.staging.dbt_project import dbt_resource
from trending_assets.staging.dbt_schema import STAGING

RAW = [table.partition("/")[2] for table in RAW_TABLES]


def rows(table: str, *given: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of a table: what is given, and for the rest null, or the least value where the column allows no null."""
    contract = TABLES[table]
    filled = []
    for row in given:
        unknown = set(row) - set(contract.schema)
        assert not unknown, f"{table} has no {unknown}"
        filled.append({c.name: row.get(c.name, None if c.nullable else _least(c)) for c in contract.columns})
    return pl.DataFrame(filled, schema=contract.schema)


def _least(column: Any) -> Any:
    if column.values:
        return column.values[0]
    if isinstance(column.dtype, pl.List):
        return []
    if isinstance(column.dtype, pl.Datetime):
        return datetime(2026, 11, 1, tzinfo=UTC)
    simple = {pl.String: "", pl.Boolean: False, pl.Date: date(2026, 11, 1)}
    return simple.get(column.dtype, max(column.low or 0, 0))


def post(url: str, **more: Any) -> dict[str, Any]:
    """A raw document with a text."""
    site = url.split("/")[2] if "//" in url else "a.example"
    return {"url": url, "site": site, "text": f"text of {url}", "payload_sha256": url, **more}


def write_raw(
    lake: Lake, first: date, last: date, tables: Mapping[str, Mapping[date, Sequence[Mapping[str, Any]]]]
) -> None:
    """Write every raw table for each day from first to last; days that `tables` does not name are empty."""
    for name in RAW:
        for day in days_between(first, last):
            given = tables.get(name, {}).get(day, [])
            if name == "tmdb_catalogue" and not given:
                given = [{"media_type": "movie", "tmdb_id": 1, "original_title": "Eins", "popularity": 1.5}]
            lake.write(f"raw/{name}", rows(f"raw/{name}", *given), day)


def materialize(
    lake: Lake,
    assets: Sequence[Any],
    first: date,
    last: date | None = None,
    raise_on_error: bool = True,
    engine: str = "duckdb",
) -> dg.ExecuteInProcessResult:
    """One run over a day or a range of days; `engine` is what runs dbt's models."""
    resource = LakeResource(uri=lake.uri)
    keys: dict[str, Any] = {"partition_key": first.isoformat()}
    if last is not None:
        keys = {
            "tags": {
                "dagster/asset_partition_range_start": first.isoformat(),
                "dagster/asset_partition_range_end": last.isoformat(),
            }
        }
    return dg.materialize(
        assets,
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource), "dbt": dbt_resource(engine)},
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=raise_on_error,
        **keys,
    )


def hashes(lake: Lake, tables: Sequence[str] = STAGING) -> dict[tuple[str, date], str | None]:
    """SHA-256 of every partition's object."""
    return {(table, day): lake.sha256(table, day) for table in tables for day in lake.days(table)}


def failure(result: dg.ExecuteInProcessResult) -> str:
    """What the failed step says to a person."""
    event = next(event for event in result.all_events if event.is_step_failure)
    said = event.step_failure_data.user_failure_data
    assert said is not None and said.description is not None
    return str(said.description)
