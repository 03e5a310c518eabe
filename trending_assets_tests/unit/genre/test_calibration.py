"""Calibration: probabilities that hold, partial pooling, and the measure of both."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from trending_assets.genre import calibration


def test_overconfident_parts_are_brought_down_to_what_holds() -> None:
    chance = np.random.default_rng(0)
    odds = chance.normal(-1, 1.5, (4000, 3))
    truth = chance.random(odds.shape) < expit(odds)
    loud = np.stack([4 * odds + 2, chance.normal(0, 1, odds.shape)], axis=1)  # the second part says nothing
    half = slice(0, 2000), slice(2000, 4000)
    weights = calibration.fit(loud[half[0]], truth[half[0]])
    said = calibration.apply(weights, loud[half[1]])
    before = np.mean([calibration.calibration_error(expit(loud[half[1], 0, n]), truth[half[1], n]) for n in range(3)])
    after = np.mean([calibration.calibration_error(said[:, n], truth[half[1], n]) for n in range(3)])
    assert before > 0.1 and after < 0.03
    assert np.abs(weights[0] - 0.25).max() < 0.03 and np.abs(weights[1]).max() < 0.15


def test_a_genre_with_few_titles_keeps_to_what_holds_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    odds = chance.normal(0, 1.5, (600, 4))
    truth = chance.random(odds.shape) < expit(odds)
    truth[:, 3] = False
    truth[:3, 3], odds[:3, 3] = True, -3.0  # three titles that would turn the slope round
    assert calibration.fit(odds[:, None, :], truth)[0, 3] > 0
    monkeypatch.setattr(calibration, "PULL", 0.0)
    assert calibration.fit(odds[:, None, :], truth)[0, 3] < 0


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(1, 2), st.integers(1, 3))
def test_any_number_of_titles_gives_probabilities(rows: int, parts: int, genres: int) -> None:
    scores = np.linspace(-9, 9, rows * parts * genres).reshape(rows, parts, genres)
    weights = calibration.fit(scores, np.zeros((rows, genres), bool))
    said = calibration.apply(weights, scores)
    assert weights.shape == (parts + 1, genres) and said.shape == (rows, genres)
    assert ((said >= 0) & (said <= 1)).all()


def test_without_titles_the_parts_are_averaged() -> None:
    weights = calibration.fit(np.zeros((0, 2, 1)), np.zeros((0, 1), bool))
    assert calibration.apply(weights, np.array([[[2.0], [0.0]]])) == pytest.approx(expit(1.0))


def test_the_error_is_the_gap_of_each_bin_weighted_by_its_titles() -> None:
    said = np.array([0.05, 0.05, 0.95, 1.0])
    truth = np.array([False, True, True, True])
    assert calibration.calibration_error(said, truth) == pytest.approx((abs(0.5 - 0.05) * 2 + abs(1 - 0.975) * 2) / 4)
    assert calibration.calibration_error(said[:0], truth[:0]) == 0.0


def test_labels_that_are_separated_wholly_do_not_make_it_sure() -> None:
    odds = np.tile(np.array([-4.0, 4.0]), 100)[:, None]
    weights = calibration.fit(odds[:, None, :], odds > 0)
    assert 0.9 < calibration.apply(weights, np.array([[[4.0]]])).item() < 1 - 1e-6
