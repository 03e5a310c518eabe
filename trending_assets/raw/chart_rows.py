"""From the charts of sources.yaml to rows of raw/charts."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import polars as pl

from trending_assets.contracts import TABLES, empty
from trending_assets.lake import Lake
from trending_assets.raw.crawl.job import Chart, ChartJob
from trending_assets.raw.crawl.runner import Crawled, run_crawl
from trending_assets.raw.documents import known_validators, manners
from trending_assets.raw.sources import ChartSource
from trending_assets.settings import Settings

TABLE = "raw/charts"


def collect_charts(
    entries: Sequence[ChartSource],
    days: Sequence[date],
    lake: Lake,
    settings: Settings,
    today: date,
    say: Callable[[str], None],
) -> Crawled:
    """Crawl every chart that has an address in this world, for the days."""
    placed = [(entry, address) for entry in entries if (address := entry.address(settings.world))]
    charts = [
        Chart(name=entry.name, parser=entry.parser, back_days=entry.back_days, address=address)
        for entry, address in placed
    ]
    job = ChartJob(
        source="charts",
        charts=charts,
        days=sorted(days),
        today=today,
        validators=known_validators(lake, TABLE, days),
        manners=manners(settings, ((address.url, address.crawl_delay) for _, address in placed)),
    )
    return run_crawl(job, say)


def chart_frame(crawled: Crawled, lake: Lake) -> pl.DataFrame:
    """Rows in the contract's columns, plus `date`. A chart that did not change since the day before keeps its rows.

    Adds what was kept so to the crawl's counts.
    """
    contract = TABLES[TABLE]
    schema = {**contract.schema, "chart_date": pl.String, "date": pl.String}
    frames = [
        pl.DataFrame(crawled.chart_rows, schema=schema).with_columns(
            pl.col("chart_date").str.to_date(), pl.col("date").str.to_date()
        )
    ]
    for line in crawled.same_charts:
        day, name = date.fromisoformat(line["date"]), line["chart"]
        before = lake.read(TABLE, [day - timedelta(days=1)], missing="skip").drop("date")
        mine = before.filter((pl.col("chart") == name) | pl.col("chart").str.starts_with(f"{name}/"))
        counts = crawled.counts[day]
        counts["seen"] += mine.height
        counts["kept"] += mine.height
        frames.append(mine.with_columns(pl.lit(day).alias("date")))
    made = pl.concat([frame.select("date", *contract.schema) for frame in frames])
    return (
        made.sort("date", *contract.key)
        if made.height
        else empty(contract).with_columns(pl.lit(None, dtype=pl.Date).alias("date"))
    )
