"""features/title_day: every title of the catalogue on a day, with what the last 28 days of its signals say."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from trending_assets.contracts import HALF_LIVES, TABLES
from trending_assets.features.parameters import CATALOGUE, FEATURES, FeatureParameters
from trending_assets.features.release_size import release_size

TITLE_DAY = TABLES["features/title_day"]

Array = npt.NDArray[np.float64]


def title_days(
    signals_window: pl.DataFrame,
    titles: pl.DataFrame,
    days: Sequence[date],
    titles_before: pl.DataFrame | None = None,
    parameters: FeatureParameters = FEATURES,
) -> pl.DataFrame:
    """Rows of features/title_day with the column `date` for each of `days`: every title of the day's catalogue.

    `signals_window` holds features/title_signals with `date` for the days and the 27 before each; rows outside a day's window
    have no influence on it. `titles` is staging/titles with `date` for the days, `titles_before` for 7 days before each: only
    its popularity is read, and without it no move of popularity is known.
    """
    frames = [title_day(signals_window, titles, day, titles_before, parameters) for day in sorted(set(days))]
    return pl.concat(frames) if frames else pl.DataFrame(schema={"date": pl.Date, **TITLE_DAY.schema})


def title_day(
    signals_window: pl.DataFrame,
    titles: pl.DataFrame,
    day: date,
    titles_before: pl.DataFrame | None = None,
    parameters: FeatureParameters = FEATURES,
) -> pl.DataFrame:
    """The rows of one day (see title_days). A title that has signals in the window but is not in the catalogue has a row too."""
    first = day - timedelta(days=parameters.window_days - 1)
    rows = signals_window.filter(pl.col("date").is_between(first, day))
    rows = rows.with_columns(age=(pl.lit(day) - pl.col("date")).dt.total_days())
    known = titles.filter(pl.col("date") == day).select(CATALOGUE).with_columns(release_size())
    today = rows.filter(pl.col("age") == 0)
    told, same_for_all = _told(rows, day, parameters)
    before = _popularity(titles_before, day - timedelta(days=parameters.recent_days))
    copied = ("known_authors", "counted_sites", "chart_rank", "chart_share", "chart_days", "list_rank", "lists")
    counts = ("known_authors", "counted_sites", "mentions", "authors", "sites", "sites_7d", "authors_7d", "active_days")
    sums = ("voices", "voices_7d", "voices_28d", "voices_before", *(f"voices_ewma_{name}" for name in HALF_LIVES))
    frame = (
        known.join(told, on="title_id", how="full", coalesce=True)
        .join(today.select("title_id", "mentions", "authors", "sites", *copied), on="title_id", how="left")
        .join(before, on="title_id", how="left")
        .with_columns(
            *(pl.col(name).fill_null(0) for name in counts),
            *(pl.col(name).fill_null(0.0) for name in sums),
            *(pl.lit(value).alias(name) for name, value in same_for_all.items()),
            pl.col("lists").fill_null([]),
            pl.col("media_type").fill_null(pl.col("title_id").str.extract("^([^-]*)")),
            date=pl.lit(day),
            popularity_change_7d=_log_ratio("popularity", "popularity_before"),
            days_since_release=(pl.lit(day) - pl.col("release_date")).dt.total_days(),
        )
        .with_columns(
            lift=(pl.col(f"voices_ewma_{parameters.level}") + parameters.prior_voices)
            / (pl.col("voices_before") + parameters.prior_voices),
            # A title without any row in the window had no voice yesterday either, where yesterday is known.
            voices_lag1=pl.when("lag1_known").then(pl.col("voices_lag1").fill_null(0.0)),
        )
    )
    schema = {"date": pl.Date, **TITLE_DAY.schema}
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort("title_id")


def _log_ratio(now: str, before: str) -> pl.Expr:
    return pl.when((pl.col(now) > 0) & (pl.col(before) > 0)).then((pl.col(now) / pl.col(before)).log())


def _popularity(titles_before: pl.DataFrame | None, day: date) -> pl.DataFrame:
    if titles_before is None:
        return pl.DataFrame(schema={"title_id": pl.String, "popularity_before": pl.Float64})
    found = titles_before.filter(pl.col("date") == day)
    return found.select("title_id", pl.col("popularity").cast(pl.Float64).alias("popularity_before"))


class _Ages:
    """Columns of the window's rows as arrays (age in days, title); ages before the title's first row are 0 or NaN."""

    def __init__(self, rows: pl.DataFrame, days: int) -> None:
        self.title_ids = rows["title_id"].unique().sort()
        places = pl.DataFrame({"title_id": self.title_ids}).with_row_index("place")
        self._rows = rows.join(places, on="title_id", how="left", maintain_order="left")
        self._at = self._rows["age"].to_numpy(), self._rows["place"].to_numpy()
        self._shape = days, len(self.title_ids)

    def of(self, column: str, empty: float = 0.0) -> Array:
        found = np.full(self._shape, empty)
        found[self._at] = self._rows[column].cast(pl.Float64).fill_null(empty).to_numpy()
        return found

    def distinct_sites(self, recent: int) -> Array:
        said = self._rows.filter(pl.col("age") < recent).select("place", "by_site").explode("by_site").drop_nulls()
        pairs = said.select("place", site=pl.col("by_site").struct.field("site")).unique()
        return np.bincount(pairs["place"].to_numpy(), minlength=self._shape[1]).astype(np.float64)


def _weighted(values: Array, weights: Array) -> Array:
    """Sum over ages of weights (age) * values (age, title), age by age: a title's sum depends on its own values alone."""
    total = np.zeros(values.shape[1])
    for age in np.flatnonzero(weights):
        total += weights[age] * values[age]
    return total


