"""monitoring/cloudwatch.py: which figures go to CloudWatch, by boto3 over HTTP, and that failing harms nobody."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from trending_assets.monitoring.cloudwatch import (
    HEARTBEAT,
    SELECTION,
    Publisher,
    batches,
    chosen,
    cloudwatch_client,
    publish,
)
from trending_assets_tests.unit.monitoring.cloudwatch_server import CloudWatch, cloudwatch_server

ENVIRONMENT = ("Environment", "prod")
TABLES = ("raw/charts", "drift/report", "serving/bundle")


def family(name: str, labels: tuple[str, ...], *rows: tuple[Any, ...]) -> GaugeMetricFamily:
    """A family with one sample a row: its labels' values, then the value."""
    made = GaugeMetricFamily(name, "of a test", labels=labels)
    for *values, value in rows:
        made.add_metric(values, value)
    return made


def families() -> list[GaugeMetricFamily]:
    """What an exporter shows on a day on which two tables are late."""
    return [
        family("trending_partitions_missing", ("table",), *zip(TABLES, (2, 1, 0), strict=True)),
        family("trending_partition_overdue_seconds", ("table",), *zip(TABLES, (90_060.0, 60.0, 0.0), strict=True)),
        family(
            "trending_partition_lag_seconds", ("table",), *zip(TABLES, (200_000.0, 108_060.0, 21_660.0), strict=True)
        ),
        family(
            "trending_drift_columns",
            ("verdict", "severity", "against"),
            ("drifted", "large", "trailing", 2),
            ("drifted", "large", "training", 3),
            ("drifted", "moderate", "trailing", 1),
            ("drifted", "moderate", "training", 0),
            ("noted", "large", "trailing", 7),
            ("stable", "none", "trailing", 40),
        ),
        family("trending_daemon_heartbeat_age_seconds", ("daemon",), ("SENSOR", 12.5), ("SCHEDULER", 700.0)),
        family("trending_exporter_up", ("part",), ("lake", 1), ("dagster", 0)),
        family("trending_quality", ("subject", "metric"), ("genre/predictions.genre", "accuracy", 0.7)),
    ]


EXPECTED = {
    ("PartitionsMissing", (ENVIRONMENT,)): 3.0,
    ("PartitionOverdueSeconds", (ENVIRONMENT,)): 90_060.0,
    ("PartitionLagSeconds", (ENVIRONMENT,)): 200_000.0,
    ("DriftReportLagSeconds", (ENVIRONMENT,)): 108_060.0,
    ("DriftedColumns", (ENVIRONMENT, ("Severity", "large"))): 3.0,
    ("DriftedColumns", (ENVIRONMENT, ("Severity", "moderate"))): 1.0,
    ("DaemonHeartbeatAgeSeconds", (ENVIRONMENT,)): 700.0,
    ("ExporterPartsUp", (ENVIRONMENT,)): 0.0,
    (HEARTBEAT, (ENVIRONMENT,)): 1.0,
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudWatch]:
    """A CloudWatch that boto3 talks to by its own settings."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDHUSHHUSH")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-hush")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with cloudwatch_server() as seen:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", seen.url)
        yield seen


def test_the_selection_arrives_reduced_over_tables_and_baselines(server: CloudWatch) -> None:
    assert publish(families(), "TrendingNow", cloudwatch_client(), "prod") == len(EXPECTED)
    assert server.values() == EXPECTED
    (call,) = server.calls
    assert call.parameters["Namespace"] == "TrendingNow"
    units = {d["MetricName"]: d["Unit"] for d in call.parameters["MetricData"]}
    assert units["PartitionOverdueSeconds"] == "Seconds" and units["PartitionsMissing"] == "Count"


@pytest.mark.parametrize("protocol", ["smithy-rpc-v2-cbor", "json", "query"])
def test_the_server_reads_each_protocol_of_botocore_packed_or_not(
    server: CloudWatch, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    import botocore.session

    session = botocore.session.get_session()
    model = session.get_component("data_loader").load_service_model("cloudwatch", "service-2")
    metadata = {**model["metadata"], "protocol": protocol, "protocols": [protocol]}
    loaded = {**model, "metadata": metadata}
    loader = session.get_component("data_loader")
    original = loader.load_service_model
    monkeypatch.setattr(
        loader,
        "load_service_model",
        lambda name, kind, *a, **k: loaded if kind == "service-2" else original(name, kind),
    )
    client = session.create_client("cloudwatch")
    publish(families(), "TrendingNow", client, "prod")
    many = [{"MetricName": f"m{n}", "Dimensions": [], "Value": n / 4, "Unit": "None"} for n in range(600)]
    client.put_metric_data(Namespace="Many", MetricData=many)
    small, large = server.calls
    assert small.protocol == large.protocol == protocol.rsplit("-", 1)[-1]
    assert (small.packed, large.packed) == (False, True)
    assert {k: v for k, v in server.values().items() if not k[0].startswith("m")} == EXPECTED
    assert server.values()[("m599", ())] == 149.75


def test_what_is_not_known_is_not_sent() -> None:
    never = family("trending_daemon_heartbeat_age_seconds", ("daemon",), ("SENSOR", 3.0), ("SCHEDULER", float("inf")))
    odd = family("trending_partition_overdue_seconds", ("table",), ("raw/charts", float("nan")))
    assert [d["MetricName"] for d in chosen([never, odd], "prod")] == [HEARTBEAT]


def test_a_day_without_any_failure_sends_zeros() -> None:
    calm = [
        family("trending_partitions_missing", ("table",), *((t, 0) for t in TABLES)),
        family("trending_partition_overdue_seconds", ("table",), *((t, 0) for t in TABLES)),
    ]
    assert {d["MetricName"]: d["Value"] for d in chosen(calm, "prod")} == {
        "PartitionsMissing": 0.0,
        "PartitionOverdueSeconds": 0.0,
        HEARTBEAT: 1.0,
    }


def test_metrics_are_told_apart_by_name_and_dimensions() -> None:
    assert len({(one.metric, tuple(one.dimensions.items())) for one in SELECTION}) == len(SELECTION)


def test_batches_keep_both_limits_and_lose_nothing() -> None:
    data = [{"MetricName": f"m{n}", "Value": float(n)} for n in range(2500)]
    by_count = list(batches(data))
    assert [len(batch) for batch in by_count] == [1000, 1000, 500]
    by_size = list(batches(data, most_bytes=10_000))
    assert [d for batch in by_size for d in batch] == data
    assert all(len(json.dumps(batch)) <= 10_000 for batch in by_size) and len(by_size) > 3
    assert list(batches([])) == []


def errors(publisher: Publisher) -> float:
    """The counter as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(publisher)
    lines = generate_latest(registry).decode().splitlines()
    (value,) = [float(line.split()[-1]) for line in lines if line.startswith("trending_cloudwatch_errors_total ")]
    return value


