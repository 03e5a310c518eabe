"""Dagster's view of what waits: a warning on the day, and a sensor that scores it again when the budget allows it."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import polars as pl

from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.scoring import waiting
from trending_assets.settings import get_settings

RESCORED = ("scoring/document_scores", "scoring/title_digests", "scoring/ledger")
"""What the job `rescore` materializes; automation takes it from there."""
EVERY_SECONDS = 1800


def nothing_waits(table: str) -> dg.AssetChecksDefinition:
    """A check that warns of what of a table waits, by cause."""

    @dg.asset_check(
        asset=dg.AssetKey(table.split("/")),
        name="nothing_waits",
        description="Nothing of the day waits for budget, a batch, or the outcome of a call in doubt.",
        partitions_def=DAILY,
    )
    def check(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
        found = waiting.waiting(lake.open(), table, to_days(context.partition_keys))
        return dg.AssetCheckResult(
            passed=found.is_empty(),
            severity=dg.AssetCheckSeverity.WARN,
            description=waiting.sentence(found),
            metadata={"waiting": dg.MetadataValue.json(found.with_columns(pl.col("date").cast(pl.String)).to_dicts())},
        )

    return check


@dg.sensor(
    name="llm_waiting",
    job_name="rescore",
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING if get_settings().automation else dg.DefaultSensorStatus.STOPPED,
    description="Scores again the days of the last week on which something waits, where the budget allows it by now.",
)
def llm_waiting(context: dg.SensorEvaluationContext, lake: LakeResource) -> dg.SensorResult | dg.SkipReason:
    """One run a day that has something waiting; what was paid for is not asked again."""
    from trending_assets.scoring.asker import covers_a_call

    if not covers_a_call(get_settings()):
        return dg.SkipReason("Today's budget is used up; `trending llm` shows it.")
    now = datetime.now(UTC)
    days = waiting.days(lake.open(), (now - timedelta(days=7)).date(), now.date())
    if not days:
        return dg.SkipReason("Nothing waits.")
    # The key carries the half hour: a day that still waits is tried again later, and never twice at once.
    turn = int(now.timestamp()) // EVERY_SECONDS
    return dg.SensorResult([dg.RunRequest(f"{day}-{turn}", partition_key=day.isoformat()) for day in days])


CHECKS: list[dg.AssetsDefinition] = [nothing_waits(table) for table in waiting.TABLES]
SENSORS = [llm_waiting]
