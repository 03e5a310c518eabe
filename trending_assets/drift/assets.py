"""Assets of drift: a profile a day, the days before it as the baseline, and the report."""

import dagster as dg
import polars as pl

from trending_assets.drift.quality_asset import quality
from trending_assets.partitions import BASELINE_DAYS, BASELINE_WINDOW, to_days
from trending_assets.table_asset import source, table_asset


@table_asset(
    "drift/profiles",
    kinds={"whylogs"},
    code_version="1",
    ins={
        "documents": source("staging/documents"),
        "scores": source("scoring/document_scores"),
        "signals": source("features/title_signals"),
        "predicted": source("genre/predictions"),
    },
)
def profiles(
    context: dg.AssetExecutionContext,
    documents: pl.DataFrame,
    scores: pl.DataFrame,
    signals: pl.DataFrame,
    predicted: pl.DataFrame,
) -> pl.DataFrame:
    """Profile every watched column of the day."""
    from trending_assets.drift.profiles import profile_days

    tables = {
        "staging/documents": documents,
        "scoring/document_scores": scores,
        "features/title_signals": signals,
        "genre/predictions": predicted,
    }
    return profile_days(tables, to_days(context.partition_keys))


@table_asset(
    "drift/baseline", kinds={"polars"}, code_version="1", ins={"past": source("drift/profiles", BASELINE_WINDOW)}
)
def baseline(context: dg.AssetExecutionContext, past: pl.DataFrame) -> pl.DataFrame:
    """Add up the profiles of the days before the day."""
    from trending_assets.drift.profiles import baseline_days

    return baseline_days(past, to_days(context.partition_keys), BASELINE_DAYS)


@table_asset(
    "drift/report",
    kinds={"scipy"},
    code_version="1",
    ins={"profiles": source("drift/profiles"), "baseline": source("drift/baseline")},
)
def report(context: dg.AssetExecutionContext, profiles: pl.DataFrame, baseline: pl.DataFrame) -> pl.DataFrame:
    """Test the day against its baseline."""
    from trending_assets.drift.report import report_days

    found = report_days(profiles, baseline, to_days(context.partition_keys))
    drifted = found.filter(pl.col("drifted"))
    context.add_output_metadata({"drifted": drifted.height, "columns": sorted(set(drifted["column"]))})
    return found


ASSETS: list[dg.AssetsDefinition] = [profiles, baseline, report, quality]
