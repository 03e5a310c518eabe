"""Promotion: the gate's verdict on each kind's candidate, the aliases that follow from it, and the table of both."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from trending_assets.conditional import PutIf, put_if_unchanged
from trending_assets.contracts import TABLES, conform
from trending_assets.failures import PermanentFailure
from trending_assets.genre import gate
from trending_assets.genre.bundle import Kind, pack
from trending_assets.genre.evaluation import label_matrix
from trending_assets.genre.gate import Answers, Rows, Verdict
from trending_assets.genre.models import GenreModel
from trending_assets.genre.registry import KINDS, Contest, KindState, Registry, load, read_registry, update
from trending_assets.genre.unseen import keep_seen, read_seen, unseen
from trending_assets.lake import Lake
from trending_assets.scoring.vocabulary import GENRES

TIMED_TITLES, TIMED_ROUNDS = 40, 3


@dataclass(frozen=True)
class Decision:
    """The table, and the rows of it that were decided now and not by an earlier run. `latency_ms` is by model id."""

    table: pl.DataFrame
    news: list[dict[str, Any]]
    latency_ms: dict[str, float]


def decide(lake: Lake, training_set: pl.DataFrame, version: str, put: PutIf = put_if_unchanged) -> Decision:
    """Judge every kind's candidate on titles that no model learned from, move the aliases, and give genre/champion.

    A verdict is kept in the registry: with the same candidate and champion the same rows come again. Where somebody moved the
    champion meanwhile, the candidate is judged against the new one. Raises PermanentFailure where nothing was trained.
    """
    keep_seen(lake, training_set, version)
    before = read_registry(lake)
    kinds = [kind for kind in KINDS if before.of(kind).candidate]
    if not kinds:
        raise PermanentFailure("No genre model was trained. Materialize genre/xgboost first.")
    asked = Asked(lake, training_set)
    for kind in kinds:
        while not _settled(lake, kind, asked, put):
            pass
    registry = _produce(lake, asked, put)
    rows = [row(registry, kind) for kind in kinds]
    news = [found for kind, found in zip(kinds, rows, strict=True) if _differs(before, registry, kind)]
    return Decision(conform(pl.DataFrame(rows, schema=_SCHEMA), TABLES["genre/champion"]), news, asked.latency_ms)


_SCHEMA = TABLES["genre/champion"].schema


def row(registry: Registry, kind: Kind) -> dict[str, Any]:
    """A row of genre/champion: the verdict on the kind's candidate, and the champion after it."""
    state = registry.of(kind)
    candidate, champion = state.candidate, state.champion
    assert candidate is not None
    verdict = _verdict_on(registry, kind, candidate)
    facts = state.models[champion] if champion else None
    return {
        "model": kind,
        "candidate_id": candidate,
        "champion_id": champion,
        "promoted": state.place_of(candidate) is not None,
        "production": registry.production == kind,
        "difference": verdict.difference,
        "low": verdict.low,
        "high": verdict.high,
        "reason": TAKEN_BACK if candidate in state.withdrawn else verdict.reason,
        "macro_f1": _macro_f1(registry, kind, champion) if champion else None,
        "model_id": champion,
        "data_version": facts.data_version if facts else None,
        "trained_through": facts.trained_through if facts else None,
    }


TAKEN_BACK = "Refused, because it was promoted once and taken back; `trending genre rollback --to` brings it again."


def _verdict_on(registry: Registry, kind: Kind, candidate: str) -> Verdict:
    """The verdict by which the candidate was promoted, else the one against the present opponent."""
    state = registry.of(kind)
    place = state.place_of(candidate)
    over = place.over if place else state.opponent_of(candidate)
    kept = registry.verdict(kind, candidate, over)
    return kept or next(v for pair, v in registry.verdicts.items() if pair.startswith(f"{kind} {candidate} "))


def _macro_f1(registry: Registry, kind: Kind, champion: str) -> float:
    """Of the champion, as last measured: beside the candidate that it withstood, else when it was promoted."""
    candidate = registry.of(kind).candidate
    stood = registry.verdict(kind, candidate, champion) if candidate and candidate != champion else None
    if stood is not None and stood.other_f1 is not None:
        return stood.other_f1
    return _verdict_on(registry, kind, champion).macro_f1


def usable_for(registry: Registry, day: date) -> bool:
    """Whether production has a champion that predicts something and knew nothing after `day`."""
    if registry.production is None:
        return False
    state = registry.of(registry.production)
    early = [p.model for p in state.promoted if state.models[p.model].trained_through <= day]
    return bool(early) and _verdict_on(registry, registry.production, early[-1]).macro_f1 > 0


class Asked:
    """The models of a lake, each asked once about the same titles."""

    def __init__(self, lake: Lake, training_set: pl.DataFrame) -> None:
        self._lake, self._training_set = lake, training_set
        self._models: dict[str, GenreModel] = {}
        self.latency_ms: dict[str, float] = {}

    def rows_for(self, *models: tuple[Kind, str]) -> tuple[Rows, list[Answers]]:
        """Titles that none of the models learned from, and what each says of them."""
        loaded = [self._load(kind, model) for kind, model in models]
        seen = [read_seen(self._lake, model.meta.data_version) for model in loaded]
        titles = unseen(self._training_set, seen)
        rows = Rows.of(GENRES, label_matrix(titles["genres"], GENRES), titles["group"].to_list())
        return rows, [self._ask(model, titles, rows) for model in loaded]

    def _load(self, kind: Kind, model: str) -> GenreModel:
        if model not in self._models:
            self._models[model] = load(self._lake, kind, model)
        return self._models[model]

    def _ask(self, model: GenreModel, titles: pl.DataFrame, rows: Rows) -> Answers:
        answers = answers_of(model, titles, rows.genres)
        if titles.is_empty() or not model.meta.genres:
            return answers
        if model.id not in self.latency_ms:
            self.latency_ms[model.id] = _latency_ms(model, titles)
        return Answers(answers.probabilities, answers.predicted, answers.size, self.latency_ms[model.id])


