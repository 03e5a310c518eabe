"""Nothing dated after the clock may be visible, in any face."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import httpx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import http_date, parse_http_date
from trending_assets_tests.unit.sandbox.conftest import DAYS, LAST_DAY, at

MIDDLE = LAST_DAY - timedelta(days=5)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 12, 31)))
def test_http_date_round_trip(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_http_date(http_date(moment)) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-20", "Mon, 20 Nov 2026 23:59:59 GMT", "Fri, 20 Nov 2026"])
def test_malformed_header_is_refused(api: httpx.Client, text: str) -> None:
    answer = api.get("/3/trending/all/day", headers={"Accept-Datetime": text})
    assert answer.status_code == 400
    assert "Accept-Datetime" in answer.text


def test_answers_say_their_clock(api: httpx.Client, web: httpx.Client) -> None:
    header = at(MIDDLE)
    for answer in (
        api.get("/3/configuration", headers=header),
        web.get("http://screenchat.example/feed.xml", headers=header),
        web.get("http://screenchat.example/nothing", headers=header),
    ):
        assert answer.headers["memento-datetime"] == header["Accept-Datetime"]
        assert "accept-datetime" in answer.headers["vary"]
    newest = api.get("/3/configuration").headers["memento-datetime"]
    assert newest == at(LAST_DAY)["Accept-Datetime"]
    bearer = {"Authorization": "Bearer k"}
    assert "memento-datetime" not in api.get("/v1/models", headers=bearer).headers


def _whole_feed(web: httpx.Client, site: str, header: dict[str, str]) -> list[str]:
    url, found = f"http://{site}/feed.xml", []
    while url:
        parsed = feedparser.parse(web.get(url, headers=header).content)
        assert not parsed.bozo
        found += [entry.link for entry in parsed.entries]
        url = next((link.href for link in parsed.feed.links if link.rel == "next"), "")
    return found


@pytest.mark.parametrize("site", ["screenchat.example", "reelnotes.example"])
def test_feed_has_exactly_the_past_newest_first(web: httpx.Client, small_world: Path, site: str) -> None:
    documents = pl.read_parquet(small_world / "documents.parquet").filter(site=site)
    past = documents.filter(pl.col("published_at").dt.date() <= MIDDLE)
    assert 0 < past.height < documents.height
    expected = past.sort(["published_at", "url"], descending=[True, False])["url"].to_list()
    assert _whole_feed(web, site, at(MIDDLE)) == expected


def test_document_page_appears_with_its_second(web: httpx.Client, small_world: Path) -> None:
    row = pl.read_parquet(small_world / "documents.parquet").row(700, named=True)
    moment = row["published_at"].replace(tzinfo=UTC)
    before = {"Accept-Datetime": http_date(moment - timedelta(seconds=1))}
    assert web.get(row["url"], headers=before).status_code == 404
    shown = web.get(row["url"], headers={"Accept-Datetime": http_date(moment)})
    assert shown.status_code == 200
    assert "truth" not in shown.text and str(row["truth_tmdb_id"]) not in shown.text


def test_exports_lists_and_charts_end_at_the_clock(api: httpx.Client, web: httpx.Client) -> None:
    header = at(MIDDLE)
    name = "/p/exports/movie_ids_{:%m_%d_%Y}.json.gz".format
    assert api.get(name(MIDDLE), headers=header).status_code == 200
    assert api.get(name(MIDDLE + timedelta(days=1)), headers=header).status_code == 404
    assert api.get(name(LAST_DAY + timedelta(days=1))).status_code == 404
    assert api.get(name(LAST_DAY - timedelta(days=DAYS))).status_code == 404
    early = api.get("/3/trending/movie/day", headers=at(LAST_DAY - timedelta(days=DAYS))).json()
    assert early["total_results"] == 0
    first, last = (api.get("/3/trending/movie/day", headers=at(day)).json() for day in (MIDDLE, LAST_DAY))
    assert [item["id"] for item in first["results"]] != [item["id"] for item in last["results"]]
    page = "http://charts.example/box_office_us/{}/".format
    assert web.get(page(MIDDLE), headers=header).status_code == 200
    assert web.get(page(MIDDLE + timedelta(days=1)), headers=header).status_code == 404
    rows = web.get("http://charts.example/netflix/all-weeks-global.tsv", headers=header).text.splitlines()[1:]
    assert rows and all(date.fromisoformat(row.split("\t")[0]) <= MIDDLE for row in rows)
    reviewed = web.get("http://sandbox.example/opml/posts.opml", headers=at(date(2020, 1, 1)))
    assert "xmlUrl" not in reviewed.text
