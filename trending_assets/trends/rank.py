"""The ranking of a day: level of attention, raised by its lift over the title's own past, with charts and lists below."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.trends.parameters import DEFAULTS, Parameters
from trending_assets.trends.window import Array, Window, window_of

SCORES = TABLES["trends/trend_scores"]


def rank_days(
    features_window: pl.DataFrame,
    days: Sequence[date],
    lists: pl.DataFrame | None = None,
    parameters: Parameters = DEFAULTS,
) -> pl.DataFrame:
    """Rows of trends/trend_scores with the column `date` for each of `days`.

    `features_window` holds features/title_signals with `date` for the days and the 27 before each; what lies after a day, or
    outside its window, has no influence on it. `lists` (staging/lists with `date`) gives each list's own place; without it
    every list of a title counts with the title's best place. Ranks run from 1 by (-score, title_id).
    """
    frames = [_rank(features_window, day, lists, parameters) for day in days]
    return pl.concat(frames) if frames else pl.DataFrame(schema={"date": pl.Date, **SCORES.schema})


def _rank(features: pl.DataFrame, day: date, lists: pl.DataFrame | None, parameters: Parameters) -> pl.DataFrame:
    window = window_of(features, day, parameters)
    lift, low, high = lift_interval(window, parameters)
    standing = pl.DataFrame(
        {"title_id": window.title_ids, "level": window.level, "baseline": window.baseline}
        | {"lift": lift, "lift_low": low, "lift_high": high, "last_seen": window.last_seen},
        schema_overrides={"title_id": pl.String},
    )
    today = features.filter(pl.col("date") == day).select("title_id", "mentions", "authors", "sites", "chart_rank")
    places = _places(features.filter(pl.col("date") == day), lists, day)
    weights = pl.col("list").replace_strict(parameters.list_weights, default=parameters.other_list_weight)
    listed = (
        places.sort("title_id", "list")
        .group_by("title_id", maintain_order=True)
        .agg(list_points=(parameters.list_points * weights / (pl.col("rank") + 1).log(2)).sum())
    )
    counts = [pl.col(c).fill_null(0) for c in ("mentions", "authors", "sites")]
    breadth = pl.col("sites").clip(lower_bound=1) ** parameters.breadth_power
    scored = (
        standing.join(today, on="title_id", how="left")
        .join(listed, on="title_id", how="left")
        .with_columns(*counts, pl.col("list_points").fill_null(0.0))
        .with_columns(
            mention_points=pl.col("level") * pl.col("lift") ** parameters.lift_power * breadth,
            chart_points=(parameters.chart_points / (pl.col("chart_rank") + 1).log(2)).fill_null(0.0),
        )
        .filter(
            (pl.col("last_seen") < parameters.ranked_days) | (pl.col("chart_points") > 0) | (pl.col("list_points") > 0)
        )
        .with_columns(
            score=pl.sum_horizontal("mention_points", "chart_points", "list_points"),
            basis=pl.when(pl.col("last_seen").is_finite())
            .then(pl.lit("mentions"))
            .otherwise(pl.lit("charts_and_lists")),
            direction=pl.when(pl.col("lift_low") > 1)
            .then(pl.lit("rising"))
            .when(pl.col("lift_high") < 1)
            .then(pl.lit("falling"))
            .otherwise(pl.lit("steady")),
            date=pl.lit(day),
        )
        .sort(["score", "title_id"], descending=[True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1))
    )
    schema = {"date": pl.Date, **SCORES.schema}
    return scored.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _places(today: pl.DataFrame, lists: pl.DataFrame | None, day: date) -> pl.DataFrame:
    """One row a title and list of the day, with the place."""
    if lists is not None:
        return lists.filter(pl.col("date") == day).select("title_id", "list", "rank")
    listed = today.filter(pl.col("list_rank").is_not_null())
    return listed.select("title_id", list="lists", rank="list_rank").explode("list").drop_nulls("list")


def lift_interval(window: Window, parameters: Parameters) -> tuple[Array, Array, Array]:
    """Lift with the ends of its interval (Gamma-Poisson).

    With a prior of a authors a day, the rates of level and baseline are Gamma with shape n * (mean + a) and rate n, n the
    days that the average is worth. Their ratio over the point estimate (level + a) / (baseline + a) follows Fisher's F with
    2 * shape degrees of freedom each, whose quantiles give the interval.
    """
    from scipy.stats import f

    a = parameters.prior_authors
    lift = (window.level + a) / (window.baseline + a)
    degrees = 2 * window.level_days * (window.level + a), 2 * window.baseline_days * (window.baseline + a)
    tail = (1 - parameters.confidence) / 2
    low, high = f.ppf(tail, *degrees), f.ppf(1 - tail, *degrees)
    return lift, lift * np.nan_to_num(low), lift * np.nan_to_num(high, nan=1.0)