def _mean(values: Array, weights: Array) -> Array:
    """Mean over ages of values that are not NaN, by weights (age, title); NaN without any."""
    there = np.isfinite(values) & (weights > 0)
    ones = np.ones(len(values))
    weight = _weighted(np.where(there, weights, 0.0), ones)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Rounding may carry a mean of equal values beyond them.
        return np.clip(_weighted(np.where(there, values * weights, 0.0), ones) / weight, -1.0, 1.0)


def _worth(weights: Array) -> float:
    """Kish's effective sample size: (sum of weights)² / sum of squared weights; 0 without any."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0


def _told(rows: pl.DataFrame, day: date, parameters: FeatureParameters) -> tuple[pl.DataFrame, dict[str, object]]:
    """Columns of the titles that have any row in the window, and what is the same for all titles of the day."""
    ages = _Ages(rows, parameters.window_days)
    recent = parameters.recent_days
    mentions, voices, authors = ages.of("mentions"), ages.of("voices"), ages.of("authors")
    age = np.arange(parameters.window_days)
    # A day on which nobody is known to have written about anything is a day that the lake does not know: no zero.
    seen = mentions > 0
    known = np.asarray(seen.any(axis=1))
    totals = voices.sum(axis=1)
    mean = float(totals[known].mean()) if known.any() else 0.0
    volumes = (totals + parameters.volume_prior) / (mean + parameters.volume_prior)
    usual = voices / volumes[:, None]

    def ewma(half_life: float, since: int = 0) -> tuple[Array, Array]:
        weights = np.where(known & (age >= since), 0.5 ** ((age - since) / half_life), 0.0)
        return _weighted(usual, weights) / max(weights.sum(), np.finfo(float).tiny), weights

    found = {f"voices_ewma_{name}": ewma(half_life)[0] for name, half_life in HALF_LIVES.items()}
    level_weights = ewma(HALF_LIVES[parameters.level])[1]
    # On the lake's first day nothing is known of the past: a title's own level stands in, so that its lift is 1.
    before, before_weights = ewma(parameters.before_half_life, 1)
    found["voices_before"] = before if before_weights.any() else found[f"voices_ewma_{parameters.level}"]

    sentiment, rating = ages.of("sentiment", np.nan), ages.of("rating", np.nan)
    lately = _mean(sentiment[:recent], authors[:recent])
    charts, share, lists = ages.of("chart_rank", np.nan), ages.of("chart_share", np.nan), ages.of("list_rank", np.nan)
    editions = np.flatnonzero(np.isfinite(charts[recent:]).any(axis=1)) + recent
    nothing = np.full(len(ages.title_ids), np.nan)
    earlier = int(editions[0]) if editions.size else None
    found |= {
        "voices": voices[0],
        "voices_lag1": voices[1],
        "voices_7d": voices[:recent].sum(axis=0),
        "voices_28d": voices.sum(axis=0),
        "days_since_mention": np.where(seen.any(axis=0), seen.argmax(axis=0), np.nan),
        "first_age": np.where(seen.any(axis=0), age[-1] - seen[::-1].argmax(axis=0), np.nan),
        "active_days": seen.sum(axis=0).astype(np.float64),
        "sites_7d": ages.distinct_sites(recent),
        "authors_7d": authors[:recent].sum(axis=0),
        "sentiment_7d": lately,
        "sentiment_change": lately - _mean(sentiment[recent:], authors[recent:]),
        "rating_7d": _mean(rating[:recent], authors[:recent]),
        "chart_rank_change_7d": nothing if earlier is None else charts[earlier] - charts[0],
        "chart_share_change_7d": nothing if earlier is None else share[0] - share[earlier],
        "list_rank_change_1d": lists[1] - lists[0],
        "list_rank_change_7d": lists[recent] - lists[0],
    }
    told = (
        pl.DataFrame({"title_id": ages.title_ids, **found}, schema_overrides={"title_id": pl.String})
        .with_columns(pl.selectors.float().fill_nan(None))
        .with_columns(first_seen=pl.lit(day) - pl.duration(days=pl.col("first_age")))
    )
    return told, {
        "lag1_known": bool(known[1]),
        "known_days": int(known.sum()),
        "volume": float(volumes[0]),
        "level_days": _worth(level_weights),
        "before_days": _worth(before_weights),
    }
