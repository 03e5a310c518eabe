"""`trending rank`: the ranking from files alone, strictly causal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.features.title_day import title_day
from trending_assets.files import write_file
from trending_assets.linking.link import link_charts, link_documents
from trending_assets.linking.worlds import read_charts, read_documents, read_titles
from trending_assets.staging.clusters import WINDOW_DAYS, clusters
from trending_assets.trends.detect import detect
from trending_assets.trends.parameters import DEFAULTS
from trending_assets.trends.rank import rank_days

CHART_DAYS = 14
"""An edition of a chart that is older than this is no longer the chart of the day."""

LEAD_DAYS = 14
"""Days before the first judged one that are ranked too: a title may have been listed that long before its event."""


def rank_files(titles: Path, documents: Path, charts: Path | None, first: date, last: date, out: Path) -> int:
    """Rank the titles of each day from `first` to `last`, both included; gives the number of rows written.

    Reads Parquet files in the shapes of a world. A day's ranking rests on the documents that were published and the charts
    that were dated on the day or in the 27 days before it: cutting the files after the day changes nothing. Writes date,
    title_id, score and rank. Raises PermanentFailure, one sentence, for a wrong file, column or range.
    """
    if last < first:
        raise PermanentFailure(f"The last day {last} is before the first day {first}.")
    features = features_of_files(titles, documents, charts, first, last)
    ranked = rank_days(features, _days(first, last)["date"].to_list())
    return write_file(ranked.select("date", "title_id", "score", "rank"), out)


@dataclass(frozen=True)
class Ranked:
    """What a backtest judges: `counts` and `scores` by day, with alerts, release dates and voices where they are known.

    Columns as in `trends/backtest/run.py`.
    """

    counts: pl.DataFrame
    scores: pl.DataFrame
    alerts: pl.DataFrame | None = None
    releases: pl.DataFrame | None = None
    voices: pl.DataFrame | None = None


def scores_of_files(
    titles: Path,
    documents: Path,
    charts: Path | None,
    first: date,
    last: date,
    step: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Ranked:
    """The rankings of the days from 14 before `first` to `last`, each as causal as `trending rank`, and what was said.

    Counts go from the files' first day to 7 days after `last`: those days decide how good a ranking was, and no ranking
    sees them. Raises PermanentFailure, one sentence, for a wrong file or column.
    """
    from trending_assets.trends.backtest.days import AHEAD
    from trending_assets.trends.backtest.scores import scores_of

    written = read_documents(documents)["date"]
    start = max(first - timedelta(days=LEAD_DAYS), min(written, default=first))
    step("linking", 0, 1)
    # features_of_files goes back a window from its first day.
    oldest = min(written, default=start) + timedelta(days=DEFAULTS.window_days - 1)
    features = features_of_files(titles, documents, charts, min(oldest, start), last + timedelta(days=AHEAD))
    days = _days(start, last)["date"].to_list()
    ranked = []
    for number, day in enumerate(days):
        step(f"ranking {day}", number + 1, len(days))
        ranked.append(rank_days(features, [day]))
    known = read_titles(titles).select("title_id", pl.col("release_date").cast(pl.Date, strict=False)).drop_nulls()
    said = features.filter(pl.col("authors") > 0).select("date", "title_id", "authors")
    return Ranked(said, scores_of(pl.concat(ranked)), detect(features, days), known)


def features_of_files(titles: Path, documents: Path, charts: Path | None, first: date, last: date) -> pl.DataFrame:
    """features/title_day from files, without LLM scores and lists, for the days that rankings of first to last look at."""
    known = read_titles(titles)
    start = first - timedelta(days=DEFAULTS.window_days - 1)
    written = read_documents(documents).filter(pl.col("date") <= last)
    said = written.filter(pl.col("date") >= start)
    # A link depends on the document, its year and the titles alone, so all days can be linked at once.
    mentions = link_documents(said, known).join(said.select("doc_id", "date"), on="doc_id")
    entries = pl.DataFrame(schema={"date": pl.Date, **TABLES["linking/chart_entries"].schema})
    if charts is not None:
        entries = _editions(link_editions(read_charts(charts), known), start, last)
    named = pl.concat([mentions["title_id"], entries["title_id"]]).drop_nulls().unique()
    facts = known.filter(pl.col("title_id").is_in(named.implode())).select("title_id", "popularity", "release_date")
    days = _days(start, last)["date"].to_list()
    return title_day(
        mentions,
        said,
        clusters(written.filter(pl.col("date") > start - timedelta(days=WINDOW_DAYS)), days),
        pl.DataFrame(schema={"date": pl.Date, **TABLES["scoring/document_scores"].schema}),
        entries,
        pl.DataFrame(schema={"date": pl.Date, **TABLES["staging/lists"].schema}),
        _days(start, last).join(facts, how="cross"),
    )


def link_editions(charts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """All editions of a charts file, linked; the key is chart, chart_date and rank."""
    return link_charts(charts.unique(["chart", "chart_date", "rank"], keep="first", maintain_order=True), known)


def _days(first: date, last: date) -> pl.DataFrame:
    return pl.select(date=pl.date_range(first, last))


def _editions(entries: pl.DataFrame, start: date, last: date) -> pl.DataFrame:
    """For each day and chart the newest edition that was dated on the day or in the CHART_DAYS before it."""
    dates = entries.select("chart", "chart_date").unique()
    newest = (
        _days(start, last)
        .join(dates, how="cross")
        .filter(
            pl.col("chart_date") <= pl.col("date"),
            pl.col("chart_date") > pl.col("date") - pl.duration(days=CHART_DAYS),
        )
        .group_by("date", "chart")
        .agg(pl.col("chart_date").max())
    )
    return newest.join(entries, on=["chart", "chart_date"])
