"""Charts by the real spider: editions, days without one, charts that do not change, and what cannot be read."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.lake import Lake
from trending_assets.raw.chart_rows import chart_frame
from trending_assets.raw.crawl.job import Chart, ChartJob, Manners, Validators
from trending_assets.raw.crawl.runner import Crawled, run_crawl
from trending_assets.raw.documents import check_totals
from trending_assets.raw.sources import ChartAddress
from trending_assets_tests.unit.raw.crawl.web import DAY, TODAY, Route, web

pytestmark = pytest.mark.slow
BEFORE = DAY - timedelta(days=1)
TABLE = b"<table><tr><th>Rank</th><th>Release</th><th>Daily</th></tr>%s</table>"
LINE = b"<tr><td>%d</td><td>%s</td><td>$1,000</td></tr>"


def page(*lines: tuple[int, bytes]) -> bytes:
    return TABLE % b"".join(LINE % line for line in lines)


def crawl(proxy: str, *charts: Chart, days: tuple[date, ...] = (DAY,), **more: Any) -> Crawled:
    manners = Manners(user_agent="T/1", delay=0, delays={}, timeout=5, max_body_bytes=100_000, proxy=proxy, allow=[])
    given: dict[str, Any] = {"today": TODAY, **more}
    job = ChartJob(source="charts", charts=list(charts), days=list(days), manners=manners, **given)
    return run_crawl(job, lambda line: None)


def chart(name: str, url: str, back_days: int = 0, index: str | None = None) -> Chart:
    address = ChartAddress(url=url, index=index)
    return Chart(name=name, parser="box_office_table", back_days=back_days, address=address)


def test_a_day_without_an_edition_takes_the_one_before_and_bad_lines_are_set_aside(lake: Lake) -> None:
    url = "http://charts.example/box/{day}/"
    routes: dict[str, Route] = {
        "http://charts.example/box/2026-11-19/": (200, {}, page((1, b"One"), (1, b"Again"), (2, b""), (3, b"Three")))
    }
    with web(routes) as made:
        crawled = crawl(made.proxy, chart("box", url, back_days=3))
    check_totals(crawled, "raw/charts")
    frame = chart_frame(crawled, lake)
    assert frame.select("rank", "title", "chart_date").rows() == [(1, "One", BEFORE), (3, "Three", BEFORE)]
    assert [row["reason"] for row in crawled.quarantine] == ["bad_row", "bad_row"]
    counts = crawled.counts[DAY]
    assert (counts["seen"], counts["kept"], counts["quarantined"]) == (4, 2, 2)


def test_a_publisher_without_the_chart_gives_no_rows_and_one_without_editions_neither(lake: Lake) -> None:
    index = "http://charts.example/index.json"
    routes: dict[str, Route] = {
        index: (200, {}, b'{"charts": ["other/films"]}'),
        "http://charts.example/o": (200, {}, page((1, b"One"))),
    }
    with web(routes) as made:
        missing = chart("box", "http://charts.example/b", index=index)
        there = chart("other", "http://charts.example/o", index=index)
        crawled = crawl(made.proxy, missing, there, chart("old", "http://charts.example/x/{day}", back_days=1))
    assert chart_frame(crawled, lake)["chart"].to_list() == ["other"]
    assert crawled.quarantine == [] and crawled.counts[DAY]["unread_listings"] == 0


def test_a_chart_that_did_not_change_keeps_its_rows(lake: Lake) -> None:
    url = "http://charts.example/weekly"

    def answer(headers: dict[str, str], before: int) -> tuple[int, dict[str, str], bytes]:
        same = headers.get("if-none-match") == '"7"'
        return (304, {}, b"") if same else (200, {"ETag": '"7"'}, page((1, b"One"), (2, b"Two")))

    with web({url: answer}) as made:
        first = crawl(made.proxy, chart("weekly", url), days=(BEFORE,), today=DAY)
        rows = chart_frame(first, lake).drop("date")
        other = rows.with_columns(pl.lit("weekly_other").alias("chart"))
        lake.write("raw/charts", pl.concat([rows, other]).cast(TABLES["raw/charts"].schema), BEFORE)  # type: ignore[arg-type]
        (noted,) = first.listings
        again = crawl(made.proxy, chart("weekly", url), validators={DAY: {url: Validators(etag=noted["etag"])}})
    frame = chart_frame(again, lake)
    check_totals(again, "raw/charts")
    assert frame["date"].unique().to_list() == [DAY] and frame.drop("date").equals(rows)
    assert again.counts[DAY]["not_modified"] == 1 and again.listings[0]["etag"] == '"7"'


def test_an_address_that_names_its_day_shows_the_past_and_another_does_not() -> None:
    past = date(2026, 3, 1)
    routes: dict[str, Route] = {
        "http://charts.example/2026/03/01": (200, {}, page((1, b"One"))),
        "http://charts.example/now": (200, {}, page((1, b"Two"))),
    }
    with web(routes) as made:
        crawled = crawl(made.proxy, chart("by_day", "http://charts.example/{year}/{month}/{dom}"), days=(past,))
        assert [row["title"] for row in crawled.chart_rows] == ["One"]
        with pytest.raises(PermanentFailure, match="cannot show the past"):
            crawl(made.proxy, chart("now", "http://charts.example/now"), days=(past,))


def test_one_chart_that_cannot_be_read_costs_a_row_and_all_of_them_fail_the_asset() -> None:
    good, bad = chart("good", "http://charts.example/good"), chart("bad", "http://charts.example/bad")
    routes: dict[str, Route] = {
        "http://charts.example/good": (200, {}, page((1, b"One"))),
        "http://charts.example/bad": (500, {}, b""),
    }
    with web(routes) as made:
        crawled = crawl(made.proxy, good, bad)
        assert [(row["source"], row["reason"]) for row in crawled.quarantine] == [("bad", "http_transient")]
        assert crawled.counts[DAY]["unread_listings"] == 1 and len(crawled.chart_rows) == 1
        with pytest.raises(TransientFailure, match=r"raw/charts: nothing could be read for 2026-11-20\. http://charts"):
            crawl(made.proxy, bad)