def test_a_refusal_is_counted_and_said_once_without_secrets(
    server: CloudWatch, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher = Publisher(families, "TrendingNow", "prod")
    server.refuse = "AccessDenied"
    publisher.once()
    publisher.once()
    said = capsys.readouterr().err
    assert said == "CloudWatch: metrics could not be published (AccessDenied).\n"
    assert errors(publisher) == 2
    server.refuse = None
    publisher.once()
    assert capsys.readouterr().err == "CloudWatch: metrics are published again.\n"
    assert errors(publisher) == 2 and server.values() == EXPECTED


def unreadable() -> list[GaugeMetricFamily]:
    """An exporter that is broken itself."""
    raise RuntimeError("postgres://user:hush-hush@db")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda m: m.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "http://user:hush-hush@127.0.0.1:9"), "EndpointConnection"),
        (lambda m: m.delenv("AWS_DEFAULT_REGION"), "NoRegionError"),
    ],
)
def test_no_network_and_no_region_are_survived(
    server: CloudWatch,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    break_it: Callable[[pytest.MonkeyPatch], None],
    said: str,
) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    break_it(monkeypatch)
    publisher = Publisher(families, "TrendingNow", "prod")
    publisher.once()
    err = capsys.readouterr().err
    assert said in err and "hush" not in err and err.count("\n") == 1
    assert errors(publisher) == 1 and server.calls == []


def test_families_that_cannot_be_read_send_no_heartbeat(server: CloudWatch, capsys: pytest.CaptureFixture[str]) -> None:
    publisher = Publisher(unreadable, "TrendingNow", "prod")
    publisher.once()
    assert errors(publisher) == 1 and server.calls == []
    assert "hush" not in capsys.readouterr().err


def test_it_publishes_again_and_again_and_outlives_failures(server: CloudWatch) -> None:
    turns, third = [0], threading.Event()

    def read() -> list[GaugeMetricFamily]:
        turns[0] += 1
        if turns[0] == 2:
            unreadable()
        if turns[0] == 4:  # the third publication is through
            third.set()
        return families()

    publisher = Publisher(read, "TrendingNow", "prod")
    publisher.start(every=0.01)
    assert third.wait(30)
    assert len(server.calls) >= 2 and errors(publisher) >= 1
