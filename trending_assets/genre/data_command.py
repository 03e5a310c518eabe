"""`trending genre data`: the training set of a past model, brought back by DVC."""

from pathlib import Path

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import MODEL_JSON, POINTER, Meta, unpack
from trending_assets.genre.versions import fetch_version
from trending_assets.lake import Lake, open_lake
from trending_assets.settings import get_settings


def bring_back(model: str | None, version: str | None, lake_uri: str, out: Path) -> str:
    """Write the training set that a model saw, or that has a data version, to `out`; gives a closing sentence.

    `model` is a model's folder or the id of one in the lake. Raises PermanentFailure for anything that is not there.
    """
    if (model is None) == (version is None):
        raise PermanentFailure("Name either a model (--model, a folder or an id) or a data version (--version).")
    lake = open_lake(lake_uri)
    pointer = None
    if model is not None:
        version, pointer = _of_folder(Path(model)) if (Path(model) / MODEL_JSON).is_file() else _of_id(lake, model)
    assert version is not None
    data = fetch_version(lake, version, get_settings(), pointer)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    except OSError as error:
        raise PermanentFailure(f"{out} cannot be written: {error.strerror or error}.") from None
    return f"Data version {version}, {len(data):,} bytes, is in {out}."


def _of_folder(folder: Path) -> tuple[str, str | None]:
    """Data version of a model's folder, and its pointer where one lies there."""
    meta = Meta.from_files({MODEL_JSON: (folder / MODEL_JSON).read_bytes()})
    pointer = folder / POINTER
    return meta.data_version, pointer.read_text() if pointer.is_file() else None


def _of_id(lake: Lake, model_id: str) -> tuple[str, str | None]:
    """Data version and pointer of a model in the lake."""
    keys = [key for key in lake.store.list("genre/models") if key.endswith(f"/{model_id}.zip")]
    data = lake.store.get(keys[0]) if keys else None
    if data is None:
        raise PermanentFailure(f"{model_id} is neither a model's folder nor the id of a model in {lake.uri}.")
    files = unpack(data)
    return Meta.from_files(files).data_version, files[POINTER].decode() if POINTER in files else None
