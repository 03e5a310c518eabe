"""Bringing a lake back to what it was at a moment, from the versions that its bucket keeps.

Only new versions and deletion marks are written, so a restore can itself be taken back by another one. What is there
already is left alone: a restore that was cut short is finished by the same command, and a second one changes nothing.

Objects come first, then what names them, then deletions. What the API serves is brought back as `trending serving rollback`
does it: objects that the pointer of then names are brought back, the pointer becomes a new version with the content of
then, and nothing in `serving/` is taken away. The API sees the old state or the new one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.operations.object_versions import (
    Version,
    as_of,
    bring_back,
    kept_since,
    object_versions,
    read_bytes,
    same_bytes,
)
from trending_assets.serving.pointer import OBJECTS, POINTER, VERSIONS, Pointer, object_key
from trending_assets.serving.versions import serve_again
from trending_assets.store import S3Store

REGISTRY = "genre/registry.json"
"""Names the models of the lake, so it follows them."""
WORKERS = 16
_DAY = re.compile(r"^(?P<table>[^/]+/[^/]+)/date=(?P<day>\d{4}-\d{2}-\d{2})/data\.parquet$")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Change:
    """What a restore does to one object: `replaced`, `back` (it was deleted since) or `gone` (it was not there yet)."""

    key: str
    kind: str
    version: Version | None = None

    @property
    def partition(self) -> tuple[str, str] | None:
        """Table and day of a daily partition; ("group/table", "") of a whole table; None for another object."""
        if match := _DAY.match(self.key):
            return match["table"], match["day"]
        return (self.key.removesuffix("/data.parquet"), "") if self.key.endswith("/data.parquet") else None


@dataclass
class Plan:
    """What a restore does: `changes` to objects, `served` objects to bring back, and the pointer of then."""

    moment: datetime
    changes: list[Change] = field(default_factory=list)
    served: list[Version] = field(default_factory=list)
    pointer: Pointer | None = None
    pointer_changes: bool = False
    same: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Objects to write."""
        return len(self.changes) + len(self.served) + self.pointer_changes

    def lines(self, done: bool) -> list[str]:
        """The plan, or what was done, for a person."""
        kinds = Counter(change.kind for change in self.changes)
        by_table: dict[str, Counter[str]] = {}
        for change in self.changes:
            name = change.partition[0] if change.partition else change.key
            by_table.setdefault(name, Counter())[change.kind] += 1
        lines = [
            f"  {name:<28} "
            + ", ".join(f"{counts[kind]:,} {_WORDS[kind]}" for kind in ("replaced", "back", "gone") if counts[kind])
            for name, counts in sorted(by_table.items())
        ]
        if self.pointer_changes and self.pointer is not None:
            lines.append(f"  what is served: {len(self.pointer.days):,} days, the newest {self.pointer.newest}")
        lines += [f"  {note}" for note in self.notes]
        verb = "is now" if done else "would be"
        if not self.steps:
            return [
                *lines,
                f"Nothing to do: all {self.same:,} objects are as they were at {self.moment:%Y-%m-%d %H:%M:%S} UTC.",
            ]
        return [
            *lines,
            f"The lake {verb} as it was at {self.moment:%Y-%m-%d %H:%M:%S} UTC: {kinds['replaced']:,} objects replaced, "
            f"{kinds['back']:,} brought back, {kinds['gone']:,} taken away, {self.same:,} were so already. "
            "No version is lost.",
        ]


_WORDS = {"replaced": "replaced", "back": "brought back", "gone": "taken away (not there yet)"}


