"""The blocking contract check of every table, generated from contracts.py."""

from collections.abc import Iterable
from datetime import date

import dagster as dg

from trending_assets.contracts import TABLES, Table, validate
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days


def contract_check(name: str) -> dg.AssetChecksDefinition:
    """A check that reads back what stands in the lake and holds it against the table's contract."""
    table = TABLES[name]

    @dg.asset_check(
        asset=dg.AssetKey(name.split("/")),
        name="contract",
        description=f"Columns, types, nulls, ranges and the key ({', '.join(table.key)}) are as contracts.py declares.",
        blocking=True,
        partitions_def=DAILY if table.daily else None,
    )
    def check(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
        days: list[date] | list[None] = to_days(context.partition_keys) if table.daily else [None]
        rows, problems = 0, list[str]()
        for day in days:
            frame = lake.open().read(name, [day] if day else None)
            frame = frame.drop("date") if day else frame
            rows += frame.height
            problems += [f"{day}: {p}" if day else p for p in validate(frame, table)]
        return dg.AssetCheckResult(
            passed=not problems,
            metadata={"rows": rows, "problems": dg.MetadataValue.json(problems[:20])},
            description="; ".join(problems[:5]) or None,
        )

    return check


def contract_checks(names: Iterable[str]) -> list[dg.AssetChecksDefinition]:
    """One contract check a table."""
    return [contract_check(name) for name in names if isinstance(TABLES[name], Table)]
