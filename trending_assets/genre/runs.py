"""What a W&B run folder holds, read back from its .wandb file: the file that `wandb sync` uploads."""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure

# A log of LevelDB's format after seven bytes of W&B's own: blocks of 32 KiB, each part with CRC-32, length and type.
_HEADER = b":W&B\xe1\xbe\x00"
_BLOCK = 32_768
_PART = struct.Struct("<IHB")
_FULL, _FIRST, _LAST = 1, 2, 4


@dataclass
class Artifact:
    """An artifact of a run: `used` is taken in, else it was given out."""

    name: str
    type: str
    used: bool
    aliases: list[str]
    metadata: dict[str, Any]
    files: dict[str, int]
    """Bytes by path."""


@dataclass
class RunFile:
    """A run as W&B wrote it down. `tables` are rows and columns by name."""

    folder: Path
    id: str = ""
    name: str = ""
    project: str = ""
    job: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    artifacts: list[Artifact] = field(default_factory=list)
    started: float = 0.0
    """Seconds since 1970, by the clock of the machine that ran it."""
    exit_code: int | None = None
    """None of a run that goes on or was cut off."""


def find_runs(folder: Path) -> list[Path]:
    """The .wandb files under a folder of runs."""
    return sorted(folder.glob("**/run-*.wandb"))


def read_run(path: Path) -> RunFile:
    """Read a .wandb file. Raises PermanentFailure where it is none or was changed; a file that ends early is read so far."""
    from wandb.proto import wandb_internal_pb2

    record_type: Any = wandb_internal_pb2.Record  # type: ignore[attr-defined]  # made by protobuf when it is imported
    run = RunFile(path.parent)
    for data in _records(path):
        record = record_type()
        record.ParseFromString(data)
        _take(run, record)
    return run


def _records(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    if data[: len(_HEADER)] != _HEADER[: len(data)]:  # shorter: just begun
        raise PermanentFailure(f"{path} is no file of a W&B run.")
    at, record = len(_HEADER), b""
    while at + _PART.size <= len(data):
        left = _BLOCK - at % _BLOCK
        if left < _PART.size:
            at += left  # what is left of a block is too small for a part
            continue
        check, length, kind = _PART.unpack_from(data, at)
        part = data[at + _PART.size : at + _PART.size + length]
        at += _PART.size + length
        if len(part) < length:
            return
        if check != zlib.crc32(part, zlib.crc32(bytes([kind]))):
            raise PermanentFailure(f"{path} was changed since W&B wrote it: a checksum is wrong.")
        record = part if kind in (_FULL, _FIRST) else record + part
        if kind in (_FULL, _LAST):
            yield record


def _take(run: RunFile, record: Any) -> None:
    """Put a record into the run."""
    kind = record.WhichOneof("record_type")
    if kind == "run":
        run.id, run.name, run.project = record.run.run_id, record.run.display_name, record.run.project
        run.job = record.run.job_type
        run.started = record.run.start_time.seconds + record.run.start_time.nanos / 1e9
        _update(run.config, record.run.config.update)
    elif kind == "config":
        _update(run.config, record.config.update)
    elif kind == "summary":
        _update(run.summary, record.summary.update)
    elif kind == "history":
        row: dict[str, Any] = {}
        _update(row, record.history.item)
        for name, value in list(row.items()):
            if isinstance(value, dict) and value.get("_type") == "table-file":
                run.tables[name] = (value["nrows"], value["ncols"])
                del row[name]
        measures = {name: value for name, value in row.items() if not name.startswith("_")}
        if measures:
            run.history.append({"step": row.get("_step")} | measures)
    elif kind == "artifact" and record.artifact.type != "run_table":  # W&B's own copy of each table
        found = record.artifact
        metadata = json.loads(found.metadata) if found.metadata else {}
        files = {entry.path: entry.size for entry in found.manifest.contents}
        run.artifacts.append(
            Artifact(found.name, found.type, found.use_after_commit, list(found.aliases), metadata, files)
        )
    elif kind == "exit":
        run.exit_code = record.exit.exit_code


def _update(into: dict[str, Any], items: Any) -> None:
    for item in items:
        *path, last = list(item.nested_key) or [item.key]
        place = into
        for part in path:
            below = place.setdefault(part, {})
            if not isinstance(below, dict):
                below = place[part] = {}
            place = below
        place[last] = json.loads(item.value_json)
