"""The training set: titles with a plot and known genres, split so that a franchise or a remake stays on one side."""

import hashlib
import io
import re
import unicodedata
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.scoring.vocabulary import GENRES, to_vocabulary

MIN_OVERVIEW = 40
"""Characters of overview below which a title says too little to learn from."""
TRAIN_SHARE, VALID_SHARE = 70, 15
"""Percent of title groups in train and in valid; the rest is test."""

_SUBTITLE = re.compile(r"\s*(?::|\s[-–—]\s|\().*$")
_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten"
_SEQUEL = re.compile(
    rf"\b(?:part|chapter|volume|vol|episode|season|series|{_NUMBER_WORDS}|\d+|[ivx]+)\b|\b(?:the movie|a new|returns?)\b"
)
_ARTICLE = re.compile(r"^(?:the|an?) ")
_OTHER = re.compile(r"[^\w]+")


def title_group(title: str) -> str:
    """The stem that a title shares with its sequels, remakes and spin-offs: no subtitle, number, part mark or article.

    "The Matrix", "Matrix 2" and "Matrix: Part II" give "matrix". A title that is nothing but a number keeps it ("1917").
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c)).casefold()
    whole = _OTHER.sub(" ", plain).strip()
    stem = _OTHER.sub(" ", _SUBTITLE.sub("", plain)).strip()
    stem = _ARTICLE.sub("", stem)
    return " ".join(_SEQUEL.sub(" ", stem).split()) or stem or whole or title


def split_of(title: str) -> str:
    """train, valid or test, by a hash of the title's group: the same title lands on the same side in every set."""
    bucket = int.from_bytes(hashlib.sha256(title_group(title).encode()).digest()[:8], "big") % 100
    return "train" if bucket < TRAIN_SHARE else "valid" if bucket < TRAIN_SHARE + VALID_SHARE else "test"


def text_of() -> pl.Expr:
    """Title, overview, tagline and keywords as one text, in that order, nulls left out."""
    parts = [pl.col("title"), pl.col("overview"), pl.col("tagline"), pl.col("keywords").list.join(", ")]
    return pl.concat_str([p.fill_null("") for p in parts], separator="\n").str.strip_chars().alias("text")


def build_training_set(titles: pl.DataFrame, through: date) -> pl.DataFrame:
    """Rows of genre/training_set from titles (title_id, media_type, title, overview, tagline, genres, keywords).

    Keeps titles with an overview of at least MIN_OVERVIEW characters and at least one genre of the vocabulary.
    """
    labels = pl.Series("labels", [to_vocabulary(g or []) for g in titles["genres"].to_list()], dtype=pl.List(pl.String))
    kept = titles.with_columns(labels).filter(
        (pl.col("overview").str.strip_chars().str.len_chars() >= MIN_OVERVIEW) & (pl.col("labels").list.len() > 0)
    )
    splits = pl.Series("split", [split_of(t) for t in kept["title"]], dtype=pl.String)
    rows = kept.with_columns(splits, text_of(), genres=pl.col("labels"), trained_through=pl.lit(through))
    return conform(rows, TABLES["genre/training_set"])


def data_version(training_set: pl.DataFrame) -> str:
    """Hex SHA-256 of the training set's Parquet bytes, as the lake writes them."""
    return hashlib.sha256(parquet_bytes(training_set)).hexdigest()


def parquet_bytes(training_set: pl.DataFrame) -> bytes:
    """The training set as Parquet: the same rows give the same bytes."""
    buffer = io.BytesIO()
    conform(training_set, TABLES["genre/training_set"]).write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def trainable_genres(train: pl.DataFrame, least: int = 3) -> tuple[str, ...]:
    """Genres with at least `least` titles in `train` (column genres), and at least one title without them."""
    counts = dict(train["genres"].explode(empty_as_null=False).value_counts().iter_rows())
    return tuple(g for g in GENRES if least <= counts.get(g, 0) < train.height)
