"""features/title_signals: what a day says about a title, every voice at its weight."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.features.parameters import FEATURES, FeatureParameters
from trending_assets.features.site_day import counted_voices

KEY = ["date", "title_id"]
TITLE_SIGNALS = TABLES["features/title_signals"]
ADDS_UP = ("usd", "hours", "views")
"""Units of a chart of which a title can have a share."""


def title_signals(
    voices_window: pl.DataFrame,
    sites: pl.DataFrame,
    charts: pl.DataFrame,
    chart_entries: pl.DataFrame,
    lists: pl.DataFrame,
    titles: pl.DataFrame,
    days: Sequence[date],
    parameters: FeatureParameters = FEATURES,
) -> pl.DataFrame:
    """Rows of features/title_signals with the column `date` for each of `days`: titles that were named, charted or listed.

    `voices_window` holds features/voices with `date` for the days and the 28 before each: the days before say which accounts
    have a past and nothing else. `sites` is features/site_day; the other inputs hold the days alone. `authors` are voices: who
    wrote a text, not who copied it. Sentiment (-1 to 1) and rating (0 to 1) are means over voices, so that one voice counts
    once however often it speaks and however often it is copied.
    """
    asked = pl.col("date").is_in(list(days))
    by_site = counted_voices(voices_window, days, parameters).join(
        sites.select("date", "site", "weight"), on=["date", "site"], how="left", maintain_order="left"
    )
    signals = _attention(voices_window.filter(asked)).join(_weighed(by_site), on=KEY, how="left")
    for other in (_charted(charts.filter(asked), chart_entries.filter(asked)), _listed(lists.filter(asked))):
        signals = signals.join(other, on=KEY, how="full", coalesce=True)
    facts = titles.select(*KEY, "popularity", "release_date")
    counts = ("mentions", "authors", "known_authors", "sites", "counted_sites", "posts", "reviews")
    joined = signals.join(facts, on=KEY, how="left").with_columns(
        *(pl.col(c).fill_null(0) for c in counts),
        pl.col("voices").fill_null(0.0),
        *(pl.col(c).fill_null([]) for c in ("by_site", "charts", "lists")),
        days_since_release=(pl.col("date") - pl.col("release_date")).dt.total_days(),
    )
    schema = {"date": pl.Date, **TITLE_SIGNALS.schema}
    return joined.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(KEY)


def _attention(today: pl.DataFrame) -> pl.DataFrame:
    # Sorted before the means: the sum of floats depends on their order, and the bytes must not.
    return (
        today.sort(*KEY, "voice_id")
        .group_by(KEY, maintain_order=True)
        .agg(
            pl.col("mentions", "posts", "reviews").sum(),
            pl.col("sentiment", "rating").mean(),
            authors=pl.len(),
            sites=pl.col("site").n_unique(),
        )
    )


def _weighed(by_site: pl.DataFrame) -> pl.DataFrame:
    """Columns date, title_id, known_authors, voices, counted_sites and by_site of rows that are sorted by site within a title."""
    return by_site.group_by(KEY, maintain_order=True).agg(
        known_authors=pl.col("known").sum(),
        voices=(pl.col("counted") * pl.col("weight")).sum(),
        counted_sites=(pl.col("counted") > 0).sum(),
        by_site=pl.struct("site", pl.col("authors").cast(pl.Int32)),
    )


def _charted(charts: pl.DataFrame, chart_entries: pl.DataFrame) -> pl.DataFrame:
    entry = ["date", "chart", "chart_date", "rank"]
    value = pl.when(pl.col("unit").is_in(ADDS_UP), pl.col("value") >= 0).then("value")
    total = value.sum().over("date", "chart", "chart_date")
    share = pl.when(total > 0).then(value / total)
    printed = charts.sort(entry).select(*entry, "days_in_release", share=share)
    return (
        chart_entries.drop_nulls("title_id")
        .join(printed, on=entry, how="left")
        .group_by(KEY)
        .agg(
            chart_rank=pl.col("rank").min(),
            chart_share=pl.col("share").max(),
            chart_days=pl.col("days_in_release").max(),
            charts=pl.col("chart").unique().sort(),
        )
    )


def _listed(lists: pl.DataFrame) -> pl.DataFrame:
    return lists.group_by(KEY).agg(list_rank=pl.col("rank").min(), lists=pl.col("list").unique().sort())
