"""What the assets of raw share: counts a day, and the check that nothing was lost."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import dagster as dg
import polars as pl

from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import DAILY, to_days
from trending_assets.retries import TRY_AGAIN, readable

Counts = Mapping[str, int]


def dated(frames: Sequence[tuple[date, pl.DataFrame]]) -> pl.DataFrame:
    """The days' frames in one, with the column `date`."""
    return pl.concat([frame.with_columns(pl.lit(day).alias("date")) for day, frame in frames])


def note(context: dg.AssetExecutionContext, day: date, counts: Mapping[str, int | float | str]) -> None:
    """Put a day's counts on the materialization of its partition."""
    context.add_asset_metadata(dict(counts), partition_key=day.isoformat())


def counts_of(instance: dg.DagsterInstance, key: dg.AssetKey, day: date) -> dict[str, int]:
    """Whole numbers that the newest materialization of the partition carries."""
    wanted = dg.AssetRecordsFilter(asset_key=key, asset_partitions=[day.isoformat()])
    found = instance.fetch_materializations(wanted, limit=1).records
    made = found[0].asset_materialization if found else None
    values = {name: value.value for name, value in made.metadata.items()} if made else {}
    return {name: value for name, value in values.items() if isinstance(value, int)}


def nothing_lost(
    table: str, total: str, description: str, judge: Callable[[Lake, date, Counts], str | None]
) -> dg.AssetChecksDefinition:
    """A blocking check of each day's counts against the lake. `judge` gives a sentence where they do not add up.

    `total` is the count that says how much came in: without it on the materialization the check fails.
    """
    key = dg.AssetKey(table.split("/"))

    @dg.asset_check(
        asset=key,
        name="nothing_lost",
        description=description,
        blocking=True,
        partitions_def=DAILY,
        retry_policy=TRY_AGAIN,
    )
    @readable
    def check(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
        opened, problems, seen = lake.open(), list[str](), 0
        for day in to_days(context.partition_keys):
            counts = counts_of(context.instance, key, day)
            problem = judge(opened, day, counts) if total in counts else "the materialization carries no counts"
            seen += counts.get(total, 0)
            problems += [f"{day}: {problem}"] if problem else []
        return dg.AssetCheckResult(
            passed=not problems, metadata={total: seen}, description="; ".join(problems[:5]) or None
        )

    return check
