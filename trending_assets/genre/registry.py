"""Where trained models stand in the lake: one bundle a kind and a newest training day, so that old ones stay in reach."""

import re
from datetime import date

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import Kind, pack, unpack
from trending_assets.genre.models import GenreModel
from trending_assets.lake import Lake

_BUNDLE = re.compile(r"through=(\d{4}-\d{2}-\d{2})/bundle\.zip$")


def model_key(kind: Kind, through: date) -> str:
    """Key of a model's bundle in the lake."""
    return f"genre/{kind}/model/through={through.isoformat()}/bundle.zip"


def save_model(lake: Lake, model: GenreModel) -> str:
    """Put a model into the lake, replacing one of the same kind and newest training day. Gives its key."""
    key = model_key(model.meta.kind, model.meta.trained_through)
    lake.store.put(key, pack(model.files))
    return key


def models_of(lake: Lake, kind: Kind) -> list[date]:
    """Newest training days of the kind's models, ascending."""
    found = (_BUNDLE.search(key) for key in lake.store.list(f"genre/{kind}/model"))
    return sorted(date.fromisoformat(match[1]) for match in found if match)


def load_model(lake: Lake, kind: Kind, through: date) -> GenreModel:
    """Read a model from the lake. Raises PermanentFailure where there is none."""
    data = lake.store.get(model_key(kind, through))
    if data is None:
        raise PermanentFailure(f"The lake has no {kind} model of {through}. Materialize genre/{kind} first.")
    return GenreModel(unpack(data))


def choose(known: list[date], kind: Kind, day: date, allow_newer: bool) -> date:
    """The newest model that knew nothing after `day`; with `allow_newer` the oldest later one where there is none.

    Raises PermanentFailure where no model may score the day.
    """
    if early := [through for through in known if through <= day]:
        return early[-1]
    if not known:
        raise PermanentFailure(f"There is no {kind} genre model. Materialize genre/{kind} first.")
    if allow_newer:
        return known[0]
    raise PermanentFailure(
        f"Every {kind} genre model was trained on days after {day} (the oldest through {known[0]}), so it knows what {day} "
        f"could not. Materialize genre/training_set with through={day} and genre/{kind}, or set allow_newer_model: true."
    )
