"""Alerts: silent on a stream without trends, awake to planted bursts, causal."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, nbinom

from trending_assets.contracts import TABLES, validate
from trending_assets.trends.detect import detect, rises, rises_of, step_up
from trending_assets.trends.detection_parameters import DEFAULTS
from trending_assets.trends.history import history_of, volumes
from trending_assets.trends.judge import judge
from trending_assets.trends.surprise import Rates, chance, rates, tail_probability, unrisen, weights
from trending_assets_tests.unit.trends.streams import WEEK, day, feature, frame, stream

RATES = [*np.random.default_rng(0).gamma(0.3, 1.0, 300), 5, 10, 20, 40]
TITLES = 78 / (np.arange(4000) + 6)
"""Rates as heavy-tailed as those of spring-2013."""


def on(found: pl.DataFrame, at: date) -> pl.DataFrame:
    return found.filter(pl.col("date") == at)


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
    assert validate(on(found, day(40)).drop("date"), TABLES["trends/alerts"]) == []


def test_no_alert_without_history() -> None:
    features = stream(3, 5, RATES, {(0, 2): 50, (0, 3): 80})
    assert detect(features, [day(0), day(1), day(2)]).is_empty()
    assert "movie-1" in detect(features, [day(3)])["title_id"]


def test_alone_in_a_range_and_with_the_future_cut() -> None:
    features = stream(4, 45, RATES, {(0, 40): 12})
    in_range = detect(features, [day(n) for n in range(35, 45)])
    alone = detect(features.filter(pl.col("date") <= day(40)), [day(40)])
    assert alone.height and on(in_range, day(40)).equals(alone)


@given(seed=st.integers(0, 2**32 - 1), data=st.data())
@settings(max_examples=25, deadline=None)
def test_only_rows_of_the_window_have_influence(seed: int, data: st.DataObject) -> None:
    """Rows shuffled, rows of other days added and removed: the day's rises stay as they are, to the bit."""
    features = stream(seed % 50, 40, [0.2] * 40 + [3.0, 8.0], {(1, 33): 9})
    at = data.draw(st.integers(28, 38))
    expected = rises(features, [day(at)])
    window = features.filter(pl.col("date").is_between(day(at - 27), day(at)))
    noise = [feature(day(at + 1 + n), f"movie-{n}", 900) for n in range(3)] + [feature(day(at - 28), "movie-1", 900)]
    assert rises(pl.concat([window, frame(noise)]).sample(fraction=1.0, shuffle=True, seed=seed), [day(at)]).equals(
        expected
    )


def test_p_value_is_the_negative_binomial_tail() -> None:
    """Against the sum of the probabilities of every count below, from the mean and variance of the docstring."""
    history = history_of(stream(5, 30, RATES), day(29), DEFAULTS)
    of = rates(history.voices, history.known, history.volume, 0, DEFAULTS)
    today = history.voices[:, 0]
    expected, p_value = tail_probability(today, of, float(history.volume[0]), DEFAULTS)
    place = int(today.argmax())
    variance = expected[place] + expected[place] ** 2 * (1 / of.shape[place] + DEFAULTS.overdispersion)
    share = expected[place] / variance
    size = expected[place] * share / (1 - share)
    below = sum(nbinom.pmf(k, size, share) for k in range(int(today[place])))
    assert abs(1 - below - p_value[place]) < 1e-9


