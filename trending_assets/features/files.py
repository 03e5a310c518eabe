"""The features from files alone, in the shapes of a world: what `trending rank` and the backtest rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.features.parameters import FEATURES, FeatureParameters
from trending_assets.features.site_day import site_days
from trending_assets.features.title_day import title_day
from trending_assets.features.title_signals import title_signals
from trending_assets.features.voices import voices
from trending_assets.linking.link import link_charts, link_documents
from trending_assets.linking.worlds import read_charts, read_documents, read_titles
from trending_assets.partitions import days_between
from trending_assets.staging.clusters import WINDOW_DAYS, clusters

CHART_DAYS = 14
"""An edition of a chart that is older than this is no longer the chart of the day."""


@dataclass(frozen=True)
class FileFeatures:
    """What files say: `voices`, `sites` and `signals` are features/voices, site_day and title_signals with `date`.

    `charts` and `chart_entries` are staging/charts and linking/chart_entries with `date`: what stands on each day. `titles` are
    the catalogue, the same on all days. Files carry no LLM scores and no lists, and one popularity for all days:
    no move of it is known.
    """

    titles: pl.DataFrame
    charts: pl.DataFrame
    chart_entries: pl.DataFrame
    voices: pl.DataFrame
    sites: pl.DataFrame
    signals: pl.DataFrame

    def title_days(self, days: Iterable[date], parameters: FeatureParameters = FEATURES) -> pl.DataFrame:
        """Rows of features/title_day with `date`; the days must lie in the range that the features were made for."""
        frames = [
            title_day(self.signals, self.titles.with_columns(date=pl.lit(day)), day, None, parameters) for day in days
        ]
        return (
            pl.concat(frames)
            if frames
            else pl.DataFrame(schema={"date": pl.Date, **TABLES["features/title_day"].schema})
        )


def features_of_files(titles: Path, documents: Path, charts: Path | None, first: date, last: date) -> FileFeatures:
    """Features from files for rankings of first to last: signals also of the 27 days before, voices of the 28 before those.

    A day's features rest on documents that were published, and charts that were dated, on the day or before it. Raises
    PermanentFailure, one sentence, for a wrong file or column.
    """
    known = read_titles(titles)
    signals_from = first - timedelta(days=FEATURES.window_days - 1)
    voices_from = signals_from - timedelta(days=FEATURES.past_days)
    written = read_documents(documents).filter(pl.col("date") <= last)
    said = written.filter(pl.col("date") >= voices_from)
    # A link depends on the document, its year and the titles alone, so all days can be linked at once.
    mentions = link_documents(said, known).join(said.select("doc_id", "date"), on="doc_id")
    recent = written.filter(pl.col("date") > voices_from - timedelta(days=WINDOW_DAYS))
    none = {name: pl.DataFrame(schema={"date": pl.Date, **TABLES[name].schema}) for name in _NOT_IN_FILES}
    # Days that no document was published on need no clusters.
    days = said["date"].unique().sort().to_list()
    who = voices(mentions, said, clusters(recent, days), none["scoring/document_scores"])
    printed, entries = none["staging/charts"], none["linking/chart_entries"]
    if charts is not None:
        editions = read_charts(charts).unique(["chart", "chart_date", "rank"], keep="first", maintain_order=True)
        printed = _of_days(editions, signals_from, last)
        entries = _of_days(link_charts(editions, known), signals_from, last)
    return of_voices(known, who, days_between(signals_from, last), printed, entries)


_NOT_IN_FILES = ("scoring/document_scores", "staging/lists", "staging/charts", "linking/chart_entries")


def of_voices(
    known: pl.DataFrame,
    who: pl.DataFrame,
    days: list[date],
    charts: pl.DataFrame | None = None,
    chart_entries: pl.DataFrame | None = None,
    parameters: FeatureParameters = FEATURES,
) -> FileFeatures:
    """Features of the days from rows of features/voices, and of the charts that stand on a day, where there are any."""
    none = {name: pl.DataFrame(schema={"date": pl.Date, **TABLES[name].schema}) for name in _NOT_IN_FILES}
    charts = none["staging/charts"] if charts is None else charts
    chart_entries = none["linking/chart_entries"] if chart_entries is None else chart_entries
    sites = site_days(who, days, parameters)
    named = pl.concat([who["title_id"], chart_entries["title_id"]]).drop_nulls().unique()
    facts = known.filter(pl.col("title_id").is_in(named.implode())).select("title_id", "popularity", "release_date")
    dated = pl.DataFrame({"date": days}, schema={"date": pl.Date}).join(facts, how="cross")
    signals = title_signals(who, sites, charts, chart_entries, none["staging/lists"], dated, days, parameters)
    return FileFeatures(known, charts, chart_entries, who, sites, signals)


def _of_days(entries: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """For each day and chart the newest edition that was dated on the day or in the CHART_DAYS before it."""
    dates = entries.select("chart", "chart_date").unique()
    newest = (
        pl.select(date=pl.date_range(first, last))
        .join(dates, how="cross")
        .filter(
            pl.col("chart_date") <= pl.col("date"),
            pl.col("chart_date") > pl.col("date") - pl.duration(days=CHART_DAYS),
        )
        .group_by("date", "chart")
        .agg(pl.col("chart_date").max())
    )
    return newest.join(entries, on=["chart", "chart_date"])
