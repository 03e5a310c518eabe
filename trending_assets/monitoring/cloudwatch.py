"""The few figures that CloudWatch alarms look at, taken from the exporter's Prometheus families.

CloudWatch is paid by the metric, so tables, daemons and parts are reduced to their sum or worst here: one metric a question,
not a series a table. terraform/modules/monitoring has the alarms.
"""

import json
import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import Metric

EVERY = 60.0
"""Seconds between two publications: the alarms' period."""
HEARTBEAT = "ExporterHeartbeat"
MAX_METRICS, MAX_BYTES = 1000, 1_000_000
"""What one PutMetricData call takes (bytes before they are packed)."""


@dataclass(frozen=True)
class Chosen:
    """A CloudWatch metric: the samples of a family that carry the labels `where`, reduced to one value."""

    metric: str
    family: str
    reduce: Callable[[list[float]], float]
    unit: str
    where: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, str] = field(default_factory=dict)


SELECTION = (
    Chosen("PartitionsMissing", "trending_partitions_missing", sum, "Count"),
    Chosen("PartitionOverdueSeconds", "trending_partition_overdue_seconds", max, "Seconds"),
    Chosen("PartitionLagSeconds", "trending_partition_lag_seconds", max, "Seconds"),
    Chosen("DriftReportLagSeconds", "trending_partition_lag_seconds", max, "Seconds", {"table": "drift/report"}),
    *(
        # Of the two baselines the worse one: a column that drifted against both is one column.
        Chosen(
            "DriftedColumns",
            "trending_drift_columns",
            max,
            "Count",
            {"verdict": "drifted", "severity": severity},
            {"Severity": severity},
        )
        for severity in ("large", "moderate")
    ),
    Chosen("DaemonHeartbeatAgeSeconds", "trending_daemon_heartbeat_age_seconds", max, "Seconds"),
    Chosen("ExporterPartsUp", "trending_exporter_up", min, "None"),
)


def chosen(families: Iterable["Metric"], environment: str) -> list[dict[str, Any]]:
    """PutMetricData's MetricData: what of the selection has samples, in its order, and a heartbeat of value 1.

    Without samples there is no datum, and the alarms treat that as missing data. The same holds for a value that CloudWatch
    does not take (NaN, infinity: the age of a daemon that was never alive).
    """
    samples: dict[str, list[Any]] = {}
    for family in families:
        samples.setdefault(family.name, []).extend(family.samples)
    data = []
    for one in SELECTION:
        found = [s.value for s in samples.get(one.family, ()) if one.where.items() <= s.labels.items()]
        if found and math.isfinite(value := float(one.reduce(found))):
            data.append(_datum(one.metric, value, one.unit, {"Environment": environment, **one.dimensions}))
    return [*data, _datum(HEARTBEAT, 1.0, "Count", {"Environment": environment})]


def _datum(metric: str, value: float, unit: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    return {"MetricName": metric, "Dimensions": named, "Value": value, "Unit": unit}


def batches(
    data: Iterable[dict[str, Any]], most: int = MAX_METRICS, most_bytes: int = MAX_BYTES
) -> Iterator[list[dict[str, Any]]]:
    """The data in order, in lists that one call takes each. A datum's size is that of its JSON, the longest of AWS's forms
    but the query string, which boto3 does not use here."""
    batch: list[dict[str, Any]] = []
    size = 0
    for datum in data:
        length = len(json.dumps(datum)) + 2  # and a comma
        if batch and (len(batch) == most or size + length > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(datum)
        size += length
    if batch:
        yield batch


def publish(families: Iterable["Metric"], namespace: str, client: Any, environment: str) -> int:
    """Send the selection to CloudWatch with a boto3 client; returns how many data were sent.

    Raises what boto3 raises.
    """
    data = chosen(families, environment)
    for batch in batches(data):
        client.put_metric_data(Namespace=namespace, MetricData=batch)
    return len(data)


def cloudwatch_client() -> Any:
    """boto3's client, which gives up within seconds: after a minute the next values are due. Raises what boto3 raises."""
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})
    return boto3.client("cloudwatch", config=config)


class Publisher:
    """Publishes again and again beside the exporter and never takes it down: what fails is counted, and said once a reason.

    `read` gives the families anew each time. A collector of prometheus_client's itself, for the count of failures.
    """

    def __init__(
        self,
        read: Callable[[], Iterable["Metric"]],
        namespace: str,
        environment: str,
        connect: Callable[[], Any] = cloudwatch_client,
    ) -> None:
        self._read, self._namespace, self._environment, self._connect = read, namespace, environment, connect
        self._client: Any = None
        self._errors = 0
        self._said = ""

    def start(self, every: float = EVERY) -> None:
        """Publish every `every` seconds, in a thread that ends with the process."""
        threading.Thread(target=self._repeat, args=(every,), name="cloudwatch", daemon=True).start()

    def _repeat(self, every: float) -> None:
        while True:
            began = time.monotonic()
            self.once()
            time.sleep(max(0.0, every - (time.monotonic() - began)))

    def once(self) -> None:
        """Publish now."""
        try:
            if self._client is None:
                self._client = self._connect()
            publish(self._read(), self._namespace, self._client, self._environment)
        except Exception as error:
            self._errors += 1
            self._client = None  # credentials and region are looked up anew
            self._say(f"CloudWatch: metrics could not be published ({_kind(error)}).")
        else:
            if self._said:
                self._say("")
                print("CloudWatch: metrics are published again.", file=sys.stderr, flush=True)

    def _say(self, sentence: str) -> None:
        if sentence and sentence != self._said:
            print(sentence, file=sys.stderr, flush=True)
        self._said = sentence

    def collect(self) -> Iterator["Metric"]:
        """How often publishing failed."""
        from prometheus_client.core import CounterMetricFamily

        yield CounterMetricFamily(
            "trending_cloudwatch_errors", "Publications to CloudWatch that failed.", value=self._errors
        )


def _kind(error: Exception) -> str:
    """AWS's error code or the error's class: messages may carry addresses, key ids and signed strings."""
    from botocore.exceptions import ClientError

    return str(error.response.get("Error", {}).get("Code")) if isinstance(error, ClientError) else type(error).__name__