@given(
    shape=st.floats(0.5, 400),
    exposure=st.floats(1, 30),
    volume=st.floats(0.2, 3),
    seen=st.floats(0, 300),
    more=st.floats(0.01, 5),
)
@settings(max_examples=200, deadline=None)
def test_more_voices_are_more_surprising(
    shape: float, exposure: float, volume: float, seen: float, more: float
) -> None:
    """Also between whole numbers; and the same voices surprise less where more are expected."""
    of = Rates(np.full(2, shape), exposure)
    _, p = tail_probability(np.array([seen, seen + more]), of, volume, DEFAULTS)
    assert 0 <= p[1] <= p[0] * (1 + 1e-12) and p[0] <= 1
    _, busier = tail_probability(np.array([seen]), Rates(np.array([shape]), exposure), volume * 1.5, DEFAULTS)
    assert busier[0] >= p[0] * (1 - 1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_step_up_is_benjamini_hochberg(p_values: list[float]) -> None:
    """With p-values that chance makes uniform, alarms down to p are m * p: scipy's procedure."""
    p = np.array(p_values)
    assert np.allclose(step_up(p * p.size), false_discovery_control(p))


def test_alarms_by_chance_are_those_of_random_quiet_days() -> None:
    """The expected alarms of every level against counted ones: 300 days drawn from the model itself."""
    rng = np.random.default_rng(8)
    of = Rates(np.sort(0.7 + 12 * TITLES[::4]), 13.0)
    known = chance(of, 1.4, DEFAULTS)
    shown = unrisen(of, DEFAULTS)
    size, expected = 1 / (1 / shown.shape + DEFAULTS.overdispersion), 1.4 * shown.mean
    levels = np.geomspace(1e-4, 0.5, 12)
    counted = np.zeros(levels.size)
    for _ in range(300):
        seen = rng.negative_binomial(size, size / (size + expected)).astype(float)
        level = tail_probability(seen, of, 1.4, DEFAULTS)[1] / weights(of, DEFAULTS)
        counted += (level[:, None] <= levels).sum(axis=0) / 300
    told = known.at(levels)
    print(np.column_stack([levels, told, counted]).round(4))
    assert (np.abs(counted - told) <= 5 * np.sqrt(told / 300) + 0.02 * told).all()
    assert (np.diff(told) >= 0).all() and known.at(np.array([1e-12]))[0] < 1e-5


def test_one_flood_hides_nothing_and_makes_no_day_busy() -> None:
    """10,000 voices of one title: the day's volume moves by less than 3%, and another title's rise is found as before."""
    rates_ = [*TITLES[:1500]]
    plain = stream(6, 41, rates_, {(700, 40): 12})
    flooded = stream(6, 41, rates_, {(700, 40): 12, (900, 40): 10_000, (901, 39): 10_000})
    before, after = (history_of(each, day(40), DEFAULTS).volume for each in (plain, flooded))
    assert np.abs(after / before - 1).max() < 0.03
    found = detect(flooded, [day(40)])
    assert {"movie-701", "movie-901"} <= set(found["title_id"])
    assert on(found, day(40)).filter(title_id="movie-901")["rank"].to_list() == [1]


def test_days_that_the_lake_does_not_know_are_not_zeros() -> None:
    """A title of 10 a day whose week is missing has the same expectation, not a third less."""
    whole = stream(9, 40, RATES)
    gaps = whole.filter(~pl.col("date").is_between(day(30), day(36)))
    expected = [rises(each, [day(39)]).filter(title_id="movie-302")["expected"][0] for each in (whole, gaps)]
    print(expected)
    assert abs(expected[1] / expected[0] - 1) < 0.25
    assert history_of(gaps, day(39), DEFAULTS).volume[3:10].tolist() == [0.0] * 7


def test_a_day_without_rows_has_no_alert() -> None:
    assert detect(stream(9, 40, RATES), [day(41)]).is_empty()
    assert detect(frame([]), [day(41)]).is_empty()


def test_effective_voices_take_the_place_of_authors() -> None:
    """Sixty authors that the robustness rules count as two voices make no alert."""
    features = stream(3, 41, RATES, {(0, 40): 60})
    discounted = features.with_columns(
        voices=pl.when((pl.col("title_id") == "movie-1") & (pl.col("date") == day(40))).then(2.0).otherwise(None)
    )
    assert "movie-1" in detect(features, [day(40)])["title_id"]
    assert "movie-1" not in detect(discounted, [day(40)])["title_id"]


def test_a_rise_is_fresh_while_it_grows() -> None:
    """7, 30, 30, 12: an alert on each day, but news only while it grows."""
    features = stream(11, 50, RATES, {(0, 40): 7, (0, 41): 30, (0, 42): 28, (0, 43): 12})
    found = detect(features, [day(n) for n in range(40, 44)]).filter(title_id="movie-1")
    assert found["fresh"].to_list() == [True, True, False, False]
    many = rises(features, [day(43)])
    assert many.sort("rank")["fresh"].to_list() == sorted(many["fresh"], reverse=True)
    assert sorted(many["rank"]) == list(range(1, many.height + 1))


def alarms_by_weekday(weekday_model: bool, days: int, parameters: Any = DEFAULTS) -> tuple[np.ndarray[Any, Any], int]:
    """Alarms of which a quiet day should show 20, by weekday, on a stream without trends; and days with a significant one."""
    rng = np.random.default_rng(12)
    counts = rng.poisson(TITLES[:, None] * WEEK[np.arange(days + 28) % 7]).astype(float)
    known = np.ones(28, dtype=bool)
    alarms, significant = np.zeros(7), 0
    for at in range(28, days + 28):
        voices = counts[:, at - 27 : at + 1][:, ::-1]
        volume = volumes(voices, known, parameters) if weekday_model else np.ones(28)
        found = judge(voices, known, volume, parameters)
        expected = chance(found.of, float(volume[0]), parameters).at(found.level)
        alarms[at % 7] += (expected <= 20).sum()
        significant += int((step_up(expected) <= 0.05).any())
    return alarms, significant


@pytest.mark.slow
def test_weekdays_are_alike_and_only_with_the_weekday_model() -> None:
    """The busiest weekday has at most 1.25 times the alarms of the quietest, and more than twice as many without the model."""
    days = 280
    alarms, significant = alarms_by_weekday(True, days)
    without, more = alarms_by_weekday(False, days)
    print(f"with: {alarms}, {significant} days of {days} with an alert; without: {without}, {more} days")
    assert alarms.max() / alarms.min() <= 1.25 and significant <= 0.05 * days + 2 * np.sqrt(0.05 * 0.95 * days)
    assert without.max() / without.min() > 2 and more > 0.05 * days


def test_titles_one_by_one_are_judged_as_in_the_day() -> None:
    """The bench judges planted titles by themselves: the same numbers as in the table of the day."""
    history = history_of(stream(3, 41, RATES, {(0, 40): 9}), day(40), DEFAULTS)
    table = rises_of(history).sort("title_id")
    alone = judge(history.voices[:1], history.known, history.volume)
    assert history.title_ids[0] == "movie-1"
    row = table.filter(title_id="movie-1").row(0, named=True)
    assert row["fresh"] == alone.fresh[0] and abs(row["p_value"] / alone.p_value[0] - 1) < 1e-12
    assert abs(row["score"] + np.log10(alone.level[0])) < 1e-12


def test_the_largest_titles_do_not_use_up_what_is_allowed() -> None:
    """A hundred titles of thousands a day, and a small one that rises: found with the cap of the weights, lost without."""
    features = stream(13, 41, [0.1] * 200 + [3000.0] * 100, {(5, 40): 8})
    assert "movie-6" in detect(features, [day(40)])["title_id"]
    assert "movie-6" not in detect(features, [day(40)], replace(DEFAULTS, weight_cap=1e9))["title_id"]
