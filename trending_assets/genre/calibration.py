"""Calibrated probabilities: per genre a logistic regression of what a model's parts say, pulled towards one for all genres."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from trending_assets.genre.arrays import Flags, Matrix

PULL = 10.0
"""Ridge penalty on how far a genre's weights may stand from the shared ones: a genre with few titles keeps to those."""
ANCHOR = 1.0
"""The same for the shared weights and the plain mean of the parts: labels that a model separates wholly would make it sure."""
Scores = NDArray[np.float64]
"""Log odds of shape (rows, parts, genres)."""


def fit(scores: Scores, truth: Flags) -> Matrix:
    """Weights of shape (parts + 1, genres), the intercept last, from uncalibrated log odds and labels (rows, genres).

    Platt scaling, stacked over the parts (Platt 1999; Wolpert 1992), with partial pooling over genres.
    """
    rows, parts, genres = scores.shape
    # Genres first: every product below is one matrix product a genre.
    inputs = np.concatenate([scores, np.ones((rows, 1, genres))], axis=1).transpose(2, 0, 1)
    wanted = truth.T.astype(np.float64)
    start = np.zeros((parts + 1) * (genres + 1))
    start[:parts] = 1.0 / parts

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shared, own = flat[: parts + 1], flat[parts + 1 :].reshape(genres, parts + 1)
        odds = np.einsum("grp,gp->gr", inputs, shared + own)
        off = shared - start[: parts + 1]
        value = np.logaddexp(0, odds).sum() - (wanted * odds).sum()
        value += PULL * np.square(own).sum() + ANCHOR * np.square(off).sum()
        slope = np.einsum("gr,grp->gp", expit(odds) - wanted, inputs)
        return float(value), np.concatenate([slope.sum(axis=0) + 2 * ANCHOR * off, (slope + 2 * PULL * own).ravel()])

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return np.asarray((found[: parts + 1] + found[parts + 1 :].reshape(genres, parts + 1)).T)


def apply(weights: Matrix, scores: Scores) -> Matrix:
    """Probabilities of shape (rows, genres) from weights as `fit` gives them."""
    return np.asarray(expit(np.einsum("rpg,pg->rg", scores, weights[:-1]) + weights[-1]))


def log_odds(probabilities: Matrix) -> Matrix:
    """Log odds of probabilities, which are kept away from 0 and 1."""
    return np.asarray(logit(np.clip(probabilities, 1e-6, 1 - 1e-6)))


def calibration_error(probabilities: NDArray[np.float64], truth: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error of one genre: mean |share of positives - mean probability| over equally wide bins, weighted
    by their rows (Guo et al. 2017, class-wise as in Kull et al. 2019). 0 without rows."""
    if len(probabilities) == 0:
        return 0.0
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    gap = np.bincount(place, weights=truth.astype(np.float64) - probabilities, minlength=bins)
    return float(np.abs(gap).sum() / len(probabilities))
