"""`trending lake prune`: delete what retention.py keeps no longer, and nothing that is still needed."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from trending_assets import retention
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.operations.state_folder import clear_state
from trending_assets.serving.pointer import Pointer, read_pointer, read_version, swap, versions
from trending_assets.serving.versions import prune as prune_served
from trending_assets.settings import get_settings
from trending_assets.store import Store

_PARTITION = re.compile(r"^(?P<table>[^/]+/[^/]+)/date=(?P<day>\d{4}-\d{2}-\d{2})/[^/]+$")
WORKERS = 16

Progress = Callable[[int, int], None]


@dataclass
class Found:
    """What may go, and what is too old and stays because something needs it: partitions by table."""

    newest: date | None = None
    gone: list[str] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)


def prune(lake: str, state: bool, dry_run: bool, progress: Progress) -> list[str]:
    """Do it, or only say it; gives the lines for a person. Raises PermanentFailure where a rule would break a window."""
    needed = retention.needed_days()
    check_rules(needed)
    opened = open_lake(lake)
    lines = _served(opened.store, dry_run)
    found = what_may_go(opened, _served_days(opened.store), needed)
    by_table = Counter(key.partition("/date=")[0] for key in found.gone)
    if not dry_run:
        _delete(opened.store, found.gone, progress)
    verb = "would be deleted" if dry_run else "deleted"
    lines += [f"  {table:<28} {count:,} objects {verb}" for table, count in sorted(by_table.items())]
    lines += [f"  {table:<28} {count:,} older objects stay: needed" for table, count in sorted(found.held.items())]
    if state:
        lines += clear_state(get_settings().state_dir, datetime.now(UTC), dry_run)
    what = f"counted from {found.newest}, the newest day" if found.newest else "it has no day"
    return [*lines, f"{len(found.gone):,} objects of {opened.uri} {verb} ({what})."]


def check_rules(needed: dict[str, int]) -> None:
    """Raise PermanentFailure where a table is kept for fewer days than something reads back."""
    short = {
        table: (kept, days)
        for table, days in needed.items()
        if (kept := retention.days_kept(table)) is not None and kept < days
    }
    if short:
        table, (kept, days) = min(short.items())
        raise PermanentFailure(
            f"retention.py keeps {kept} days of {table}, and {days} are read back ({len(short)} such tables). Nothing is deleted."
        )


def what_may_go(lake: Lake, served: Iterable[date], needed: dict[str, int]) -> Found:
    """Keys that a rule lets go and nothing needs. Ages count from the newest day of the lake."""
    keys = [(key, match["table"], date.fromisoformat(match["day"])) for key, match in _partitions(lake.store)]
    found = Found(newest=max((day for _, _, day in keys), default=None))
    cited = retention.cited_partitions(served)
    for key, table, day in keys:
        rule = retention.rule_of(key)
        if rule is None or rule.days is None or found.newest is None or (found.newest - day).days < rule.days:
            continue
        page = bool(rule.only)
        if not page and ((table, day) in cited or (found.newest - day).days < needed.get(table, 0)):
            found.held[table] += 1
        else:
            found.gone.append(key)
    return found


def _partitions(store: Store) -> Iterable[tuple[str, re.Match[str]]]:
    return ((key, match) for key in store.list("") if (match := _PARTITION.match(key)))


def _served(store: Store, dry_run: bool) -> list[str]:
    """Take days that are served no longer out of the pointer, and clear away what no version needs."""
    current = read_pointer(store)
    if current is None or current.newest is None:
        return []
    last = current.newest - timedelta(days=retention.SERVED_DAYS)
    old = sorted(day for day in current.days if day <= last)
    if dry_run:
        return [f"  {len(old):,} days would be served no longer (to {old[-1]})"] if old else []
    if old:
        swap(store, lambda now: replace(now, days={day: one for day, one in now.days.items() if day > last}))
    done = prune_served(store, retention.SERVED_VERSIONS)
    lines = [f"  {len(old):,} days are served no longer (to {old[-1]})"] if old else []
    return [*lines, f"  what is served: {done.versions:,} versions and {done.objects:,} objects deleted"]


def _served_days(store: Store) -> set[date]:
    """Days of what is served, and of every version that can be gone back to."""
    pointers: list[Pointer | None] = [read_pointer(store), *(read_version(store, one) for one in versions(store))]
    return {day for pointer in pointers if pointer is not None for day in pointer.days}


def _delete(store: Store, keys: list[str], progress: Progress) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, _ in enumerate(pool.map(store.delete, keys), 1):
            progress(done, len(keys))
