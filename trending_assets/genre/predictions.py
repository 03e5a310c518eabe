"""Genre probabilities of a day's titles by the champion of each kind."""

import logging
from collections.abc import Sequence
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.genre.models import GenreModel
from trending_assets.genre.registry import KINDS, id_for_day, load, missing, read_registry
from trending_assets.genre.training import text_of
from trending_assets.lake import Lake

_log = logging.getLogger(__name__)
_SCHEMA = TABLES["genre/predictions"].schema | {"date": pl.Date()}


def predict_days(
    lake: Lake, titles: pl.DataFrame, signals: pl.DataFrame, days: Sequence[date], allow_newer: bool
) -> pl.DataFrame:
    """Rows of genre/predictions with `date`: titles with a signal on the day and an overview, by each kind's champion.

    `titles` are staging/titles and `signals` features/title_signals, both with `date`. Each day is scored by the last promoted
    model of a kind that knew nothing after it; where the gate has let none pass yet there are no rows, and a warning. Raises
    PermanentFailure where a kind has only models that knew more (see registry.id_for_day), or nothing was ever trained.
    """
    asked = titles.join(signals.select("date", "title_id").unique(), on=["date", "title_id"], how="semi").filter(
        pl.col("overview").str.strip_chars().str.len_chars() > 0
    )
    rows = asked.select("date", "title_id", "media_type", text_of()).sort("date", "title_id")
    registry = read_registry(lake)
    frames: list[pl.DataFrame] = []
    kinds = [kind for kind in KINDS if registry.of(kind).champion]
    if not kinds and not registry.kinds:
        raise PermanentFailure(missing(lake, registry, KINDS[0]))
    if not kinds:
        _log.warning("No genre model passed the gate yet: nothing is predicted. genre/champion says why.")
    for kind in kinds:
        by_model: dict[str, list[date]] = {}
        for day in days:
            by_model.setdefault(id_for_day(lake, registry, kind, day, allow_newer), []).append(day)
        for model, model_days in by_model.items():
            found = predict_rows(load(lake, kind, model), rows.filter(pl.col("date").is_in(model_days)))
            found = found.with_columns(champion=pl.lit(registry.production == kind))
            frames.append(found.select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items()))
    return pl.concat(frames) if frames else pl.DataFrame(schema=_SCHEMA)


def predict_rows(model: GenreModel, rows: pl.DataFrame) -> pl.DataFrame:
    """Predictions for rows (date, title_id, media_type, text), with the model's identity. A text is scored once, however many
    days carry it, and alone or beside others alike."""
    distinct = rows.select("title_id", "media_type", "text").unique().sort("title_id", "media_type", "text")
    numbered = distinct.with_row_index("n").with_columns(n=pl.col("n").cast(pl.String))
    scored = model.predict(numbered.select("text", "media_type", title_id="n")).rename({"title_id": "n"})
    return (
        rows.join(numbered, on=["title_id", "media_type", "text"])
        .join(scored, on="n")
        .with_columns(
            model=pl.lit(model.meta.kind),
            model_id=pl.lit(model.id),
            data_version=pl.lit(model.meta.data_version),
            trained_through=pl.lit(model.meta.trained_through),
        )
    )
