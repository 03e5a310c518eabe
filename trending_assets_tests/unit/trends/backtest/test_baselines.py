"""Baselines against hand-made numbers, and causal, every one."""

from typing import Any

import numpy as np
import pytest

from trending_assets.trends.backtest import baselines
from trending_assets.trends.backtest.baselines import GRIDS, choices, ewma, over_days
from trending_assets.trends.backtest.boosting import GRID, NAME, boosting
from trending_assets.trends.backtest.panel import TARGETS, Array


def column(*counts: float) -> Array:
    return np.array(counts, dtype=float)[:, None]


def test_ewma_by_hand() -> None:
    assert ewma(column(4, 1), 1.0)[1].tolist() == [(4 * 0.5 + 1) / 1.5]


def test_sums_of_days() -> None:
    counts = column(1, 2, 3, 4)
    assert over_days(counts, 2).ravel().tolist() == [1, 3, 5, 7]
    assert over_days(counts, 2, 1).ravel().tolist() == [0, 1, 3, 5]


@pytest.mark.parametrize(
    ("name", "counts", "chosen", "last"),
    [
        ("most mentioned ever", (1, 2, 3), {}, 6),
        ("today", (1, 2, 3), {}, 3),
        ("last 7 days", (9, 1, 1, 1, 1, 1, 1, 2), {}, 8),
        ("today - yesterday", (5, 2), {}, -3),
        ("today / yesterday", (1, 5), {}, 3),
        ("z-score, 28 days", (1, 3, 5), {}, 3),  # mean 2, deviation 1
        ("SigniTrend", (0, 0, 6), {"half_life": 1, "beta": 2}, 2),  # (6 - 2) / (0 + 2)
        ("SigniTrend", (0, 4, 4), {"half_life": 1, "beta": 1}, 2 / 3),  # mean 2, variance .5 * .5 * 16
        ("WikiTrends", (*[1] * 14, *[2] * 7), {}, 7 * np.log(15 / 8)),
        ("TMDb-like", (4, 2), {"keep": 0.5}, 0.5 * (4 + 0.01 * np.log(5)) + 2 + 0.01 * np.log(7)),
        ("EWMA", (4, 1), {"half_life": 1}, 2),
        ("EWMA contrast", (4, 1), {"short": 1, "long": 1, "prior": 0.3}, 0),
    ],
)
def test_by_hand(name: str, counts: tuple[float, ...], chosen: dict[str, Any], last: float) -> None:
    assert GRIDS[name][0](column(*counts), "7d", **chosen)[-1, 0] == pytest.approx(last)


def test_holt_foretells_a_steady_and_a_growing_title() -> None:
    steady, growing = np.full(60, 10.0), np.arange(60.0)
    found = baselines.holt(np.column_stack([steady, growing]), "7d", 0.5, 0.3, 0.95)
    assert 60 < found[-1, 0] < 80 and found[-1, 1] > 7 * 59


def test_weekday_factors_find_the_week() -> None:
    week = np.tile([1.0, 1, 1, 1, 1, 2, 2], 8) * 1000
    factors = baselines.weekday_factors(week[:, None])[-7:, 0]
    usual = 9000 / 7 + baselines.WEEK_PRIOR
    assert factors[:5] == pytest.approx((1000 + baselines.WEEK_PRIOR) / usual)
    assert factors[5:] == pytest.approx((2000 + baselines.WEEK_PRIOR) / usual)


def every() -> list[tuple[str, str]]:
    return [(name, target) for name in (*GRIDS, NAME) for target in TARGETS]


@pytest.mark.parametrize(("name", "target"), every())
def test_what_comes_later_changes_nothing(name: str, target: str) -> None:
    """The same counts with another future: scores up to the day are the same to the bit."""
    rng = np.random.default_rng(1)
    counts = rng.poisson(rng.gamma(0.5, 2.0, 60), (70, 60)).astype(float)
    other = counts.copy()
    other[50:] = rng.poisson(9, (20, 60))
    made = (boosting, GRID) if name == NAME else (lambda _: GRIDS[name][0], GRIDS[name][1])
    chosen = next(iter(choices(made[1])))
    left, right = (made[0](c)(c, target, **chosen) for c in (counts, other))
    assert np.isfinite(left).all() and (left[:50] == right[:50]).all()
    if name != "most mentioned ever":
        assert (left[50:] != right[50:]).any()


def test_boosting_learns_what_a_plain_count_cannot() -> None:
    """Titles that speak on even days fall silent on odd ones: the trees see it, today's count does not."""
    rng = np.random.default_rng(2)
    day = np.arange(84)[:, None]
    even = rng.poisson(8.0, (84, 40)) * (day % 2 == 0)
    odd = rng.poisson(8.0, (84, 40)) * (day % 2 == 1)
    counts = np.hstack([even, odd]).astype(float)
    found = boosting(counts)(counts, "1d", leaves=7)
    assert found[80, 40:].mean() > 2 * found[80, :40].mean()  # day 81 is odd
