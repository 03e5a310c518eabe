"""What will be said of a title: expected voices of the next day and of the next 7 days, from its features alone.

Attention is a level that fades with the age of the release, and a release that is coming brings what releases of its size
brought: level * life-cycle factor + release. The numbers stand in forecast.yaml; `python -m bench.ranking_fit` fits them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import yaml

FITTED = Path(__file__).with_name("forecast.yaml")
AGES = (0, 3, 8, 14, 21, 60, 80, 120, 200, 365)
"""Days since release at which a new stage of life begins; before the first a title is unreleased. From 80 on discs come out."""
STAGES = ("unreleased", *(f"from day {age}" for age in AGES), "undated, new", "undated, old")
RELEASE_DAYS = (-10, 21)
"""Days since release between which a release brings attention of its own."""
SIZE = 7.0
"""A release of this size (log10 dollars) brings the profile as it stands, others in proportion to their dollars."""
SILENT_MOST = 0.05
"""Voices a day that a title nobody wrote about may expect at most."""
HORIZONS = {"day": 1, "week": 7}
"""Days ahead that are forecast."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """The fitted numbers of one horizon: factor by stage, and the release's profile (ages, log share of a day's voices)."""

    factors: Array
    ages: Array
    profile: Array


@dataclass(frozen=True)
class Spread:
    """Extra variance of the next 7 days: the variance is mean + phi * mean squared, phi = known + few / (1 + mean); of what a
    release brings, phi = release."""

    known: float
    few: float
    release: float


@cache
def fitted() -> tuple[dict[str, Fitted], Spread]:
    """What forecast.yaml says: the numbers by horizon, and the spread."""
    said = yaml.safe_load(FITTED.read_text())
    return {name: numbers_of(said[name]) for name in HORIZONS}, Spread(**said["spread"])


def numbers_of(said: dict[str, Any]) -> Fitted:
    """The numbers of a horizon as forecast.yaml writes them: factors by stage, release by age."""
    release = said["release"]
    factors = np.array([said["factors"][stage] for stage in STAGES])
    return Fitted(factors, np.array(list(release), dtype=float), np.array(list(release.values())))


def level(features: pl.DataFrame, saturation: float) -> Array:
    """Voices a day of ordinary volume: the freshest average where many speak, a slower one where few do.

    With a and b the averages of half-life 12 hours and 4 days: w * a + (1 - w) * b, w = a / (a + saturation). A count of few is
    mostly noise, so that it needs more days.
    """
    fresh, slow = (features[f"voices_ewma_{name}"].to_numpy() for name in ("12h", "4d"))
    weight = fresh / (fresh + saturation)
    return np.asarray(weight * fresh + (1 - weight) * slow)


def stage(features: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Index into STAGES: by days since release, else by the chart's days in release, else by whether the year is recent."""
    age = features.select(pl.coalesce("days_since_release", "chart_days").cast(pl.Float64))["days_since_release"]
    dated = np.searchsorted(np.array(AGES), age.fill_null(0).to_numpy(), side="right")
    recent = (features["year"] >= features["date"].dt.year() - 1).fill_null(False).to_numpy()
    return np.where(age.is_not_null().to_numpy(), dated, np.where(recent, len(AGES) + 1, len(AGES) + 2))


def usual(features: pl.DataFrame) -> Array:
    """Voices of an ordinary day in the window, all titles together, for each row by its date."""
    day = pl.col("voices_28d").sum().over("date") / pl.col("known_days").clip(lower_bound=1)
    return features.select(day)["voices_28d"].to_numpy()


def releases(features: pl.DataFrame, numbers: Fitted) -> Array:
    """Voices a day that a release of the film's size brings at its age; 0 outside RELEASE_DAYS or without size or date.

    A release brings a share of the voices that there are: nothing where nobody writes.
    """
    age = features["days_since_release"].cast(pl.Float64)
    size = features["release_size"]
    first, last = RELEASE_DAYS
    near = (age.is_between(first, last) & size.is_not_null()).fill_null(False).to_numpy()
    log = np.interp(age.fill_null(0).to_numpy(), numbers.ages, numbers.profile)
    share = np.exp(log) * 10 ** (size.fill_null(SIZE).to_numpy() - SIZE)
    return np.where(near, usual(features) * share, 0.0)


def silent(features: pl.DataFrame, share: float) -> Array:
    """Voices a day that a title nobody wrote about in the window may expect: their share of the day's usual volume.

    At most SILENT_MOST: where a catalogue is small and nearly all of it was named, the few others are no better for it.
    """
    nobody = features.select(pl.col("days_since_mention").is_null().sum().over("date"))["days_since_mention"].to_numpy()
    return np.minimum(share * usual(features) / np.maximum(nobody, 1), SILENT_MOST)


def interval(mean: Array, release: Array, spread: Spread, lost: float, coverage: float) -> tuple[Array, Array]:
    """Ends of the interval of a count: negative binomial with the mean, of which `release` is a release's (Hilbe 2011, ch. 8).

    An interval that begins at 0 leaves the whole of what it misses above. `lost` is the share of the usual voices whose sites
    are missing; what is not seen is not known, so that it adds to phi.
    """
    from scipy.stats import nbinom

    mean = np.maximum(mean, 1e-6)
    part = np.clip(release / mean, 0.0, 1.0)
    phi = (1 - part) ** 2 * (spread.known + spread.few / (1 + mean)) + part**2 * spread.release + lost
    size = 1 / phi
    tail = (1 - coverage) / 2
    low = nbinom.ppf(tail, size, size / (size + mean))
    high = nbinom.ppf(np.where(low > 0, 1 - tail, coverage), size, size / (size + mean))
    return np.asarray(low), np.asarray(high)
