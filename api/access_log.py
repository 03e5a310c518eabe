"""JSON lines on stderr: one a request, written twice a second, since a write a request would cost more than the answer."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

MOST_WAITING = 256
"""Lines: writing more at once would be felt by whoever asks meanwhile."""


class AccessLog:
    """Lines wait here until `flush`. What a program logs by `event` goes out at once, after the lines before it."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] | None = None) -> None:
        import time

        self._out, self._clock = out, clock or time.time
        self._waiting: list[tuple[float, str, str, str, int, float]] = []

    def request(self, request_id: str, method: str, route: str, status: int, seconds: float) -> None:
        """A request that was answered (status 0: nobody was there any more)."""
        self._waiting.append((self._clock(), request_id, method, route, status, seconds))
        if len(self._waiting) >= MOST_WAITING:
            self.flush()

    def event(self, event: str, level: str = "info", **fields: Any) -> None:
        """Something else that happened. `fields` must hold no secret."""
        self.flush()
        self._write([{**fields, "event": event, "level": level, "timestamp": _iso(self._clock())}])

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._write(
                {
                    "request_id": request_id,
                    "method": method,
                    "route": route,
                    "status": status,
                    "milliseconds": round(1000 * seconds, 2),
                    "event": "request",
                    "level": "info",
                    "timestamp": _iso(at),
                }
                for at, request_id, method, route, status, seconds in waiting
            )

    def _write(self, lines: Any) -> None:
        out = self._out or sys.stderr
        out.write("".join(orjson.dumps(line, default=str).decode() + "\n" for line in lines))
        out.flush()


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


LOG = AccessLog()
tell = LOG.event
"""Log an event of the API: `tell("bundles stale", "warning", reason=…)`."""
