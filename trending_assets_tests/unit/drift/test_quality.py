"""Late labels: each figure against one that is told by hand, or by the backtest."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from trending_assets.drift.quality import (
    LEAST_LABELS,
    NOTHING,
    genre_figures,
    interval_coverage,
    ranking_gain,
    rating_agreement,
)
from trending_assets.trends.backtest.metrics import lists, ndcg
from trending_assets.trends.backtest.panel import panel_of, targets

IDS = [f"movie-{n:02d}" for n in range(60)]


def _said(values: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"title_id": IDS[: len(values)], "score": values})


def _seen(values: dict[str, int]) -> pl.DataFrame:
    return pl.DataFrame({"title_id": list(values), "seen": list(values.values())})


def test_the_ranking_is_judged_as_the_backtest_judges_it() -> None:
    chance = np.random.default_rng(1)
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(8)]
    counts = pl.DataFrame(
        [{"date": day, "title_id": one, "authors": int(chance.poisson(3))} for day in days for one in IDS]
    ).filter(pl.col("authors") > 0)
    scores = pl.DataFrame({"date": days[0], "title_id": IDS, "score": chance.random(60), "rising_score": 0.0})
    panel = panel_of(counts, scores)
    first = np.array([0])
    theirs = ndcg(lists(panel.matrix(scores, "score")[:1]), targets(panel.counts, first)["7d"])[0]
    week = counts.filter(pl.col("date") > days[0]).group_by("title_id").agg(seen=pl.col("authors").sum())
    mine = ranking_gain(scores.select("title_id", "score"), week)
    assert mine.value == pytest.approx(theirs) and 0 < theirs < 1
    assert mine.labels == week.height


def test_a_title_that_nobody_ranked_is_missed() -> None:
    gains = {one: 60 - n for n, one in enumerate(IDS[:40])}
    assert ranking_gain(_said([100.0 - n for n in range(60)]), _seen(gains)).value == pytest.approx(1)
    missed = ranking_gain(_said([100.0 - n for n in range(60)]), _seen(gains | {"tv-9": 1000})).value
    assert missed is not None and missed < 0.6


def test_nothing_is_said_of_an_unknown_week_or_of_few_labels() -> None:
    said = _said([float(n) for n in range(60)])
    assert ranking_gain(said, None) == ranking_gain(said.clear(), _seen({"movie-01": 1})) == NOTHING
    few = ranking_gain(said, _seen(dict.fromkeys(IDS[: LEAST_LABELS - 1], 1)))
    assert (few.value, few.labels) == (None, LEAST_LABELS - 1)
    assert ranking_gain(said, _seen(dict.fromkeys(IDS[:LEAST_LABELS], 1))).value is not None


def test_intervals_hold_both_ends_and_silence_counts() -> None:
    said = pl.DataFrame({"title_id": IDS, "expected": [5.0] * 40 + [0.1] * 20})
    said = said.with_columns(expected_low=pl.lit(2.0), expected_high=pl.lit(9.0))
    seen = dict.fromkeys(IDS[:10], 2) | dict.fromkeys(IDS[10:20], 9) | dict.fromkeys(IDS[20:30], 10)
    found = interval_coverage(said, _seen(seen))  # the last 10 of the 40 were not counted: 0 is below 2
    assert (found.value, found.labels) == (0.5, 40)
    assert interval_coverage(said, None) == interval_coverage(said.clear(), _seen(seen)) == NOTHING


def _predicted(genres: dict[str, list[str]]) -> pl.DataFrame:
    rows = [(one, name, name in said) for one, said in genres.items() for name in ("Comedy", "Drama", "Horror")]
    return pl.DataFrame(rows, schema={"title_id": pl.String, "genre": pl.String, "predicted": pl.Boolean}, orient="row")


NAMES = ["".join(chr(97 + int(digit)) for digit in f"{n:02d}") + "zor" for n in range(60)]
TITLES = pl.DataFrame({"title_id": IDS, "title": NAMES, "genres": [["Drama"], ["Comedy"]] * 30})
NOBODY = pl.DataFrame(schema={"title_id": pl.String, "group": pl.String})


def test_genres_by_hand() -> None:
    # Drama of all: Drama has precision 1/2, recall 1, F1 2/3; Comedy F1 0. Two genres have labels.
    macro, precision = genre_figures(_predicted({key: ["Drama"] for key in IDS}), TITLES, NOBODY)
    assert macro.value == pytest.approx(1 / 3) and precision.value == pytest.approx(0.5)
    assert macro.labels == precision.labels == 60
    right = {one: list(names) for one, names in TITLES.select("title_id", "genres").iter_rows()}
    macro, precision = genre_figures(_predicted(right), TITLES, NOBODY)
    assert (macro.value, precision.value) == (1, 1)


def test_genres_that_the_model_learned_from_do_not_count() -> None:
    wrong = {key: ["Horror"] for key in IDS[:20]}
    right = {one: list(names) for one, names in TITLES.select("title_id", "genres").iter_rows()}
    said = _predicted(right | wrong)
    by_title = pl.DataFrame({"title_id": IDS[:10], "group": ["x"] * 10})
    by_group = pl.DataFrame({"title_id": [f"tv-{n}" for n in range(10)], "group": NAMES[10:20]})
    clean = genre_figures(said, TITLES, pl.concat([by_title, by_group]))
    assert [(one.value, one.labels) for one in clean] == [(1, 40), (1, 40)]
    leaked = genre_figures(said, TITLES, by_title)
    assert leaked[1].value is not None and leaked[1].value < 1
    assert genre_figures(said, TITLES, None) == (NOTHING, NOTHING)


def test_genres_that_are_not_known_yet_do_not_count() -> None:
    unknown = TITLES.with_columns(
        genres=pl.when(pl.int_range(60) < 31).then("genres").otherwise(pl.lit([], pl.List(pl.String)))
    )
    said = _predicted({key: ["Drama"] for key in IDS})
    assert genre_figures(said, unknown, NOBODY)[0].labels == 31
    few = genre_figures(said, unknown.head(20), NOBODY)[0]
    assert (few.value, few.labels) == (None, 20)


def _scored(sentiment: list[float]) -> pl.DataFrame:
    ids = [f"{n:02d}" for n in range(len(sentiment))]
    return pl.DataFrame({"doc_id": ids, "sentiment": sentiment, "about_title": True, "spam": False})


def test_sentiment_is_held_against_ratings() -> None:
    ladder = [n / 40 for n in range(40)]
    scores = _scored(ladder)
    rated = scores.select("doc_id", rating=pl.Series(ladder) ** 3)
    assert rating_agreement(scores, rated).value == pytest.approx(1)
    assert rating_agreement(scores, rated.with_columns(rating=1 - pl.col("rating"))).value == pytest.approx(-1)
    tied = scores.with_columns(sentiment=pl.col("sentiment").round(1))
    from scipy.stats import spearmanr

    found = rating_agreement(tied, rated)
    assert found.value == pytest.approx(spearmanr(tied["sentiment"], rated["rating"]).statistic) and found.labels == 40


def test_what_is_no_word_about_the_title_is_left_out() -> None:
    scores = _scored([n / 40 for n in range(40)]).with_columns(
        spam=pl.int_range(pl.len()) < 3, about_title=pl.int_range(pl.len()) < 37
    )
    rated = scores.select("doc_id", rating=pl.when(pl.int_range(pl.len()) != 5).then("sentiment"))
    assert rating_agreement(scores, rated).labels == 33
    flat = rating_agreement(scores.with_columns(sentiment=pl.lit(0.2)), rated)
    assert (flat.value, flat.labels) == (None, 33)
