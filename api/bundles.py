"""What is served: the newest bundle, other days and quarters beside it, and the pointer watched for news."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from api.access_log import tell
from api.library import Library
from api.problems import ProblemError
from api.reply import Answer, AnyAnswer
from trending_assets.failures import TransientFailure, TrendingError
from trending_assets.serving.container import Container
from trending_assets.serving.history import Quarter, quarter_of
from trending_assets.serving.pointer import Pointer

OTHER_DAYS = 32
HISTORY_DAYS = 365
"""Days of a history whose beginning is not asked for."""
KEPT_ANSWERS = 8192
KEPT_BYTES = 8 * 2**20


class Bundle:
    """The answers of one day."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.day = date.fromisoformat(container.header["date"])
        self.snapshot: str = container.header["snapshot"]
        self.name = self.snapshot.encode()
        self._searching = threading.Lock()

    def internal(self, name: str) -> memoryview:
        """A part that answers are composed from. Raises KeyError where the bundle lacks it."""
        found = self.container.find(name)
        if found is None:
            raise KeyError(f"{name} of {self.snapshot}")
        return found.body

    @cached_property
    def facets(self) -> dict[str, Any]:
        """Row numbers by genre, tag and platform, and columns of the ranking, in rank order."""
        parsed: dict[str, Any] = orjson.loads(self.internal("facets"))
        return parsed

    def rows(self, numbers: list[int]) -> list[memoryview]:
        """The JSON objects of ranked titles, by row number."""
        rows, offsets = self.internal("rows"), self.internal("rows.offsets").cast("Q")
        return [rows[offsets[n] : offsets[n + 1]] for n in numbers]

    def search(self, match: str) -> list[int]:
        """Row numbers of the titles that an FTS5 expression finds, best first."""
        with self._searching:
            found = self._index.execute(
                "SELECT row FROM search WHERE search MATCH ? ORDER BY bm25(search, 8, 4, 1), row", (match,)
            )
            return [int(row) for (row,) in found]

    @cached_property
    def _index(self) -> sqlite3.Connection:
        index = sqlite3.connect(":memory:", check_same_thread=False)
        index.deserialize(bytes(self.internal("search")))
        return index


