"""The promotion gate on simulated candidates, and how long a rollback takes.

    python -m bench.genre_gate [--model DIR] [--candidates 1000] [--differing 0.08]

A real model's probabilities of the titles that it never learned from are the champion. A candidate is the champion with
noise of its own in every logit and a push towards or away from the truth, found so that its macro F1 over all those titles
is lower by .01, equal, or higher by .03: that is its true quality. It is judged on as many titles drawn with replacement, by
the function that the asset calls. The noise is as large as the difference between two trainings: about 6 in 100 flags differ.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.shared import SHARED
from trending_assets.genre import gate
from trending_assets.genre.aliases import rollback
from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.bundle import Meta, read_folder
from trending_assets.genre.champion import answers_of
from trending_assets.genre.evaluation import label_matrix
from trending_assets.genre.gate import Answers, Rows
from trending_assets.genre.models import FILES, GenreModel
from trending_assets.genre.registry import Registry, register, update
from trending_assets.genre.unseen import unseen
from trending_assets.lake import open_lake
from trending_assets.scoring.vocabulary import GENRES

EFFECTS = (-0.01, 0.0, 0.03)
DIFFERING = 0.08
"""Share of the flags in which a candidate differs from the champion before it is pushed; afterwards it is about .06."""
ROLLBACK_MODELS = 50


@dataclass(frozen=True)
class World:
    """All unseen titles: what the champion says of them, as logits over its cut, and what is true."""

    rows: Rows
    said: Matrix
    over: Matrix

    @classmethod
    def of(cls, rows: Rows, answers: Answers, cuts: NDArray[np.float64]) -> "World":
        """From the champion's answers and its thresholds, both in the columns of the rows."""
        return cls(rows, answers.probabilities, _logit(answers.probabilities) - _logit(cuts))

    def f1(self, predicted: Flags) -> float:
        """Macro F1 over all titles: a model's true quality."""
        return gate.macro_f1(self.rows, Answers(self.said, predicted, 0))


def noise_level(world: World, share: float, seed: int = 0) -> float:
    """Standard deviation of the noise that turns this share of the champion's flags."""
    noise, low, high = np.random.default_rng(seed).normal(size=world.over.shape), 0.0, 16.0
    for _ in range(40):
        middle = (low + high) / 2
        differ = ((world.over + middle * noise > 0) != (world.over > 0)).mean()
        low, high = (middle, high) if differ < share else (low, middle)
    return (low + high) / 2


def candidate(world: World, effect: float, level: float, chance: np.random.Generator) -> Matrix:
    """Logits over the cut of a candidate whose true macro F1 differs from the champion's by `effect` (to 1e-3)."""
    noisy = world.over + level * chance.normal(size=world.over.shape)
    towards = np.where(world.rows.truth, 1.0, -1.0)
    wanted, low, high = world.f1(world.over > 0) + effect, -3.0, 3.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if world.f1(noisy + middle * towards > 0) < wanted else (low, middle)
    return noisy + (low + high) / 2 * towards


def promoted(world: World, effect: float, level: float, candidates: int, seed: int) -> tuple[int, float]:
    """How many candidates of this true effect pass, each on titles of its own, and the mean true effect that they had."""
    chance, passed, effects = np.random.default_rng(seed), 0, []
    champion = world.over > 0
    groups = int(world.rows.groups.max()) + 1
    members = [np.flatnonzero(world.rows.groups == group) for group in range(groups)]
    for _ in range(candidates):
        theirs = candidate(world, effect, level, chance)
        effects.append(world.f1(theirs > 0) - world.f1(champion))
        drawn = [members[g] for g in chance.integers(0, groups, size=groups)]
        at = np.concatenate(drawn)
        codes = np.repeat(np.arange(groups), [len(d) for d in drawn])
        truth = world.rows.truth[at]
        kept = truth.sum(axis=0) >= gate.MIN_SUPPORT
        rows = Rows(tuple(np.asarray(world.rows.genres)[kept]), truth[:, kept], codes)
        said = _moved(world, theirs)[at][:, kept]
        mine = Answers(said, (theirs > 0)[at][:, kept], 1)
        passed += gate.judge(rows, mine, Answers(world.said[at][:, kept], champion[at][:, kept], 1)).promoted
    return passed, float(np.mean(effects))


def _moved(world: World, over: Matrix) -> Matrix:
    """Probabilities of a candidate: the champion's where the two rank a title alike, so that it is calibrated as well."""
    said = np.empty_like(over)
    for column in range(over.shape[1]):
        said[np.argsort(over[:, column]), column] = np.sort(world.said[:, column])
    return said


def _logit(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.log(held / (1 - held))


def world_of(model: GenreModel, training_set: pl.DataFrame) -> World:
    """The titles of a model's training set that it never learned from."""
    titles = unseen(training_set, [training_set.filter(pl.col("split").is_in(["train", "valid"]))])
    rows = Rows.of(GENRES, label_matrix(titles["genres"], GENRES), titles["group"].to_list())
    cuts = dict(zip(model.meta.genres, model.meta.thresholds, strict=True))
    return World.of(rows, answers_of(model, titles, rows.genres), np.array([cuts.get(g, 0.999) for g in rows.genres]))


def rollback_seconds(folder: Path, models: int = ROLLBACK_MODELS) -> float:
    """Wall-clock time of `trending genre rollback` in a lake of this many promoted models."""
    lake = open_lake(str(folder))
    for number in range(models):
        meta = Meta("xgboost", (), (), "v", date.fromordinal(730_000 + number), {})
        made = GenreModel({"model.json": meta.to_json()})
        register(lake, made)

        def pass_gate(registry: Registry, model: str = made.id) -> Registry:
            state = registry.of("xgboost")
            registry = registry.with_kind("xgboost", state.with_promoted(model, state.opponent_of(model)))
            return registry.model_copy(update={"production": "xgboost"})

        update(lake, pass_gate)
    start = time.perf_counter()
    rollback(lake)
    return time.perf_counter() - start


def main(argv: Sequence[str] | None = None) -> None:
    """Print the shares of promoted candidates with what is asked of them, and the time of a rollback."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, help="folder of `trending genre train`; XGBoost is trained without one")
    parser.add_argument("--candidates", type=int, default=1_000)
    parser.add_argument("--differing", type=float, default=DIFFERING, help="share of flags that the noise alone turns")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.model or Path(scratch) / "model"
        if asked.model is None:
            from trending_assets.genre.command import train

            print(train("xgboost", SHARED / "data" / "titles.parquet", folder))
        model = GenreModel(read_folder(folder, FILES))
        world = world_of(model, pl.read_parquet(folder / "training_set.parquet"))
        level = noise_level(world, asked.differing)
        print(
            f"{model.meta.kind} {model.id}: macro F1 {world.f1(world.over > 0):.3f} on {len(world.rows.truth):,} unseen titles, "
            f"{len(world.rows.genres)} genres with {gate.MIN_SUPPORT} of them"
        )
        for effect in EFFECTS:
            start = time.perf_counter()
            passed, true = promoted(world, effect, level, asked.candidates, seed=round(1000 + 100 * effect))
            print(
                f"true difference {true:+.4f}: {passed:,} of {asked.candidates:,} promoted ({passed / asked.candidates:.1%}), "
                f"{time.perf_counter() - start:.0f} s"
            )
        print(f"rollback among {ROLLBACK_MODELS} promoted models: {rollback_seconds(Path(scratch) / 'lake'):.3f} s")


if __name__ == "__main__":
    main()
