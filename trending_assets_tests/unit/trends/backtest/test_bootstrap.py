"""Intervals and corrections: against hand-made numbers, on equal methods, and for their coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.trends.backtest.bootstrap import draw, holm, interval, p_value, ratio


def test_weights_are_blocks_of_days_in_a_row() -> None:
    weights = draw(10, block=4, draws=200)
    assert weights.shape == (200, 10) and np.allclose(weights.sum(axis=1), 1)
    # With one block the weights are those of neighbours: 4 days in a row, each once.
    alone = draw(4, block=4, draws=5) * 4
    assert (alone == 1).all()
    single = draw(8, block=7, draws=50, seed=1) * 8
    first = {tuple(row) for row in single.tolist()}
    assert len(first) <= 4  # two starts for each of two blocks


def test_interval_of_equal_methods_covers_0_and_a_constant_difference_does_not() -> None:
    weights = draw(40)
    zero = np.zeros(40)
    assert interval(zero, weights) == (0.0, 0.0, 0.0) and p_value(zero, weights) == 1.0
    value, low, high = interval(np.full(40, 0.1), weights)
    assert np.allclose([value, low, high], 0.1) and p_value(np.full(40, 0.1), weights) < 0.001


@given(st.integers(1, 60), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_mean_and_its_interval_are_among_the_values(days: int, seed: int) -> None:
    values = np.random.default_rng(seed).random(days)
    value, low, high = interval(values, draw(days, draws=300))
    assert abs(value - values.mean()) < 1e-12
    assert values.min() - 1e-9 <= low <= high <= values.max() + 1e-9


def test_days_without_a_value_are_left_out() -> None:
    values = np.array([1.0, np.nan] * 10)
    assert interval(values, draw(20, draws=500)) == pytest.approx((1.0, 1.0, 1.0))
    assert all(np.isnan(interval(np.full(5, np.nan), draw(5, draws=50))))


def test_interval_covers_the_mean_of_a_series_that_lasts() -> None:
    """AR(1) with phi .5, 90 days: a block of 7 days covers the true mean far more often than blocks of one day do."""
    rng = np.random.default_rng(5)
    hits = {1: 0, 7: 0}
    weights = {block: draw(90, block=block, draws=1000) for block in hits}
    for _ in range(300):
        noise = rng.normal(size=140)
        for t in range(1, 140):
            noise[t] += 0.5 * noise[t - 1]
        for block, drawn in weights.items():
            _, low, high = interval(noise[50:], drawn)
            hits[block] += low <= 0 <= high
    print(f"95% intervals that cover: {hits[7] / 300:.1%} with blocks of 7 days, {hits[1] / 300:.1%} of single days")
    assert hits[7] >= 0.85 * 300 and hits[1] < 0.82 * 300


def test_ratio_by_hand() -> None:
    part, whole = np.array([1.0, 3.0]), np.array([2.0, 4.0])
    value, low, high = ratio(part, whole, draw(2, block=1, draws=500))
    assert value == 4 / 6 and (low, high) == (0.5, 0.75)
    assert np.isnan(ratio(part, np.zeros(2), draw(2, draws=10))[0])


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0] and holm([]) == []
