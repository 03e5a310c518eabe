"""Gradient boosting as a baseline: trained anew every week on what was known by then."""

import numpy as np

from trending_assets.trends.backtest.baselines import Baseline, Grid, ewma, over_days
from trending_assets.trends.backtest.days import AHEAD, WARM_UP
from trending_assets.trends.backtest.panel import Array, Places, targets

NAME = "boosted Poisson trees"
GRID: Grid = {"leaves": (7, 15)}
"""Leaves of a tree; chosen on the tuning days."""
EVERY = 7
"""Days between two trainings."""
MEMORY = 42
"""Newest days whose outcome is known, which a training rests on."""
HALF_LIVES = (0.5, 1, 2, 4, 8, 16)


def boosting(counts: Array) -> Baseline:
    """The baseline over these counts: HistGradientBoostingRegressor with Poisson loss, trained on the target itself.

    Only titles with a voice in the last week, or three in four weeks, are learnt from and scored: the others get 0.
    """
    rows, columns, features = _features(counts)
    ends = np.searchsorted(rows, np.arange(counts.shape[0] + 1))  # rows of day t are ends[t]:ends[t + 1]

    def score(counts: Array, target: str, leaves: int) -> Array:
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits

        days = counts.shape[0]
        horizon = 1 if target == "1d" else AHEAD
        # Where the outcome is not known the rows are padded; `until` keeps them out of every training.
        padded = np.vstack([counts, np.zeros((AHEAD, counts.shape[1]))])
        truth = targets(padded, np.arange(days))[target][rows, columns]
        found = ewma(counts, 1.0)
        for start in range(WARM_UP - 1, days, EVERY):
            until = start - horizon + 1
            known = slice(ends[max(until - MEMORY, 0)], ends[until])
            if truth[known].sum() <= 0:
                continue
            model = HistGradientBoostingRegressor(
                **{"loss": "poisson", "max_iter": 60, "max_leaf_nodes": leaves, "min_samples_leaf": 40},
                **{"l2_regularization": 1.0, "early_stopping": False, "random_state": 0},
            )
            stop = min(start + EVERY, days)
            now = slice(ends[start], ends[stop])
            found[start:stop] = 0.0
            with threadpool_limits(1):  # its threads wait for each other far longer than they work on a busy machine
                model.fit(features[known], truth[known])
                if now.stop > now.start:
                    found[rows[now], columns[now]] = model.predict(features[now])
        return found

    return score


def _features(counts: Array) -> tuple[Places, Places, Array]:
    """Day, title and features of every title-day that is worth a row, ordered by day."""
    days = np.arange(counts.shape[0])[:, None]
    week, month = over_days(counts, 7), over_days(counts, WARM_UP)
    rows, columns = np.nonzero((week > 0) | (month >= 3))
    seen = counts > 0
    first = np.where(seen.any(axis=0), seen.argmax(axis=0), counts.shape[0])
    last = np.maximum.accumulate(np.where(seen, days, -WARM_UP), axis=0)
    yesterday = np.vstack([np.zeros((1, counts.shape[1])), counts[:-1]])
    matrices = [counts, yesterday, week, month, over_days(counts, 7, 7), counts.cumsum(axis=0)]
    matrices += [ewma(counts, half_life) for half_life in HALF_LIVES]
    picked = [matrix[rows, columns] for matrix in matrices]
    picked += [np.minimum(rows - first[columns], 60), rows - last[rows, columns], rows % 7]
    return rows, columns, np.column_stack(picked).astype(np.float64)
