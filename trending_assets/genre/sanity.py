"""A short training on made titles, for every pull request: the loss falls, and the model beats the majority class."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.genre import gate
from trending_assets.genre.bundle import Kind
from trending_assets.genre.champion import answers_of
from trending_assets.genre.evaluation import label_matrix
from trending_assets.genre.models import GenreModel, Trained, train
from trending_assets.genre.training import build_training_set

TITLES, SEED = 600, 0
THROUGH = date(2026, 1, 1)
_PLOTS = {
    "Horror": "A ghost haunts the cellar of an old house;a demon follows the sleepless nurse;blood drips from the attic",
    "Comedy": "Two clumsy brothers ruin a wedding;a prank at the office gets out of hand;the worst waiter in town is promoted",
    "Western": "A sheriff rides out against an outlaw;a rancher defends the saloon;the railway wants the cowboys' land",
    "Science Fiction": "A crew wakes on a failing starship;a robot learns to lie;signals arrive from a dead planet",
    "Romance": "Two strangers fall in love on a night train;an old letter brings a couple together;she kisses the wrong twin",
    "War": "A platoon holds a bridge against tanks;a medic crosses the front;soldiers wait for orders in a trench",
}
_FILLER = (
    "It rains all day;nobody knows why;years later the town still talks of it;a friend has to choose;time runs out"
)


@dataclass(frozen=True)
class Sanity:
    """What the training showed: log loss of the base rates, of the model before and after, and macro F1 on unseen titles."""

    kind: Kind
    first_loss: float
    last_loss: float
    macro_f1: float
    majority_f1: float

    @property
    def sentence(self) -> str:
        """For a person."""
        return (
            f"{self.kind}: loss {self.first_loss:.3f} to {self.last_loss:.3f}, macro F1 {self.macro_f1:.3f} "
            f"(majority class {self.majority_f1:.3f})"
        )

    @property
    def sound(self) -> bool:
        """The loss fell, and the model beats the majority class."""
        return self.last_loss < self.first_loss and self.macro_f1 > self.majority_f1


def check(kind: Kind, progress: Callable[[str], None] = print) -> Sanity:
    """Train on made titles, BERT for one epoch.

    Raises PermanentFailure where the loss does not fall or the majority class is not beaten.
    """
    rows = build_training_set(made_titles(), THROUGH)
    return hold(measure(train(kind, rows, "0" * 64, progress, epochs=1), rows))


def hold(found: Sanity) -> Sanity:
    """The same where it is sound. Raises PermanentFailure where it is not."""
    if not found.sound:
        raise PermanentFailure(f"The sanity training failed. {found.sentence}.")
    return found


def measure(trained: Trained, training_set: pl.DataFrame) -> Sanity:
    """Loss and macro F1 of a training. Without a history the loss goes from the base rates' to the model's, on train."""
    model, learned = trained.model, training_set.filter(pl.col("split") == "train")
    losses = [step["loss"] for step in trained.history if "loss" in step]
    if losses:
        tenth = max(1, len(losses) // 10)
        first, last = float(np.mean(losses[:tenth])), float(np.mean(losses[-tenth:]))
    else:
        first, last = _losses(model, learned)
    test = training_set.filter(pl.col("split") == "test")
    rows = gate.Rows.of(model.meta.genres, label_matrix(test["genres"], model.meta.genres), test["title_id"].to_list())
    return Sanity(
        model.meta.kind, first, last, gate.macro_f1(rows, answers_of(model, test, rows.genres)), gate.majority_f1(rows)
    )


def _losses(model: GenreModel, rows: pl.DataFrame) -> tuple[float, float]:
    truth = label_matrix(rows["genres"], model.meta.genres)
    rates = np.broadcast_to(truth.mean(axis=0), truth.shape)
    found = []
    for said in (rates, model.probabilities(rows)):
        held = np.clip(said, 1e-6, 1 - 1e-6)
        found.append(float(-np.where(truth, np.log(held), np.log(1 - held)).mean()))
    return found[0], found[1]


def made_titles(count: int = TITLES) -> pl.DataFrame:
    """Rows of staging/titles whose plots hint at one or two genres."""
    chance, rows = Random(SEED), []
    for n in range(1, count + 1):
        genres = chance.sample(sorted(_PLOTS), 1 if chance.random() < 0.7 else 2)
        said = [chance.choice(_PLOTS[genre].split(";")) for genre in genres] + chance.sample(_FILLER.split(";"), 2)
        name = f"{chance.choice(['Night', 'River', 'Stone', 'Glass', 'Winter'])} {chance.getrandbits(40):x}"
        rows.append(
            {"title_id": f"movie-{n}", "tmdb_id": n, "media_type": "movie", "title": name, "original_title": name}
            | {"overview": f"{'. '.join(said)}.", "genres": genres, "has_details": True}
            | {list_name: [] for list_name in ("keywords", "cast", "directors", "platforms")}
        )
    return pl.DataFrame(rows, schema=TABLES["staging/titles"].schema)
