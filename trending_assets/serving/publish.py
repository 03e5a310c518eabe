"""Build, audit and publish the bundles of some days: all of them, or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.serving.audit import audit
from trending_assets.serving.build import Bundle, Day, build, histories, history_until
from trending_assets.serving.lineage import Hashes, Node, record
from trending_assets.serving.pointer import Pointer, Published, swap, write_object

BUNDLE = "serving/bundle"
Audit = Callable[[Day, Bundle], list[str]]


@dataclass(frozen=True)
class Marts:
    """The tables that a run reads, for all its days, with the column `date`. `trends` also holds the days before."""

    trends: pl.DataFrame
    titles: pl.DataFrame
    evidence: pl.DataFrame
    drift: pl.DataFrame
    calls: pl.DataFrame

    def of(self, name: str, day: date) -> pl.DataFrame:
        """One day of a table, without `date`."""
        frame: pl.DataFrame = getattr(self, name)
        return frame.filter(pl.col("date") == day).drop("date")


def inputs_of(lake: Lake, days: Sequence[date], marts: Marts, graph: Mapping[str, Node], served_days: int) -> list[Day]:
    """What the answers of each day are made of. Raises PermanentFailure for a day that marts/trends does not have."""
    present, past, hashes = lake.days("marts/trends"), histories(marts.trends), Hashes(lake)
    found = []
    for day in days:
        if day not in present:
            raise PermanentFailure(f"marts/trends has no partition of {day}. Materialize it first.")
        titles = marts.of("titles", day)
        first = day - timedelta(days=served_days - 1)
        found.append(
            Day(
                day=day,
                trends=marts.of("trends", day),
                titles=titles,
                evidence=marts.of("evidence", day),
                drift=marts.of("drift", day),
                calls=marts.of("calls", day),
                history={t: history_until(past.get(t, []), day, served_days) for t in titles["title_id"].to_list()},
                days=[d for d in present if first <= d <= day],
                lineage=record(graph, BUNDLE, day, hashes),
            )
        )
    return found


def publish(lake: Lake, inputs: Sequence[Day], images_url: str, check: Audit = audit) -> tuple[Pointer, int]:
    """Publish the days' bundles and return the new pointer and the number of answers.

    Nothing is written before every day passed the audit and the contract; the pointer moves last, once, for all days.
    Raises PermanentFailure naming day and reason.
    """
    bundles = {day.day: build(day, images_url) for day in inputs}
    for day in inputs:
        bundle = bundles[day.day]
        problems = check(day, bundle) + validate(conform(bundle.frame, TABLES[BUNDLE]), TABLES[BUNDLE])
        if problems:
            more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
            raise PermanentFailure(f"Not published, the bundle of {day.day}: {'; '.join(problems[:5])}{more}.")
    published = {}
    for at, bundle in bundles.items():
        lake.write(BUNDLE, bundle.frame, at)
        published[at] = Published(write_object(lake, bundle.frame), bundle.snapshot)
    pointer = swap(lake, lambda old: old.with_days(published))
    return pointer, sum(bundle.frame.height for bundle in bundles.values())
