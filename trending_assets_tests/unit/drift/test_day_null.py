"""What quiet days differ by: held against naive loops, against independent rows, and against clustered ones."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, f, t

from bench.drift_streams import COLUMNS, Stream, days, profile_row
from trending_assets.drift import column_tests
from trending_assets.drift.alarms import alarms
from trending_assets.drift.day_null import (
    LEAST_EXPECTED,
    NULL_DAYS,
    WINDOW,
    Spread,
    Units,
    effective_rows,
    independent_units,
    merge_by,
    merged_bins,
    quadratic_spread,
    scalar_spread,
    units,
)
from trending_assets.drift.statistics import independent

_DAY = st.one_of(st.just([0, 0, 0]), st.lists(st.integers(0, 20), min_size=3, max_size=3))
_COUNTS = st.lists(_DAY, min_size=1, max_size=12)


def naive(history: list[list[int]], current: list[int], length: int, window: int) -> list[dict[str, Any]]:
    """Each unit that ends in the window, and the current one as the last, by loops."""
    table = [*history, current]
    found = []
    for end in range(len(table)):
        start = end - length + 1
        if start < 1 or end < len(table) - 1 - NULL_DAYS:
            continue
        first = max(0, start - window)
        own = [sum(day[b] for day in table[start : end + 1]) for b in range(3)]
        base = [sum(day[b] for day in table[first:start]) for b in range(3)]
        n, m = sum(own), sum(base)
        if n and m:
            moved = [a / n - b / m for a, b in zip(own, base, strict=True)]
            pooled = [(a + b) / (n + m) for a, b in zip(own, base, strict=True)]
            factor = max(1 + length / (start - first), 1 + n / m)
            found.append({"end": end, "moved": moved, "rows": n, "factor": factor, "weights": pooled})
    return found


@given(_COUNTS, st.integers(1, 2), st.integers(1, 6))
def test_units_are_those_of_a_naive_loop(table: list[list[int]], length: int, window: int) -> None:
    *history, current = table
    expected = naive(history, current, length, window)
    found = units(np.array(history).reshape(-1, 3), np.array(current), length, window)
    if len(expected) < 2 or expected[-1]["end"] != len(history):
        assert found is None
        return
    assert found is not None
    *past, now = expected
    residuals = [[x / math.sqrt(one["factor"]) for x in one["moved"]] for one in past]
    np.testing.assert_allclose(found.residuals, residuals, atol=1e-12)
    np.testing.assert_allclose(found.sizes, [one["rows"] for one in past])
    np.testing.assert_allclose(found.share, now["moved"], atol=1e-12)
    np.testing.assert_allclose(found.weights, now["weights"], atol=1e-12)
    assert (found.rows, found.days) == (now["rows"], length) and found.factor == pytest.approx(now["factor"])


def quiet(draw: np.random.Generator, day_count: int, rows: int, shares: Any, cluster: int = 1) -> Any:
    """Days of counts (days, bins), rows in clusters of one bin each."""
    return cluster * draw.multinomial(rows // cluster, shares, size=day_count)


def made(distance: float, past_rows: float, rows: float, bins: int = 4) -> Units:
    """20 past units, each at this squared distance in a direction of its own."""
    directions = np.random.default_rng(2).normal(size=(20, bins))
    directions -= directions.mean(axis=1, keepdims=True)
    directions *= np.sqrt(distance / bins) / np.linalg.norm(directions, axis=1, keepdims=True)
    weights = np.full(bins, 1 / bins)
    return Units(directions, np.full(20, past_rows), weights, np.zeros(bins), rows, 1.0, 20.0)


def test_the_scale_is_the_largest_of_its_three_parts() -> None:
    # seen: days differ by more than rows would, whatever their size
    assert quadratic_spread(made(0.1, past_rows=100, rows=100)).scale == pytest.approx(0.1)
    # a smaller day differs by more, as it has fewer rows
    assert quadratic_spread(made(0.1, past_rows=100, rows=20)).scale == pytest.approx(0.5)
    # and independent rows are the floor
    assert quadratic_spread(made(1e-9, past_rows=100, rows=20)).scale == pytest.approx(3 / 20)
    assert quadratic_spread(made(0.1, 100, 100)).design == pytest.approx(0.1 / (3 / 100))
    assert quadratic_spread(replace(made(0.1, 100, 100), factor=1.5)).scale == pytest.approx(0.15)


def test_a_larger_day_is_not_believed_quieter() -> None:
    usual, large = (quadratic_spread(made(0.1, past_rows=100, rows=rows)) for rows in (100, 10_000))
    assert large.scale == usual.scale == pytest.approx(0.1)
    assert large.design == pytest.approx(100 * usual.design)


def test_days_that_resemble_their_neighbours_count_for_less() -> None:
    draw = np.random.default_rng(4)
    white = draw.normal(size=(28, 3))
    alike = white.copy()
    for day in range(1, 28):
        alike[day] = 0.8 * alike[day - 1] + 0.6 * white[day]
    assert independent_units(white) == pytest.approx(28, abs=8)
    assert independent_units(alike) < 10
    assert independent_units(white, days=2) <= 14
    assert independent_units(np.ones((28, 1))) >= 2
    assert independent_units(white[:2]) == 2
    table = quiet(draw, 29, 400, [0.4, 0.3, 0.2, 0.1])
    lasting = np.repeat(table, 5, axis=0)[:29]  # what a day is like stays for five
    apart, together = (units(one[:-1], one[-1]) for one in (table, lasting))
    assert apart and together and together.known < 0.6 * apart.known


def test_independent_rows_give_chi_squareds_p() -> None:
    """200 quiet days of independent rows: p is near the textbook's, and no more often small than it says."""
    draw, shares = np.random.default_rng(11), np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    ours, textbook = [], []
    for _ in range(200):
        table = quiet(draw, 57, 500, shares)
        of = units(table[:-1], table[-1])
        assert of is not None
        distance = float((of.share**2 / of.weights).sum())
        ours.append(quadratic_spread(of).p_value(distance))
        textbook.append(chi2.sf(distance / (1 / 500 + 1 / (28 * 500)), 4))
    gaps = np.abs(np.array(ours) - textbook)
    assert gaps.mean() < 0.06 and np.quantile(gaps, 0.9) < 0.15
    assert np.mean(np.array(ours) < 0.1) <= 0.15


