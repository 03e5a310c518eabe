"""Genre models beside TF-IDF + logistic regression on titles that none of them learned from: `python -m bench.genre`.

    python -m bench.genre [--titles F] [--xgboost DIR] [--bert DIR] [--again]

Trains both (BERT where its extra is installed) on titles.parquet by the split of `trending genre train`, or takes folders that
this command wrote. All are asked of the same films of the test split; the baseline has the same calibration and thresholds.
Genres are TMDb's film genres with at least 30 titles. --again trains each a second time and compares.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from bench.shared import SHARED
from trending_assets.files import read_file
from trending_assets.genre import calibration, gate, words
from trending_assets.genre.arrays import Flags, Matrix
from trending_assets.genre.bundle import Kind, pack, read_folder
from trending_assets.genre.champion import answers_of
from trending_assets.genre.command import train
from trending_assets.genre.evaluation import label_matrix, tune_thresholds
from trending_assets.genre.extra import missing_parts
from trending_assets.genre.gate import Answers, Rows
from trending_assets.genre.masking import masked
from trending_assets.genre.models import FILES, GenreModel
from trending_assets.genre.training import ENOUGH_TMDB

FILM_TITLES = 30
View = Callable[[pl.DataFrame], pl.DataFrame]
VIEWS: dict[str, View] = {
    "as they come: title, plot, tagline, keywords": lambda rows: rows,
    "title and plot": lambda rows: rows.with_columns(words.plain_text().alias("text")),
    "plot alone": lambda rows: rows.with_columns(text=pl.col("overview")),
    "as they come, words that name a genre masked": masked,
}


class Baseline:
    """TF-IDF + logistic regression, calibrated and cut like the models. `view` is what it reads."""

    def __init__(self, learned: pl.DataFrame, valid: pl.DataFrame, genres: list[str], view: View) -> None:
        seen, held = view(learned), view(valid)
        self._words = words.Words.fit(words.texts_of(seen))
        self._weights = words.fit_logistic(self._words.rows(words.texts_of(seen)), label_matrix(seen["genres"], genres))
        truth = label_matrix(held["genres"], genres)
        self._calibration = calibration.fit(self._scores(held), truth)
        self._cuts = tune_thresholds(self.probabilities(held), truth)

    def _scores(self, rows: pl.DataFrame) -> calibration.Scores:
        return words.log_odds(self._weights, self._words.rows(words.texts_of(rows)))[:, None, :]

    def probabilities(self, rows: pl.DataFrame) -> Matrix:
        """Shape (rows, genres)."""
        return calibration.apply(self._calibration, self._scores(rows))

    def answers(self, rows: pl.DataFrame) -> Answers:
        """What it says of rows."""
        said = self.probabilities(rows)
        return Answers(said, said >= np.array(self._cuts), 0)


def micro(predicted: Flags, truth: Flags) -> float:
    """F1 of all decisions in one pot."""
    return float(2 * (predicted & truth).sum() / (predicted.sum() + truth.sum()))


def chance_error(rows: Rows, said: Answers, draws: int = 50) -> float:
    """Calibration error that these probabilities would show on as many titles if they held exactly."""
    chance = np.random.default_rng(0)
    drawn = (chance.random(said.probabilities.shape) < said.probabilities for _ in range(draws))
    return float(np.mean([gate.calibration_error(Rows(rows.genres, truth, rows.groups), said) for truth in drawn]))


def line(name: str, rows: Rows, said: Answers, other: Answers | None) -> None:
    """One line: macro and micro F1, calibration error, and the paired difference of macro F1 to the other one."""
    text = f"  {name:<22} macro {gate.macro_f1(rows, said):.3f}  micro {micro(said.predicted, rows.truth):.3f}"
    text += f"  ECE {gate.calibration_error(rows, said):.3f} ({chance_error(rows, said):.3f} by chance)"
    if other is not None:
        compared = gate.compare(rows, said, other)
        low, high = np.quantile(compared.draws.mean(axis=1), [0.025, 0.975])
        text += f"  to TF-IDF + LR {compared.difference:+.3f} [{low:+.3f}, {high:+.3f}]"
    print(text, flush=True)


def by_genre(rows: Rows, models: dict[str, Answers]) -> None:
    """Precision, recall and F1 of each genre by each model."""
    print(f"\nBy genre, as they come (precision / recall / F1):\n  {'genre':<18} titles  " + "  ".join(
        f"{name:<18}" for name in models))  # fmt: skip
    for n, genre in enumerate(rows.genres):
        cells = []
        for said in models.values():
            found, wanted = said.predicted[:, n], rows.truth[:, n]
            hits = (found & wanted).sum()
            precision, recall = hits / max(1, found.sum()), hits / max(1, wanted.sum())
            cells.append(f"{precision:.2f} / {recall:.2f} / {2 * hits / max(1, found.sum() + wanted.sum()):.2f}")
        print(f"  {genre:<18} {int(rows.truth[:, n].sum()):>6}  " + "  ".join(f"{cell:<18}" for cell in cells))


def compare(folders: dict[Kind, Path]) -> None:
    """Every model beside the baseline, in every view."""
    models = {kind: GenreModel(read_folder(folder, FILES)) for kind, folder in folders.items()}
    data = read_file(next(iter(folders.values())) / "training_set.parquet")
    if any(m.meta.data_version != next(iter(models.values())).meta.data_version for m in models.values()):
        sys.exit("The models saw different data. Train them anew, or name two of the same data.")
    own = data.filter(pl.col("source") == "tmdb") if (data["source"] == "tmdb").sum() >= ENOUGH_TMDB else data
    films = own.filter(pl.col("media_type") == "movie")
    counts = films["genres"].explode(empty_as_null=False).value_counts()
    genres = sorted(counts.filter(pl.col("count") >= FILM_TITLES)["genres"])
    genres = [genre for genre in genres if all(genre in model.meta.genres for model in models.values())]
    learned, valid = (own.filter(pl.col("split") == split) for split in ("train", "valid"))
    print(
        f"{learned.height:,} titles to learn from (and {data.height - own.height:,} of other catalogues), "
        f"{valid.height:,} to calibrate on; {len(genres)} genres."
    )
    shown: dict[str, Answers] = {}
    for split in ("test", "later"):
        rows = films.filter(pl.col("split") == split)
        truth = label_matrix(rows["genres"], genres)
        kept = Rows(tuple(genres), truth, np.unique(rows["group"].to_numpy(), return_inverse=True)[1])
        if split == "later":  # few titles: genres without any of them say nothing
            held = np.flatnonzero(truth.sum(axis=0) >= gate.MIN_SUPPORT)
            kept = Rows(tuple(genres[n] for n in held), truth[:, held], kept.groups)
        for name, view in VIEWS.items():
            print(f"\n{split}: {rows.height:,} films, {len(kept.genres)} genres, {name}")
            # Masked text is asked of the baseline that read text as it comes, as it is of the models.
            baseline = Baseline(learned, valid, list(kept.genres), view if view is not masked else lambda rows: rows)
            asked = view(rows)
            base = baseline.answers(asked)
            line("TF-IDF + LR", kept, base, None)
            for kind, model in models.items():
                said = answers_of(model, asked, kept.genres)
                line(kind, kept, said, base)
                if not shown.get(kind):
                    shown |= {"TF-IDF + LR": base, kind: said}
        if split == "test":
            by_genre(kept, shown)


def again(kind: Kind, first: Path, titles: Path, scratch: Path) -> None:
    """Trains once more in a fresh process and says whether bytes and answers are the same."""
    second = scratch / f"{kind}-again"
    trending = Path(sys.executable).with_name("trending")
    command = [str(trending), "genre", "train", "--model", kind, "--titles", str(titles), "--out", str(second)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    models = [GenreModel(read_folder(folder, FILES)) for folder in (first, second)]
    rows = read_file(first / "training_set.parquet").filter(pl.col("split") == "test")
    gap = float(np.abs(models[0].probabilities(rows) - models[1].probabilities(rows)).max())
    hashes = {hashlib.sha256(pack(model.files)).hexdigest() for model in models}
    same = "byte for byte the same" if len(hashes) == 1 else "other bytes"
    print(f"  {kind}: trained again on the same data, {same}; probabilities differ by at most {gap:.1e}", flush=True)


def main(argv: list[str]) -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="bench.genre")
    parser.add_argument("--titles", type=Path, default=SHARED / "data" / "titles.parquet")
    parser.add_argument("--xgboost", type=Path)
    parser.add_argument("--bert", type=Path)
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args(argv)
    if not options.titles.is_file():
        print(f"No titles at {options.titles} (set TRENDING_SHARED): nothing to measure on.")
        return
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        folders: dict[Kind, Path] = {}
        kinds: list[Kind] = ["xgboost", "bert"]
        for kind in kinds:
            given = getattr(options, kind)
            if given is None and kind == "bert" and missing_parts():
                print(f"BERT: left out, {', '.join(missing_parts())} not installed (make setup EXTRAS=bert).")
                continue
            folders[kind] = given or scratch / kind
            if given is None:
                print(f"Training {kind}.", flush=True)
                train(kind, options.titles, folders[kind])
        compare(folders)
        print("\nOne title at a time on one core, in a process of its own:", flush=True)
        for made in folders.values():
            subprocess.run([sys.executable, "-m", "bench.genre_speed", str(made)], check=True)
        if options.again:
            print("\nTrained again:")
            for kind, made in folders.items():
                again(kind, made, options.titles, scratch)


if __name__ == "__main__":
    main(sys.argv[1:])
