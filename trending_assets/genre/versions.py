"""Versions of the training set, kept by DVC: every model carries a pointer with which its data comes back.

A pointer is a `.dvc` file (MD5, size, name), as `dvc add` writes it. The bytes lie in a DVC remote: by default the folder
genre/dvc of the lake, or TRENDING_DVC_REMOTE. DVC works in a repository of its own without git that lives as long as one call:
what counts is in the lake and in the remote, so several machines and processes may train at once.
"""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import POINTER
from trending_assets.lake import Lake
from trending_assets.settings import Settings
from trending_assets.store import absolute_lake

DATA = POINTER.removesuffix(".dvc")


def pointer_key(version: str) -> str:
    """Key of a version's pointer in the lake. A version is the hex SHA-256 of the training set's bytes."""
    return f"genre/data/{version}.dvc"


def remote_of(lake_uri: str, settings: Settings) -> str:
    """Address of the DVC remote: the setting, or a folder of the lake."""
    return absolute_lake(settings.dvc_remote or f"{lake_uri}/genre/dvc")


def keep_version(lake: Lake, data: bytes, settings: Settings) -> str:
    """Put a training set's bytes under DVC and its pointer into the lake; gives the pointer's text.

    Raises PermanentFailure where the remote does not take them.
    """
    pointer = keep(data, remote_of(lake.uri, settings), settings.state_dir)
    lake.store.put(pointer_key(hashlib.sha256(data).hexdigest()), pointer.encode())
    return pointer


def fetch_version(lake: Lake, version: str, settings: Settings, pointer: str | None = None) -> bytes:
    """The bytes of a version, by its pointer (the lake's where none is given).

    Raises PermanentFailure where there is no pointer, or the remote lacks the bytes or has other ones.
    """
    if pointer is None:
        found = lake.store.get(pointer_key(version))
        if found is None:
            raise PermanentFailure(f"The lake {lake.uri} knows no data version {version}.")
        pointer = found.decode()
    return fetch(pointer, remote_of(lake.uri, settings), settings.state_dir, version)


def keep(data: bytes, remote: str, state_dir: Path) -> str:
    """`dvc add` and `dvc push` of the bytes; gives the pointer's text. The same bytes give the same text."""
    with _repository(remote, state_dir, "was not taken by") as (folder, repo):
        (folder / DATA).write_bytes(data)
        repo.add([str(folder / DATA)])
        repo.push()
        return (folder / POINTER).read_text()


def fetch(pointer: str, remote: str, state_dir: Path, version: str) -> bytes:
    """`dvc pull` of a pointer; gives the bytes, of which `version` is the hex SHA-256."""
    with _repository(remote, state_dir, "cannot be had from") as (folder, repo):
        (folder / POINTER).write_text(_checked(pointer))
        repo.pull()
        data = (folder / DATA).read_bytes()
    if hashlib.sha256(data).hexdigest() != version:
        raise PermanentFailure(
            f"The training set that {_shown(remote)} holds is not the one of data version {version}."
        )
    return data


def _checked(pointer: str) -> str:
    """The pointer, if it points to a training set and to nothing else: it may come from a stranger's model folder."""
    try:
        (out,) = yaml.safe_load(pointer)["outs"]
        fine = set(yaml.safe_load(pointer)) <= {"outs", "md5"} and out["path"] == DATA and len(out["md5"]) == 32
    except (yaml.YAMLError, KeyError, TypeError, ValueError):
        fine = False
    if not fine:
        raise PermanentFailure(f"This is no DVC pointer of a training set; {POINTER} of a model's files is one.")
    return pointer


@contextmanager
def _repository(remote: str, state_dir: Path, what: str) -> Iterator[tuple[Path, Any]]:
    """A DVC repository without git in a new folder under <state_dir>/dvc, gone afterwards. DVC's errors become a sentence."""
    base = state_dir.resolve() / "dvc"
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=base))
    try:
        (folder / ".dvc").mkdir()
        (folder / ".dvc" / "config").write_text(_config(folder, remote))
        from dvc.repo import Repo  # sets DVC's loggers up, so before they are silenced

        with _silent():
            repo = Repo(str(folder))
            try:
                yield folder, repo
            finally:
                repo.close()
    except PermanentFailure:
        raise
    except Exception as error:  # DVC's own errors, those of its file systems, of S3 and of the disk
        if type(error).__name__ == "CheckoutError":
            why = "it is not there, or its bytes were changed"
        else:
            why = (_shown_in(str(error), remote).strip().splitlines() or [type(error).__name__])[0].rstrip(".:")
        raise PermanentFailure(
            f"The training set {what} the DVC remote {_shown(remote)}: {why}. Check TRENDING_DVC_REMOTE."
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _config(folder: Path, remote: str) -> str:
    """What `dvc init --no-scm` and `dvc remote add` write, with caches in the folder and without word to anybody."""
    return f"""\
[core]
    no_scm = true
    analytics = false
    check_update = false
    remote = lake
    site_cache_dir = {folder / "site"}
[cache]
    dir = {folder / "cache"}
    type = copy
['remote "lake"']
    url = {remote}
    verify = true
"""


@contextmanager
def _silent() -> Iterator[None]:
    """DVC neither logs nor draws bars, which follow its logger's level."""
    logs = [logging.getLogger(name) for name in ("dvc", "dvc_data", "dvc_objects")]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


def _shown(remote: str) -> str:
    """The remote's address without a password."""
    scheme, mark, rest = remote.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}" if mark else remote


def _shown_in(text: str, remote: str) -> str:
    return text.replace(remote, _shown(remote))
