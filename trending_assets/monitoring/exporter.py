"""Parts that are collected in threads of their own, and what a scrape shows of them.

A scrape never waits for a store. A part that cannot be read leaves the others alone: `trending_exporter_up` says 0 for it, and
what it last gave is shown for three of its intervals, then no more. Absence is visible, and old values do not pass for new.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trending_assets.failures import TrendingError

if TYPE_CHECKING:
    from prometheus_client import Metric

SHOWN_INTERVALS = 3


@dataclass(frozen=True)
class Part:
    """Something that is read every `every` seconds; `collect` gets the instant (UTC) and may raise anything."""

    name: str
    every: float
    collect: Callable[[datetime], Iterable["Metric"]]


@dataclass(frozen=True)
class _Shown:
    """What a part last gave, when that was asked for (Unix), how long it took, and whether the last try succeeded."""

    families: tuple["Metric", ...] = ()
    at: float | None = None
    seconds: float = 0.0
    good: bool = False


class Exporter:
    """A collector of prometheus_client's over the parts; `clock` gives the Unix time."""

    def __init__(self, parts: Sequence[Part], clock: Callable[[], float] = time.time) -> None:
        self._parts, self._clock = parts, clock
        self._shown = {part.name: _Shown() for part in parts}
        self._said: dict[str, str] = {}

    def start(self) -> None:
        """Collect every part again and again, each in a thread that ends with the process."""
        for part in self._parts:
            threading.Thread(target=self._repeat, args=(part,), name=part.name, daemon=True).start()

    def _repeat(self, part: Part) -> None:
        while True:
            self.read(part)
            time.sleep(part.every)

    def read(self, part: Part) -> None:
        """Collect one part now; says on stderr why it cannot be read, once a reason."""
        old, at = self._shown[part.name], self._clock()
        try:
            families = tuple(part.collect(datetime.fromtimestamp(at, UTC)))
        except Exception as error:
            why = (
                str(error) if isinstance(error, TrendingError) else f"{type(error).__name__}"
            )  # others may hold secrets
            self._say(part, f"cannot be read: {why}")
            self._shown[part.name] = _Shown(old.families, old.at, self._clock() - at)
        else:
            if part.name in self._said:
                self._say(part, "can be read again.")
                del self._said[part.name]
            self._shown[part.name] = _Shown(families, at, self._clock() - at, good=True)

    def _say(self, part: Part, sentence: str) -> None:
        if self._said.get(part.name) != sentence:
            print(f"The part {part.name} {sentence}", file=sys.stderr, flush=True)
            self._said[part.name] = sentence

    def collect(self) -> Iterator["Metric"]:
        """What is shown now: the parts' families, and how each part fares."""
        from prometheus_client.core import GaugeMetricFamily

        up = GaugeMetricFamily(
            "trending_exporter_up",
            "1 while a part can be read; 0 also where it does not come to an end.",
            labels=("part",),
        )
        at = GaugeMetricFamily(
            "trending_exporter_collected_timestamp_seconds",
            "When what is shown of a part was read (Unix).",
            labels=("part",),
        )
        seconds = GaugeMetricFamily(
            "trending_exporter_collect_seconds", "How long the last reading of a part took.", labels=("part",)
        )
        for part in self._parts:
            shown = self._shown[part.name]
            fresh = shown.at is not None and self._clock() - shown.at < SHOWN_INTERVALS * part.every
            up.add_metric((part.name,), float(shown.good and fresh))
            seconds.add_metric((part.name,), shown.seconds)
            if shown.at is not None:
                at.add_metric((part.name,), shown.at)
            if fresh:
                yield from shown.families
        yield from (up, at, seconds)
