"""The forecast: level, stages of life, releases by size, and intervals that cover what they say."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.trends import forecast
from trending_assets.trends.forecast import Fitted, Spread
from trending_assets.trends.parameters import DEFAULTS
from trending_assets_tests.unit.trends.streams import day, stream, title_features

FLAT = Fitted(np.ones(len(forecast.STAGES)), np.array([-10.0, 0.0, 21.0]), np.log([0.001, 0.01, 0.002]))
SCHEMA = {
    "date": pl.Date,
    "voices_ewma_12h": pl.Float64,
    "voices_ewma_4d": pl.Float64,
    "voices_28d": pl.Float64,
    "known_days": pl.Int32,
    "days_since_mention": pl.Int32,
    "days_since_release": pl.Int32,
    "chart_days": pl.Int32,
    "year": pl.Int32,
    "release_size": pl.Float64,
}


def rows(*given: dict[str, Any]) -> pl.DataFrame:
    plain = {"date": day(0), "voices_ewma_12h": 0.0, "voices_ewma_4d": 0.0, "voices_28d": 28.0, "known_days": 28}
    return pl.DataFrame([{**dict.fromkeys(SCHEMA), **plain, **row} for row in given], schema=SCHEMA)


def test_level_by_hand() -> None:
    found = forecast.level(rows({"voices_ewma_12h": 6.0, "voices_ewma_4d": 2.0}, {"voices_ewma_4d": 3.0}), 2.0)
    assert found.tolist() == [0.75 * 6 + 0.25 * 2, 3.0], "6 / (6 + 2) of the fresh one; nobody lately: the slow one"


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({"days_since_release": -1}, "unreleased"),
        ({"days_since_release": 0}, "from day 0"),
        ({"days_since_release": 2, "chart_days": 300}, "from day 0"),
        ({"days_since_release": 3}, "from day 3"),
        ({"days_since_release": 119}, "from day 80"),
        ({"days_since_release": 120}, "from day 120"),
        ({"days_since_release": 9999}, "from day 365"),
        ({"chart_days": 9}, "from day 8"),
        ({"year": day(0).year - 1}, "undated, new"),
        ({"year": day(0).year - 2}, "undated, old"),
        ({}, "undated, old"),
    ],
)
def test_stage_by_age_chart_or_year(facts: dict[str, int], stage: str) -> None:
    assert forecast.STAGES[forecast.stage(rows(facts))[0]] == stage


def test_a_release_brings_a_share_of_the_voices_in_proportion_to_its_dollars() -> None:
    facts: list[dict[str, Any]] = [
        {"days_since_release": 0, "release_size": 7.0},
        {"days_since_release": 0, "release_size": 8.0},
        {"days_since_release": -5, "release_size": 7.0},
        {"days_since_release": 22, "release_size": 9.0},
        {"days_since_release": -11, "release_size": 9.0},
        {"days_since_release": 0},
        {"release_size": 9.0},
    ]
    found = forecast.releases(rows(*facts), FLAT)
    usual = len(facts) * 28.0 / 28
    assert np.allclose(found, np.array([0.01, 0.1, np.sqrt(0.001 * 0.01), 0, 0, 0, 0]) * usual)
    assert not forecast.releases(rows(*facts).with_columns(voices_28d=0.0), FLAT).any(), "nothing where nobody writes"


def test_days_do_not_mix() -> None:
    """The voices of one day's titles are no voices of another's."""
    quiet = rows({"days_since_release": 0, "release_size": 7.0})
    loud = quiet.with_columns(date=pl.lit(day(1)), voices_28d=pl.lit(2800.0))
    both = forecast.releases(pl.concat([quiet, loud]), FLAT)
    assert both.tolist() == [*forecast.releases(quiet, FLAT), *forecast.releases(loud, FLAT)]


def test_silent_titles_share_what_is_theirs_and_no_more() -> None:
    named = [{"days_since_mention": 0, "voices_28d": 28.0}] * 10
    many = forecast.silent(rows(*named, *[{"voices_28d": 0.0}] * 1000), 0.15)
    assert np.allclose(many, 0.15 * 10 / 1000)
    assert forecast.silent(rows(*named, {"voices_28d": 0.0}), 0.15)[0] == forecast.SILENT_MOST


@settings(deadline=None)
@given(st.floats(1.0, 300.0), st.floats(0.05, 1.0), st.integers(0, 99))
def test_intervals_cover_what_they_say(mean: float, phi: float, seed: int) -> None:
    """Counts drawn from the model's own distribution; a count of whole numbers can only be covered more, not less."""
    size = 1 / phi
    drawn = np.random.default_rng(seed).negative_binomial(size, size / (size + mean), 4000)
    low, high = forecast.interval(np.array([mean]), np.zeros(1), Spread(phi, 0.0, 9.0), 0.0, 0.95)
    inside = float(((drawn >= low) & (drawn <= high)).mean())
    most = float((drawn == low).mean() + (drawn == high).mean())
    assert 0.95 - 0.02 <= inside <= 0.95 + 0.02 + most


def test_what_is_not_seen_widens_the_interval() -> None:
    mean, spread = np.array([5.0, 50.0]), Spread(0.2, 0.5, 2.0)
    low, high = forecast.interval(mean, np.zeros(2), spread, 0.0, 0.95)
    wider = forecast.interval(mean, np.zeros(2), spread, 0.5, 0.95)
    assert (wider[0] <= low).all() and (wider[1] > high).all()
    release = forecast.interval(mean, mean, spread, 0.0, 0.95)
    assert (release[1] > high).all(), "a release is less sure than voices that were heard"


def test_fitted_numbers_are_whole_and_in_reason() -> None:
    numbers, spread = forecast.fitted()
    assert set(numbers) == set(forecast.HORIZONS) and min(spread.known, spread.few, spread.release) > 0
    for fitted in numbers.values():
        assert fitted.factors.shape == (len(forecast.STAGES),) and (fitted.factors > 0).all()
        assert (np.diff(fitted.ages) > 0).all() and (fitted.ages[0], fitted.ages[-1]) == forecast.RELEASE_DAYS


def test_level_forgets_noise_of_few_but_not_what_many_say() -> None:
    """A single voice today weighs less against four quiet days than forty do."""
    signals = stream(1, 28, [0.0, 0.0, 9.0], {(0, 27): 1, (1, 27): 40})
    features = title_features(signals, [day(27)]).head(2)
    one, many = forecast.level(features, DEFAULTS.level_saturation) / features["voices_ewma_12h"].to_numpy()
    assert one < 0.6 < 0.9 < many
