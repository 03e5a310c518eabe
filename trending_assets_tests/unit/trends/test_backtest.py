"""The backtest's formulas against hand-made numbers, and its table on a stream and on a real world."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from trending_assets.features.files import features_of_files
from trending_assets.trends.backtest import backtest, ewma, ndcg, targets
from trending_assets_tests.unit.trends.streams import day, stream


def test_ndcg_by_hand() -> None:
    gains = np.array([3.0, 2.0, 0.0])
    assert ndcg(gains, gains) == 1.0
    swapped = (2 + 3 / np.log2(3)) / (3 + 2 / np.log2(3))
    assert abs(ndcg(np.array([1.0, 2.0, 0.0]), gains) - swapped) < 1e-12
    assert ndcg(gains, np.zeros(3)) == 0.0


def test_targets_by_hand() -> None:
    counts = np.array([[1.0] * 28 + [2.0] * 7, [0.0] * 28 + [0, 0, 4, 0, 0, 0, 0]])
    found = targets(counts, 27)
    assert found["1d"].tolist() == [2, 0] and found["7d"].tolist() == [14, 4]
    assert found["rise"].tolist() == [7 / np.sqrt(8), 0.0]


def test_ewma_by_hand() -> None:
    assert ewma(np.array([[4.0, 1.0]]), 1.0)(1).tolist() == [(4 * 0.5 + 1) / 1.5]


def test_table_ignores_what_is_after_its_last_day() -> None:
    features = stream(1, 60, [0.3] * 30 + [3, 6, 9])
    table = backtest(features, day(45))
    assert table.equals(backtest(stream(1, 46, [0.3] * 30 + [3, 6, 9]), day(45)))
    assert table["days"].unique().to_list() == [12]
    assert table.select("1d", "7d").min_horizontal().is_between(0, 1).all()


@pytest.mark.world
@pytest.mark.slow
def test_no_worse_than_the_best_ewma_on_real_posts(shared: Path) -> None:
    """spring-2013 up to 2013-05-29, judged on 04-04 to 05-22; the days after are for a later, sealed look."""
    folder, last = shared / "worlds" / "spring-2013", date(2013, 5, 29)
    titles, documents, charts = (folder / f"{name}.parquet" for name in ("titles", "documents", "charts"))
    features = features_of_files(titles, documents, charts, date(2013, 2, 28), last).signals
    table = backtest(features, last, first=date(2013, 4, 4))
    print(table)
    ours = table.filter(method="Trending Now").row(0, named=True)
    others = table.filter(table["method"] != "Trending Now")
    assert ours["1d"] >= float(others["1d"].max())  # type: ignore[arg-type]
    assert ours["7d"] >= float(others["7d"].max())  # type: ignore[arg-type]
