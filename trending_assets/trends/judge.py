"""How strong the rises of a day are: each title beside its own past."""

from dataclasses import dataclass

import numpy as np

from trending_assets.trends.detection_parameters import DEFAULTS, DetectionParameters
from trending_assets.trends.history import Array, Flags
from trending_assets.trends.surprise import Rates, rates, tail_probability, weights


@dataclass(frozen=True)
class Rises:
    """Titles of a day as rises, arrays over titles; `level` is p / weight, small where a rise is strong."""

    of: Rates
    expected: Array
    p_value: Array
    level: Array
    fresh: Flags


def judge(voices: Array, known: Flags, volume: Array, parameters: DetectionParameters = DEFAULTS) -> Rises:
    """Judges titles x days of voices, newest day first, each title by itself.

    A rise is fresh where its level is below that of every one of the `fresh_days` before, which `fading` makes weaker from day to
    day: it is new, or still grows, or is new again. What goes on as strong as yesterday is the same rise.
    """
    of, expected, p_value, level = _level(voices, known, volume, 0, parameters)
    fresh = voices[:, 0] > 0
    for age in range(1, parameters.fresh_days + 1):
        if known[age] and known[age + parameters.skipped_days :].any():
            maybe = np.flatnonzero(fresh)
            past = _level(voices[maybe], known, volume, age, parameters)[3]
            fresh[maybe] = level[maybe] < past * parameters.fading ** (age - 1)
    return Rises(of, expected, p_value, level, fresh)


def _level(
    voices: Array, known: Flags, volume: Array, age: int, parameters: DetectionParameters
) -> tuple[Rates, Array, Array, Array]:
    of = rates(voices, known, volume, age, parameters)
    expected, p_value = tail_probability(voices[:, age], of, float(volume[age]), parameters)
    return of, expected, p_value, p_value / weights(of, parameters)
