"""The exporter as a service: its four parts, over HTTP."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake, open_lake
from trending_assets.monitoring.cloudwatch import Publisher
from trending_assets.monitoring.exporter import Exporter, Part
from trending_assets.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

EVERY = 60.0
TABLES_EVERY = 300.0
"""Contents change once a day; the listing, on which the page for a missing day rests, is looked at every minute."""


def parts(lake_uri: str, settings: Settings, every: float = EVERY, tables_every: float = TABLES_EVERY) -> list[Part]:
    """lake: which days are there; tables: what the newest say; ledger: money; dagster: runs and daemons."""
    from trending_assets.monitoring.partition_metrics import partition_families
    from trending_assets.monitoring.spend_metrics import spend_families
    from trending_assets.monitoring.table_metrics import table_families

    return [
        Part("lake", every, lambda now: partition_families(_open(lake_uri), settings.first_day, now)),
        Part("tables", tables_every, lambda _: table_families(_open(lake_uri))),
        Part("ledger", every, lambda _: spend_families(settings)),
        Part("dagster", every, _dagster),
    ]


def _open(lake_uri: str) -> Lake:
    """The lake. Raises PermanentFailure for a folder that is not there: an unmounted disk is no empty lake."""
    if "://" not in lake_uri and not Path(lake_uri).is_dir():
        raise PermanentFailure(f"The lake {lake_uri} is not there. Mount it, or name another.")
    return open_lake(lake_uri)


def _dagster(now: datetime) -> Iterable["Metric"]:
    from trending_assets.monitoring.dagster_metrics import dagster_families, open_instance

    with open_instance() as instance:  # anew each time: a storage that was away needs no further care
        return tuple(dagster_families(instance, now))


def serve(lake_uri: str, host: str, port: int, settings: Settings) -> None:
    """Serve /metrics until SIGTERM or SIGINT. Raises PermanentFailure where it cannot listen."""
    from prometheus_client import CollectorRegistry, start_http_server

    from trending_assets.interrupts import wait_for_interrupt

    exporter, registry = Exporter(parts(lake_uri, settings)), CollectorRegistry()
    registry.register(exporter)
    publisher = None
    if settings.cloudwatch_namespace:
        publisher = Publisher(exporter.collect, settings.cloudwatch_namespace, settings.cloudwatch_environment)
        registry.register(publisher)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise PermanentFailure(
            f"The exporter cannot listen at {host}:{port}: {error.strerror}. Name another."
        ) from None
    exporter.start()
    if publisher:
        publisher.start()
    print(f"Metrics at http://{host}:{port}/metrics", flush=True)
    wait_for_interrupt()
    server.shutdown()
    thread.join()
