"""What the newest days of some tables say: quarantine, drift, how good past predictions turned out, and what is published.

Series: two a table with a quarantine (26), 32 of counted columns, one a column, baseline and test that has an effect (below
200), one a finding that is an alarm (few), two a subject and metric of quality (tens), two of what is published.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

import polars as pl

from trending_assets import quarantine
from trending_assets.contracts import RAW_TABLES, TABLES, quarantine_of
from trending_assets.contracts.drift import AGAINST, SEVERITIES
from trending_assets.drift.words import VERDICTS
from trending_assets.lake import Lake
from trending_assets.monitoring.gauges import by_one, gauge, gauges, start_of
from trending_assets.serving.pointer import read_pointer

if TYPE_CHECKING:
    from prometheus_client import Metric

REPORT, QUALITY = "drift/report", "drift/quality"
QUARANTINED = (*RAW_TABLES, "scoring/document_scores", "scoring/title_digests")
QUALITY_DAYS = 28
"""How far back the newest value of a metric is looked for: labels come late, and not every day."""


def table_families(lake: Lake) -> Iterator["Metric"]:
    """Quarantine, drift and quality, as the newest day of each table has them, and the published pointer."""
    yield from _quarantine(lake)
    yield from _drift(lake)
    yield from _quality(lake)
    yield from _published(lake)


def _quarantine(lake: Lake) -> Iterator["Metric"]:
    counts = {table: _set_aside(lake, table) for table in QUARANTINED}
    yield gauges(
        "trending_quarantine_rows",
        "Inputs of a table's newest day that became no row.",
        ("table",),
        by_one((table, aside) for table, (aside, _) in counts.items()),
    )
    yield gauges(
        "trending_quarantine_ratio",
        "Share of the inputs of a table's newest day that became no row; 0 where there were none.",
        ("table",),
        by_one((table, aside / max(aside + rows, 1)) for table, (aside, rows) in counts.items()),
    )


def _set_aside(lake: Lake, table: str) -> tuple[int, int]:
    """Rows in quarantine and rows of the table, of its newest day. The table itself is read only where that matters."""
    days = lake.days(table)
    if not days or lake.store.get(lake.key(quarantine_of(table), days[-1])) is None:
        return 0, 0
    rows = lake.read(table, [days[-1]], columns=[TABLES[table].key[0]])
    return quarantine.read(lake, table, [days[-1]]).height, rows.height


def _drift(lake: Lake) -> Iterator["Metric"]:
    days = lake.days(REPORT)
    if not days:
        return
    report = lake.read(REPORT, [days[-1]])
    yield gauge(
        "trending_drift_report_day_timestamp_seconds",
        "Start of the newest day that drift is reported for (Unix).",
        start_of(days[-1]),
    )
    yield gauges(
        "trending_drift_columns",
        "Watched columns by their worst finding, against each baseline.",
        ("verdict", "severity", "against"),
        _columns(report),
    )
    keys = ("column", "against", "test")
    sized = report.filter(pl.col("effect").is_not_null())
    yield gauges(
        "trending_drift_effect",
        "Size of the shift in the test's own unit: standard deviations, PSI, Cramér's V, KS distance or share of rows.",
        keys,
        {row[:3]: row[3] for row in sized.select(*keys, "effect").rows()},
    )
    alarms = report.filter(pl.col("verdict") == "drifted").select(*keys, "severity").rows()
    yield gauges(
        "trending_drift_alarm",
        "1 for each finding that is an alarm; no series where there is none.",
        (*keys, "severity"),
        dict.fromkeys(alarms, 1.0),
    )


def _columns(report: pl.DataFrame) -> dict[tuple[str, ...], float]:
    worst = (
        report.with_columns(
            pl.col("verdict").replace_strict(VERDICTS, range(len(VERDICTS))).alias("by_verdict"),
            pl.col("severity").replace_strict(SEVERITIES, range(len(SEVERITIES))).alias("by_severity"),
        )
        .sort("by_verdict", "by_severity", descending=[False, True])
        .unique(["column", "against"], keep="first", maintain_order=True)
    )
    counted = worst.group_by("verdict", "severity", "against").len()
    return dict.fromkeys(product(VERDICTS, SEVERITIES, AGAINST), 0.0) | {row[:3]: row[3] for row in counted.rows()}


def _quality(lake: Lake) -> Iterator["Metric"]:
    days = lake.days(QUALITY)
    since = days[-1] - timedelta(days=QUALITY_DAYS - 1) if days else date.max
    known = (
        lake.read(QUALITY, [day for day in days if day >= since], ["subject", "metric", "value", "labels"], "skip")
        .filter(pl.col("value").is_not_null())
        .sort("date", "subject", "metric")
        .unique(["subject", "metric"], keep="last", maintain_order=True)
    )
    labels = ("subject", "metric")
    yield gauges(
        "trending_quality",
        "Newest value of a metric of past predictions, measured when their labels were there.",
        labels,
        {row[:2]: row[2] for row in known.select(*labels, "value").rows()},
    )
    yield gauges(
        "trending_quality_labels",
        "Labels that this value rests on.",
        labels,
        {row[:2]: row[2] for row in known.select(*labels, "labels").rows()},
    )


def _published(lake: Lake) -> Iterator["Metric"]:
    pointer = read_pointer(lake.store)
    if pointer is None or pointer.newest is None:
        return
    yield gauge(
        "trending_published_day_timestamp_seconds",
        "Start of the newest day that is published to the API (Unix).",
        start_of(pointer.newest),
    )
    yield gauge("trending_published_version", "Version of the published pointer.", pointer.version)
