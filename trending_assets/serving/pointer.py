"""The one small object that says which bundle of each day is served: `serving/current.json`.

    {"newest": "2026-11-20", "days": {"2026-11-20": {"sha256": "<of the bundle object>", "snapshot": "<16 hex>"}}}

A bundle is an immutable object whose name is the SHA-256 of its bytes, `serving/objects/<sha256>.parquet`. The pointer is
changed by compare-and-swap, so that two publishers at once lose nothing, and a reader that follows the pointer never sees
half of a publish. The bytes depend on the published days alone.
"""

import hashlib
import io
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
import polars as pl

from trending_assets.contracts import TABLES, conform
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.lake import Lake
from trending_assets.store import LocalStore, S3Store, Store

POINTER = "serving/current.json"
LOCK_SECONDS = 30.0
ATTEMPTS = 60


@dataclass(frozen=True)
class Published:
    """A published bundle: SHA-256 of its object and the short hash that its bodies carry."""

    sha256: str
    snapshot: str


@dataclass(frozen=True)
class Pointer:
    """The published days. Empty before the first publish."""

    days: Mapping[date, Published] = field(default_factory=dict)

    @property
    def newest(self) -> date | None:
        return max(self.days, default=None)

    def with_days(self, days: Mapping[date, Published]) -> "Pointer":
        """A pointer in which these days are replaced or added."""
        return Pointer({**self.days, **days})

    def to_bytes(self) -> bytes:
        """JSON, days ascending: equal pointers have equal bytes."""
        newest = self.newest
        value = {
            "newest": newest.isoformat() if newest else None,
            "days": {
                day.isoformat(): {"sha256": self.days[day].sha256, "snapshot": self.days[day].snapshot}
                for day in sorted(self.days)
            },
        }
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Pointer":
        """Read a pointer back. Raises PermanentFailure where the bytes are no pointer."""
        try:
            days = orjson.loads(data)["days"]
            return cls({date.fromisoformat(d): Published(e["sha256"], e["snapshot"]) for d, e in days.items()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PermanentFailure(
                f"{POINTER} is no pointer ({error}). Delete it and materialize serving/bundle again."
            ) from None


def read_pointer(lake: Lake) -> Pointer | None:
    """The pointer of the lake; None before the first publish."""
    data = lake.store.get(POINTER)
    return None if data is None else Pointer.from_bytes(data)


def object_key(sha256: str) -> str:
    """Where the bundle of that hash lies in the lake."""
    return f"serving/objects/{sha256}.parquet"


def write_object(lake: Lake, frame: pl.DataFrame) -> str:
    """Store a bundle under the SHA-256 of its bytes and return that. A bundle that is there already is left alone."""
    buffer = io.BytesIO()
    conform(frame, TABLES["serving/bundle"]).write_parquet(buffer, compression="zstd", statistics=False)
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    if lake.store.get(object_key(sha256)) != data:
        lake.store.put(object_key(sha256), data)
    return sha256


def read_object(lake: Lake, sha256: str) -> pl.DataFrame:
    """The bundle of that hash. Raises TransientFailure where it is not there or its bytes are not what the name says."""
    data = lake.store.get(object_key(sha256))
    if data is None:
        raise TransientFailure(f"{lake.uri}/{object_key(sha256)} is not there.")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise TransientFailure(f"{lake.uri}/{object_key(sha256)} does not have the bytes that its name says.")
    return pl.read_parquet(io.BytesIO(data))


def swap(lake: Lake, change: Callable[[Pointer], Pointer], attempts: int = ATTEMPTS) -> Pointer:
    """Replace the pointer by `change(pointer)` in one step and return the new one.

    `change` runs again whenever another publisher was faster, on what that one wrote. Raises TransientFailure when the
    pointer could not be had after all attempts.
    """
    for attempt in range(attempts):
        if (done := _try_swap(lake.store, change)) is not None:
            return done
        time.sleep(random.uniform(0, min(0.01 * 2**attempt, 0.5)))
    raise TransientFailure(f"{lake.uri}/{POINTER} was changed by others {attempts} times in a row.")


def _try_swap(store: Store, change: Callable[[Pointer], Pointer]) -> Pointer | None:
    if isinstance(store, S3Store):
        return _swap_s3(store, change)
    if isinstance(store, LocalStore):
        return _swap_local(store, change)
    raise PermanentFailure(f"{type(store).__name__} has no way to replace the pointer in one step.")


def _swap_local(store: LocalStore, change: Callable[[Pointer], Pointer]) -> Pointer | None:
    from filelock import FileLock, Timeout

    place = store.root / POINTER
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place.with_name(".current.json.lock"), timeout=LOCK_SECONDS):
            old = store.get(POINTER)
            new = change(Pointer.from_bytes(old) if old is not None else Pointer())
            if new.to_bytes() != old:
                store.put(POINTER, new.to_bytes())
            return new
    except Timeout:
        return None


def _swap_s3(store: S3Store, change: Callable[[Pointer], Pointer]) -> Pointer | None:
    from botocore.exceptions import ClientError

    place = {"Bucket": store.bucket, "Key": f"{store.prefix}/{POINTER}" if store.prefix else POINTER}
    only_if: dict[str, Any]
    try:
        found = store.client.get_object(**place)
        old, only_if = found["Body"].read(), {"IfMatch": found["ETag"]}
    except store.client.exceptions.NoSuchKey:
        old, only_if = None, {"IfNoneMatch": "*"}
    new = change(Pointer.from_bytes(old) if old is not None else Pointer())
    data = new.to_bytes()
    if data == old:  # also the end of a put whose answer was lost and that was repeated
        return new
    try:
        store.client.put_object(**place, Body=data, **only_if)
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in (404, 409, 412):
            return None
        raise
    return new
