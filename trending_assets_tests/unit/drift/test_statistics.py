"""The tests of drift: held against scipy, and against shifts of known size."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency, ks_2samp, mannwhitneyu, norm

from trending_assets.drift.alarms import FLOORS, STEPS, adjusted, alarms, severity
from trending_assets.drift.day_null import Spread
from trending_assets.drift.statistics import Finding, align, chi_squared, independent, ks, mann_whitney, mean_shift, psi
from trending_assets.drift.watched import bin_counts

_P_VALUES = st.lists(st.floats(0, 1), max_size=12)


def compare(past: list[int], now: list[int]) -> list[Finding]:
    """Both distances of two samples whose rows are independent."""
    return [psi(past, now), chi_squared(past, now)]


def test_psi_is_its_formula() -> None:
    found = psi([500, 300, 200], [250, 150, 600])
    p, q = np.array([250.5, 150.5, 600.5]) / 1001.5, np.array([500.5, 300.5, 200.5]) / 1001.5
    assert found.statistic == pytest.approx(float(((p - q) * np.log(p / q)).sum()))
    assert found.p_value == pytest.approx(chi2.sf(found.statistic * 500, 2))
    assert found.effect == pytest.approx(found.statistic - 2 * (1 / 1000 + 1 / 1000))
    assert alarms([found]) == [True]


def test_chi_squared_is_scipys() -> None:
    found, table = chi_squared([50, 30, 20], [20, 30, 50]), [[50, 30, 20], [20, 30, 50]]
    assert found.statistic == pytest.approx(chi2_contingency(table, correction=False).statistic)
    assert found.p_value == pytest.approx(chi2_contingency(table, correction=False).pvalue)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), min_size=2, max_size=30))
def test_chi_squared_is_scipys_for_any_counts(counts: list[tuple[int, int]]) -> None:
    left, right = [a for a, _ in counts], [b for _, b in counts]
    expected = chi2_contingency([left, right], correction=False)
    found = chi_squared(left, right)
    assert found.statistic == pytest.approx(expected.statistic, abs=1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    for one in [*compare(left, right), ks(left, right)]:
        assert 0 <= one.p_value <= 1 and one.effect >= 0 and np.isfinite(one.statistic)


def test_the_effect_does_not_shrink_as_the_baseline_grows() -> None:
    small, large = chi_squared([500, 500], [400, 600]), chi_squared([50_000, 50_000], [400, 600])
    assert small.effect == pytest.approx(0.1, abs=0.01)
    assert large.effect == pytest.approx(small.effect, abs=0.01)


def test_a_wide_spread_of_quiet_days_takes_away_significance_and_effect() -> None:
    plain = chi_squared([5000, 5000], [400, 600])
    spread = Spread(0.05, 0.05 * np.sqrt(2), 1.0, 27.0, 50.0)
    wide = chi_squared([5000, 5000], [400, 600], spread)
    assert plain.p_value < 1e-6 and wide.p_value > 0.1
    assert wide.statistic == plain.statistic and wide.effect == 0.0 < plain.effect
    assert psi([5000, 5000], [400, 600], spread).effect == 0.0


def test_ks_is_scipys_at_the_bins_edges() -> None:
    draw = np.random.default_rng(5)
    past, now = draw.integers(0, 9, 900), draw.integers(0, 8, 700)
    counts = [np.bincount(values, minlength=9).tolist() for values in (past, now)]
    found = ks(counts[0], counts[1])
    assert found.statistic == pytest.approx(ks_2samp(past, now).statistic)
    assert found.p_value == pytest.approx(ks_2samp(past, now, method="asymp").pvalue, rel=0.3)
    fewer = ks(counts[0], counts[1], rows=50.0)
    assert fewer.statistic == found.statistic and fewer.p_value > 10 * found.p_value
    assert ks(counts[0], counts[1], degrees=6.0).p_value > found.p_value
    assert ks(counts[0], counts[1], degrees=1e9).p_value == pytest.approx(found.p_value, rel=1e-3)


def test_a_mean_that_did_not_move_is_no_news_even_where_nothing_varies() -> None:
    still = Spread(0.0, 0.0, 1.0, 9.0, 1.0)
    assert mean_shift("mean", 0.0, 0.0, still) == Finding("mean", 0.0, 1.0, 0.0)
    moved = mean_shift("mean", -2.0, 0.0, still)
    assert (moved.p_value, moved.effect) == (0.0, 1.0) and moved.statistic < 0
    assert mean_shift("mean", -2.0, 4.0, Spread(1.0, np.sqrt(2), 1.0, 9.0, 1.0)).effect == 0.5


def test_equal_sides_are_stable_and_one_bin_says_nothing() -> None:
    assert alarms(compare([100, 200, 300], [100, 200, 300])) == [False, False]
    assert [f.p_value for f in compare([1000], [4])] == [1.0, 1.0]


@pytest.mark.parametrize("rows", [50, 200, 1_000])
def test_quiet_days_rarely_alarm(rows: int) -> None:
    draw, edges = np.random.default_rng(7), np.linspace(-1.3, 1.3, 9)
    fired = plain = 0
    for _ in range(300):
        past, now = (bin_counts(pl.Series(draw.normal(size=n)), list(edges)) for n in (5_000, rows))
        found = compare(past, now)
        fired += any(alarms(found))
        plain += found[0].statistic > 0.1
    assert fired / 300 <= 0.03
    if rows == 50:
        assert plain / 300 > 0.2  # PSI > .1 alone would have cried wolf on these quiet days


def test_a_shift_of_half_a_deviation_is_found() -> None:
    draw = np.random.default_rng(3)
    edges = list(np.linspace(-1.5, 1.5, 9))
    caught = 0
    for _ in range(50):
        past, now = (bin_counts(pl.Series(draw.normal(m, 1, size=n)), edges) for m, n in ((0, 5_000), (0.5, 1_000)))
        caught += any(alarms(compare(past, now)))
    assert caught == 50


def test_rare_categories_are_counted_together() -> None:
    past = {f"c{n:02}": 100 - n for n in range(60)}
    names, (left, right) = align([past, {"new": 500, "c00": 1}])
    assert len(names) == len(left) == len(right) == 51
    assert (names[0], left[0], right[0]) == ("new", 0, 500)
    assert names[-1] == "(rarer ones)"
    assert (sum(left), sum(right)) == (sum(100 - n for n in range(60)), 501)


@given(_P_VALUES)
def test_holm_is_the_step_down_procedure(p_values: list[float]) -> None:
    """Naive: adjusted p of the k-th smallest is the largest (n - j) p_(j) up to it, at most 1."""
    found, ordered = adjusted(p_values, [1.0] * len(p_values)), sorted(p_values)
    for p, one in zip(p_values, found, strict=True):
        place = ordered.index(p)
        steps = [(len(ordered) - j) * ordered[j] for j in range(place + 1)]
        assert one == pytest.approx(min(1.0, max(steps)))


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.5, 1.0, 3.0])), max_size=10), st.floats(0.001, 0.2))
def test_weighted_holm_rejects_by_its_definition(tests: list[tuple[float, float]], level: float) -> None:
    """Naive: reject the smallest p / w while it is at most level / (weights that are left), then stop."""
    left, rejected = sorted(range(len(tests)), key=lambda n: tests[n][0] / tests[n][1]), set()
    while left and tests[left[0]][0] / tests[left[0]][1] * sum(tests[n][1] for n in left) <= level:
        rejected.add(left.pop(0))
    found = adjusted([p for p, _ in tests], [w for _, w in tests])
    assert {n for n, p in enumerate(found) if p <= level} == rejected


@given(_P_VALUES, st.floats(0.001, 0.2))
def test_alarms_reject_what_holm_rejects(p_values: list[float], level: float) -> None:
    """Naive: reject the smallest p while it is at most level / (hypotheses that are left), then stop."""
    left, rejected = sorted(range(len(p_values)), key=lambda n: p_values[n]), set()
    while left and p_values[left[0]] * len(left) <= level:
        rejected.add(left.pop(0))
    found = alarms([Finding("mean", 1.0, p, 1.0) for p in p_values], level)
    assert {n for n, fired in enumerate(found) if fired} == rejected


def test_a_harmless_effect_is_no_alarm_however_sure() -> None:
    for test, floor in FLOORS.items():
        assert alarms([Finding(test, 1.0, 0.0, floor)]) == [True], test
        if floor:
            assert alarms([Finding(test, 1.0, 0.0, floor * 0.99)]) == [False], test
    assert alarms([Finding("mean", 1.0, 0.02, 9.0)]) == [False], "an enormous effect that chance explains"


def test_severity_is_by_effect_alone() -> None:
    assert set(STEPS) == set(FLOORS)
    for test, (moderate, large) in STEPS.items():
        assert severity(test, large) == "large" and severity(test, large * 0.99) == "moderate"
        assert severity(test, moderate) == "moderate" and severity(test, moderate * 0.99) == "small"
        if FLOORS[test]:
            assert severity(test, FLOORS[test] * 0.99) == "none"
    assert severity("mean", None) == severity("minimum", 5.0) == "none"


def test_independent_rows_have_chi_squareds_spread() -> None:
    spread = independent(7, 400, 900)
    for value in (2.0, 6.0, 15.0):
        assert spread.p_value(value * (1 / 400 + 1 / 900)) == pytest.approx(chi2.sf(value, 6))


def test_the_effect_of_ranks_is_scipys_probability() -> None:
    draw = np.random.default_rng(4)
    left, right = draw.integers(0, 8, 900), np.minimum(7, draw.integers(0, 9, 400))
    counts = [np.bincount(side, minlength=8).tolist() for side in (left, right)]
    found = mann_whitney(counts[0], counts[1], Finding("mann_whitney", 2.5, 0.01, 0.0))
    probability = mannwhitneyu(right, left).statistic / (900 * 400)
    assert found.effect == pytest.approx(np.sqrt(2) * norm.ppf(probability))
    assert (found.statistic, found.p_value) == (2.5, 0.01)
    apart = mann_whitney([10, 0], [0, 10], Finding("mann_whitney", 0.0, 1.0, 0.0))
    assert np.isfinite(apart.effect) and apart.effect > 5
