"""How good a list of a day is: NDCG, precision, steadiness from day to day, and rank correlation."""

import numpy as np

from trending_assets.trends.backtest.panel import Array, Places

PLACES = 20
"""Places of a ranking that are judged."""
PERSISTENCE = 0.9
"""RBO's p: the chance that a reader goes on to the next place. The first 10 places carry 86% of the weight."""
CORRELATED = 100
"""Places of prediction and truth that the rank correlation looks at."""


def top(scores: Array, places: int = PLACES) -> Places:
    """The first `places` titles by falling score, ties by the lower index; -inf is never listed."""
    size = min(places, scores.size)
    if size == 0:
        return np.zeros(0, dtype=np.int64)
    bound = np.partition(scores, scores.size - size)[scores.size - size]
    candidates = np.flatnonzero((scores >= bound) & (scores > -np.inf))
    return candidates[np.argsort(-scores[candidates], kind="stable")][:size]


def lists(scores: Array, places: int = PLACES) -> Places:
    """`top` of each day: days by places, -1 where a list is shorter."""
    found = np.full((scores.shape[0], places), -1, dtype=np.int64)
    for day, row in enumerate(scores):
        listed = top(row, places)
        found[day, : listed.size] = listed
    return found


def _listed(ranked: Places, gains: Array) -> Array:
    """Gain of each place of each day; 0 for an empty place."""
    return np.where(ranked >= 0, np.take_along_axis(gains, np.maximum(ranked, 0), axis=1), 0.0)


def _ideal(gains: Array, places: int) -> Array:
    size = min(places, gains.shape[1])
    best = -np.sort(-np.partition(gains, gains.shape[1] - size, axis=1)[:, gains.shape[1] - size :], axis=1)
    return np.pad(best, ((0, 0), (0, places - size)))


def ndcg(ranked: Places, gains: Array) -> Array:
    """NDCG of each day, linear gain and log2 discount (Järvelin and Kekäläinen 2002). 0 where nothing could be gained."""
    places = ranked.shape[1]
    discount = 1 / np.log2(np.arange(2, places + 2))
    ideal = _ideal(gains, places) @ discount
    found = _listed(ranked, gains) @ discount
    return np.divide(found, ideal, out=np.zeros_like(found), where=ideal > 0)


def precision(ranked: Places, gains: Array) -> Array:
    """Share of each day's places whose title belongs there: its gain reaches that of the last true place, and is not 0."""
    places = ranked.shape[1]
    needed = _ideal(gains, places)[:, -1:]
    found = _listed(ranked, gains)
    return np.asarray(((found >= needed) & (found > 0)).mean(axis=1))


def rbo(ranked: Places) -> Array:
    """Rank-biased overlap of each day's list with the day before's (Webber 2010, extrapolated); NaN on the first day."""
    found = np.full(ranked.shape[0], np.nan)
    for day in range(1, ranked.shape[0]):
        found[day] = _overlap(ranked[day - 1], ranked[day])
    return found


def _overlap(left: Places, right: Places) -> float:
    depth = min(int((left >= 0).sum()), int((right >= 0).sum()))
    if depth == 0:
        return 0.0
    agreement = np.array([np.intersect1d(left[:d], right[:d]).size / d for d in range(1, depth + 1)])
    weights = PERSISTENCE ** np.arange(depth)
    return float((1 - PERSISTENCE) * (agreement @ weights) + agreement[-1] * PERSISTENCE**depth)


def spearman(scores: Array, gains: Array) -> Array:
    """Rank correlation of each day over the union of the first 100 of prediction and truth; 0 where either is constant."""
    from scipy.stats import rankdata

    found = np.zeros(scores.shape[0])
    for day, (predicted, true) in enumerate(zip(scores, gains, strict=True)):
        union = np.union1d(top(predicted, CORRELATED), top(true, CORRELATED))
        ranks = rankdata(predicted[union]), rankdata(true[union])
        if all(np.ptp(r) > 0 for r in ranks if r.size) and union.size > 1:
            found[day] = np.corrcoef(*ranks)[0, 1]
    return found
