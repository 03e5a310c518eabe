"""The blocking contract check of every table, generated from contracts."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

import dagster as dg

from trending_assets.contracts import TABLES, validate
from trending_assets.freshness import freshness
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.retries import TRY_AGAIN, readable
from trending_assets.settings import get_settings


def contract_check(name: str) -> dg.AssetChecksDefinition:
    """A check that reads back what stands in the lake and holds it against the table's contract."""
    table = TABLES[name]

    @dg.asset_check(
        asset=dg.AssetKey(name.split("/")),
        name="contract",
        description=f"Columns, types, nulls, ranges and the key ({', '.join(table.key)}) are as the contract declares.",
        blocking=True,
        partitions_def=DAILY if table.daily else None,
        retry_policy=TRY_AGAIN,
    )
    @readable
    def check(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
        days: list[date | None] = [*to_days(context.partition_keys)] if table.daily else [None]
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
    return [contract_check(name) for name in names]


def missing_day_check(names: Iterable[str]) -> dg.AssetChecksDefinition:
    """One check an asset that warns of due days which are not in the lake, whatever was backfilled since."""
    daily = [name for name in names if TABLES[name].daily]
    specs = [
        dg.AssetCheckSpec(
            "no_missing_day",
            asset=dg.AssetKey(name.split("/")),
            description="Every due day of the last week stands in the lake (deadline 06:00 UTC).",
        )
        for name in daily
    ]

    # Automation asks for some of the assets, and Dagster adds their checks: a check that is not made for a part would fail
    # the sensor's tick, and with it every day.
    @dg.multi_asset_check(name="no_missing_day", specs=specs, can_subset=True, retry_policy=TRY_AGAIN)
    def check(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> Iterator[dg.AssetCheckResult]:
        asked = sorted(key.asset_key.to_user_string() for key in context.selected_asset_check_keys)
        for found in freshness(lake.open(), asked, datetime.now(UTC), get_settings().first_day):
            yield dg.AssetCheckResult(
                asset_key=dg.AssetKey(found.table.split("/")),
                check_name="no_missing_day",
                passed=not found.missing,
                severity=dg.AssetCheckSeverity.WARN,
                description=found.sentence,
                metadata={
                    "newest": str(found.newest),
                    "missing": dg.MetadataValue.json([str(d) for d in found.missing]),
                },
            )

    return check
