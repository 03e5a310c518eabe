"""A trained model as a handful of named byte strings: in the lake one zip, on disk a folder. Nothing in it is pickled."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from trending_assets.failures import PermanentFailure

Files = dict[str, bytes]
Kind = Literal["xgboost", "bert"]

MODEL_JSON = "model.json"
POINTER = "training_set.parquet.dvc"
"""DVC's pointer to the training set, beside the files of a model that was trained on a lake (see versions)."""
NEVER = date(1970, 1, 1)
"""trained_through of a model that saw no title at all."""


@dataclass(frozen=True)
class Meta:
    """What a model says of itself. `genres` and `thresholds` run side by side; none at all means that it predicts nothing."""

    kind: Kind
    genres: tuple[str, ...]
    thresholds: tuple[float, ...]
    data_version: str
    trained_through: date
    config: dict[str, Any]

    def to_json(self) -> bytes:
        """As UTF-8 JSON with sorted keys."""
        fields = self.__dict__ | {"trained_through": self.trained_through.isoformat()}
        return json.dumps(fields, sort_keys=True, indent=1).encode()

    @classmethod
    def from_files(cls, files: Files) -> "Meta":
        """Read model.json. Raises PermanentFailure where it is missing or not ours."""
        try:
            raw = json.loads(files[MODEL_JSON])
            if raw["kind"] not in ("xgboost", "bert"):
                raise ValueError("kind")
            return cls(
                raw["kind"],
                tuple(raw["genres"]),
                tuple(float(t) for t in raw["thresholds"]),
                raw["data_version"],
                date.fromisoformat(raw["trained_through"]),
                raw["config"],
            )
        except (KeyError, TypeError, ValueError):
            raise PermanentFailure(
                f"{MODEL_JSON} is missing or not a genre model's. Train one with `trending genre train`."
            ) from None


def pack(files: Files) -> bytes:
    """One zip, names ascending, fixed timestamps, stored: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
        for name in sorted(files):
            bundle.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return buffer.getvalue()


def unpack(data: bytes) -> Files:
    """The files of a packed bundle."""
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def model_id(files: Files) -> str:
    """First 16 hex digits of the SHA-256 of the packed bundle."""
    return hashlib.sha256(pack(files)).hexdigest()[:16]


def write_folder(files: Files, folder: Path) -> None:
    """Write the bundle's files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def read_folder(folder: Path, names: dict[Kind, tuple[str, ...]]) -> Files:
    """Read a bundle back from a folder; `names` are the files that each kind has beside model.json.

    Raises PermanentFailure where the folder or one of its files is missing.
    """
    if not (folder / MODEL_JSON).is_file():
        raise PermanentFailure(f"{folder} holds no genre model: there is no {MODEL_JSON}. Name a folder that "
                               "`trending genre train` wrote.")  # fmt: skip
    files = {MODEL_JSON: (folder / MODEL_JSON).read_bytes()}
    meta = Meta.from_files(files)
    for name in names[meta.kind] if meta.genres else ():
        if not (folder / name).is_file():
            raise PermanentFailure(f"The model in {folder} is not whole: {name} is missing. Train it again.")
        files[name] = (folder / name).read_bytes()
    if (folder / POINTER).is_file():
        files[POINTER] = (folder / POINTER).read_bytes()
    return files
