"""The published objects of a lake as mapped files: where they lie (a folder), or where they were copied to (S3)."""

import hashlib
import os
from pathlib import Path
from tempfile import mkstemp

from trending_assets.failures import TransientFailure
from trending_assets.serving.container import Container, whole
from trending_assets.serving.pointer import POINTER, object_key, version_key
from trending_assets.store import LocalStore, Store, open_store

ATTEMPTS = 2
"""At S3: somebody waits for the answer, and the pointer is looked at again soon anyway."""
MOST_FILES = 400
"""Copies of an S3 lake's objects that stay on this machine: a year of days and their months."""


class Library:
    """Objects by name. Nothing is listed: every name comes from the pointer, or from who asks for a snapshot."""

    def __init__(self, uri: str, copies: Path) -> None:
        """`copies` is the folder under which an S3 lake's objects and its last pointer are kept."""
        self._uri = uri
        self._copies = copies / hashlib.sha256(uri.encode()).hexdigest()[:16]
        self._store: Store | None = None
        self._checked: set[str] = set()

    def pointer(self) -> bytes | None:
        """The pointer as it stands in the lake. Raises whatever the storage says."""
        store = self._open()
        data = store.get(POINTER)
        if data is not None and not isinstance(store, LocalStore):
            self._copy("current.json", data)
        return data

    def version(self, number: int) -> bytes | None:
        """The pointer as it was at that version, None where it is not kept. Raises whatever the storage says."""
        return self._open().get(version_key(number))

    def last_pointer(self) -> bytes | None:
        """The pointer that was read last from an S3 lake, by this process or one before it."""
        try:
            return (self._copies / "current.json").read_bytes()
        except OSError:
            return None

    def open(self, name: str) -> Container:
        """A container, mapped; its checksum is compared once. Raises TransientFailure where it is not there or damaged."""
        path = self._path(name)
        if name not in self._checked:
            with path.open("rb") as file:
                good = whole(file)
            if not good:
                if path.parent == self._copies:
                    path.unlink(missing_ok=True)
                raise TransientFailure(
                    f"{self._uri}/{object_key(name)} does not have the bytes that its checksum says."
                )
            self._checked.add(name)
        return Container.open(path)

    def _path(self, name: str) -> Path:
        """Where the object lies as a file; fetched first where it is not there."""
        copy = self._copies / name
        if copy.is_file():
            os.utime(copy)
            return copy
        store = self._open()
        if isinstance(store, LocalStore):
            path = store.root / object_key(name)
            if not path.is_file():
                raise TransientFailure(f"{path} is not there.")
            return path
        data = store.get(object_key(name))
        if data is None:
            raise TransientFailure(f"{self._uri}/{object_key(name)} is not there.")
        self._copy(name, data)
        return copy

    def _copy(self, name: str, data: bytes) -> None:
        self._copies.mkdir(parents=True, exist_ok=True)
        handle, temporary = mkstemp(dir=self._copies, prefix=".writing-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, self._copies / name)
        files = sorted(self._copies.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in files[: max(0, len(files) - MOST_FILES)]:
            old.unlink(missing_ok=True)  # a mapped file stays readable

    def _open(self) -> Store:
        if self._store is None:
            _, self._store = open_store(self._uri, ATTEMPTS)
        return self._store