def test_clustered_rows_do_not_look_surprising() -> None:
    """Rows in clusters of 20 that are all alike: the textbook's p is below 1% on most days, ours on few."""
    draw, shares = np.random.default_rng(12), np.array([0.4, 0.3, 0.2, 0.1])
    ours, textbook = [], []
    for _ in range(200):
        table = quiet(draw, 57, 400, shares, cluster=20)
        of = units(table[:-1], table[-1])
        assert of is not None
        distance = float((of.share**2 / of.weights).sum())
        ours.append(quadratic_spread(of).p_value(distance))
        textbook.append(independent(4, 400, 28 * 400).p_value(distance))
    assert np.mean(np.array(textbook) < 0.01) > 0.6
    assert np.mean(np.array(ours) < 0.01) <= 0.03


def test_p_is_that_of_f_and_of_chi_squared() -> None:
    for degrees, law in ((9.0, f(3, 9)), (math.inf, chi2(3, scale=1 / 3))):
        spread = Spread(0.2, 0.2 * math.sqrt(2 / 3), 3.0, degrees, 1.0)
        for ratio in (0.3, 1.0, 4.0):
            assert spread.p_value(0.2 * ratio) == pytest.approx(law.sf(ratio))
    nothing = Spread(0.0, 0.0, 1.0, 9.0, 1.0)
    assert (nothing.p_value(0.0), nothing.p_value(1e-9)) == (1.0, 0.0)


