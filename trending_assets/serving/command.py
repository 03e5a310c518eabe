"""`trending serving …`: the versions of what is served."""

from trending_assets.failures import PermanentFailure
from trending_assets.serving.pointer import Pointer, read_pointer, read_version, versions
from trending_assets.serving.versions import Pruned
from trending_assets.serving.versions import prune as prune_store
from trending_assets.serving.versions import rollback as roll_back
from trending_assets.store import open_store


def listing(lake: str) -> list[str]:
    """One line a kept version, oldest first: its newest day, and which days it changed. * is served.

    Raises PermanentFailure where nothing is published.
    """
    root, store = open_store(lake)
    current = read_pointer(store)
    kept = versions(store)
    if current is None and not kept:
        raise PermanentFailure(f"Nothing is published in {root}. Materialize serving/bundle first.")
    lines, before = [], None
    for version in sorted({*kept, *([current.version] if current else [])}):
        pointer = read_version(store, version)
        if pointer is not None:
            served = current is not None and version == current.version
            lines.append(f"{'*' if served else ' '} {version:>5}  {pointer.newest}  {_changes(before, pointer)}")
            before = pointer
    return lines


def _changes(before: Pointer | None, pointer: Pointer) -> str:
    days = f"{len(pointer.days):,} day{'s' * (len(pointer.days) != 1)}"
    if before is None:
        return days
    both = before.days.keys() | pointer.days.keys()
    changed = sorted(day for day in both if before.days.get(day) != pointer.days.get(day))
    if not changed:
        return f"{days}, the history changed"
    return f"{days}, changed {changed[0]}" + (f" to {changed[-1]} ({len(changed)})" if len(changed) > 1 else "")


def rollback(lake: str, version: int) -> str:
    """Serve again what a version had. Raises PermanentFailure with a sentence."""
    _, store = open_store(lake)
    before = read_pointer(store)
    new = roll_back(store, version)
    if before is not None and new.version == before.version:
        return f"Version {new.version} serves what version {version} had already."
    return f"Version {new.version} is served, with what version {version} had: {_changes(before, new)}."


def prune(lake: str, keep: int) -> str:
    """Clear away what the last `keep` versions do not need. Raises PermanentFailure with a sentence."""
    _, store = open_store(lake)
    done: Pruned = prune_store(store, keep)
    return f"{done.versions:,} versions and {done.objects:,} objects are deleted."
