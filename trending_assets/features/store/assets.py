"""features/online: the day's features in the online store."""

import dagster as dg
import polars as pl

from trending_assets.features.store.as_of import TITLE, TITLE_DAY
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.table_asset import table_asset

ONLINE = "features/online"
COMPARED = 1_000
"""Titles of a day that the check reads from both stores."""


@table_asset(ONLINE, kinds={"feast", "sqlite"}, code_version="1", deps=[TITLE_DAY])
def online(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.features.store.push import push, record

    opened, days = lake.open(), to_days(context.partition_keys)
    pushed = push(opened, days)
    context.add_output_metadata(
        {
            "titles_written": pushed.written,
            "titles_newer_online": pushed.newer,
            "rows_withdrawn": pushed.withdrawn,
            "newest_event": str(pushed.newest),
        }
    )
    return record(opened, days)


@dg.asset_check(
    asset=dg.AssetKey(ONLINE.split("/")),
    name="serving_equals_training",
    description="For each of the day's titles the online store gives the day's row, value by value, or a newer one.",
    partitions_def=DAILY,
)
def serving_equals_training(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
    """Reads about 1,000 titles of the newest day from both stores. Blocks nothing: the bundle does not rest on it."""
    from trending_assets.features.store.push import differences

    opened, day = lake.open(), max(to_days(context.partition_keys))
    titles = opened.read(TITLE_DAY, [day], [TITLE])[TITLE].to_list()
    compared = titles[:: max(len(titles) // COMPARED, 1)]
    wrong = differences(opened, day, compared)
    return dg.AssetCheckResult(
        passed=not wrong,
        metadata={"titles": len(compared), "different": len(wrong)},
        description=f"different: {', '.join(wrong[:5])}" if wrong else None,
    )


ASSETS = [online, serving_equals_training]
