"""features/*: voices and sites of a day, the signals of its titles, and the features of the whole catalogue."""

from datetime import timedelta

import dagster as dg
import polars as pl

from trending_assets.features.parameters import CATALOGUE
from trending_assets.features.site_day import site_days
from trending_assets.features.store.assets import ASSETS as STORE
from trending_assets.features.title_signals import title_signals as signals_of
from trending_assets.features.voices import voices as voices_of
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import HISTORY_WINDOW, MOVE_DAYS, MOVE_WINDOW, PAST_WINDOW, to_days
from trending_assets.table_asset import source, table_asset

TITLES = dg.AssetKey(["staging", "titles"])


@table_asset(
    "features/voices",
    kinds={"polars"},
    code_version="1",
    ins={
        "mentions": source("linking/mentions"),
        "documents": source("staging/documents", columns=("doc_id", "author_id", "kind", "rating")),
        "clusters": source("staging/clusters"),
        "scores": source("scoring/document_scores", columns=("doc_id", "sentiment", "about_title", "spam")),
    },
)
def voices(
    context: dg.AssetExecutionContext,
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    clusters: pl.DataFrame,
    scores: pl.DataFrame,
) -> pl.DataFrame:
    frame = voices_of(mentions, documents, clusters, scores)
    context.add_output_metadata({"titles": frame["title_id"].n_unique(), "voices": frame["voice_id"].n_unique()})
    return frame


@table_asset(
    "features/site_day",
    kinds={"polars"},
    code_version="1",
    ins={"voices": source("features/voices", PAST_WINDOW, columns=("title_id", "voice_id", "site"))},
)
def site_day(context: dg.AssetExecutionContext, voices: pl.DataFrame) -> pl.DataFrame:
    frame = site_days(voices, to_days(context.partition_keys))
    capped, missing = (
        frame.filter(test)["site"].unique().sort().to_list() for test in (pl.col("weight") < 1, "missing")
    )
    context.add_output_metadata({"capped": capped, "missing": missing})
    return frame


@table_asset(
    "features/title_signals",
    kinds={"polars"},
    code_version="1",
    ins={
        "voices": source("features/voices", PAST_WINDOW),
        "sites": source("features/site_day"),
        "charts": source("staging/charts"),
        "chart_entries": source("linking/chart_entries"),
        "lists": source("staging/lists"),
        "titles": source("staging/titles", columns=CATALOGUE),
    },
)
def title_signals(
    context: dg.AssetExecutionContext,
    voices: pl.DataFrame,
    sites: pl.DataFrame,
    charts: pl.DataFrame,
    chart_entries: pl.DataFrame,
    lists: pl.DataFrame,
    titles: pl.DataFrame,
) -> pl.DataFrame:
    frame = signals_of(voices, sites, charts, chart_entries, lists, titles, to_days(context.partition_keys))
    context.add_output_metadata({"titles": frame.height, "mentioned": frame.filter(pl.col("mentions") > 0).height})
    return frame


@table_asset(
    "features/title_day",
    kinds={"polars"},
    code_version="4",
    ins={
        "signals": source("features/title_signals", HISTORY_WINDOW),
    },
    deps=[dg.AssetDep(TITLES, partition_mapping=MOVE_WINDOW)],
)
def title_day(context: dg.AssetExecutionContext, signals: pl.DataFrame, lake: LakeResource) -> pl.DataFrame:
    from trending_assets.features.title_day import title_days

    days = to_days(context.partition_keys)
    titles = lake.open().read("staging/titles", days, CATALOGUE)
    # Of the window of titles the ends alone are needed, which no input can say: the day, and 7 days before it.
    before = lake.open().read("staging/titles", [day - timedelta(days=MOVE_DAYS) for day in days], CATALOGUE, "skip")
    frame = title_days(signals, titles, days, before)
    context.add_output_metadata({"titles": frame.height, "active": frame.filter(pl.col("active_days") > 0).height})
    return frame


ASSETS = [voices, site_day, title_signals, title_day, *STORE]
