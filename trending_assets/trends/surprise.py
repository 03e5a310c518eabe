"""How surprising a title's voices of a day are beside its own past, and what all titles show by chance."""

from dataclasses import dataclass

import numpy as np

from trending_assets.trends.detection_parameters import DetectionParameters
from trending_assets.trends.history import Array, Flags

CONTINUOUS_FROM = 30.0
"""Expected voices from which the steps of the negative binomial are small enough to count its p-values as continuous."""
LEAST = 1e-6
"""Chance is summed exactly down to this p / weight, and taken as proportional to it below."""


@dataclass(frozen=True)
class Rates:
    """Posterior Gamma(shape, exposure) of the titles' voices on an ordinary day; exposure is in ordinary days."""

    shape: Array
    exposure: float

    @property
    def mean(self) -> Array:
        """Voices that are expected on an ordinary day."""
        return self.shape / self.exposure


def rates(voices: Array, known: Flags, volume: Array, age: int, parameters: DetectionParameters) -> Rates:
    """What the past of the day `age` days ago says of each title.

    A Gamma prior is updated with the days before, each with its volume as exposure and half the weight every `half_life`
    days; the newest `skipped_days` (the day itself among them) are left out.
    """
    begin = age + parameters.skipped_days
    ages = np.arange(voices.shape[1] - begin)
    weights = np.where(known[begin:], 0.5 ** (ages / parameters.half_life), 0.0)
    shape, rate = parameters.prior
    return Rates(shape + voices[:, begin:] @ weights, rate + float(volume[begin:] @ weights))


def tail_probability(seen: Array, of: Rates, volume: float, parameters: DetectionParameters) -> tuple[Array, Array]:
    """Voices expected on a day of that volume, and P(at least as many as seen).

    A Poisson count with a Gamma rate is negative binomial; people vary more than Poisson, so 1 / size = 1 / shape +
    overdispersion. Between whole numbers of voices the tail is continued by the incomplete beta function that it equals on
    whole ones.
    """
    from scipy.special import betainc

    expected = volume * of.mean
    size = 1 / (1 / of.shape + parameters.overdispersion)
    p_value = np.ones(seen.size)
    some = seen > 0
    p_value[some] = betainc(seen[some], size[some], expected[some] / (size[some] + expected[some]))
    return expected, p_value


def weights(of: Rates, parameters: DetectionParameters) -> Array:
    """Weights of the titles' p-values (Genovese, Roeder and Wasserman 2006), from the past alone.

    There are few popular titles and many small ones, so a small one must be the more surprising to stand out as much. The
    number of titles that are as popular falls with a power of their rate (Zipf's law), and the weight rises with it.
    """
    return (np.minimum(of.mean, parameters.weight_cap) + parameters.weight_floor) ** parameters.weight_power


@dataclass(frozen=True)
class Chance:
    """Alarms that a day shows by chance: the probability of every value that p / weight can take.

    `step` (ascending) and `alarms` (running sums) are those of whole counts; `smooth` are the weights, descending, of the
    titles whose p-value is as good as continuous.
    """

    step: Array
    alarms: Array
    smooth: Array

    def at(self, level: Array) -> Array:
        """Alarms to expect with p / weight of at most that level; below LEAST in proportion."""
        t = np.maximum(level, LEAST)
        found = np.concatenate([[0.0], self.alarms])[np.searchsorted(self.step, t * (1 + 1e-9), side="right")]
        certain = np.searchsorted(-self.smooth, -1 / t, side="right")
        rest = np.concatenate([np.cumsum(self.smooth[::-1])[::-1], [0.0]])
        return np.asarray((found + certain + t * rest[certain]) * level / t)


def unrisen(of: Rates, parameters: DetectionParameters) -> Rates:
    """The posterior under `chance_prior`: what titles do show, where the prior of `of` is what may yet be expected of them."""
    (given, days), (shape, rate) = parameters.prior, parameters.chance_prior
    return Rates(of.shape - given + shape, of.exposure - days + rate)


def chance(of: Rates, volume: float, parameters: DetectionParameters) -> Chance:
    """What the titles show on a day of that volume without any rise.

    Counts are whole, so p-values come in steps, and the steps of a busy day are not those of a quiet one: alarms below a
    fixed p are more frequent on some days of the week. The sum over the steps of all titles makes days alike (the
    transformation of Heyse 2011 for discrete tests, here of weighted p-values).
    """
    shapes, titles = np.unique(of.shape, return_counts=True)
    each = Rates(shapes, of.exposure)
    weight = weights(each, parameters)
    smooth = volume * each.mean >= CONTINUOUS_FROM
    alive = np.flatnonzero(~smooth)
    p_value, shown = np.ones(alive.size), np.ones(alive.size)
    steps, masses, seen = [np.zeros(0)], [np.zeros(0)], 0
    while alive.size:
        seen += 1
        some = Rates(shapes[alive], of.exposure)
        count = np.full(alive.size, float(seen))
        _, beyond = tail_probability(count, unrisen(some, parameters), volume, parameters)
        steps.append(p_value / weight[alive])
        masses.append(titles[alive] * (shown - beyond))
        _, p_value = tail_probability(count, some, volume, parameters)
        more = p_value / weight[alive] > LEAST / 100
        alive, p_value, shown = alive[more], p_value[more], beyond[more]
    step, mass = np.concatenate(steps), np.concatenate(masses)
    order = np.argsort(step, kind="stable")
    return Chance(step[order], np.cumsum(mass[order]), np.sort(np.repeat(weight[smooth], titles[smooth]))[::-1])
