"""trends/trend_scores and trends/alerts."""

import dagster as dg
import polars as pl

from trending_assets.partitions import HISTORY_WINDOW, to_days
from trending_assets.table_asset import source, table_asset


@table_asset(
    "trends/trend_scores",
    kinds={"polars"},
    code_version="2",
    ins={
        "features": source("features/title_day"),
        "sites": source("features/site_day"),
        "lists": source("staging/lists"),
    },
)
def trend_scores(
    context: dg.AssetExecutionContext, features: pl.DataFrame, sites: pl.DataFrame, lists: pl.DataFrame
) -> pl.DataFrame:
    from trending_assets.trends.rank import rank_days

    frame = rank_days(features, to_days(context.partition_keys), lists, sites)
    context.add_output_metadata(
        {
            "titles": frame.height,
            "popular now": ", ".join(frame.filter(rank=1)["title_id"]),
            "rising": ", ".join(frame.filter(rising_rank=1)["title_id"]),
            "missing sites": frame["missing_sites"].explode().drop_nulls().unique().sort().to_list(),
        }
    )
    return frame


@table_asset(
    "trends/alerts",
    kinds={"polars"},
    code_version="2",
    ins={"features": source("features/title_signals", HISTORY_WINDOW)},
)
def alerts(context: dg.AssetExecutionContext, features: pl.DataFrame) -> pl.DataFrame:
    from trending_assets.trends.detect import detect

    frame = detect(features, to_days(context.partition_keys))
    context.add_output_metadata({"alerts": frame.height, "fresh": frame.filter("fresh").height})
    return frame


ASSETS = [trend_scores, alerts]
