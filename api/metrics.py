"""Prometheus metrics of one app, in a registry of its own."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.bundles import Bundles

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Requests by method, route template and status class, their durations, the process, and the bundle that is served.

    Requests are counted in plain dicts and made into Prometheus' families when they are scraped: counting costs the hot
    path next to nothing, and prometheus_client is first imported by a scrape.
    """

    def __init__(self, bundles: "Bundles") -> None:
        self._bundles = bundles
        self._requests: dict[tuple[str, str, int], int] = {}
        self._seconds: dict[tuple[str, str], list[float]] = {}  # a count a bucket, the rest's, and the sum
        self._registry: Any = None
        self._limited = 0
        self.under_way = 0
        """Requests that wait for their answer; what the fast lane answers never waits."""

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is a template, never a path: the number of series stays small."""
        if method not in METHODS:
            method = "other"
        if status == 429:
            self._limited += 1
        key = (method, route, status // 100)
        self._requests[key] = self._requests.get(key, 0) + 1
        counts = self._seconds.get((method, route))
        if counts is None:
            counts = self._seconds[method, route] = [0.0] * (len(BUCKETS) + 2)
        counts[bisect_left(BUCKETS, seconds)] += 1
        counts[-1] += seconds

    def text(self) -> bytes:
        """The exposition format."""
        from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

        if self._registry is None:
            self._registry = CollectorRegistry()
            ProcessCollector(registry=self._registry)
            self._registry.register(self)
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Any]:
        """What prometheus_client asks a collector for."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "trending_http_requests", "Requests that were answered.", labels=("method", "route", "status")
        )
        for (method, route, status), count in sorted(self._requests.items()):
            requests.add_metric((method, route, f"{status}xx"), count)
        yield requests
        durations = HistogramMetricFamily(
            "trending_http_request_duration_seconds",
            "Seconds from a request's arrival to the end of its answer.",
            labels=("method", "route"),
        )
        bounds = [*(str(bucket) for bucket in BUCKETS), "+Inf"]
        for labels, counts in sorted(self._seconds.items()):
            durations.add_metric(labels, list(zip(bounds, accumulate(counts[:-1]), strict=True)), counts[-1])
        yield durations
        yield CounterMetricFamily("trending_http_limited_requests", "Requests refused by a rate limit.", self._limited)
        start = _start(self._bundles)
        age = time.time() - start - timedelta(days=1).total_seconds()
        state = self._bundles.state
        version = state.pointer.version if state else float("nan")
        ready = state is not None and not self._bundles.draining
        for name, meaning, value in (
            ("trending_http_requests_under_way", "Requests that wait for their answer.", float(self.under_way)),
            (
                "trending_ready",
                "1 while /readyz says so: a bundle is served, and the server is not about to stop.",
                float(ready),
            ),
            ("trending_bundle_day_timestamp_seconds", "Start of the newest day (Unix).", start),
            ("trending_bundle_age_seconds", "Seconds since the end of the newest day.", age),
            ("trending_bundle_stale", "1 while the storage cannot be read.", float(self._bundles.stale)),
            ("trending_bundle_version", "Version of the pointer that is served.", version),
        ):
            yield GaugeMetricFamily(name, meaning, value=value)


def _start(bundles: "Bundles") -> float:
    """Unix time at which the newest day begins; NaN without a bundle."""
    state = bundles.state
    if state is None:
        return float("nan")
    day = state.newest.day
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
