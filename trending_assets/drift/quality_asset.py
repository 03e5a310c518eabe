"""drift/quality: what was said days ago against what is known today."""

import dagster as dg
import polars as pl

from trending_assets.io_manager import LakeResource
from trending_assets.partitions import COUNTED_WINDOW, FORETOLD_WINDOW, to_days
from trending_assets.table_asset import table_asset


@table_asset(
    "drift/quality",
    kinds={"polars"},
    code_version="1",
    # Read by the function itself: of a window's days it needs the first and the last alone.
    deps=[
        dg.AssetDep(["features", "title_signals"], partition_mapping=COUNTED_WINDOW),
        dg.AssetDep(["trends", "trend_scores"], partition_mapping=FORETOLD_WINDOW),
        dg.AssetDep(["genre", "predictions"], partition_mapping=FORETOLD_WINDOW),
        "staging/titles",
        "staging/documents",
        "scoring/document_scores",
    ],
)
def quality(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    """Judge what was said the day before and a week ago."""
    from trending_assets.drift.quality import quality_days

    found = quality_days(lake.open(), to_days(context.partition_keys))
    context.add_output_metadata(
        {"measured": found["value"].count(), "without enough labels": found["value"].null_count()}
    )
    return found


ASSETS: list[dg.AssetsDefinition] = [quality]
