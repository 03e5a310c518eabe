"""`trending genre train` and `trending genre predict`: genre models on files, without a lake."""

import hashlib
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.files import read_file, write_file
from trending_assets.genre.bundle import Kind, read_folder, write_folder
from trending_assets.genre.card import card
from trending_assets.genre.catalogues import TMDB, shaped
from trending_assets.genre.models import FILES, GenreModel
from trending_assets.genre.models import train as train_model
from trending_assets.genre.tracking import track
from trending_assets.genre.training import ENOUGH_TMDB, build, parquet_bytes, text_of
from trending_assets.settings import get_settings


def train(model: Kind, titles: Path, out: Path, encoder: str | None = None) -> str:
    """Train on a file of titles (shape of a world's titles.parquet) and write a model folder; gives a closing sentence.

    The folder holds the model's files, `training_set.parquet` (the data version is its SHA-256), `evaluation.parquet` (by slice
    and genre) and `README.md` (the model card). `encoder` is what BERT starts from, that of the settings when not given.
    Where at least 200 titles have a tmdb_id, the others are rows of catalogues that name genres in their own way: they are
    learned from, not tested on. Raises PermanentFailure for a file that cannot be used.
    """
    frame = _read_titles(titles)
    if frame["genres"].list.len().sum() == 0:
        raise PermanentFailure(f"{titles} names no genre, so there is nothing to learn. It needs a column genres.")
    tmdb = frame.filter(pl.col("source") == TMDB)
    built = build(frame, _newest(tmdb if tmdb.height >= ENOUGH_TMDB else frame))
    training_set = built.rows
    if training_set.is_empty():
        raise PermanentFailure(
            f"{titles} has no title with both an overview of 40 characters and a genre that we know."
        )
    for reason, count in built.left_out.items():
        print(f"{count:,} titles left out: {reason}")
    data = parquet_bytes(training_set)
    settings = get_settings()
    version = hashlib.sha256(data).hexdigest()
    trained = train_model(
        model, training_set, version, partial(print, flush=True), encoder=encoder or settings.genre_encoder
    )
    write_folder(trained.model.files, out)
    (out / "training_set.parquet").write_bytes(data)
    trained.evaluation.write_parquet(out / "evaluation.parquet")
    (out / "README.md").write_text(card(trained, training_set))
    track(trained, settings, training_set, str((out / "training_set.parquet").resolve()))
    support = int((training_set["split"] == "test").sum())
    return (
        f"Macro F1 {trained.macro_f1:.3f} on {support:,} test titles of {training_set.height:,}; the model is in {out}."
    )


def predict(model: Path, titles: Path, out: Path) -> int:
    """Write title_id, genre, probability, predicted for every title of a file that has a title or an overview.

    One row a title and genre of the model; gives the number of rows. A title without a tmdb_id is named source-source_id.
    Raises PermanentFailure for a folder that is no model or a file that cannot be used.
    """
    trained = GenreModel(read_folder(model, FILES))
    rows = _read_titles(titles).select("title_id", "media_type", text_of()).filter(pl.col("text") != "")
    rows = rows.unique("title_id", keep="last", maintain_order=True).sort("title_id")
    if rows.is_empty():
        raise PermanentFailure(f"{titles} has no title with a title or an overview.")
    found = trained.predict(rows)
    return write_file(found, out)


def _read_titles(path: Path) -> pl.DataFrame:
    """The file's titles with title_id, media_type, title, overview, tagline, genres, keywords, tmdb_id; what it lacks as null."""
    frame = read_file(path)
    has = set(frame.columns)
    if not {"title", "overview"} & has:
        raise PermanentFailure(f"{path} has neither a column title nor overview. It has {', '.join(frame.columns)}.")
    if not ({"title_id"} <= has or {"tmdb_id", "media_type"} <= has or {"source", "source_id"} <= has):
        raise PermanentFailure(
            f"{path} does not say which title a row is: it needs title_id, tmdb_id and media_type, or source and source_id."
        )
    try:
        return shaped(frame)
    except pl.exceptions.PolarsError as error:
        raise PermanentFailure(f"{path} has a column of the wrong type: {str(error).splitlines()[0]}") from None


def _newest(frame: pl.DataFrame) -> date:
    """Newest release that the file knows: a file carries no partition day."""
    days = frame["release_date"].cast(pl.String).str.to_date(strict=False)
    return days.max() or date(1970, 1, 1)  # type: ignore[return-value]
