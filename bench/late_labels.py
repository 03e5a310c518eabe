"""`python -m bench.late_labels`: what drift/quality says of the ranking on real posts, day by day, beside the backtest.

spring-2013, days up to the last on which parameters could be chosen. Each day is judged twice: by drift/quality from the rows
of the days that it reads, and by the backtest's panel of the whole range.
"""

import sys
from datetime import date, timedelta

import numpy as np
import polars as pl

from bench.shared import SHARED, TUNING_ENDS
from trending_assets.drift.quality import Measured, interval_coverage, ranking_gain
from trending_assets.partitions import LABEL_DAYS, days_between
from trending_assets.trends.backtest.metrics import lists, ndcg
from trending_assets.trends.backtest.panel import panel_of, targets
from trending_assets.trends.command import scores_of_files

FIRST = date(2013, 5, 1)


def main() -> int:
    """Print means and extremes over the days of judgement, and the largest difference to the backtest."""
    folder = SHARED / "worlds" / "spring-2013"
    if not folder.is_dir():
        print("Left out: the world spring-2013 is not there.")
        return 0
    last = TUNING_ENDS - timedelta(days=LABEL_DAYS)
    titles, documents, charts = (folder / f"{name}.parquet" for name in ("titles", "documents", "charts"))
    found = scores_of_files(titles, documents, charts, FIRST, last)
    days = days_between(FIRST, last)
    ours: dict[str, list[Measured]] = {"score": [], "expected": [], "coverage": []}
    for made in days:
        said = found.scores.filter(pl.col("date") == made)
        for name, ahead in (("score", 1), ("expected", LABEL_DAYS)):
            ours[name].append(ranking_gain(said.select("title_id", score=name), _counted(found.counts, made, ahead)))
        ours["coverage"].append(interval_coverage(said, _counted(found.counts, made, LABEL_DAYS)))
    panel = panel_of(found.counts, found.scores)
    places = np.array([panel.days.index(day) for day in days])
    gains = targets(panel.counts, places)
    print(f"Rankings of {FIRST} to {last} ({len(days)} days), spring-2013:")
    for name, target, words in (("score", "1d", "next day"), ("expected", "7d", "next 7 days")):
        theirs = ndcg(lists(panel.matrix(found.scores, name)[places]), gains[target])
        values = _values(ours[name])
        print(
            f"  NDCG@20, {words}: {_range(values)}; largest difference to the backtest {np.abs(values - theirs).max():.1e}"
        )
    print(
        f"  in the 95% interval: {_range(_values(ours['coverage']))}, {ours['coverage'][0].labels} titles on the first day"
    )
    return 0


def _counted(counts: pl.DataFrame, made: date, ahead: int) -> pl.DataFrame:
    week = counts.filter(pl.col("date").is_between(made, made + timedelta(days=ahead), closed="right"))
    return week.group_by("title_id").agg(seen=pl.col("authors").sum())


def _values(measured: list[Measured]) -> np.ndarray:
    return np.array([np.nan if one.value is None else one.value for one in measured])


def _range(values: np.ndarray) -> str:
    return f"mean {values.mean():.3f}, {values.min():.3f} to {values.max():.3f}"


if __name__ == "__main__":
    sys.exit(main())
