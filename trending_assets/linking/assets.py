"""linking/mentions, linking/chart_entries and the check that no document is lost between staging and linking."""

from datetime import date

import dagster as dg
import polars as pl

from trending_assets.io_manager import LakeResource
from trending_assets.partitions import DAILY, to_days
from trending_assets.retries import TRY_AGAIN
from trending_assets.table_asset import source, table_asset


def _of(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    return frame.filter(pl.col("date") == day)


@table_asset(
    "linking/mentions",
    kinds={"polars"},
    code_version="2",
    ins={"documents": source("staging/documents"), "titles": source("staging/titles")},
)
def mentions(context: dg.AssetExecutionContext, documents: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    from trending_assets.linking.link import link_documents

    days = to_days(context.partition_keys)
    frame = pl.concat(
        link_documents(_of(documents, day), _of(titles, day)).with_columns(pl.lit(day).alias("date")) for day in days
    )
    linked = frame["title_id"].is_not_null().sum()
    context.add_output_metadata(
        {"documents": documents.height, "links": linked, "ambiguous": frame.filter(method="ambiguous").height}
    )
    return frame


@table_asset(
    "linking/chart_entries",
    kinds={"polars"},
    code_version="2",
    ins={"charts": source("staging/charts"), "titles": source("staging/titles")},
)
def chart_entries(context: dg.AssetExecutionContext, charts: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    from trending_assets.linking.link import link_charts

    frame = pl.concat(
        link_charts(_of(charts, day), _of(titles, day)).with_columns(pl.lit(day).alias("date"))
        for day in to_days(context.partition_keys)
    )
    context.add_output_metadata({"entries": charts.height, "linked": frame["title_id"].is_not_null().sum()})
    return frame


@dg.asset_check(
    asset=dg.AssetKey(["linking", "mentions"]),
    additional_deps=[dg.AssetKey(["staging", "documents"])],
    blocking=True,
    retry_policy=TRY_AGAIN,
    partitions_def=DAILY,
    description="Every document of the day has a row in linking/mentions, and no row is of another document.",
)
def every_document_kept(context: dg.AssetCheckExecutionContext, lake: LakeResource) -> dg.AssetCheckResult:
    opened, wrong, documents = lake.open(), dict[str, int](), 0
    for day in to_days(context.partition_keys):
        known = opened.read("staging/documents", [day], ["doc_id"])["doc_id"]
        kept = opened.read("linking/mentions", [day], ["doc_id"])["doc_id"].unique()
        documents += known.len()
        apart = set(known.to_list()) ^ set(kept.to_list())
        if apart:
            wrong[day.isoformat()] = len(apart)
    return dg.AssetCheckResult(
        passed=not wrong,
        metadata={"documents": documents, "days": dg.MetadataValue.json(wrong)},
        description=f"{sum(wrong.values())} documents are in one table only." if wrong else None,
    )


ASSETS = [mentions, chart_entries, every_document_kept]
