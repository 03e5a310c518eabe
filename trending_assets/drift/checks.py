"""Checks of drift/report: drift warns, a column that came back empty blocks."""

import dagster as dg
import polars as pl

from trending_assets.drift.pages import page_url
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.retries import TRY_AGAIN

REPORT = dg.AssetKey(["drift", "report"])


@dg.asset_check(
    asset=REPORT,
    name="no_drift",
    description="No watched column drifted: warns, and as an error where an effect is large.",
    partitions_def=DAILY,
)
def no_drift(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
    """Fails where a test of the days alarmed; the worst sentences are the description."""
    days = to_days(context.partition_keys)
    found = lake.open().read("drift/report", days).filter(pl.col("drifted"))
    large = (found["severity"] == "large").any()
    return dg.AssetCheckResult(
        passed=found.is_empty(),
        severity=dg.AssetCheckSeverity.ERROR if large else dg.AssetCheckSeverity.WARN,
        description=_told(found),
        metadata={
            "columns": dg.MetadataValue.json(sorted(set(found["column"]))),
            "report": dg.MetadataValue.url(page_url("drift/report", days[-1])),
        },
    )


@dg.asset_check(
    asset=REPORT,
    name="no_column_emptied",
    description="No watched column that used to have values came back without any: nothing is published on top of that.",
    blocking=True,
    retry_policy=TRY_AGAIN,
    partitions_def=DAILY,
)
def no_column_emptied(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
    """Fails where the schema test alarms on a column without values: `trending run` stops before the marts of the day."""
    found = lake.open().read("drift/report", to_days(context.partition_keys))
    empty = found.filter((pl.col("test") == "schema") & pl.col("drifted") & (pl.col("current") == 0))
    return dg.AssetCheckResult(passed=empty.is_empty(), description=_told(empty))


def _told(found: pl.DataFrame) -> str | None:
    worst = found.sort("date", "column", "test").head(5)
    told = [f"{day} {column}: {detail}" for day, column, detail in worst.select("date", "column", "detail").iter_rows()]
    return " ".join(told) or None


CHECKS = [no_drift, no_column_emptied]
