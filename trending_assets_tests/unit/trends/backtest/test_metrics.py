"""Metrics and targets against hand-made numbers, and within their bounds whatever comes in."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from trending_assets.trends.backtest.metrics import lists, ndcg, precision, rbo, spearman, top
from trending_assets.trends.backtest.panel import Array, targets

SCORES = st.floats(-1e6, 1e6) | st.just(float("-inf")) | st.integers(0, 3).map(float)
GAINS = st.integers(0, 4).map(float) | st.floats(0, 1e6)


def days(*rows: list[float]) -> Array:
    return np.array(rows, dtype=float)


def test_top_takes_the_lower_index_of_equals_and_leaves_out_what_is_not_ranked() -> None:
    assert top(np.array([1.0, 3.0, 2.0, 3.0, -np.inf]), 3).tolist() == [1, 3, 2]
    assert top(np.array([1.0, 1.0, 1.0]), 2).tolist() == [0, 1]
    assert top(np.array([-np.inf, 0.0]), 2).tolist() == [1]
    assert lists(days([-np.inf, 0.0]), 2).tolist() == [[1, -1]]


@given(arrays(float, st.integers(1, 60), elements=SCORES), st.integers(1, 25))
@settings(max_examples=200, deadline=None)
def test_top_is_the_head_of_a_full_stable_sort(scores: Array, places: int) -> None:
    whole = [n for n in np.argsort(-scores, kind="stable").tolist() if scores[n] > -np.inf]
    assert top(scores, places).tolist() == whole[:places]


def test_ndcg_by_hand() -> None:
    gains = days([3, 2, 0])
    assert ndcg(lists(gains), gains).tolist() == [1.0]
    swapped = (2 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert abs(ndcg(lists(days([1, 2, 0])), gains)[0] - swapped) < 1e-12
    assert ndcg(lists(gains), np.zeros((1, 3))).tolist() == [0.0]
    only = days([-np.inf, 5, -np.inf])  # one place is filled, the others gain nothing
    assert abs(ndcg(lists(only), gains)[0] - 2 / (3 + 2 / np.log2(3))) < 1e-12


def test_precision_by_hand() -> None:
    gains = days([5, 3, 3, 1, 0])
    assert precision(lists(days([1, 0, 1, 0, 0]), 2), gains).tolist() == [1.0]  # 3 ties with the second place
    assert precision(lists(days([1, 0, 0, 1, 0]), 2), gains).tolist() == [0.5]
    assert precision(lists(days([0, 0, 1]), 2), days([4, 0, 0])).tolist() == [0.5]  # a gain of 0 belongs nowhere


def test_rbo_by_hand() -> None:
    same, swapped, other = [0, 1], [1, 0], [2, 3]
    assert np.isnan(rbo(np.array([same]))[0])
    assert abs(rbo(np.array([same, same]))[1] - 1) < 1e-12
    assert rbo(np.array([same, other]))[1] == 0
    # Agreement is 0 at depth 1 and 1 at depth 2: .1 * (0 + .9) + 1 * .81.
    assert abs(rbo(np.array([same, swapped]))[1] - (0.1 * 0.9 + 0.81)) < 1e-12


def test_spearman_by_hand() -> None:
    gains = days([1, 2, 3, 4])
    assert abs(spearman(gains * 2, gains)[0] - 1) < 1e-12
    assert abs(spearman(-gains, gains)[0] + 1) < 1e-12
    assert spearman(np.ones((1, 4)), gains).tolist() == [0.0]


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(*(arrays(float, (3, n), elements=e) for e in (SCORES, GAINS)))))
@settings(max_examples=100, deadline=None)
def test_metrics_stay_in_their_bounds(pair: tuple[Array, Array]) -> None:
    scores, gains = pair
    ranked = lists(scores)
    for values in (ndcg(ranked, gains), precision(ranked, gains), rbo(ranked)[1:]):
        assert ((values >= 0) & (values <= 1 + 1e-9)).all()
    assert (np.abs(spearman(scores, gains)) <= 1 + 1e-9).all()
    assert (ndcg(lists(gains), gains)[gains.any(axis=1)] > 1 - 1e-9).all()


def test_targets_by_hand() -> None:
    counts = np.array(
        [[1.0] * 28 + [2.0] * 7, [0.0] * 28 + [0, 0, 4, 0, 0, 0, 0], [0.0] * 28 + [0, 0, 5, 0, 0, 0, 0]]
    ).T
    found = targets(counts, np.array([27]))
    assert found["1d"].tolist() == [[2, 0, 0]] and found["7d"].tolist() == [[14, 4, 5]]
    assert found["rise"].tolist() == [[7 / np.sqrt(8), 0.0, 5.0]]
