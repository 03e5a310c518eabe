"""Build, audit and publish the bundles of some days: all of them, or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.serving.audit import audit
from trending_assets.serving.build import Bundle, Day, build
from trending_assets.serving.container import Container, pack
from trending_assets.serving.lineage import Hashes, Node, record
from trending_assets.serving.pointer import Pointer
from trending_assets.serving.release import Stored, put_bundle, release

BUNDLE = "serving/bundle"
Audit = Callable[[Day, Bundle], list[str]]


@dataclass(frozen=True)
class Marts:
    """The tables that a run reads, for all its days, with the column `date`."""

    trends: pl.DataFrame
    titles: pl.DataFrame
    evidence: pl.DataFrame
    charts: pl.DataFrame
    chart_entries: pl.DataFrame
    drift: pl.DataFrame
    calls: pl.DataFrame

    def of(self, name: str, day: date) -> pl.DataFrame:
        """One day of a table, without `date`."""
        frame: pl.DataFrame = getattr(self, name)
        return frame.filter(pl.col("date") == day).drop("date")


def inputs_of(lake: Lake, days: Sequence[date], marts: Marts, graph: Mapping[str, Node]) -> list[Day]:
    """What the answers of each day are made of."""
    hashes = Hashes(lake)
    return [
        Day(
            day=day,
            trends=marts.of("trends", day),
            titles=marts.of("titles", day),
            evidence=marts.of("evidence", day),
            charts=_linked(marts.of("charts", day), marts.of("chart_entries", day)),
            drift=marts.of("drift", day),
            calls=marts.of("calls", day),
            lineage=record(graph, BUNDLE, day, hashes),
        )
        for day in days
    ]


def _linked(charts: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    links = entries.select("chart", "rank", "title_id")
    return charts.join(links, on=["chart", "rank"], how="left", validate="1:1")


def publish(lake: Lake, inputs: Sequence[Day], images_url: str, check: Audit = audit) -> tuple[Pointer, int]:
    """Publish the days' bundles and return the new pointer and the number of answers.

    Objects that nothing names yet are all that is written before every day passed the audit and the contract; the pointer
    moves last, once, for all days. Raises PermanentFailure naming day and reason.
    """
    stored: dict[date, Stored] = {}
    tables: dict[date, pl.DataFrame] = {}
    for day in inputs:
        bundle = build(day, images_url)
        _need(day.day, check(day, bundle))
        stored[day.day], container = put_bundle(
            lake.store, bundle.snapshot, pack(bundle.header, bundle.entries), bundle.cells
        )
        tables[day.day] = conform(answers(container), TABLES[BUNDLE])
        _need(day.day, validate(tables[day.day], TABLES[BUNDLE]))
    for at, table in tables.items():
        lake.write(BUNDLE, table, at)
    return release(lake.store, stored), sum(table.height for table in tables.values())


def _need(day: date, problems: Sequence[str]) -> None:
    if problems:
        more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
        raise PermanentFailure(f"Not published, the bundle of {day}: {'; '.join(problems[:5])}{more}.")


def answers(container: Container) -> pl.DataFrame:
    """One row an answer of a bundle, in the contract's columns. What the API alone reads has no row."""
    rows = []
    for name in container.names():
        found = container.find(name)
        if found is not None and name.startswith("/"):
            packed = [None if form is None else len(form) for form in (found.gzip, found.brotli)]
            rows.append((name, found.content_type.decode(), found.etag, len(found.body), *packed))
    return pl.DataFrame(rows, schema=TABLES[BUNDLE].schema, orient="row")
