"""The tests of drift: held against scipy, against each other's null, and against shifts of known size."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from trending_assets.drift.statistics import align, chi_squared, compare, merge_bins, psi
from trending_assets.drift.watched import bin_counts

_COUNTS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=30)


def test_psi_is_its_formula() -> None:
    found = psi([500, 300, 200], [250, 150, 600])
    p, q = np.array([250.5, 150.5, 600.5]) / 1001.5, np.array([500.5, 300.5, 200.5]) / 1001.5
    assert found.statistic == pytest.approx(float(((p - q) * np.log(p / q)).sum()))
    assert found.drifted


def test_chi_squared_is_scipys() -> None:
    found, table = chi_squared([50, 30, 20], [20, 30, 50]), [[50, 30, 20], [20, 30, 50]]
    assert found.statistic == pytest.approx(chi2_contingency(table, correction=False).statistic)
    assert found.p_value == pytest.approx(chi2_contingency(table, correction=False).pvalue)


def test_the_effect_does_not_shrink_as_the_baseline_grows() -> None:
    small, large = chi_squared([500, 500], [400, 600]), chi_squared([50_000, 50_000], [400, 600])
    assert small.effect == pytest.approx(0.1, abs=0.01)
    assert large.effect == pytest.approx(small.effect, abs=0.01)


@given(_COUNTS)
def test_merging_loses_no_row_and_leaves_no_thin_bin(counts: list[tuple[int, int]]) -> None:
    left, right = [a for a, _ in counts], [b for _, b in counts]
    merged = merge_bins(left, right) if sum(left) and sum(right) else None
    if merged is None:
        return
    assert (sum(merged[0]), sum(merged[1])) == (sum(left), sum(right))
    share = min(sum(left), sum(right)) / (sum(left) + sum(right))
    if len(merged[0]) > 1:
        assert all(share * (a + b) >= 5 for a, b in zip(*merged, strict=True))
    for found in compare(left, right):
        assert 0 <= found.p_value <= 1 and found.effect >= 0 and np.isfinite(found.statistic)


def test_equal_sides_are_stable_and_a_handful_of_rows_says_nothing() -> None:
    assert not any(f.drifted for f in compare([100, 200, 300], [100, 200, 300]))
    assert [f.p_value for f in compare([1000, 0], [0, 4])] == [1.0, 1.0]


@pytest.mark.parametrize("rows", [50, 200, 1_000])
def test_quiet_days_rarely_alarm(rows: int) -> None:
    draw, edges = np.random.default_rng(7), np.linspace(-1.3, 1.3, 9)
    alarms = plain = 0
    for _ in range(300):
        past, now = (bin_counts(pl.Series(draw.normal(size=n)), list(edges)) for n in (5_000, rows))
        found = compare(past, now)
        alarms += any(f.drifted for f in found)
        plain += found[0].statistic > 0.1
    assert alarms / 300 <= 0.03
    if rows == 50:
        assert plain / 300 > 0.2  # PSI > .1 alone would have cried wolf on these quiet days


def test_a_shift_of_half_a_deviation_is_found() -> None:
    draw = np.random.default_rng(3)
    edges = list(np.linspace(-1.5, 1.5, 9))
    caught = 0
    for _ in range(50):
        past, now = (bin_counts(pl.Series(draw.normal(m, 1, size=n)), edges) for m, n in ((0, 5_000), (0.5, 1_000)))
        caught += any(f.drifted for f in compare(past, now))
    assert caught == 50


def test_rare_categories_are_counted_together() -> None:
    left, right = align({f"c{n:02}": 100 - n for n in range(60)}, {"new": 500, "c00": 1})
    assert len(left) == len(right) == 51
    assert (left[0], right[0]) == (0, 500)
    assert (sum(left), sum(right)) == (sum(100 - n for n in range(60)), 501)
