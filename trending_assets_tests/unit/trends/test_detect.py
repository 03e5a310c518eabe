"""Alerts: silent on a stream without trends, awake to planted bursts, causal."""

import numpy as np
import polars as pl
from scipy.stats import nbinom

from trending_assets.contracts import TABLES, validate
from trending_assets.trends.detect import detect, tail_probability
from trending_assets.trends.parameters import DEFAULTS
from trending_assets.trends.window import window_of
from trending_assets_tests.unit.trends.streams import day, stream

RATES = [*np.random.default_rng(0).gamma(0.3, 1.0, 300), 5, 10, 20, 40]


def test_a_stream_without_trends_is_silent() -> None:
    days = [day(n) for n in range(28, 88)]
    alarmed = sum(detect(stream(seed, 88, RATES), days)["date"].n_unique() for seed in (1, 2))
    print(f"days with an alert on a null stream: {alarmed} of {2 * len(days)}")
    assert alarmed <= 0.05 * 2 * len(days) + 2


def test_planted_bursts_are_found() -> None:
    bursts = {(0, 40): 10, (300, 45): 20, (303, 50): 60}
    features = stream(3, 60, RATES, bursts)
    found = detect(features, [day(n) for n in range(28, 60)])
    hits = set(found.select("title_id", "date").iter_rows())
    assert {("movie-1", day(40)), ("movie-301", day(45)), ("movie-304", day(50))} <= hits
    assert (found["q_value"] <= DEFAULTS.false_discovery_rate).all() and (found["q_value"] >= found["p_value"]).all()
    assert validate(found.filter(pl.col("date") == day(40)).drop("date"), TABLES["trends/alerts"]) == []


def test_no_alert_without_history() -> None:
    features = stream(3, 5, RATES, {(0, 2): 50, (0, 3): 80})
    assert detect(features, [day(0), day(1), day(2)]).is_empty()
    assert "movie-1" in detect(features, [day(3)])["title_id"]


def test_alone_in_a_range_and_with_the_future_cut() -> None:
    features = stream(4, 45, RATES, {(0, 40): 12})
    in_range = detect(features, [day(n) for n in range(35, 45)])
    alone = detect(features.filter(pl.col("date") <= day(40)), [day(40)])
    assert alone.height and in_range.filter(pl.col("date") == day(40)).equals(alone)


def test_p_value_is_the_negative_binomial_tail() -> None:
    """Against the sum of the probabilities of every count below, from the mean and variance of the docstring."""
    window = window_of(stream(5, 30, RATES), day(29), DEFAULTS)
    expected, p_value = tail_probability(window, DEFAULTS)
    place = int(window.today.argmax())
    known = DEFAULTS.alert_prior[0] + window.baseline_days * window.baseline[place]
    variance = expected[place] + expected[place] ** 2 * (1 / known + DEFAULTS.overdispersion)
    share = expected[place] / variance
    size = expected[place] * share / (1 - share)
    below = sum(nbinom.pmf(k, size, share) for k in range(int(window.today[place])))
    assert abs(1 - below - p_value[place]) < 1e-9
