"""The bundles that are served: the newest in memory, a few other days beside it, and the pointer watched for news."""

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import orjson
import structlog

from api.models import TrendsQuery
from api.problems import ProblemError
from trending_assets.failures import TransientFailure, TrendingError
from trending_assets.lake import Lake, open_lake
from trending_assets.serving.build import etag, to_json
from trending_assets.serving.pointer import Pointer, Published, read_object, read_pointer

OTHER_DAYS = 16
FIRST_WAIT = 10.0
"""Seconds that a request waits for the very first bundle."""
POLL_WAIT = 0.05
"""Seconds that the one request which looks at the pointer waits for what it finds."""

log = structlog.get_logger("trending.api")


class Bundle:
    """The answers of one day. `body` and `ranking` give (bytes, etag)."""

    def __init__(self, day: date, published: Published, answers: dict[str, tuple[bytes, str]]) -> None:
        self.day, self.sha256, self.snapshot = day, published.sha256, published.snapshot
        self._answers = answers
        self.ranking = lru_cache(maxsize=128)(self._ranking)

    def body(self, path: str) -> tuple[bytes, str] | None:
        """The ready answer to a path, None where the day has none."""
        return self._answers.get(path)

    @cached_property
    def trends(self) -> dict[str, Any]:
        """The day's whole ranking."""
        parsed: dict[str, Any] = orjson.loads(self._answers["/v1/trends"][0])
        return parsed

    def _ranking(self, query: TrendsQuery) -> tuple[bytes, str]:
        rows = [row for row in self.trends["results"] if _passes(row, query)]
        body = to_json(self.trends | {"total": len(rows), "limit": query.limit, "results": rows[: query.limit]})
        return body, etag(body)


def _passes(row: dict[str, Any], query: TrendsQuery) -> bool:
    return (
        (query.media_type is None or row["media_type"] == query.media_type)
        and (query.genre is None or _among(query.genre, row["genres"]))
        and (query.platform is None or _among(query.platform, row["platforms"]))
    )


def _among(name: str, names: list[str]) -> bool:
    return name.casefold() in (other.casefold() for other in names)


@dataclass(frozen=True)
class State:
    """What is served now: replaced as a whole, never changed."""

    pointer: Pointer
    newest: Bundle
    stale: bool = False


class Bundles:
    """Bundles of a lake. Threads may share one; nothing here blocks longer than the waits above, save a load."""

    def __init__(self, lake_uri: str, poll_seconds: float = 1.0) -> None:
        self._uri, self._poll_seconds = lake_uri, poll_seconds
        self._lake: Lake | None = None
        self._state: State | None = None
        self._others: OrderedDict[str, Bundle] = OrderedDict()
        self._guard, self._loading = threading.Lock(), threading.Lock()
        self._checked = float("-inf")
        self._poll: Future[None] | None = None
        self._trouble: str | None = None
        self._executor = ThreadPoolExecutor(1, "pointer")

    @property
    def state(self) -> State | None:
        return self._state

    @property
    def stale(self) -> bool:
        """Whether the storage could not be read when it was last asked."""
        return self._state is not None and self._state.stale

    def look(self) -> tuple[Future[None], float] | None:
        """Start a look at the pointer when one is due. Gives what to wait for and the most seconds to wait, or None."""
        with self._guard:
            running = self._poll is not None and not self._poll.done()
            if not running and time.monotonic() - self._checked >= self._poll_seconds:
                self._checked = time.monotonic()
                self._poll = self._executor.submit(self._refresh)
                return self._poll, POLL_WAIT if self._state else FIRST_WAIT
            return (self._poll, FIRST_WAIT) if running and self._poll and self._state is None else None

    def get(self, day: date | None) -> Bundle:
        """The bundle of a day, the newest for None. Raises ProblemError 404 for an unknown day and 503 without a bundle."""
        state = self._state
        if state is None:
            raise ProblemError(503, "No bundle is published yet. Materialize serving/bundle, then ask again.")
        if day is None or day == state.newest.day:
            return state.newest
        published = state.pointer.days.get(day)
        if published is None:
            raise ProblemError(404, f"{day} is not published. The newest day is {state.newest.day}.")
        try:
            return self._load(day, published)
        except Exception as error:
            log.warning("bundle not loaded", day=day.isoformat(), error=f"{type(error).__name__}: {error}")
            raise ProblemError(503, f"The bundle of {day} cannot be read just now. Ask again soon.") from None

    def at_hand(self, day: date | None) -> bool:
        """Whether `get` answers from memory."""
        state = self._state
        if state is None or day is None or day == state.newest.day:
            return True
        published = state.pointer.days.get(day)
        return published is None or published.sha256 in self._others

    def close(self) -> None:
        """Stop watching."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _refresh(self) -> None:
        try:
            pointer = read_pointer(self._open())
            if pointer is None or pointer.newest is None:
                raise TransientFailure("nothing is published")
            newest = self._load(pointer.newest, pointer.days[pointer.newest])
            self._state, trouble = State(pointer, newest), None
        except Exception as error:  # whatever the storage says, the last bundle goes on being served
            trouble = str(error) if isinstance(error, TrendingError) else f"{type(error).__name__}: {error}"
            if self._state is not None:
                self._state = State(self._state.pointer, self._state.newest, stale=True)
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("bundles stale" if trouble else "bundles fresh", reason=trouble)

    def _open(self) -> Lake:
        self._lake = self._lake or open_lake(self._uri)
        return self._lake

    def _load(self, day: date, published: Published) -> Bundle:
        with self._loading:
            state = self._state
            if state is not None and state.newest.sha256 == published.sha256:
                return state.newest
            found = self._others.pop(published.sha256, None)
            if found is None:
                rows = read_object(self._open(), published.sha256).select("path", "body", "etag").iter_rows()
                found = Bundle(day, published, {path: (body, mark) for path, body, mark in rows})
            self._others[published.sha256] = found
            while len(self._others) > OTHER_DAYS:
                self._others.popitem(last=False)
            return found
