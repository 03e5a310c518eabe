"""The one small object that says what is served, `serving/current.json`, and the versions of it that once were.

    {"version": 12, "newest": "2026-11-20", "days": {"2026-11-20": {"snapshot": "<16 hex>", "sha256": "<of the bundle>"}},
     "history": {"2026-Q4": "<name of the quarter's object>"}}

What it names are immutable objects, `serving/objects/<name>.bundle`. It is changed by compare-and-swap alone, so that two
publishers at once lose nothing, and a reader that follows it never sees half of a publish. A pointer that was ever current
stays as `serving/versions/<n>.json`; going back is a new version with an old one's content. Imports no Polars.
"""

import hashlib
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import orjson

from trending_assets.conditional import PutIf, put_if_unchanged, read_marked
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.serving.container import sound
from trending_assets.store import Store

POINTER = "serving/current.json"
OBJECTS = "serving/objects"
VERSIONS = "serving/versions"
ATTEMPTS = 60


@dataclass(frozen=True)
class Published:
    """A published bundle: the snapshot that its answers carry and that names it, and the SHA-256 of its bytes."""

    snapshot: str
    sha256: str


@dataclass(frozen=True)
class Pointer:
    """The published days and the quarters of their history. Version 0 is the empty one before the first publish."""

    version: int = 0
    days: Mapping[date, Published] = field(default_factory=dict)
    history: Mapping[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> date | None:
        return max(self.days, default=None)

    @property
    def objects(self) -> set[str]:
        """Names of all objects that it names."""
        return {published.snapshot for published in self.days.values()} | set(self.history.values())

    def with_days(self, days: Mapping[date, Published], history: Mapping[str, str]) -> "Pointer":
        """A pointer in which these days and quarters are replaced or added."""
        return replace(self, days={**self.days, **days}, history={**self.history, **history})

    def to_bytes(self) -> bytes:
        """JSON, days and quarters ascending: equal pointers have equal bytes."""
        newest = self.newest
        value = {
            "version": self.version,
            "newest": newest.isoformat() if newest else None,
            "days": {
                day.isoformat(): {"snapshot": self.days[day].snapshot, "sha256": self.days[day].sha256}
                for day in sorted(self.days)
            },
            "history": {quarter: self.history[quarter] for quarter in sorted(self.history)},
        }
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Pointer":
        """Read a pointer back. Raises PermanentFailure where the bytes are no pointer."""
        try:
            value = orjson.loads(data)
            days = {date.fromisoformat(d): Published(e["snapshot"], e["sha256"]) for d, e in value["days"].items()}
            return cls(int(value["version"]), days, dict(value["history"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PermanentFailure(
                f"{POINTER} is no pointer ({error}), or one of an older release. Delete it, then materialize "
                "serving/bundle again, or bring a kept version back by `trending serving rollback`."
            ) from None


def object_key(name: str) -> str:
    """Where the object of that name lies in the lake."""
    return f"{OBJECTS}/{name}.bundle"


def version_key(version: int) -> str:
    """Where that version of the pointer is kept."""
    return f"{VERSIONS}/{version}.json"


def read_pointer(store: Store) -> Pointer | None:
    """The pointer; None before the first publish."""
    data = store.get(POINTER)
    return None if data is None else Pointer.from_bytes(data)


def read_version(store: Store, version: int) -> Pointer | None:
    """The pointer as it was at that version; None where it is not kept."""
    data = store.get(version_key(version))
    if data is not None:
        return Pointer.from_bytes(data)
    current = read_pointer(store)  # kept beside the current one only once the swap is over
    return current if current and current.version == version else None


def versions(store: Store) -> list[int]:
    """Versions of the pointer that are kept, ascending."""
    names = (key.removeprefix(f"{VERSIONS}/").removesuffix(".json") for key in store.list(VERSIONS))
    return sorted(int(name) for name in names if name.isdecimal())


def read_object(store: Store, name: str) -> bytes:
    """The object of that name, its bytes verified. Raises TransientFailure where it is not there or not whole."""
    data = store.get(object_key(name))
    if data is None:
        raise TransientFailure(f"{object_key(name)} is not there.")
    if not sound(data):
        raise TransientFailure(f"{object_key(name)} is not whole: its checksum is wrong.")
    return data


def swap(
    store: Store, change: Callable[[Pointer], Pointer], attempts: int = ATTEMPTS, put: PutIf = put_if_unchanged
) -> Pointer:
    """Replace the pointer by `change(pointer)` in one step and return the new one; its version is counted here.

    `change` runs again whenever another publisher was faster, on what that one wrote. A change that changes nothing writes
    nothing. Raises TransientFailure when the pointer could not be had after all attempts.
    """
    for attempt in range(attempts):
        data, mark = read_marked(store, POINTER)
        old = Pointer.from_bytes(data) if data is not None else Pointer(max(versions(store), default=0))
        new = replace(change(old), version=old.version)
        if new == old:
            return old
        new = replace(new, version=old.version + 1)
        if old.version:
            _keep(store, old)
        if put(store, POINTER, new.to_bytes(), data, mark) or _was_put(store, new):
            _keep(store, new)
            return new
        time.sleep(random.uniform(0, min(0.01 * 2**attempt, 0.5)))
    raise TransientFailure(f"{POINTER} was changed by others, or could not be written, {attempts} times in a row.")


def _keep(store: Store, pointer: Pointer) -> None:
    if store.get(version_key(pointer.version)) is None:
        store.put(version_key(pointer.version), pointer.to_bytes())


def _was_put(store: Store, pointer: Pointer) -> bool:
    """Whether a put whose answer was lost took place: the pointer is current, or a later publisher has kept it."""
    found = read_version(store, pointer.version)
    return found is not None and found.to_bytes() == pointer.to_bytes()


def name_of(quarter: bytes) -> str:
    """Name of the object that holds a quarter of the history: the first 32 hex digits of the SHA-256 of its bytes."""
    return hashlib.sha256(quarter).hexdigest()[:32]
