"""The ranking of a day: two lists from one forecast, `popular now` and `rising`, with what moved each title."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.features.parameters import FEATURES
from trending_assets.trends import forecast
from trending_assets.trends.forecast import Array
from trending_assets.trends.parameters import DEFAULTS, Parameters

SCORES = TABLES["trends/trend_scores"]
WEEK = 7


def rank_days(
    features: pl.DataFrame,
    days: Sequence[date],
    lists: pl.DataFrame | None = None,
    sites: pl.DataFrame | None = None,
    parameters: Parameters = DEFAULTS,
) -> pl.DataFrame:
    """Rows of trends/trend_scores with the column `date` for each of `days`: every title of features/title_day.

    `features` holds features/title_day with `date`; a day's ranking rests on that day's rows alone. `lists` (staging/lists)
    gives each list's own place; without it every list of a title counts with the title's best place. `sites`
    (features/site_day) says which sources are missing. Ranks run from 1 by (-score, title_id).
    """
    frames = [_rank(features, day, lists, sites, parameters) for day in days]
    return pl.concat(frames) if frames else pl.DataFrame(schema={"date": pl.Date, **SCORES.schema})


def _rank(
    features: pl.DataFrame,
    day: date,
    lists: pl.DataFrame | None,
    sites: pl.DataFrame | None,
    parameters: Parameters,
) -> pl.DataFrame:
    today = features.filter(pl.col("date") == day).sort("title_id")
    missing, lost = _missing(sites, day)
    numbers, spread = forecast.fitted()
    level = forecast.level(today, parameters.level_saturation)
    stage = forecast.stage(today)
    nobody = forecast.silent(today, parameters.silent_share)
    said = {name: level * fitted.factors[stage] for name, fitted in numbers.items()}
    release = {name: forecast.releases(today, fitted) for name, fitted in numbers.items()}
    expected = WEEK * (said["week"] + release["week"] + nobody)
    low, high = forecast.interval(expected, WEEK * release["week"], spread, lost, parameters.confidence)
    # A week's share of what the window knows; a window of few days stands for 28.
    usual = today["voices_28d"].to_numpy() * WEEK / np.maximum(today["known_days"].to_numpy(), 1)
    lift_low, lift_high = lift_interval(today, lost, parameters)
    chart = parameters.chart_points / (pl.col("chart_rank") + 1).log(2)
    scored = (
        today.with_columns(
            mention_points=(said["day"] + said["week"]) / 2,
            release_points=parameters.release_weight * release["day"],
            # Where people write, their words say more than the chart that they have read.
            chart_points=pl.when(pl.col("voices_28d") == 0).then(chart).fill_null(0.0),
            expected=expected,
            expected_low=low,
            expected_high=high,
            rising_score=(expected - usual) / np.sqrt(usual + 1),
            level="voices_ewma_1d",
            baseline="voices_before",
            lift_low=lift_low,
            lift_high=lift_high,
            missing_sites=pl.lit(missing, dtype=pl.List(pl.String)),
        )
        .join(_list_points(today, lists, day, parameters), on="title_id", how="left", maintain_order="left")
        .with_columns(pl.col("list_points").fill_null(0.0))
        .with_columns(
            score=pl.sum_horizontal("mention_points", "release_points", "chart_points", "list_points"),
            basis=pl.when(pl.col("mention_points") > 0)
            .then(pl.lit("mentions"))
            .when((pl.col("chart_points") > 0) | (pl.col("list_points") > 0))
            .then(pl.lit("charts_and_lists"))
            .when(pl.col("release_points") > 0)
            .then(pl.lit("release"))
            .otherwise(pl.lit("catalogue")),
            direction=pl.when(pl.col("lift_low") > 1)
            .then(pl.lit("rising"))
            .when(pl.col("lift_high") < 1)
            .then(pl.lit("falling"))
            .otherwise(pl.lit("steady")),
        )
        .sort(["rising_score", "title_id"], descending=[True, False])
        .with_columns(rising_rank=pl.int_range(1, pl.len() + 1))
        .sort(["score", "title_id"], descending=[True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1))
    )
    schema = {"date": pl.Date, **SCORES.schema}
    return scored.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _missing(sites: pl.DataFrame | None, day: date) -> tuple[list[str], float]:
    """Sites that usually write and did not, ascending, and their share of the usual voices."""
    if sites is None:
        return [], 0.0
    today = sites.filter(pl.col("date") == day)
    silent = today.filter("missing").sort("site")
    usual = float(today["usual"].sum() or 0.0)
    return silent["site"].to_list(), float(silent["usual"].sum() or 0.0) / usual if usual > 0 else 0.0


def _list_points(today: pl.DataFrame, lists: pl.DataFrame | None, day: date, parameters: Parameters) -> pl.DataFrame:
    """Points of every listed title: the sum over its lists, each by its weight and place."""
    if lists is None:
        listed = today.filter(pl.col("list_rank").is_not_null())
        places = listed.select("title_id", list="lists", rank="list_rank").explode("list").drop_nulls("list")
    else:
        places = lists.filter(pl.col("date") == day).select("title_id", "list", "rank")
    weights = pl.col("list").replace_strict(parameters.list_weights, default=parameters.other_list_weight)
    return (
        places.sort("title_id", "list")
        .group_by("title_id", maintain_order=True)
        .agg(list_points=(parameters.list_points * weights / (pl.col("rank") + 1).log(2)).sum())
    )


def lift_interval(features: pl.DataFrame, lost: float, parameters: Parameters) -> tuple[Array, Array]:
    """The ends of the lift's interval (Gamma-Poisson).

    With a prior of a voices a day, the rates of level and baseline are Gamma with shape n * (mean + a) and rate n, n the
    days that the average is worth. Their ratio over the lift follows Fisher's F with 2 * shape degrees of freedom each, whose
    quantiles give the interval. `lost` is the share of the usual voices that is missing: the day's average is worth less.
    """
    from scipy.stats import f

    level, before = (features[name].to_numpy() for name in ("voices_ewma_1d", "voices_before"))
    days = features["level_days"].to_numpy() * (1 - lost)
    past = features["before_days"].to_numpy()
    a = FEATURES.prior_voices
    degrees = 2 * days * (level + a), 2 * np.where(past > 0, past, days) * (before + a)
    tail = (1 - parameters.confidence) / 2
    lift = features["lift"].to_numpy()
    low, high = f.ppf(tail, *degrees), f.ppf(1 - tail, *degrees)
    return lift * np.nan_to_num(low), lift * np.nan_to_num(high, nan=1.0)
