"""Everything that the lake alone tells: for the exporter, and for whoever publishes it elsewhere (CloudWatch)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from trending_assets.lake import Lake
from trending_assets.monitoring.partition_metrics import partition_families
from trending_assets.monitoring.table_metrics import table_families
from trending_assets.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric


def families(lake: Lake, settings: Settings, now: datetime) -> Iterable["Metric"]:
    """Prometheus families of days, quarantine, drift and quality at `now` (UTC).

    Reads while it is iterated. Raises what the lake's store raises where it cannot be read.
    """
    return chain(partition_families(lake, settings.first_day, now), table_families(lake))
