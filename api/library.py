"""The published objects of a lake as mapped files: where they lie (a folder), or where they were copied to (S3)."""

import hashlib
import os
from pathlib import Path

from api.copies import put_copy
from trending_assets.failures import TransientFailure
from trending_assets.serving.container import Container, whole
from trending_assets.serving.pointer import POINTER, object_key, version_key
from trending_assets.store import LocalStore, Store, open_store

ATTEMPTS = 2
"""At S3: somebody waits for the answer, and the pointer is looked at again soon anyway."""
MOST_FILES = 400
"""Copies of an S3 lake's objects that stay on this machine: a year of days and their quarters."""
LAST = "current.json"


class Library:
    """Objects by name. Nothing is listed: every name comes from the pointer, or from who asks for a snapshot."""

    def __init__(self, uri: str, copies: Path) -> None:
        """`copies` is the folder under which an S3 lake's objects and its last pointer are kept."""
        self._uri = uri
        self._copies = copies / hashlib.sha256(uri.encode()).hexdigest()[:16]
        self._store: Store | None = None
        self._checked: set[str] = set()
        self._last: bytes | None = None

    def pointer(self) -> bytes | None:
        """The pointer as it stands in the lake. Raises whatever the storage says."""
        store = self._open()
        data = store.get(POINTER)
        if data is not None and data != self._last and not isinstance(store, LocalStore):
            put_copy(self._copies.with_suffix(".pointer"), LAST, data, MOST_FILES)
            self._last = data
        return data

    def version(self, number: int) -> bytes | None:
        """The pointer as it was at that version, None where it is not kept. Raises whatever the storage says."""
        return self._open().get(version_key(number))

    def last_pointer(self) -> bytes | None:
        """The pointer that was read last from an S3 lake, by this process or one before it."""
        try:
            return (self._copies.with_suffix(".pointer") / LAST).read_bytes()
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
        put_copy(self._copies, name, data, MOST_FILES)
        return copy

    def _open(self) -> Store:
        if self._store is None:
            _, self._store = open_store(self._uri, ATTEMPTS)
        return self._store
