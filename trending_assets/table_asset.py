"""The one decorator of this project's Python assets: everything that a table's contract already says is read from there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg

from trending_assets import automation
from trending_assets.contracts import TABLES, Table
from trending_assets.partitions import DAILY
from trending_assets.retries import TRY_AGAIN, readable

OWNERS = ["team:trending-now"]


def source(
    table: str, window: dg.TimeWindowPartitionMapping | None = None, columns: Sequence[str] | None = None
) -> dg.AssetIn:
    """Input of another table: the same day, or a trailing window whose missing days are left out; `columns` alone are read."""
    metadata = {"missing": "skip" if window else "error"} | ({"columns": list(columns)} if columns else {})
    return dg.AssetIn(key=table.split("/"), partition_mapping=window, metadata=metadata)


def _ends_today(mapping: dg.PartitionMapping | None) -> bool:
    return isinstance(mapping, dg.TimeWindowPartitionMapping) and mapping.end_offset == 0


def _ends_before(mapping: dg.PartitionMapping | None) -> bool:
    return isinstance(mapping, dg.TimeWindowPartitionMapping) and mapping.end_offset < 0


def column_schema(table: Table) -> dg.TableSchema:
    """The contract as Dagster's column schema."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(c.name, str(c.dtype), c.meaning, dg.TableColumnConstraints(nullable=c.nullable))
            for c in table.columns
        ]
    )


def table_asset(
    name: str,
    *,
    kinds: set[str],
    code_version: str,
    ins: Mapping[str, dg.AssetIn] | None = None,
    deps: Sequence[str | dg.AssetDep] = (),
    aside: Sequence[str] = (),
    root: bool = False,
    first_at_once: bool = False,
    pool: str | None = None,
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Make an asset of a function that returns the table's frame.

    `ins` maps parameters to `source(...)`; `deps` are read by the function itself (through the resource `lake`). A frame for
    several days carries the column `date`. `aside` are deps that automation neither waits for nor follows. `root` assets run
    on the clock, the others follow their dependencies. `first_at_once` are weekly ones that do not wait for Monday while there
    is none.
    """
    table = TABLES[name]
    inputs = dict(ins or {})
    windowed = [i.key for i in inputs.values() if i.key and _ends_today(i.partition_mapping)]
    windowed += [d.asset_key for d in deps if isinstance(d, dg.AssetDep) and _ends_today(d.partition_mapping)]
    past = [i.key for i in inputs.values() if i.key and _ends_before(i.partition_mapping)]
    past += [d.asset_key for d in deps if isinstance(d, dg.AssetDep) and _ends_before(d.partition_mapping)]
    if root:
        condition = automation.on_schedule() if table.daily else automation.weekly(first_at_once)
    else:
        condition = automation.follow(windowed, past, [dg.AssetKey(name.split("/")) for name in aside])
    made = dg.asset(
        key=name.split("/"),
        group_name=name.split("/")[0],
        description=table.meaning,
        owners=OWNERS,
        kinds=kinds,
        code_version=code_version,
        ins=inputs,
        deps=[d if isinstance(d, dg.AssetDep) else dg.AssetKey(d.split("/")) for d in (*deps, *aside)],
        partitions_def=DAILY if table.daily else None,
        backfill_policy=dg.BackfillPolicy.single_run() if table.daily else None,
        automation_condition=condition,
        freshness_policy=automation.DAILY_FRESHNESS if table.daily else automation.WEEKLY_FRESHNESS,
        metadata={"dagster/column_schema": column_schema(table), "dagster/table_name": name},
        pool=pool,
        retry_policy=TRY_AGAIN,
    )
    return lambda function: made(readable(function))


def table_names(assets: Sequence[dg.AssetsDefinition]) -> list[str]:
    """Names of the tables that the assets make, ascending."""
    return sorted(key.to_user_string() for asset in assets for key in asset.keys)
