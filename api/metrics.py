"""Prometheus metrics of one app, in a registry of its own."""

import time
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

from api.bundles import Bundles

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Requests by method, route template and status class, their durations, and the bundle that is served."""

    def __init__(self, bundles: Bundles) -> None:
        disable_created_metrics()  # a second series for every series, which nothing here reads
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "trending_http_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "trending_http_request_duration_seconds",
            "Seconds from a request's arrival to the end of its answer.",
            ("method", "route"),
            registry=self.registry,
            buckets=BUCKETS,
        )
        day = Gauge("trending_bundle_day_timestamp_seconds", "Start of the newest day (Unix).", registry=self.registry)
        age = Gauge("trending_bundle_age_seconds", "Seconds since the end of the newest day.", registry=self.registry)
        stale = Gauge("trending_bundle_stale", "1 while the storage cannot be read.", registry=self.registry)
        day.set_function(lambda: _start(bundles))
        age.set_function(lambda: time.time() - _start(bundles) - timedelta(days=1).total_seconds())
        stale.set_function(lambda: float(bundles.stale))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is a template, never a path: the number of series stays small."""
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)


def _start(bundles: Bundles) -> float:
    """Unix time at which the newest day begins; NaN without a bundle."""
    state = bundles.state
    if state is None:
        return float("nan")
    day = state.newest.day
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
