"""whylogs profiles: the same bytes for the same values, readable and mergeable by whylogs."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from trending_assets.drift.sketch import K, _whylogs, column_profile

_RANKS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


def _read(data: bytes) -> Any:
    _whylogs()
    from whylogs.core.view.column_profile_view import ColumnProfileView

    return ColumnProfileView.from_bytes(data)


def _rank_error(view: Any, values: Any) -> float:
    ordered, sketch = np.sort(values), view.get_metric("distribution").kll.value
    read = [sketch.get_quantile(rank) for rank in _RANKS]
    return max(abs(np.searchsorted(ordered, v) / len(ordered) - r) for v, r in zip(read, _RANKS, strict=True))


@pytest.mark.parametrize("n", [1, 500, K, K + 1, 2 * K - 1, 2 * K, 2 * K + 1, 30_000])
def test_numbers_in_any_order_give_the_same_bytes_and_true_quantiles(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n)
    data = column_profile(pl.Series(values))
    assert data == column_profile(pl.Series(values[::-1].copy()))
    view, sketch = _read(data), _read(data).get_metric("distribution").kll.value
    assert sketch.get_n() == n
    assert (sketch.get_min_value(), sketch.get_max_value()) == (values.min(), values.max())
    assert view.to_summary_dict()["distribution/mean"] == pytest.approx(values.mean())
    if n >= 500:
        assert _rank_error(view, values) <= 2.5 / K
    assert len(data) <= 24_000


def test_whylogs_merges_days_with_exact_counts() -> None:
    parts = [np.random.default_rng(n).normal(n, 1, size=1_000 * (n + 1)) for n in range(4)]
    views = [_read(column_profile(pl.Series([*p, None]))) for p in parts]
    whole = views[0]
    for view in views[1:]:
        whole = whole.merge(view)
    summary = whole.to_summary_dict()
    assert (summary["counts/n"], summary["counts/null"], summary["distribution/n"]) == (10_004, 4, 10_000)
    assert _rank_error(whole, np.concatenate(parts)) <= 4 / K


def test_strings_and_nothing() -> None:
    words = pl.Series([f"site{n % 700}" for n in range(5_000)] + [None] * 3)
    data = column_profile(words)
    assert data == column_profile(words.reverse())
    assert _read(data).to_summary_dict()["counts/null"] == 3
    empty = pl.Series([], dtype=pl.Float64)
    assert column_profile(empty) == column_profile(empty)
    assert _read(column_profile(empty)).to_summary_dict()["counts/n"] == 0
