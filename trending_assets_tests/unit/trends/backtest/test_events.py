"""Events, leads and alerts against a story that is told day by day."""

import numpy as np
import pytest

from trending_assets.trends.backtest.events import Earliness, earliness, events, first_alerts, leads
from trending_assets.trends.backtest.panel import Array


def story() -> Array:
    """Eighteen steady titles; title 20 comes up on day 40, title 21 on day 50, and title 20 again on day 60."""
    counts = np.zeros((80, 22))
    counts[:, :18] = 3.0
    counts[40:44, 20] = 50
    counts[50:54, 21] = 50
    counts[60:64, 20] = 50
    return counts


def listed(**first: int) -> np.ndarray:
    """Rankings of 80 days by 3 places: title n from day first[n] on at the first place."""
    ranked = np.full((80, 3), -1)
    for name, day in first.items():
        ranked[day : day + 3, 0] = int(name[1:])
    return ranked


def test_events_by_hand() -> None:
    assert events(story(), 28, 79) == [(40, 20), (50, 21)]  # the third rise comes within 28 days of the first
    assert events(story(), 45, 79) == [(50, 21)]
    assert events(story(), 0, 79)[0] == (40, 20)  # the first 28 days have no past to be new against


def test_leads_by_hand() -> None:
    ranked = listed(_20=37, _21=52)
    assert leads(ranked, [(40, 20), (50, 21), (60, 5)]) == [3, -2, None]
    assert leads(listed(_20=20), [(40, 20)]) == [None]  # too long before
    assert leads(listed(_20=24), [(40, 20)]) == [14]  # still there when the 14 days begin


def test_earliness_by_hand() -> None:
    happened = [(40, 20), (50, 21)]
    alerts = [(37, 20), (38, 20), (45, 5), (46, 5), (70, 5)]
    found = earliness(listed(_20=37), alerts, happened, 30, 75)
    early = 2 / (1 + np.exp(5 * -3 / 7)) - 1
    # 45 and 46 are one false alert, 70 another.
    expected = Earliness((3 - 14) / 2, recall=0.5, precision=2 / 5, nab=(early - 1 - 0.11 * 2) / 2)
    assert vars(found) == pytest.approx(vars(expected))


def test_late_alerts_count_for_a_week() -> None:
    assert earliness(listed(), [(47, 20)], [(40, 20)], 30, 75).recall == 1
    assert earliness(listed(), [(48, 20)], [(40, 20)], 30, 75).recall == 0
    assert earliness(listed(), [(48, 20)], [(40, 20)], 30, 75).nab == pytest.approx(-1.11)


def test_nothing_happened_is_no_number() -> None:
    found = earliness(listed(), [], [], 30, 75)
    assert np.isnan([found.lead, found.recall, found.precision, found.nab]).all()


def test_first_alerts_are_the_first_places() -> None:
    ranked = np.tile(np.arange(20), (80, 1))
    found = first_alerts(ranked, 40, 41)
    assert {day for day, _ in found} == set(range(26, 49)) and {title for _, title in found} == {0, 1, 2, 3, 4}