def test_one_number_is_students_t() -> None:
    residuals = np.random.default_rng(6).normal(size=28)
    spread = scalar_spread(residuals, np.full(28, 100.0), 100.0, 0.0, 1.1)
    assert spread.scale == pytest.approx(1.1 * (residuals**2).mean())
    known = independent_units(residuals[:, None])
    assert spread.p_value(4 * spread.scale) == pytest.approx(2 * t.sf(2, known))
    assert scalar_spread(residuals, np.full(28, 100.0), 100.0, 9.0, 1.0).scale == 9.0
    smaller = scalar_spread(residuals, np.full(28, 100.0), 10.0, 0.0, 1.0)
    assert smaller.scale == pytest.approx(10 * (residuals**2).mean())


def test_effective_rows_are_the_rows_of_independent_days_and_the_clusters_of_others() -> None:
    draw, shares = np.random.default_rng(13), np.full(8, 1 / 8)
    for cluster, expected in ((1, 800), (20, 40)):
        found = []
        for _ in range(20):
            table = quiet(draw, 57, 800, shares, cluster)
            of = units(table[:-1], table[-1])
            assert of is not None
            found.append(effective_rows(of)[0])
        assert np.mean(found) == pytest.approx(expected * 28 / 29, rel=0.2)
        assert max(found) <= 800


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=30))
def test_merging_loses_no_row_and_leaves_no_thin_bin(counts: list[tuple[int, int]]) -> None:
    table = np.array(counts, float).T
    if not table.sum(axis=1).all():
        return
    expected = table.sum(axis=0) * table.sum(axis=1).min() / table.sum()
    merged = merge_by(expected, 5.0, table)
    np.testing.assert_allclose(merged.sum(axis=1), table.sum(axis=1))
    if merged.shape[1] > 1:
        assert (merge_by(expected, 5.0, expected) >= 5).all()
    # neighbours, in their order: cumulative counts of the merged are among those of the whole
    assert set(np.cumsum(merged, axis=1)[0]) <= set(np.cumsum(table, axis=1)[0])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 20), st.sampled_from([1, 2]))
def test_merged_days_keep_their_rows_and_clusters_merge_more(seed: int, cluster: int, length: int) -> None:
    table = quiet(np.random.default_rng(seed), 30, 400, np.full(20, 0.05), cluster)
    history, current = merged_bins(table[:-1], table[-1], length)
    np.testing.assert_allclose(history.sum(axis=1), table[:-1].sum(axis=1))
    assert current.sum() == table[-1].sum()
    if history.shape[1] > 1:
        pooled = history[-WINDOW:].sum(axis=0) + current
        assert (pooled / pooled.sum() * 400 * length >= LEAST_EXPECTED).all()


def test_clusters_merge_more_bins() -> None:
    widths = []
    for cluster in (1, 20):
        table = quiet(np.random.default_rng(3), 30, 400, np.full(20, 0.05), cluster)
        widths.append(merged_bins(table[:-1], table[-1])[0].shape[1])
    assert widths[0] == 20 and 1 < widths[1] <= 8


def weeks_with_an_alarm(stream: Stream, weeks: int) -> int:
    """Of so many quiet weeks after 28 quiet days."""
    fired = 0
    for seed in range(weeks):
        past: dict[str, list[Mapping[str, Any]]] = {column.name: [] for column in COLUMNS}
        this = False
        for n, day in enumerate(days(stream, seed, WINDOW + 7)):
            rows = {column.name: profile_row(column, day[column.name]) for column in COLUMNS}
            if n >= WINDOW and not this:
                found = [one for name, row in rows.items() for one in column_tests.tests_of(row, past[name])]
                this = any(alarms([one.finding for one in found if one.decides]))
            for name, row in rows.items():
                past[name].append(row)
        fired += this
    return fired


def test_quiet_clustered_weeks_are_quiet_and_the_guard_is_what_keeps_them_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(rows=200, icc=0.4)
    assert weeks_with_an_alarm(stream, 15) <= 2

    def as_independent(of: Units, trust: float = 0.0) -> Spread:
        return independent(len(of.weights), of.rows, WINDOW * of.rows / of.days)

    monkeypatch.setattr(column_tests, "quadratic_spread", as_independent)
    assert weeks_with_an_alarm(stream, 15) >= 12
