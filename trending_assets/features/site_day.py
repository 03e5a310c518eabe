"""features/site_day: what a site counts for on a day, and which accounts have a past.

Robustness rests on two rules. Accounts without a past count for a title only as far as accounts with one are there to vouch
for them, on the same site: no number of new accounts brings an unknown title up. And a site counts for no more than a few times
its own usual volume: in its first weeks, a site that nobody knew is worth one voice in all.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.features.parameters import FEATURES, FeatureParameters

SITE_DAY = TABLES["features/site_day"]


def known_days(
    voices_window: pl.DataFrame, days: Sequence[date], parameters: FeatureParameters = FEATURES
) -> pl.DataFrame:
    """For each of `days` the days of the `past_days` before it that have any voice: columns date and past, both dates.

    A day without any voice is a day that the lake does not know: nobody is called new because of it.
    """
    has_rows = voices_window.select(past="date").unique()
    asked = pl.DataFrame({"date": pl.Series(sorted(set(days)), dtype=pl.Date)})
    age = (pl.col("date") - pl.col("past")).dt.total_days()
    return asked.join(has_rows, how="cross").filter(age.is_between(1, parameters.past_days)).sort("date", "past")


def counted_voices(
    voices_window: pl.DataFrame, days: Sequence[date], parameters: FeatureParameters = FEATURES
) -> pl.DataFrame:
    """Voices by day, title and site: columns date, title_id, site, authors, known and counted, sorted by the first three.

    `voices_window` holds features/voices with `date` for the days and the `past_days` before each. `known` are authors whose
    account wrote about any title on an earlier day of the window; `counted` are those and at most as many others; with fewer
    than `min_known_days` days of past every author counts.
    """
    pairs = voices_window.select("date", "voice_id").unique().sort("voice_id", "date")
    since = (pl.col("date") - pl.col("date").shift(1).over("voice_id")).dt.total_days()
    pairs = pairs.with_columns(has_past=(since <= parameters.past_days).fill_null(False))
    young = known_days(voices_window, days, parameters).group_by("date").len("past_days")
    today = voices_window.filter(pl.col("date").is_in(list(days)))
    others = pl.min_horizontal(pl.col("authors") - pl.col("known"), parameters.unseen_per_known * pl.col("known"))
    every = pl.col("past_days").fill_null(0) < parameters.min_known_days
    return (
        today.join(pairs, on=["date", "voice_id"])
        .group_by("date", "title_id", "site")
        .agg(authors=pl.len().cast(pl.Int64), known=pl.col("has_past").sum().cast(pl.Int64))
        .join(young, on="date", how="left")
        .with_columns(counted=pl.when(every).then("authors").otherwise(pl.col("known") + others.cast(pl.Int64)))
        .select("date", "title_id", "site", "authors", "known", "counted")
        .sort("date", "title_id", "site")
    )


def site_days(
    voices_window: pl.DataFrame, days: Sequence[date], parameters: FeatureParameters = FEATURES
) -> pl.DataFrame:
    """Rows of features/site_day with the column `date` for each of `days`; only the day and the `past_days` before it have
    influence on it. A site without voices on the day has a row too, which says whether it is missing."""
    past = known_days(voices_window, days, parameters)
    known = past.group_by("date").len("known_days")
    volumes = voices_window.group_by(past="date", site="site").len("n")
    # Days without the site count 0: every known day is crossed with every site of the window.
    sites = past.join(volumes, on="past").select("date", "site").unique()
    usual = (
        sites.join(past, on="date")
        .join(volumes, on=["past", "site"], how="left")
        .group_by("date", "site")
        .agg(usual=pl.col("n").fill_null(0).cast(pl.Float64).median(), active_days=pl.col("n").count())
    )
    today = (
        counted_voices(voices_window, days, parameters)
        .group_by("date", "site")
        .agg(pl.col("authors").sum().alias("voices"), pl.col("known", "counted").sum())
    )
    enough = pl.col("known_days") >= parameters.min_known_days
    own = parameters.site_cap * (pl.col("active_days") / parameters.site_cap_days).clip(upper_bound=1.0)
    counts = ("voices", "known", "counted", "known_days", "active_days")
    frame = (
        today.join(usual, on=["date", "site"], how="full", coalesce=True)
        .join(known, on="date", how="left")
        .with_columns(pl.col(*counts).fill_null(0))
        # A site that is new on the day has a usual of 0, where there is any past to say so.
        .with_columns(usual=pl.when(pl.col("known_days") > 0).then(pl.col("usual").fill_null(0.0)))
        .with_columns(cap=pl.when(enough).then(parameters.site_cap_times * pl.col("usual") + own))
        .with_columns(
            weight=pl.when(pl.col("counted") > 0)
            .then((pl.col("cap") / pl.col("counted")).clip(upper_bound=1.0))
            .fill_null(1.0),
            missing=(pl.col("usual") >= parameters.missing_from).fill_null(False) & (pl.col("voices") == 0),
        )
    )
    schema = {"date": pl.Date, **SITE_DAY.schema}
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort("date", "site")
