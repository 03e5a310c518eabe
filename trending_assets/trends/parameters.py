"""Every number that the ranking rests on."""

from dataclasses import dataclass, field

LIST_WEIGHTS = {
    "trending_day": 1.0,
    "trending_week": 0.6,
    "popular": 0.3,
    "now_playing": 0.2,
    "on_the_air": 0.2,
    "airing_today": 0.2,
    "upcoming": 0.1,
    "top_rated": 0.02,
}
"""How much a TMDb list tells of what is rising: today's trend most, the best of all time least."""


@dataclass(frozen=True)
class Parameters:
    """Parameters of trends; the defaults were tuned on spring-2013 before 2013-05-30 (bench/ranking_fit.py)."""

    level_saturation: float = 2.0
    """Voices a day at which the fresh and the slow average of a title count the same (forecast.level)."""
    release_weight: float = 0.7
    """How much of what a release brings on average is added to the score: an order suffers more from one that is wrong."""
    silent_share: float = 0.15
    """Share of a day's voices that speak of titles nobody named in the 28 days before."""
    chart_points: float = 1.0
    """Points of a first place on a chart for a title that nobody named; place r gives this / log2(r + 1). Where people write,
    their words say more than the chart."""
    list_points: float = 1.0
    """Points of a first place on a list of weight 1; place r gives this * weight / log2(r + 1)."""
    list_weights: dict[str, float] = field(default_factory=lambda: dict(LIST_WEIGHTS))
    """Weight by list."""
    other_list_weight: float = 0.1
    """Weight of a list that is not named."""
    confidence: float = 0.95
    """Coverage of the lift's interval."""


DEFAULTS = Parameters()
