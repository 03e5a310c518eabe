"""The model card: what a genre model is for, what it saw, how good it is and where, and how its data comes back."""

from collections import Counter

import polars as pl

from trending_assets.genre.bundle import POINTER
from trending_assets.genre.models import Trained
from trending_assets.genre.training import split_sizes

MEANS = ("macro", "micro")
"""Rows of an evaluation that are no genre: the plain mean over genres, and all decisions in one pot."""


def card(trained: Trained, training_set: pl.DataFrame) -> str:
    """Model card in Markdown, of a trained model and the set that it was trained on."""
    meta = trained.model.meta
    sizes = split_sizes(training_set)
    sources = Counter(training_set.filter(pl.col("split") == "train")["source"].to_list())
    size = sum(len(data) for data in trained.model.files.values())
    lines = [
        f"# Genre model: {meta.kind}",
        "",
        "Predicts the genres of a film or show from its title, overview, tagline and keywords. Several genres may hold.",
        "",
        f"- model {trained.model.id}, {size / 1e6:.1f} MB, known through {meta.trained_through}",
        f"- data version {meta.data_version} (SHA-256 of training_set.parquet)",
        f"- titles: {', '.join(f'{count:,} {split}' for split, count in sizes.items())}",
        f"- learned from: {', '.join(f'{count:,} of {source}' for source, count in sources.most_common()) or 'nothing'}",
        "- split by the name that a franchise shares, so that sequels and remakes stay on one side; `later` are the newest "
        "titles, which nothing was learned from",
        "- thresholds were tuned on `valid`; `test` and `later` chose nothing",
        "",
        "## For what, and for what not",
        "",
        "Made to file titles that have a plot and no genres yet, beside what an LLM says. Labels are TMDb's: what its users "
        "agreed on, with Drama given freely. English texts; a plot of less than a sentence is guesswork. A genre with few "
        "titles is learned badly, one with fewer than three not at all. It says nothing of how suitable a title is for whom.",
        "",
        "## By genre",
        "",
        *_genre_table(of_slice(trained.evaluation, "test")),
        "",
        *_slices(trained.evaluation),
        "## The data again",
        "",
        *_data(trained),
    ]
    return "\n".join([*lines, ""])


def _data(trained: Trained) -> list[str]:
    if POINTER not in trained.model.files:  # trained on a file, without a lake
        return ["The training set lies beside this card: training_set.parquet."]
    return [
        "The training set is under DVC; this model's version comes back byte for byte:",
        "",
        f"    trending genre data --lake LAKE --version {trained.model.meta.data_version} --out training_set.parquet",
        "",
        f"or, with DVC alone, by the pointer {POINTER} beside this card: `dvc pull` in a repository whose remote is the lake's "
        "folder genre/dvc.",
    ]


def of_slice(evaluation: pl.DataFrame, name: str) -> pl.DataFrame:
    """The rows of an evaluation's slice."""
    return evaluation.filter(pl.col("slice") == name)


def slice_means(evaluation: pl.DataFrame) -> pl.DataFrame:
    """One row a slice, in the evaluation's order: slice, titles, macro_f1, micro_f1 and ece (null where not measured)."""
    found = []
    for name in evaluation["slice"].unique(maintain_order=True):
        rows = {row["genre"]: row for row in of_slice(evaluation, name).to_dicts() if row["genre"] in MEANS}
        macro, micro = rows.get("macro", {}), rows.get("micro", {})
        found.append({"slice": name, "titles": macro.get("support"), "macro_f1": macro.get("f1"),
                      "micro_f1": micro.get("f1"), "ece": macro.get("ece")})  # fmt: skip
    schema = {"slice": pl.String, "titles": pl.Int64, **dict.fromkeys(("macro_f1", "micro_f1", "ece"), pl.Float64)}
    return pl.DataFrame(found, schema=schema)


def _genre_table(rows: pl.DataFrame) -> list[str]:
    names = ("threshold", "precision", "recall", "f1", "ece")
    heads = [{"f1": "F1", "ece": "calibration error"}.get(name, name) for name in names]
    lines = [f"| genre | {' | '.join(heads)} | titles |", "|---" * (len(names) + 2) + "|"]
    for row in rows.to_dicts():
        lines.append(f"| {row['genre']} | {' | '.join(_figure(row[name]) for name in names)} | {row['support']:,} |")
    return lines


def _slices(evaluation: pl.DataFrame) -> list[str]:
    means = slice_means(evaluation)
    lines = [
        "## By slice",
        "",
        "`masked` are the test titles without any word that names a genre. Small slices scatter.",
        "",
        "| slice | titles | macro F1 | micro F1 | calibration error |",
        "|---|---|---|---|---|",
    ]
    for row in means.to_dicts():
        figures = " | ".join(_figure(row[name]) for name in ("macro_f1", "micro_f1", "ece"))
        lines.append(f"| {row['slice']} | {row['titles'] or 0:,} | {figures} |")
    return [*lines, ""]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
