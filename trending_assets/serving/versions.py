"""Going back to a version of the pointer, and clearing away what no version needs any more. Imports no Polars."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from trending_assets.conditional import PutIf, put_if_unchanged
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.serving.pointer import (
    OBJECTS,
    POINTER,
    Pointer,
    object_key,
    read_object,
    read_pointer,
    read_version,
    swap,
    version_key,
    versions,
)
from trending_assets.serving.release import put_object
from trending_assets.store import LocalStore, S3Store, Store

KEPT = 30
"""Versions that stay when nobody says how many."""
YOUNG = timedelta(hours=1)
"""Nothing younger is deleted: a publisher puts its objects first, and names them at the end."""


def rollback(store: Store, version: int, put: PutIf = put_if_unchanged) -> Pointer:
    """Publish what a version had, as a new version, and return that. Where it is what is served already, nothing changes.

    Raises PermanentFailure where the version is not kept, or an object of it is not there.
    """
    wanted = read_version(store, version)
    if wanted is None:
        raise PermanentFailure(f"Version {version} of {POINTER} is not kept. `trending serving list` shows what is.")
    try:
        return serve_again(store, wanted, put)
    except TransientFailure as error:
        raise PermanentFailure(f"Version {version} cannot come back: {error}") from None


def serve_again(store: Store, wanted: Pointer, put: PutIf = put_if_unchanged) -> Pointer:
    """Publish what a pointer names, as a new version, and return that. Where it is what is served already, nothing changes.

    Raises TransientFailure where an object of it is not there.
    """

    def change(old: Pointer) -> Pointer:
        for name in sorted(wanted.objects - old.objects):
            put_object(store, name, read_object(store, name))  # young again: `prune` leaves it alone
        return replace(old, days=wanted.days, history=wanted.history)

    return swap(store, change, put=put)


@dataclass(frozen=True)
class Pruned:
    """What was deleted."""

    versions: int
    objects: int


def prune(store: Store, keep: int = KEPT, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Pruned:
    """Keep the last `keep` versions and what they name; delete older versions, and other objects older than an hour.

    Raises PermanentFailure where nothing is published, or `keep` is below 1.
    """
    if keep < 1:
        raise PermanentFailure(f"--keep {keep} would leave nothing to serve; keep 1 version or more.")
    current = read_pointer(store)
    if current is None:
        raise PermanentFailure(f"There is no {POINTER}: nothing is published, so nothing is deleted.")
    there = versions(store)
    kept = sorted({*there, current.version})[-keep:]
    named = set(current.objects)
    for version in kept:
        pointer = read_version(store, version)
        named |= pointer.objects if pointer else set()
    gone = [version for version in there if version not in kept]
    for version in gone:  # before their objects: a version that is there names nothing that is not
        store.delete(version_key(version))
    young, keys = now() - YOUNG, {object_key(name) for name in named}
    deleted = 0
    for key in store.list(OBJECTS):
        if key not in keys and _older(store, key, young):
            store.delete(key)
            deleted += 1
    return Pruned(len(gone), deleted)


def _older(store: Store, key: str, than: datetime) -> bool:
    """Whether an object was put before a moment. It is looked at alone, right before it is deleted."""
    changed = _changed(store, key)
    return changed is not None and changed < than


def _changed(store: Store, key: str) -> datetime | None:
    if isinstance(store, S3Store):
        from botocore.exceptions import ClientError

        place = {"Bucket": store.bucket, "Key": f"{store.prefix}/{key}" if store.prefix else key}
        try:
            changed: Any = store.client.head_object(**place)["LastModified"]
        except ClientError:
            return None
        return datetime.fromtimestamp(changed.timestamp(), UTC)
    if isinstance(store, LocalStore):
        try:
            return datetime.fromtimestamp((store.root / key).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
    raise PermanentFailure(f"{type(store).__name__} does not say how old its objects are.")
