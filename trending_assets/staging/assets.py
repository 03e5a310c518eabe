"""Staging: raw tables made clean by dbt (SQL in dbt_project/models/staging), and copies of texts folded."""

import dagster as dg
import polars as pl

from trending_assets.partitions import EVIDENCE_WINDOW, to_days
from trending_assets.staging.clusters import clusters as build
from trending_assets.staging.dbt import table_dbt_assets
from trending_assets.table_asset import source, table_asset


@table_asset(
    "staging/clusters",
    kinds={"polars"},
    code_version="1",
    ins={"documents": source("staging/documents", EVIDENCE_WINDOW)},
)
def clusters(context: dg.AssetExecutionContext, documents: pl.DataFrame) -> pl.DataFrame:
    """Which documents of the day are copies of one of the last 7 days."""
    frame = build(documents, to_days(context.partition_keys))
    copies = frame.filter(pl.col("copies") > 1)
    context.add_output_metadata(
        {"documents": frame.height, "copies": copies.height, "voices": frame["voice_id"].n_unique()}
    )
    return frame


ASSETS = [table_dbt_assets("staging"), clusters]
