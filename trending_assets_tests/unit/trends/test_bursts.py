"""The figures of bench/bursts.py and bench/quiet_stream.py, on fewer bursts and days."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench import bursts, quiet_stream
from bench.burst_detectors import BASELINES, KNOWN, NEVER, fresh_only, ours
from bench.quiet_titles import MONDAY, quiet_days, signals_of
from trending_assets.trends.detect import rises
from trending_assets.trends.detection_parameters import DEFAULTS
from trending_assets.trends.history import volumes


def test_the_bench_scores_as_the_table_does() -> None:
    """`ours` on windows and `rises` on rows: the same titles are fresh, with the same scores."""
    voices = quiet_days(40, np.random.default_rng(4))
    day = 38
    window = voices[:, day - 27 : day + 1][:, ::-1]
    named = np.flatnonzero(window.max(axis=1) > 0)
    scored = ours(window[named], volumes(window[named], KNOWN, DEFAULTS))
    table = rises(signals_of(voices, MONDAY), [MONDAY + timedelta(days=day)]).filter("fresh")
    expected = dict(table.select("title_id", "score").iter_rows())
    got = {f"movie-{named[n] + 1}": scored[n] for n in np.flatnonzero(scored > NEVER)}
    assert got.keys() == expected.keys() and len(got) > 50
    assert all(abs(got[title] - expected[title]) < 1e-9 for title in got)


def test_baselines_by_hand() -> None:
    """A title of one voice a day that has 9 today."""
    voices = np.ones((1, 28))
    voices[0, 0] = 9
    volume = np.ones(28)
    assert BASELINES["raw count"](voices, volume)[0] == 9 and BASELINES["day difference"](voices, volume)[0] == 8
    assert abs(BASELINES["WikiTrends"](voices, volume)[0] - 8 * np.log(16 / 8)) < 1e-12
    left = 0.5 ** (27 / 7)  # of the start at 0: the mean is 1 - left, the variance left * (1 - left)
    deviation = np.sqrt(left * (1 - left))
    assert abs(BASELINES["SigniTrend"](voices, volume)[0] - (9 - (1 - left)) / (deviation + 0.5)) < 1e-9
    # Poisson with rate 27.5 / 28: 9 or more.
    tail = 1 - sum(np.exp(-27.5 / 28) * (27.5 / 28) ** k / np.prod(np.arange(1, k + 1)) for k in range(9))
    assert abs(BASELINES["Poisson tail"](voices, volume)[0] + np.log(tail)) < 1e-6
    assert fresh_only(BASELINES["raw count"])(voices, volume)[0] == 9
    assert fresh_only(BASELINES["raw count"])(np.ones((1, 28)), volume)[0] == NEVER


@pytest.mark.world
@pytest.mark.slow
def test_planted_bursts_at_five_alerts_a_day(shared: Path) -> None:
    """Mean over the nine cells at least .88; no cell more than .03 below its best baseline, but for the noise of 1,400 bursts."""
    voices = bursts.real_voices(shared / "worlds" / "spring-2013")
    detectors = {"Trending Now": ours, **BASELINES}
    rng = np.random.default_rng(3)
    bars = {name: bursts.threshold(detector, voices, rng) for name, detector in detectors.items()}
    table = bursts.found_by_day_one(detectors, bars, 1400, seed=3)
    print(table)
    mine = np.array(table.row(0)[1:])
    best = table.slice(1).drop("detector").max().to_numpy()[0]
    assert mine.mean() >= 0.88 and (mine - best).min() >= -0.03 - 2 * np.sqrt(0.25 / 1400)


@pytest.mark.slow
def test_a_quiet_stream_is_quiet_and_only_with_the_weekday_model() -> None:
    found = quiet_stream.run(196, seed=5)
    days = [rises_.filter(pl.col("q_value") <= 0.05)["date"].n_unique() for rises_ in found.values()]
    print(f"days of 196 with an alert: {days[0]}, and {days[1]} without the weekday model")
    assert days[0] <= 0.05 * 196 + 2 * np.sqrt(0.05 * 0.95 * 196) and days[1] > days[0]