class Kept:
    """Answers to requests of one state of the data, oldest out first."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, bytes], AnyAnswer] = {}
        self._bytes = 0
        self.get = self._answers.get

    def put(self, key: tuple[str, bytes], answer: AnyAnswer) -> None:
        size = _size(answer)
        if size > KEPT_BYTES // 8:
            return
        if (old := self._answers.pop(key, None)) is not None:
            self._bytes -= _size(old)
        while self._answers and (len(self._answers) >= KEPT_ANSWERS or self._bytes + size > KEPT_BYTES):
            self._bytes -= _size(self._answers.pop(next(iter(self._answers))))
        self._answers[key] = answer
        self._bytes += size


def _size(answer: AnyAnswer) -> int:
    """Bytes of ours: a mapped body takes none."""
    return len(answer.body) if isinstance(answer, Answer) else 0


class Plan(NamedTuple):
    """How the history of any title over one span of days begins, and what finds its cells, a quarter each."""

    head: bytes
    finds: Sequence[Callable[[int, bytes], tuple[memoryview, bytes] | None]]


@dataclass(frozen=True)
class State:
    """What is served now: replaced as a whole. `days` and `quarters` are those at hand, and only grow."""

    pointer: Pointer
    newest: Bundle
    days: dict[date, Bundle]
    quarters: dict[str, Quarter]
    kept: Kept = field(default_factory=Kept)
    plans: dict[tuple[date, date | None], Plan] = field(default_factory=dict)
    stale: bool = False


class Bundles:
    """Bundles of a lake. Threads may share one; whatever reads storage is meant for a worker thread."""

    def __init__(self, lake_uri: str, copies: Path) -> None:
        """`copies` is a folder for the objects of an S3 lake."""
        self.draining = False  # set when the server was told to stop: it is not ready any more, but answers
        self._library = Library(lake_uri, copies)
        self._state: State | None = None
        self._raw: bytes | None = None
        self._snapshots: OrderedDict[str, Bundle] = OrderedDict()
        self._guard = threading.Lock()
        self._trouble: str | None = None

    @property
    def state(self) -> State | None:
        return self._state

    @property
    def stale(self) -> bool:
        """Whether the storage could not be read when it was last asked."""
        return self._state is not None and self._state.stale

    def need(self) -> State:
        """The state. Raises ProblemError 503 before the first bundle."""
        if self._state is None:
            raise ProblemError(503, "No bundle is published yet. Materialize serving/bundle, then ask again.")
        return self._state

    def refresh(self) -> None:
        """Look at the pointer and follow it. Never raises: what goes wrong leaves the last state, marked stale."""
        try:
            self._follow(self._library.pointer())
            trouble = None
        except Exception as error:  # whatever the storage says, the last bundle goes on being served
            trouble = str(error) if isinstance(error, TrendingError) else f"{type(error).__name__}: {error}"
            self._go_on_without()
        if trouble != self._trouble:
            self._trouble = trouble
            tell("bundles stale" if trouble else "bundles fresh", "warning", reason=trouble)

    def _follow(self, raw: bytes | None) -> None:
        if raw is None:
            raise TransientFailure("nothing is published")
        state = self._state
        if state is not None and raw == self._raw:
            if state.stale:
                self._state = replace(state, stale=False, kept=Kept())
            return
        pointer = Pointer.from_bytes(raw)
        if pointer.newest is None:
            raise TransientFailure("nothing is published")
        if state is not None and pointer == state.pointer:
            self._raw, self._state = raw, replace(state, stale=False, kept=Kept())
            return
        if state is not None and pointer.version <= state.pointer.version:
            raise TransientFailure(
                f"the pointer went from version {state.pointer.version} to {pointer.version}: if the lake was made anew, "
                "restart the API"
            )
        newest = self._snapshot(pointer.days[pointer.newest].snapshot)
        days, quarters = {pointer.newest: newest}, {}
        if state is not None:
            same = (day for day in state.days if pointer.days.get(day) == state.pointer.days.get(day))
            days |= {day: state.days[day] for day in list(same)}
            quarters = {
                m: f for m, f in list(state.quarters.items()) if pointer.history.get(m) == state.pointer.history.get(m)
            }
            _warm(self._library, pointer, quarters)
        self._raw, self._state = raw, State(pointer, newest, days, quarters)

    def start(self) -> None:
        """Serve what was served last, stale, where this machine has it; otherwise look at the pointer. Never raises."""
        try:
            if (raw := self._library.last_pointer()) is not None:
                self._follow(raw)
                self._go_on_without()
                self._raw = None  # so that the first look tells whether it still holds
        except Exception:
            self._state = None
        if self._state is None:
            self.refresh()

    def _go_on_without(self) -> None:
        if self._state is not None and not self._state.stale:
            self._state = replace(self._state, stale=True, kept=Kept())  # pages say so, too

    def warm(self) -> None:
        """Map the quarters of the last year, so that histories need no worker thread. Never raises."""
        state = self._state
        try:
            if state is not None:
                _warm(self._library, state.pointer, state.quarters)
        except Exception as error:
            tell("history not mapped", "warning", reason=f"{type(error).__name__}: {error}")

    def day(self, state: State, day: date | None) -> Bundle:
        """The bundle of a day, the newest for None. Raises ProblemError: 404 for an unknown day, 503 for an unreadable one."""
        if day is None:
            return state.newest
        at_hand = state.days.get(day)
        if at_hand is not None:
            return at_hand
        published = state.pointer.days.get(day)
        if published is None:
            raise ProblemError(404, f"{day} is not published. The newest day is {state.newest.day}.")
        try:
            found = self._snapshot(published.snapshot)
        except Exception as error:
            tell("bundle not read", "warning", day=day, reason=f"{type(error).__name__}: {error}")
            raise ProblemError(503, f"The bundle of {day} cannot be read just now. Ask again soon.") from None
        with self._guard:
            while len(state.days) > OTHER_DAYS:
                del state.days[next(day for day in state.days if day != state.newest.day)]
            state.days[day] = found
        return found

    def pinned(self, snapshot: str) -> Bundle:
        """The bundle of a snapshot, current or not. Raises ProblemError: 404 where it is not there (any more), 503 while
        the storage cannot be read."""
        try:
            return self._snapshot(snapshot)
        except Exception as error:
            if self.stale or not isinstance(error, TransientFailure):
                tell("snapshot not read", "warning", snapshot=snapshot, reason=f"{type(error).__name__}: {error}")
                raise ProblemError(503, f"The snapshot {snapshot} cannot be read just now. Ask again soon.") from None
            raise ProblemError(404, f"There is no snapshot {snapshot}, or it is no longer kept.") from None

    def versions(self, most: int) -> list[dict[str, Any]]:
        """The served version and those before it, newest first: version, newest, days (how many), snapshot of the newest.

        Without the storage only the served one.
        """
        current = self.need().pointer
        found = [current]
        try:
            for number in range(current.version - 1, max(current.version - most, 0), -1):
                if (raw := self._library.version(number)) is not None:
                    found.append(Pointer.from_bytes(raw))
        except Exception as error:
            tell("versions not read", "warning", reason=f"{type(error).__name__}: {error}")
        return [
            {
                "version": pointer.version,
                "newest": pointer.newest,
                "days": len(pointer.days),
                "snapshot": pointer.days[pointer.newest].snapshot,
            }
            for pointer in found
            if pointer.newest is not None
        ]

    def quarter(self, state: State, quarter: str) -> Quarter | None:
        """A quarter of the history, None where the pointer has none. Raises ProblemError 503 where it cannot be read."""
        name = state.pointer.history.get(quarter)
        if name is None:
            return None
        found = state.quarters.get(quarter)
        if found is None:
            try:
                found = Quarter(self._library.open(name))
            except Exception as error:
                tell("history not read", "warning", quarter=quarter, reason=f"{type(error).__name__}: {error}")
                raise ProblemError(503, f"The history of {quarter} cannot be read just now. Ask again soon.") from None
            state.quarters[quarter] = found
        return found

    def _snapshot(self, snapshot: str) -> Bundle:
        with self._guard:
            found = self._snapshots.pop(snapshot, None)
        found = found or Bundle(self._library.open(snapshot))
        with self._guard:
            self._snapshots[snapshot] = found
            while len(self._snapshots) > OTHER_DAYS:
                self._snapshots.popitem(last=False)
        return found


def quarters_of(first: date, last: date) -> list[str]:
    """The quarters that a span of days touches, ascending."""
    found, day = [], first
    while day <= last:
        found.append(quarter_of(day))
        month = 3 * ((day.month - 1) // 3) + 4
        day = date(day.year + month // 12, month % 12, 1)  # the first day of the next quarter
    return found


def _warm(library: Library, pointer: Pointer, quarters: dict[str, Quarter]) -> None:
    if pointer.newest is None:
        return
    for quarter in quarters_of(pointer.newest - timedelta(days=HISTORY_DAYS - 1), pointer.newest):
        name = pointer.history.get(quarter)
        if name is not None and quarter not in quarters:
            quarters[quarter] = Quarter(library.open(name))
