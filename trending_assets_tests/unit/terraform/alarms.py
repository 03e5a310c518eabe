"""How CloudWatch judges an alarm, minute by minute, after its documentation "Configuring how CloudWatch alarms treat missing
data". AWS does not say how far back beyond the evaluation periods it looks, so that is a parameter here.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str, tuple[tuple[str, str], ...]]
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
}
STATISTICS: dict[str, Callable[[list[float]], float]] = {"Sum": sum, "Maximum": max, "Minimum": min, "SampleCount": len}


def key_of(alarm: dict[str, Any]) -> Key:
    """Namespace, name and dimensions of the metric that an alarm looks at."""
    return alarm["namespace"], alarm["metric_name"], tuple(sorted((alarm["dimensions"] or {}).items()))


@dataclass
class Metrics:
    """Values by metric and minute; `delay` is the minutes until CloudWatch has them."""

    delay: int = 2
    values: dict[Key, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def put(self, key: Key, minute: int, value: float) -> None:
        """One value at a minute."""
        self.values[key][minute].append(value)

    def period(self, key: Key, end: int, minutes: int, statistic: str) -> float | None:
        """The statistic over the minutes before `end`; None without data."""
        minutes_of = self.values.get(key, {})
        found = [value for minute in range(end - minutes, end) for value in minutes_of.get(minute, ())]
        return STATISTICS[statistic](found) if found else None


def breaching(alarm: dict[str, Any], metrics: Metrics, now: int, further: int = 3) -> bool:
    """True while the alarm is in state ALARM at a minute; `further`: periods that CloudWatch looks back beyond its own."""
    minutes, wanted = alarm["period"] // 60, alarm["evaluation_periods"]
    newest = now - metrics.delay
    ends = [newest - n * minutes for n in range(wanted + further)]
    points = [metrics.period(key_of(alarm), end, minutes, alarm["statistic"]) for end in ends]
    if all(point is not None for point in points[:wanted]):
        points = points[:wanted]
    real = [point for point in points if point is not None][:wanted]
    compare = COMPARISONS[alarm["comparison_operator"]]
    bad = sum(compare(point, alarm["threshold"]) for point in real)
    if alarm["treat_missing_data"] == "breaching":
        bad += wanted - len(real)
    else:
        assert alarm["treat_missing_data"] == "notBreaching", "others keep a state, which this has not"
    return bool(bad >= alarm["datapoints_to_alarm"])
