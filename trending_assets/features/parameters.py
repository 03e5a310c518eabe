"""Every number that the features rest on."""

from dataclasses import dataclass

from trending_assets.features.release_size import FACTS
from trending_assets.partitions import HISTORY_DAYS, MOVE_DAYS, PAST_DAYS

CATALOGUE = ("title_id", "year", "release_date", "popularity", *FACTS)
"""Columns of staging/titles that features read."""


@dataclass(frozen=True)
class FeatureParameters:
    """Parameters of features; chosen on spring-2013 before 2013-05-30 (see bench/spam.py)."""

    past_days: int = PAST_DAYS
    """Days before the day in which an account must have written to be known, and that a site's usual volume is taken from."""
    min_known_days: int = 7
    """Known days before the day without which nobody is new: every voice counts and no site has a cap."""
    unseen_per_known: float = 1.0
    """Unknown accounts that each known one vouches for, by title and site."""
    site_cap_times: float = 5.0
    """Times its usual voices that a site may count for."""
    site_cap: float = 1.0
    """Voices that it may count for beyond that: what a site has that rarely says anything."""
    site_cap_days: int = 7
    """Days with voices that a site needs for the whole of site_cap; with fewer it has its share, a new site nothing."""
    missing_from: float = 5.0
    """Usual voices from which a site without any on the day is missing."""
    window_days: int = HISTORY_DAYS
    """Days of signals up to and with the day that a title's features look at."""
    recent_days: int = MOVE_DAYS
    """Days of what is called recent: sums, breadth, sentiment; and the distance over which moves are measured."""
    level: str = "1d"
    """Half-life of the level in the lift, by its name in contracts.HALF_LIVES."""
    before_half_life: float = 7.0
    """Half-life in days of the average of the days before."""
    prior_voices: float = 1.0
    """Voices a day that are added to both before the lift is taken: keeps the lift of the unknown small."""
    volume_prior: float = 50.0
    """Voices that are added to a day's total and to the window's mean total before they are divided."""


FEATURES = FeatureParameters()
