"""Every number that the alerts rest on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DetectionParameters:
    """Parameters of trends/alerts; chosen on planted bursts and on spring-2013 before 2013-05-30 (bench/bursts.py)."""

    window_days: int = 28
    """Days of features up to and with the day that an alert looks at."""
    min_history_days: int = 3
    """Days before the day that the lake must know before anything can be an alert."""
    half_life: float = 7.0
    """Days after which a past day counts half in what is expected of a title."""
    skipped_days: int = 2
    """Days, the day itself among them, that are no part of a title's past: a rise that began yesterday hides nothing."""
    prior: tuple[float, float] = (0.7, 1.0)
    """Gamma prior of a title's daily voices: shape and rate (1/days)."""
    chance_prior: tuple[float, float] = (0.1, 1.0)
    """The same prior for what titles show by chance: most of a catalogue has next to no voices."""
    overdispersion: float = 0.03
    """Extra variance of daily voices: the variance is mean + overdispersion * mean squared, besides what is not known."""
    volume_prior: float = 50.0
    """Voices of usual days that a day's own total is weighed against: the volume of a small world follows its weekdays."""
    volume_cap: float = 3.0
    """A title adds at most this times its median day to a day's total, so that no flood makes all others look small ..."""
    volume_floor: float = 5.0
    """... but this many voices always count."""
    weight_power: float = 1.25
    """A p-value weighs (expected rate + weight_floor) ** weight_power ..."""
    weight_floor: float = 0.05
    """... with this rate (voices a day) for those of whom nothing is expected ..."""
    weight_cap: float = 5.0
    """... and no more than that of titles of this rate: the largest titles must not use up what is allowed to all."""
    fresh_days: int = 7
    """A rise is fresh where it is stronger than on each of this many days before ..."""
    fading: float = 2.0
    """... of which each counts this factor less than the day after it."""
    false_discovery_rate: float = 0.05
    """Share of false alerts among a day's alerts that is held."""


DEFAULTS = DetectionParameters()
