"""Blocks of rows: independent rows are blocks of one, and clusters count as what they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from trending_assets.drift.blocks import block_mean, block_units
from trending_assets.drift.day_null import quadratic_spread
from trending_assets.drift.statistics import independent

_ROWS = st.lists(st.integers(0, 2), min_size=10, max_size=60)


def one_row_each(values: list[int]) -> np.ndarray:  # type: ignore[type-arg]
    return np.eye(3)[values]


@given(_ROWS, _ROWS)
def test_blocks_of_one_row_are_independent_rows(left: list[int], right: list[int]) -> None:
    """The variance of each share is p (1 - p) / (n - 1): that of independent rows up to n / (n - 1), the rows being equal."""
    of = block_units(one_row_each(left), one_row_each(right))
    shares = [np.bincount(side, minlength=3) / len(side) for side in (left, right)]
    weights = np.bincount([*left, *right], minlength=3) / len([*left, *right])
    np.testing.assert_allclose(of.weights, weights)
    np.testing.assert_allclose(of.share, shares[1] - shares[0], atol=1e-12)
    seen = weights > 0
    expected = sum(
        (p * (1 - p) / weights.clip(1e-12))[seen].sum() / (len(side) - 1)
        for p, side in zip(shares, (left, right), strict=True)
    )
    distances = (of.residuals[:, seen] ** 2 / weights[seen]).sum(axis=1)
    assert distances.mean() == pytest.approx(expected)
    assert of.rows == pytest.approx(1 / (1 / len(left) + 1 / len(right)))


def test_quiet_blocks_of_one_row_have_independent_rows_scale() -> None:
    draw = np.random.default_rng(1)
    left, right = (draw.choice(3, n, p=[0.5, 0.3, 0.2]).tolist() for n in (900, 600))
    found, plain = quadratic_spread(block_units(one_row_each(left), one_row_each(right))), independent(3, 600, 900)
    assert found.scale == pytest.approx(plain.scale, rel=0.02)
    assert found.design == pytest.approx(1, abs=0.02)
    assert found.p_value(4 * plain.scale) == pytest.approx(plain.p_value(4 * plain.scale), rel=0.15)


def test_blocks_of_rows_that_are_all_alike_count_as_one_row_each() -> None:
    draw = np.random.default_rng(2)
    sides = [20 * one_row_each(draw.choice(3, blocks, p=[0.5, 0.3, 0.2]).tolist()) for blocks in (90, 60)]
    found = quadratic_spread(block_units(*sides))
    assert found.scale == pytest.approx(independent(3, 60, 90).scale, rel=0.1)
    assert found.design == pytest.approx(20, rel=0.1)


def test_few_blocks_on_a_side_leave_few_degrees_of_freedom() -> None:
    draw = np.random.default_rng(3)
    sides = [20 * one_row_each(draw.choice(3, blocks, p=[0.5, 0.3, 0.2]).tolist()) for blocks in (900, 10)]
    assert 8.9 <= block_units(*sides).known < 10
    assert block_units(*(one_row_each([0] * 9) for _ in range(2))).known == 18, "nothing varies"


def test_a_mean_by_blocks_of_one_row_is_welchs() -> None:
    draw = np.random.default_rng(4)
    left, right = draw.normal(0, 1, 40), draw.normal(0.3, 2, 25)
    difference, variance, degrees = block_mean((left, np.ones(40)), (right, np.ones(25)))
    expected = ttest_ind(right, left, equal_var=False)
    assert difference / np.sqrt(variance) == pytest.approx(expected.statistic)
    assert degrees == pytest.approx(expected.df)


def test_a_mean_of_blocks_that_are_alike_varies_as_blocks_do() -> None:
    draw = np.random.default_rng(5)
    left, right = draw.normal(0, 1, 40), draw.normal(0.3, 2, 25)
    alone = block_mean((left, np.ones(40)), (right, np.ones(25)))
    twenty = block_mean((20 * left, np.full(40, 20.0)), (20 * right, np.full(25, 20.0)))
    assert twenty == pytest.approx(alone)
