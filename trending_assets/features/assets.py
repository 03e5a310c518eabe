"""features/title_day, and features/online beside it."""

import dagster as dg
import polars as pl

from trending_assets.features.store.assets import ASSETS as STORE
from trending_assets.features.title_day import title_day as build
from trending_assets.table_asset import source, table_asset


@table_asset(
    "features/title_day",
    kinds={"polars"},
    code_version="3",
    ins={
        "mentions": source("linking/mentions"),
        "documents": source("staging/documents"),
        "clusters": source("staging/clusters"),
        "scores": source("scoring/document_scores"),
        "chart_entries": source("linking/chart_entries"),
        "lists": source("staging/lists"),
        "titles": source("staging/titles"),
    },
)
def title_day(
    context: dg.AssetExecutionContext,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    clusters: pl.DataFrame,
    scores: pl.DataFrame,
    chart_entries: pl.DataFrame,
    lists: pl.DataFrame,
    titles: pl.DataFrame,
) -> pl.DataFrame:
    frame = build(mentions, documents, clusters, scores, chart_entries, lists, titles)
    context.add_output_metadata({"titles": frame.height, "mentioned": frame.filter(pl.col("mentions") > 0).height})
    return frame


ASSETS = [title_day, *STORE]
