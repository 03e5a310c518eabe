"""Gauges from rows, and days as the timestamps that gauges show."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily


def gauge(name: str, meaning: str, value: float) -> "GaugeMetricFamily":
    """A family of one series without labels."""
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, meaning, value=value)


def gauges(
    name: str, meaning: str, labels: tuple[str, ...], rows: Mapping[tuple[str, ...], float]
) -> "GaugeMetricFamily":
    """A family of one series a row, in the order of their labels."""
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, meaning, labels=labels)
    for values in sorted(rows):
        family.add_metric(values, rows[values])
    return family


def by_one(rows: Iterable[tuple[str, float]]) -> dict[tuple[str, ...], float]:
    """Rows of one label, as `gauges` takes them."""
    return {(label,): value for label, value in rows}


def start_of(day: date) -> float:
    """Unix time at which a UTC day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
