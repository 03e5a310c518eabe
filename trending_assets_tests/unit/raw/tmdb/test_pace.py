"""The rate, on a clock of the test's own."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from trending_assets.raw.tmdb.pace import Rate


@given(
    st.floats(1, 100),
    st.floats(1, 20),
    st.lists(st.floats(0, 0.2), min_size=1, max_size=80),
)
def test_no_window_sees_more_than_the_rate_and_one_burst(per_second: float, burst: float, gaps: list[float]) -> None:
    rate, now, turns = Rate(per_second, burst), 100.0, list[float]()
    for gap in gaps:
        now += gap
        turns.append(now + rate.take(now))
    for first in range(len(turns)):
        for last in range(first, len(turns)):
            most = burst + (turns[last] - turns[first]) * per_second
            assert last - first + 1 <= most + 1e-6


def test_who_asks_slowly_never_waits() -> None:
    rate = Rate(10, 1)
    assert [round(rate.take(now), 9) for now in (0.0, 0.1, 0.2, 5.0)] == [0, 0, 0, 0]
    assert rate.take(5.0) > 0.09


def test_a_pause_holds_everyone_and_gives_no_burst_after() -> None:
    rate = Rate(10, 5)
    rate.pause(0.0, 7.0)
    waits = [rate.take(0.0) for _ in range(4)]
    assert min(waits) >= 7.0
    assert all(round(later - earlier, 6) == 0.1 for earlier, later in itertools.pairwise(waits))
    assert rate.resumes == 7.0
    rate.pause(1.0, 2.0)  # a shorter one does not end it
    assert rate.resumes == 7.0
