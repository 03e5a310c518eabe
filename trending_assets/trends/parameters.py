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
    """Parameters of trends; the defaults were tuned on spring-2013 before 2013-05-30 (see backtest.py)."""

    window_days: int = 28
    """Days of features up to and with the day that a ranking looks at."""
    level_half_life: float = 1.0
    """Days after which a day's authors count half in the level."""
    baseline_half_life: float = 7.0
    """Days after which a past day counts half in the baseline."""
    prior_authors: float = 1.0
    """Authors a day that are added to level and baseline before they are divided: keeps the lift of the unknown small."""
    volume_prior: float = 50.0
    """Authors that are added to a day's total and to the window's mean total before they are divided."""
    lift_power: float = 0.2
    """Weight of the lift: mention points are level * lift ** lift_power * breadth."""
    breadth_power: float = 0.1
    """Weight of independent sites: breadth is sites ** breadth_power."""
    chart_points: float = 1.0
    """Points of a first place on a chart; place r gives this / log2(r + 1)."""
    list_points: float = 1.0
    """Points of a first place on a list of weight 1; place r gives this * weight / log2(r + 1)."""
    list_weights: dict[str, float] = field(default_factory=lambda: dict(LIST_WEIGHTS))
    """Weight by list."""
    other_list_weight: float = 0.1
    """Weight of a list that is not named."""
    ranked_days: int = 7
    """A title stays in the ranking for this many days after its last mention."""
    confidence: float = 0.95
    """Coverage of the lift's interval."""


DEFAULTS = Parameters()
