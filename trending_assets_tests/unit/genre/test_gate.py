"""The gate: each guard alone catches what it is there for, and chance alone is not caught."""

from dataclasses import replace

import numpy as np
import pytest

from trending_assets.genre import gate
from trending_assets.genre.gate import GUARDS, Answers, Guard, Rows, compare, judge

GENRES = ("Comedy", "Drama", "Horror", "Western")


def rows(titles: int = 800, seed: int = 1) -> Rows:
    """Titles in groups of one or two, each genre held by an eighth to a half of them."""
    chance = np.random.default_rng(seed)
    truth = chance.random((titles, 4)) < np.array([0.5, 0.4, 0.2, 0.12])
    return Rows.of(GENRES, truth, [str(n * 2 // 3) for n in range(titles)])


def answers(of: Rows, wrong: float | list[float], seed: int = 2) -> Answers:
    """A calibrated model that errs on this share of the flags (of each genre)."""
    share = np.broadcast_to(np.asarray(wrong, float), (4,))
    errs = np.random.default_rng(seed).random(of.truth.shape) < share
    predicted = of.truth ^ errs
    said = np.zeros(of.truth.shape)
    for column in range(4):
        for flag in (True, False):
            held = predicted[:, column] == flag
            said[held, column] = of.truth[held, column].mean()
    return Answers(said, predicted, 1_000_000, 5.0)


def refused_by(guard: Guard) -> tuple[Rows, Answers, Answers]:
    """A candidate that this guard alone has something against."""
    held = rows()
    champion, better = answers(held, 0.2), answers(held, 0.1)
    if guard is gate.size:
        return held, replace(better, size=gate.MAX_BYTES + 1), champion
    if guard is gate.latency:
        return held, replace(better, latency_ms=gate.MAX_LATENCY_MS + 1), champion
    if guard is gate.superiority:
        return held, answers(held, 0.22, seed=3), champion
    if guard is gate.floor:
        return held, answers(held, [0.02, 0.02, 0.02, 0.5]), champion
    return held, replace(better, probabilities=better.predicted.astype(float)), champion


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_each_guard_catches_and_without_it_the_candidate_passes(guard: Guard) -> None:
    held, candidate, champion = refused_by(guard)
    verdict = judge(held, candidate, champion)
    assert not verdict.promoted and verdict.reason.startswith("Refused, because ")
    assert verdict.reason.count(";") == 0, "one guard alone"
    assert judge(held, candidate, champion, [g for g in GUARDS if g is not guard]).promoted


def test_a_better_candidate_passes_with_its_figures() -> None:
    held = rows()
    verdict = judge(held, answers(held, 0.1), answers(held, 0.2))
    assert verdict.promoted and verdict.difference is not None and verdict.low is not None and verdict.high is not None
    assert 0 < verdict.low < verdict.difference < verdict.high
    assert verdict.difference == pytest.approx(verdict.macro_f1 - (verdict.other_f1 or 0))
    assert f"on the same {len(held.truth)} titles" in verdict.reason
    assert judge(held, answers(held, 0.1), answers(held, 0.2)) == verdict, "the same input, the same verdict"


def test_the_same_model_again_is_no_better() -> None:
    held = rows()
    assert "not higher" in judge(held, answers(held, 0.2), answers(held, 0.2)).reason


def test_what_a_few_titles_cannot_tell_is_not_promoted() -> None:
    """A lead of .02 on 90 titles is chance; the same titles forty times over, each a group of its own, are evidence."""
    few = rows(90)
    champion = answers(few, 0.2, 5)
    tried = (answers(few, 0.2, seed) for seed in range(10, 200))
    candidate = next(c for c in tried if 0.01 < compare(few, c, champion).difference < 0.03)
    assert "may be worse" in judge(few, candidate, champion, [gate.superiority]).reason
    many = Rows.of(GENRES, np.tile(few.truth, (40, 1)), [str(n) for n in range(3_600)])
    copied = [
        Answers(np.tile(a.probabilities, (40, 1)), np.tile(a.predicted, (40, 1)), 1) for a in (candidate, champion)
    ]
    assert judge(many, copied[0], copied[1], [gate.superiority]).promoted


def test_bounds_cover_the_truth_as_often_as_they_say() -> None:
    """Two equally good models on 300 draws of titles: the lower bound is above 0, and the upper one below, in 3% to 5% each."""
    above = below = 0
    for seed in range(300):
        held = rows(300, seed)
        low, high = compare(held, answers(held, 0.2, 1000 + seed), answers(held, 0.2, 5000 + seed)).bounds
        above, below = above + (low > 0), below + (high < 0)
    assert 2 <= above <= 24 and 2 <= below <= 24


def test_titles_of_a_group_are_drawn_together() -> None:
    """Every title four times: where the copies are one group the bounds stay, where they count alone they are too narrow."""
    once = rows(200)
    truth = np.repeat(once.truth, 4, axis=0)

    def copied(said: Answers) -> Answers:
        return Answers(np.repeat(said.probabilities, 4, axis=0), np.repeat(said.predicted, 4, axis=0), 1)

    mine, theirs = answers(once, 0.1), answers(once, 0.2)
    alone = Rows.of(GENRES, once.truth, [str(n) for n in range(200)])
    grouped = Rows.of(GENRES, truth, [str(n // 4) for n in range(800)])
    apart = Rows.of(GENRES, truth, [str(n) for n in range(800)])
    width = compare(alone, mine, theirs).draws.mean(axis=1).std()
    assert compare(grouped, copied(mine), copied(theirs)).draws.mean(axis=1).std() == pytest.approx(width, rel=0.1)
    assert compare(apart, copied(mine), copied(theirs)).draws.mean(axis=1).std() < 0.65 * width


def test_a_first_model_has_to_beat_the_majority_class() -> None:
    held = rows()
    everywhere = np.zeros(held.truth.shape, bool)
    everywhere[:, 0] = True
    majority = Answers(everywhere.astype(float), everywhere, 1)
    assert gate.macro_f1(held, majority) == pytest.approx(gate.majority_f1(held))
    assert "majority class" in judge(held, majority, None).reason and not judge(held, majority, None).promoted
    first = judge(held, answers(held, 0.3), None)
    assert first.promoted and (first.other_f1, first.difference, first.low) == (None, None, None)
    assert not judge(held, replace(answers(held, 0.3), size=gate.MAX_BYTES + 1), None).promoted


def test_over_a_few_genres_the_majority_class_is_no_measure() -> None:
    held = rows()
    few = Rows.of(GENRES, held.truth & np.array([True, True, True, False]), [str(n) for n in range(800)])
    none = Answers(np.zeros((800, 3)), np.zeros((800, 3), bool), 1)
    assert len(few.genres) < gate.MIN_GENRES and gate.macro_f1(few, none) < gate.majority_f1(few)
    assert "only 3 genres" in judge(few, none, None).reason and judge(few, none, None).promoted
    some = Answers(np.zeros((800, 4)), np.zeros((800, 4), bool), 1)
    assert not judge(held, some, None).promoted


def test_with_nothing_to_test_on_only_a_first_model_passes() -> None:
    thin = Rows.of(GENRES, np.ones((gate.MIN_SUPPORT - 1, 4), bool), [str(n) for n in range(gate.MIN_SUPPORT - 1)])
    assert thin.genres == ()
    said = Answers(np.zeros((9, 0)), np.zeros((9, 0), bool), 1)
    assert judge(thin, said, None).promoted and "to test on" in judge(thin, said, None).reason
    assert not judge(thin, said, said).promoted
    assert not judge(thin, replace(said, size=gate.MAX_BYTES + 1), None).promoted
    empty = Rows.of(GENRES, np.zeros((0, 4), bool), [])
    assert judge(empty, Answers(np.zeros((0, 0)), np.zeros((0, 0), bool), 1), None).promoted


def test_a_rare_genre_has_no_floor_and_a_few_titles_no_calibration() -> None:
    held = rows(800)
    truth = held.truth.copy()
    truth[np.flatnonzero(truth[:, 3])[gate.FLOOR_SUPPORT - 1 :], 3] = False
    rare = Rows.of(GENRES, truth, [str(n) for n in range(800)])
    blind = answers(rare, 0.02)
    blind.predicted[:, 3] = False
    assert judge(rare, blind, answers(rare, 0.2), [gate.floor]).promoted
    held, candidate, champion = refused_by(gate.calibration)
    few = gate.ECE_TITLES - 1
    short = Rows.of(GENRES, held.truth[:few], [str(n) for n in range(few)])
    cut = [Answers(a.probabilities[:few], a.predicted[:few], 1) for a in (candidate, champion)]
    assert judge(short, cut[0], cut[1], [gate.calibration]).promoted
