"""What TMDb knew of a title on a day: the dated list snapshots over the world's catalogue, and what they say was changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sandbox.genres import genre_id, genre_name
from sandbox.world import Row, TitleKey, World

CHANGE_KEYS = {
    # list fact: TMDb's change key, for films and TV
    "title": ("title", "name"),
    "release_date": ("release_dates", "air_date"),
    "genre_ids": ("genres", "genres"),
    "original_language": ("original_language", "original_language"),
}
"""Facts whose change counts; votes and popularity are no changes in TMDb's sense."""


def _dated(world: World) -> dict[TitleKey, tuple[list[date], list[Row]]]:
    """Days and rows of every title on the lists, ascending; of several lists of a day the first by name speaks."""
    known: dict[TitleKey, tuple[list[date], list[Row]]] | None = world.caches.get("dated")
    if known is None:
        known = {}
        by_day: dict[tuple[TitleKey, date], Row] = {}
        for (media, _), days in sorted(world.lists.items()):
            for day, rows in days.items():
                for row in rows:
                    by_day.setdefault(((media, row["tmdb_id"]), day), row)
        for (key, day), row in sorted(by_day.items(), key=lambda entry: entry[0]):
            days_of, rows_of = known.setdefault(key, ([], []))
            days_of.append(day)
            rows_of.append(row)
        world.caches["dated"] = known
    return known


def as_of(world: World, row: Row, day: date) -> Row:
    """A row of titles.parquet with the facts that the newest snapshot of the day or before has of it."""
    days, rows = _dated(world).get((row["media_type"], row["tmdb_id"]), ([], []))
    at = bisect_right(days, day)
    if not at:
        return row
    seen = rows[at - 1]
    facts: dict[str, Any] = {
        name: seen[name]
        for name in ("title", "release_date", "original_language", "vote_average", "vote_count")
        if seen[name] not in (None, "")
    }
    names = [genre_name(row["media_type"], number) for number in seen["genre_ids"] or []]
    if names and all(names):
        facts["genres"] = names
    return {**row, **facts}


def genre_ids(row: Row) -> list[int]:
    """Genre ids of a list row or a catalogue row."""
    ids = row.get("genre_ids")
    return list(ids) if ids is not None else [genre_id(name) for name in row.get("genres") or []]


def changes_of(world: World, key: TitleKey) -> Iterator[tuple[date, str, Any, Any]]:
    """Changes of a title: day, TMDb's change key, old and new value."""
    days, rows = _dated(world).get(key, ([], []))
    for at in range(1, len(days)):
        for fact, names in CHANGE_KEYS.items():
            old, new = rows[at - 1][fact], rows[at][fact]
            if (old or None) != (new or None):
                yield days[at], names[key[0] == "tv"], old, new


def _changed(world: World) -> dict[date, set[TitleKey]]:
    known: dict[date, set[TitleKey]] | None = world.caches.get("changed")
    if known is None:
        known = {}
        for key in _dated(world):
            for day, *_ in changes_of(world, key):
                known.setdefault(day, set()).add(key)
        for day, keys in world.changes.items():
            known.setdefault(day, set()).update(keys)
        world.caches["changed"] = known
    return known


def changed_ids(world: World, media: str, first: date, last: date) -> list[int]:
    """Ids of a medium that were changed from `first` to `last`, both included, ascending."""
    changed = _changed(world)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sorted({tmdb_id for day in days for kind, tmdb_id in changed.get(day, ()) if kind == media})


def popularity(world: World, row: Row, day: date) -> float:
    """Popularity as the newest list snapshot of that day or before says; else the catalogue's."""
    table = world.caches.get("popularity")
    if table is None:
        table = world.caches["popularity"] = {}
        for (media, _), days in world.lists.items():
            for snapshot, rows in days.items():
                at = table.setdefault(snapshot, {})
                for entry in rows:
                    at[(media, entry["tmdb_id"])] = entry["popularity"]
    at = bisect_right(world.list_days, day)
    known = table[world.list_days[at - 1]] if at else {}
    value = known.get((row["media_type"], row["tmdb_id"]))
    return float(value if value is not None else row["popularity"] or 0.0)
