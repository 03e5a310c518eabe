"""Assets of drift: a profile a day, what it is held against, how past predictions turned out, and the report."""

import dagster as dg
import polars as pl

from trending_assets.drift.checks import CHECKS
from trending_assets.drift.quality_asset import quality
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import BASELINE_DAYS, JUDGED_WINDOW, NULL_WINDOW, PROFILED_WINDOW, to_days
from trending_assets.table_asset import source, table_asset


@table_asset(
    "drift/profiles",
    kinds={"whylogs"},
    code_version="2",
    ins={
        "documents": source("staging/documents", columns=["doc_id", "source", "rating", "text", "site", "language"]),
        "scores": source(
            "scoring/document_scores", columns=["doc_id", "sentiment", "enthusiasm", "genres", "vibe_tags"]
        ),
        "digests": source("scoring/title_digests", columns=["primary_genre"]),
        "mentions": source("linking/mentions", columns=["confidence"]),
        "signals": source("features/title_signals", columns=["authors", "voices"]),
        "predicted": source("genre/predictions", columns=["title_id", "model", "genre", "predicted", "probability"]),
        "titles": source(
            "staging/titles",
            columns=["title_id", "title", "overview", "tagline", "keywords", "original_language", "year"],
        ),
        "charts": source("staging/charts", columns=["chart", "unit"]),
    },
)
def profiles(
    context: dg.AssetExecutionContext,
    documents: pl.DataFrame,
    scores: pl.DataFrame,
    digests: pl.DataFrame,
    mentions: pl.DataFrame,
    signals: pl.DataFrame,
    predicted: pl.DataFrame,
    titles: pl.DataFrame,
    charts: pl.DataFrame,
) -> pl.DataFrame:
    """Profile every watched column of the day."""
    from trending_assets.drift.profiles import profile_days
    from trending_assets.drift.watched import FED, SOURCED, predicted_titles, scores_by_source

    tables = {
        "staging/documents": documents,
        "staging/charts": charts,
        "linking/mentions": mentions,
        "scoring/document_scores": scores,
        "scoring/title_digests": digests,
        "features/title_signals": signals,
        "genre/predictions": predicted,
        SOURCED: scores_by_source(scores, documents),
        FED: predicted_titles(titles, predicted),
    }
    return profile_days(tables, to_days(context.partition_keys))


@table_asset(
    "drift/baseline",
    kinds={"polars"},
    code_version="2",
    ins={"profiles": source("drift/profiles", PROFILED_WINDOW)},
    aside=["genre/training_set"],
)
def baseline(context: dg.AssetExecutionContext, lake: LakeResource, profiles: pl.DataFrame) -> pl.DataFrame:
    """Merge the profiles of the days before the day, and profile the training set; whylogs' page shows the day beside them."""
    from trending_assets.drift.pages import page_url, put_page
    from trending_assets.drift.profiles import baseline_days
    from trending_assets.drift.training import training_baseline
    from trending_assets.drift.whylogs_page import profiles_page

    opened, days = lake.open(), to_days(context.partition_keys)
    learned = opened.read("genre/training_set", missing="skip")
    trailing = baseline_days(profiles, days, BASELINE_DAYS)
    found = pl.concat([trailing, *(training_baseline(learned, day) for day in days)])
    for day in days:
        today = profiles.filter(pl.col("date") == day)
        put_page(opened, "drift/profiles", day, profiles_page(today, trailing.filter(pl.col("date") == day), day))
    context.add_output_metadata({"whylogs": dg.MetadataValue.url(page_url("drift/profiles", days[-1]))})
    return found


@table_asset(
    "drift/report",
    kinds={"scipy"},
    code_version="2",
    ins={
        "profiles": source(
            "drift/profiles",
            NULL_WINDOW,
            columns=[
                *("column", "kind", "count", "nulls", "minimum", "mean", "median", "maximum", "stddev"),
                *("bin_edges", "bin_counts", "categories", "category_counts"),
            ],
        ),
        "baseline": source("drift/baseline"),
        "quality": source("drift/quality", JUDGED_WINDOW),
    },
)
def report(
    context: dg.AssetExecutionContext,
    lake: LakeResource,
    profiles: pl.DataFrame,
    baseline: pl.DataFrame,
    quality: pl.DataFrame,
) -> pl.DataFrame:
    """Test the day against its baselines, and write the page that says so."""
    from trending_assets.drift.page import report_page
    from trending_assets.drift.pages import page_url, put_page
    from trending_assets.drift.report import report_days

    opened, days = lake.open(), to_days(context.partition_keys)
    found = report_days(profiles, baseline, quality, days)
    for day in days:
        frames = (frame.filter(pl.col("date") == day) for frame in (found, profiles, baseline, quality))
        put_page(opened, "drift/report", day, report_page(day, *frames))
    drifted = found.filter(pl.col("drifted"))
    context.add_output_metadata(
        {
            "drifted": drifted.height,
            "columns": sorted(set(drifted["column"])),
            "report": dg.MetadataValue.url(page_url("drift/report", days[-1])),
        }
    )
    return found


ASSETS: list[dg.AssetsDefinition | dg.AssetChecksDefinition] = [profiles, baseline, quality, report, *CHECKS]
