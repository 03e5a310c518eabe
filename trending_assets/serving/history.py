"""The history of every title: a title x day matrix, a file a quarter, whose cells are ready JSON.

A file is a container (container.py) with the quarter in its header, its published days (ascending) there too, and an entry a
title: u32 offsets, one more than there are days, and then the cells, day by day: a JSON array (COLUMNS) and a comma, or nothing
where the title is not ranked. So a title's rows of any span of days are one slice, and publishing a day rewrites one quarter.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date

from trending_assets.serving.container import Container, Entry, key_of, pack

COLUMNS = ("date", "rank", "score", "level", "lift", "mentions", "authors", "sites")
DECIMALS = 4
"""Of score, level and lift: a year of a title stays a few packets long."""
Cells = Mapping[str, bytes]
"""Title id to its values on one day, a JSON array in the order of COLUMNS."""


def quarter_of(day: date) -> str:
    """The quarter of a day, such as 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


class Quarter:
    """A quarter's file, mapped or in memory."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self.days = [date.fromisoformat(day) for day in container.header["days"]]
        self._start = 4 * (len(self.days) + 1)  # where the cells begin, after their offsets

    def whole(self, key: int, title_id: bytes) -> tuple[memoryview, bytes] | None:
        """A title's cells of the quarter, each with its comma, and the etag of them all. None: the quarter does not name it.

        `key` is `key_of(title_id)`.
        """
        found = self._container.body(key, title_id)
        return None if found is None else (found[0][self._start :], found[1])

    def span(self, key: int, title_id: bytes, first: date, last: date) -> tuple[memoryview, bytes] | None:
        """The same from `first` to `last`, both included; the etag is that of the whole quarter."""
        found = self._container.body(key, title_id)
        if found is None:
            return None
        body, mark = found
        offsets, start = body[: self._start].cast("I"), self._start
        low, high = bisect_left(self.days, first), bisect_right(self.days, last)
        return body[start + offsets[low] : start + offsets[high]], mark

    def cells(self, day: date) -> dict[str, bytes]:
        """All cells of a day, without commas."""
        names = ((title, title.encode()) for title in self._container.names())
        spans = ((title, self.span(key_of(name), name, day, day)) for title, name in names)
        return {title: bytes(span[0][:-1]) for title, span in spans if span and span[0]}


def write_quarter(old: Quarter | None, changed: Mapping[date, Cells]) -> bytes:
    """A quarter's file: the old one's days, of which those in `changed` are replaced or added. Equal cells give equal bytes."""
    kept = {day: old.cells(day) for day in old.days if day not in changed} if old else {}
    by_day: dict[date, Cells] = {**kept, **changed}
    days, titles = sorted(by_day), sorted({title for cells in by_day.values() for title in cells})
    entries = []
    for title in titles:
        offsets, cells = array("I", [0]), bytearray()
        for day in days:
            if (cell := by_day[day].get(title)) is not None:
                cells += cell + b","
            offsets.append(len(cells))
        entries.append(Entry(title, offsets.tobytes() + bytes(cells), effort=0))
    return pack({"kind": "history", "quarter": quarter_of(days[0]), "days": [day.isoformat() for day in days]}, entries)
