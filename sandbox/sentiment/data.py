"""Training rows of sentiment: labelled review texts, split by a hash of the text itself.

A row's part depends on nothing but its own words, so that no later file, order or seed moves a test row into training.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

TARGET = "rt_polarity"
"""The source that the model is measured on; other sources only help in training."""
_RUN = 8


class SentimentError(Exception):
    """Bad input of a training run, in one sentence for people."""


@dataclass(frozen=True)
class Rows:
    """Texts with labels (1 = positive)."""

    texts: list[str]
    labels: list[int]

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: Rows) -> Rows:
        return Rows(self.texts + other.texts, self.labels + other.labels)


@dataclass(frozen=True)
class Split:
    """Parts of the target source (7/10, 1/10, 2/10 of it) and the helping sources without any text of `valid` or `test`."""

    train: Rows
    valid: Rows
    test: Rows
    critics: Rows
    long: Rows


def normal(text: str) -> str:
    """Lower-case letters and digits with one space between words: what two prints of one text have in common."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def part_of(text: str) -> str:
    """`test`, `valid` or `train` by the SHA-256 of the normal text."""
    number = int.from_bytes(hashlib.sha256(normal(text).encode()).digest()[:4], "big") % 10
    return "test" if number < 2 else "valid" if number == 2 else "train"


def runs_of(text: str) -> set[str]:
    """Every run of 8 words of a normal text; the whole text where it is shorter."""
    words = normal(text).split()
    return {" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}


def read_reviews(path: Path) -> pl.DataFrame:
    """Columns source, text, label of a reviews file. Raises SentimentError."""
    frame = _read(path, ("source", "text", "label"))
    rows = frame.select("source", "text", "label").drop_nulls()
    if not rows["label"].is_in([0, 1]).all():
        raise SentimentError(f"{path} has labels other than 0 and 1.")
    if rows.filter(pl.col("source") == TARGET).height < 50:
        raise SentimentError(f"{path} has fewer than 50 rows of the source {TARGET}, which the model is measured on.")
    return rows


def read_critics(path: Path) -> pl.DataFrame:
    """Columns text, label of a file of critics' snippets with `fresh` (fresh or rotten). Raises SentimentError."""
    frame = _read(path, ("text", "fresh")).select("text", "fresh").drop_nulls()
    if not frame["fresh"].is_in(["fresh", "rotten"]).all():
        raise SentimentError(f"{path} has values of fresh other than fresh and rotten.")
    return frame.select("text", label=(pl.col("fresh") == "fresh").cast(pl.Int64))


def read_neutral(path: Path, most: int = 8000, words: int = 40) -> list[str]:
    """The first words of the overviews with the smallest hashes: texts that hold no opinion. Raises SentimentError."""
    texts = {text for text in _read(path, ("overview",))["overview"].drop_nulls() if len(text) > 60}
    chosen = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())[:most]
    return [" ".join(text.split()[:words]) for text in chosen]


def split_of(reviews: Path, titled: Path | None = None) -> Split:
    """Read and split. Raises SentimentError with one sentence where a file cannot be used."""
    rows = read_reviews(reviews)
    target = rows.filter(pl.col("source") == TARGET)
    parts: dict[str, Rows] = {name: Rows([], []) for name in ("train", "valid", "test")}
    seen: set[str] = set()
    for text, label in target.select("text", "label").iter_rows():
        if (key := normal(text)) in seen:
            continue
        seen.add(key)
        part = parts[part_of(text)]
        part.texts.append(text)
        part.labels.append(label)
    for name, part in parts.items():
        if len(set(part.labels)) < 2:
            raise SentimentError(f"{reviews} gives the part {name} only one label; more rows are needed.")
    held = {run for name in ("valid", "test") for text in parts[name].texts for run in runs_of(text)}
    critics = read_critics(titled) if titled else pl.DataFrame(schema={"text": pl.String, "label": pl.Int64})
    return Split(
        **parts,
        critics=_apart(critics, held),
        long=_apart(rows.filter(pl.col("source") != TARGET), held),
    )


def ends_of(rows: Rows, words: int = 45) -> Rows:
    """The last words of each text: there a long review says what it thinks."""
    return Rows([" ".join(text.replace("<br />", " ").split()[-words:]) for text in rows.texts], rows.labels)


def _apart(rows: pl.DataFrame, held: set[str]) -> Rows:
    """Rows that share no run of words with a held-out text, each text once."""
    kept, seen = Rows([], []), set[str]()
    for text, label in rows.select("text", "label").iter_rows():
        if not (key := normal(text)) or key in seen or runs_of(text) & held:
            continue
        seen.add(key)
        kept.texts.append(text)
        kept.labels.append(label)
    return kept


def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    if not path.is_file():
        raise SentimentError(f"There is no file {path}.")
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SentimentError(f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    if missing := [name for name in columns if name not in frame.columns]:
        raise SentimentError(f"{path} lacks the column{'s' * (len(missing) > 1)} {' and '.join(missing)}.")
    return frame
