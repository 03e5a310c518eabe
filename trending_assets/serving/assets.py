"""serving/bundle: the API's answers of a day, audited and published."""

from typing import Any

import dagster as dg
import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.io_manager import RANGE_ROWS, LakeResource
from trending_assets.partitions import to_days
from trending_assets.serving.lineage import Node
from trending_assets.serving.pointer import POINTER
from trending_assets.serving.publish import BUNDLE, Marts, inputs_of, publish
from trending_assets.settings import get_settings
from trending_assets.table_asset import source, table_asset


def asset_graph(context: dg.AssetExecutionContext) -> dict[str, Node]:
    """All assets of the code location, or of the `dg.materialize` call that the run belongs to.

    A job's own graph holds the selected assets alone; the graph that it was cut from is the same whatever was selected.
    `context.repository_def` would need a code location, which a headless run does not have.
    """
    graph: Any = context.job_def.asset_layer.asset_graph.source_asset_graph
    return {
        key.to_user_string(): Node(
            upstream=tuple(sorted(parent.to_user_string() for parent in graph.get(key).parent_keys)),
            code_version=graph.get(key).code_version,
            daily=graph.get(key).is_partitioned,
        )
        for key in graph.get_all_asset_keys()
    }


@table_asset(
    BUNDLE,
    kinds={"json", "polars"},
    code_version="4",
    ins={
        "trends": source("marts/trends"),
        "titles": source("marts/titles"),
        "evidence": source("marts/evidence"),
        "charts": source("staging/charts"),
        "chart_entries": source("linking/chart_entries"),
        "drift": source("drift/report"),
        "calls": source("scoring/ledger"),
    },
)
def bundle(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    trends: pl.DataFrame,
    titles: pl.DataFrame,
    evidence: pl.DataFrame,
    charts: pl.DataFrame,
    chart_entries: pl.DataFrame,
    drift: pl.DataFrame,
    calls: pl.DataFrame,
) -> dg.MaterializeResult[Any]:
    """Publish the days. Written here and not through the IO manager: the pointer may move only after they are in the lake."""
    days, place = to_days(context.partition_keys), lake.open()
    try:
        marts = Marts(trends, titles, evidence, charts, chart_entries, drift, calls)
        inputs = inputs_of(place, days, marts, asset_graph(context))
        pointer, answers = publish(place, inputs, get_settings().tmdb_images_url)
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    return dg.MaterializeResult(
        metadata={
            RANGE_ROWS if len(days) > 1 else "dagster/partition_row_count": answers,
            "dagster/uri": place.location(BUNDLE, days[-1]),
            "titles": sum(day.titles.height for day in inputs),
            "snapshot": pointer.days[days[-1]].snapshot,
            "version": pointer.version,
            "pointer": f"{place.uri}/{POINTER}",
        }
    )


ASSETS = [bundle]
