"""Putting a day's objects into the store and naming them by the pointer: objects first, the pointer last, once for all days.

Imports no Polars.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trending_assets.conditional import PutIf, put_if_unchanged
from trending_assets.failures import TransientFailure
from trending_assets.serving.container import Container, sound
from trending_assets.serving.history import Cells, Quarter, quarter_of, write_quarter
from trending_assets.serving.pointer import (
    OBJECTS,
    Pointer,
    Published,
    name_of,
    object_key,
    read_object,
    read_pointer,
    swap,
)
from trending_assets.store import Store


@dataclass(frozen=True)
class Stored:
    """A day whose bundle is in the store already, and its cells of the history."""

    published: Published
    cells: Cells


def put_object(store: Store, name: str, data: bytes) -> bytes:
    """Store an object under a name, and give the bytes that lie there now.

    Bytes that are there and sound stay as they are: the name stands for the content, and other versions of the pointer may
    name them. They are put anew only where the pointer does not name them: `prune` deletes what is old and not named.
    """
    there = store.get(object_key(name))
    if there is None or not sound(there):
        store.put(object_key(name), data)
        return data
    pointer = read_pointer(store)
    if pointer is None or name not in pointer.objects:
        store.put(object_key(name), there)
    return there


def put_bundle(store: Store, snapshot: str, data: bytes, cells: Cells) -> tuple[Stored, Container]:
    """Store a day's bundle under its snapshot; nobody sees it before `release`. Also gives what lies there now."""
    there = put_object(store, snapshot, data)
    return Stored(Published(snapshot, hashlib.sha256(there).hexdigest()), cells), Container(there)


def release(store: Store, days: Mapping[date, Stored], put: PutIf = put_if_unchanged) -> Pointer:
    """Let the pointer name these days and the quarters of the history with their cells in them; return the new pointer.

    The quarters are rewritten from those that the pointer of the same attempt names: a publisher that was faster keeps its
    cells. Raises TransientFailure where an object was taken away meanwhile.
    """

    def change(old: Pointer) -> Pointer:
        quarters = _by_quarter(days)
        history = {
            quarter: _put_quarter(store, old.history.get(quarter), changed) for quarter, changed in quarters.items()
        }
        new = old.with_days({day: stored.published for day, stored in days.items()}, history)
        need_objects(store, new.objects - old.objects)
        return new

    return swap(store, change, put=put)


def need_objects(store: Store, names: set[str]) -> None:
    """Raise TransientFailure where one of the objects is not there."""
    missing = names and names - {key.removeprefix(f"{OBJECTS}/").removesuffix(".bundle") for key in store.list(OBJECTS)}
    if missing:
        raise TransientFailure(f"{object_key(min(missing))} was deleted before it was published. Publish again.")


def _by_quarter(days: Mapping[date, Stored]) -> dict[str, dict[date, Cells]]:
    found: dict[str, dict[date, Cells]] = {}
    for day, stored in sorted(days.items()):
        found.setdefault(quarter_of(day), {})[day] = stored.cells
    return found


def _put_quarter(store: Store, old: str | None, changed: Mapping[date, Cells]) -> str:
    before = Quarter(Container(read_object(store, old))) if old else None
    data = write_quarter(before, changed)
    name = name_of(data)
    if name != old:
        put_object(store, name, data)
    return name
