"""The champions of the lake's genre models as the API asks them.

Imports Polars: it is imported when somebody classifies, not before."""

import time
from collections.abc import Callable

import polars as pl

from api.access_log import tell
from trending_assets.genre.bundle import Kind
from trending_assets.genre.models import GenreModel
from trending_assets.genre.registry import load, read_registry
from trending_assets.genre.training import text_of
from trending_assets.lake import open_lake

LOOK_SECONDS = 10.0
"""Whether there is another champion is looked at at most this often."""


class ChampionModel:
    """The champion of a kind: loaded once, and again when another one was promoted or the last one was taken back."""

    def __init__(self, lake_uri: str, kind: Kind, clock: Callable[[], float] = time.monotonic) -> None:
        self._uri, self._kind, self._clock = lake_uri, kind, clock
        self._model: GenreModel | None = None
        self._looked = float("-inf")

    def get(self) -> GenreModel | None:
        """The model, None where the lake has none. Where the lake cannot be read: the one that is loaded, else its error."""
        if self._clock() - self._looked >= LOOK_SECONDS:
            try:
                self._look()
            except Exception as error:  # whatever the storage says, the loaded model goes on answering
                if self._model is None:
                    raise
                tell("genre model not looked at", "warning", model=self._kind, error=f"{type(error).__name__}: {error}")
            self._looked = self._clock()
        return self._model

    def _look(self) -> None:
        lake = open_lake(self._uri)
        champion = read_registry(lake).of(self._kind).champion
        if champion != (self._model.id if self._model else None):
            self._model = load(lake, self._kind, champion) if champion else None


def guesses(
    model: GenreModel, title: str, overview: str, tagline: str | None, media_type: str
) -> list[tuple[str, float, bool]]:
    """(genre, probability, predicted) of every genre of the model, most probable first."""
    keywords = pl.lit(None, pl.List(pl.String)).alias("keywords")
    described = pl.DataFrame(
        {
            "title_id": ["asked"],
            "media_type": [media_type],
            "title": [title],
            "overview": [overview],
            "tagline": [tagline],
        },
        schema_overrides={"tagline": pl.String},
    )
    found = model.predict(described.with_columns(keywords).select("title_id", "media_type", text_of()))
    return found.sort("probability", "genre", descending=[True, False]).drop("title_id").rows()