def plan(store: S3Store, moment: datetime, prefix: str = "", now: datetime | None = None) -> Plan:
    """What has to change for the objects under a prefix to be as they were at a moment.

    Raises PermanentFailure where the moment is not over, versions of then may be gone already, nothing was there then, or an
    object that was served then is gone for good.
    """
    _check(store, moment, now or datetime.now(UTC))
    found, at_pointer, seen = Plan(moment), None, 0
    for versions in object_versions(store, prefix):
        key, current, wanted = versions[0].key, versions[0], as_of(versions, moment)
        if key == POINTER:
            at_pointer = wanted
        elif key.startswith((f"{OBJECTS}/", f"{VERSIONS}/")):
            continue
        elif wanted is None:
            if not current.deletion:
                found.changes.append(Change(key, "gone"))
            continue
        elif same_bytes(store, current, wanted):
            found.same += 1
        else:
            found.changes.append(Change(key, "back" if current.deletion else "replaced", wanted))
        seen += wanted is not None
    if POINTER.startswith(prefix):
        _plan_served(store, found, at_pointer)
    if not seen:
        raise PermanentFailure(
            f"Nothing under {prefix or 'the lake'} was there at {moment:%Y-%m-%d %H:%M:%S} UTC. `trending lake versions` shows "
            "what was there when."
        )
    return found


def _check(store: S3Store, moment: datetime, now: datetime) -> None:
    if moment > now:
        raise PermanentFailure(f"--to {moment:%Y-%m-%d %H:%M:%S} UTC is not over yet.")
    since = kept_since(store, now)
    if since is not None and moment < since:
        raise PermanentFailure(
            f"The bucket {store.bucket} has every version since {since:%Y-%m-%d %H:%M} UTC only: its lifecycle takes older ones "
            f"away. What was there at {moment:%Y-%m-%d %H:%M} UTC cannot be told."
        )


def _plan_served(store: S3Store, found: Plan, version: Version | None) -> None:
    if version is None:
        found.notes.append("Nothing was published then: what is served stays.")
        return
    found.pointer = Pointer.from_bytes(read_bytes(store, version))
    current = store.get(POINTER)
    served = Pointer.from_bytes(current) if current is not None else Pointer()
    found.pointer_changes = (served.days, served.history) != (found.pointer.days, found.pointer.history)
    found.same += not found.pointer_changes
    there = set(store.list(OBJECTS))
    missing = {object_key(name) for name in found.pointer.objects} - there
    latest: dict[str, Version] = {}
    if missing:
        for versions in object_versions(store, f"{OBJECTS}/"):
            whole = next((one for one in versions if not one.deletion), None)  # content by name: any version will do
            if versions[0].key in missing and whole is not None:
                latest[versions[0].key] = whole
    if lost := sorted(missing - latest.keys()):
        raise PermanentFailure(
            f"{lost[0]}, which was served then, is gone for good ({len(lost):,} such objects). Restore the tables by --prefix, "
            "then materialize serving/bundle."
        )
    found.served = [latest[key] for key in sorted(missing)]


def carry_out(store: S3Store, found: Plan, progress: Progress) -> None:
    """Write what the plan says. Raises PermanentFailure with a sentence; the same command goes on where it ended."""
    total, done = found.steps, 0
    ordered = sorted(found.changes, key=lambda change: change.key)
    first = [change.version for change in ordered if change.version is not None and change.key != REGISTRY]
    then = [change.version for change in ordered if change.version is not None and change.key == REGISTRY]
    gone = [change.key for change in ordered if change.version is None]
    with ThreadPoolExecutor(WORKERS) as pool:

        def each(step: Callable[..., None], things: Iterable[Version | str]) -> None:
            nonlocal done
            for _ in pool.map(step, things):
                done += 1
                progress(done, total)

        each(lambda version: bring_back(store, version), [*found.served, *first])
        each(lambda version: bring_back(store, version), then)
        if found.pointer is not None and found.pointer_changes:
            try:
                serve_again(store, found.pointer)
            except TransientFailure as error:
                raise PermanentFailure(f"What was served then cannot come back: {error} Run the same again.") from None
            done += 1
            progress(done, total)
        each(store.delete, gone)


def report(found: Plan) -> str:
    """The partitions that change, as CSV: table, date (empty for a whole table), change."""
    rows = [(*change.partition, change.kind) for change in found.changes if change.partition]
    return "\n".join(["table,date,change", *(",".join(row) for row in sorted(rows))]) + "\n"