def answers_of(model: GenreModel, titles: pl.DataFrame, genres: Sequence[str]) -> Answers:
    """A model's answers in the columns `genres`; one that it never learned is never predicted."""
    said = model.probabilities(titles)
    probabilities, predicted = np.zeros((titles.height, len(genres))), np.zeros((titles.height, len(genres)), bool)
    place = {genre: n for n, genre in enumerate(model.meta.genres)}
    for column, genre in enumerate(genres):
        if genre in place:
            probabilities[:, column] = said[:, place[genre]]
            predicted[:, column] = probabilities[:, column] >= model.meta.thresholds[place[genre]]
    return Answers(probabilities, predicted, len(pack(model.files)))


def _latency_ms(model: GenreModel, titles: pl.DataFrame) -> float:
    """p95 of one title, the best of TIMED_ROUNDS rounds: what the model needs, not what the machine was busy with."""
    model.probabilities(titles[:1])  # loads it
    rounds = []
    for _ in range(TIMED_ROUNDS):
        times = []
        for at in range(TIMED_TITLES):
            start = time.perf_counter()
            model.probabilities(titles[at % titles.height])
            times.append((time.perf_counter() - start) * 1000)
        rounds.append(float(np.quantile(times, 0.95)))
    return min(rounds)


def _settled(lake: Lake, kind: Kind, asked: Asked, put: PutIf) -> bool:
    """Judge the candidate and write what follows. False: another champion came meanwhile, and nothing was written."""
    before = read_registry(lake)
    state = before.of(kind)
    candidate = state.candidate
    assert candidate is not None
    if state.place_of(candidate) or candidate in state.withdrawn:
        return True
    opponent = state.opponent_of(candidate)
    if before.verdict(kind, candidate, opponent):
        return True
    verdict = _judge(asked, kind, candidate, opponent, state)
    still: list[bool] = []

    def settle(registry: Registry) -> Registry:
        now = registry.of(kind)
        still[:] = [now.opponent_of(candidate) == opponent and now.place_of(candidate) is None]
        if not still[0]:
            return registry
        if verdict.promoted:
            registry = registry.with_kind(kind, now.with_promoted(candidate, opponent))
        return registry.with_verdict(kind, candidate, opponent, verdict)

    update(lake, settle, put)
    return still[0]


def _judge(asked: Asked, kind: Kind, candidate: str, opponent: str | None, state: KindState) -> Verdict:
    if opponent is not None and state.models[opponent].genres == 0:
        opponent = None  # it predicts nothing: there is nothing to be worse than
    models = [(kind, candidate)] if opponent is None else [(kind, candidate), (kind, opponent)]
    rows, answers = asked.rows_for(*models)
    return gate.judge(rows, answers[0], answers[1] if opponent else None)


def _produce(lake: Lake, asked: Asked, put: PutIf) -> Registry:
    """Let `production` name the kind with the better champion; a holder loses it only to one that is better beyond chance."""
    before = read_registry(lake)
    there = {kind: champion for kind in KINDS if (champion := before.of(kind).champion)}
    pair = " ".join(there.values())
    contest = before.contests.get(pair) or _contest(asked, there, before)
    if contest is None:
        return before

    def produce(registry: Registry) -> Registry:
        if any(registry.of(kind).champion != champion for kind, champion in there.items()):
            return registry  # who moved a champion decides on production, too
        kept = {**registry.contests, pair: contest}
        return registry.model_copy(update={"production": contest.winner, "contests": kept})

    return update(lake, produce, put)


def _contest(asked: Asked, there: dict[Kind, str], registry: Registry) -> Contest | None:
    if not there:
        return None
    holder = registry.production if registry.production in there else None
    if len(there) == 1:
        only = next(iter(there))
        return Contest(winner=only, reason="There is no other kind.")
    rows, answers = asked.rows_for(*there.items())
    macro = {kind: gate.macro_f1(rows, said) for kind, said in zip(there, answers, strict=True)}
    figures = ", ".join(f"{kind} {value:.3f}" for kind, value in macro.items())
    better = max(macro, key=lambda kind: macro[kind])
    if holder is None or registry.of(holder).models[there[holder]].genres == 0:
        return Contest(winner=better, reason=f"The higher macro F1 on {len(rows.truth)} titles: {figures}.")
    if better == holder or not rows.genres:
        return Contest(winner=holder, reason=f"No other kind is better: {figures}.")
    said = dict(zip(there, answers, strict=True))
    low, _ = gate.compare(rows, said[better], said[holder]).bounds
    if low > 0:
        return Contest(winner=better, reason=f"Better beyond chance on {len(rows.truth)} titles: {figures}.")
    return Contest(winner=holder, reason=f"{better} is not better beyond chance: {figures}.")


def _differs(before: Registry, after: Registry, kind: Kind) -> bool:
    mine = {pair for pair in after.verdicts if pair.startswith(f"{kind} ")}
    new_verdict = bool(mine - before.verdicts.keys())
    return new_verdict or (before.production == kind) != (after.production == kind)
