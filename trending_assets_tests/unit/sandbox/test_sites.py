"""The proxy form, the pages and the feeds of the sites."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.robotparser import RobotFileParser

import feedparser
import httpx
import polars as pl
import pytest
from lxml import etree, html

from sandbox.feeds import FEED_PAGE, xml
from sandbox.pages import reviewed_item
from sandbox.process import SandboxProcess


def _json_ld(page: str) -> dict[str, object]:
    text = html.fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    assert len(text) == 1
    data: dict[str, object] = json.loads(text[0])
    return data


def test_hosts(sandbox_process: SandboxProcess, web: httpx.Client) -> None:
    assert web.get("http://unknown.example/").status_code == 502
    assert "unknown.example" in web.get("http://unknown.example/").text
    assert web.get("http://api.themoviedb.org/3/configuration?api_key=k").status_code == 502
    direct = httpx.get(f"{sandbox_process.url}/feed.xml", headers={"Host": "screenchat.example"}, trust_env=False)
    assert direct.content == web.get("http://screenchat.example/feed.xml").content


def test_an_answer_is_sent_once(web: httpx.Client) -> None:
    url = "http://screenchat.example/feed.xml"
    first = web.get(url)
    again = web.get(url, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "memento-datetime" in again.headers
    other = web.get(f"{url}?page=2", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200 and other.headers["etag"] != first.headers["etag"]


def test_opml_names_every_site_of_its_kind(web: httpx.Client, small_world: Path) -> None:
    documents = pl.read_parquet(small_world / "documents.parquet")
    for kind, name in (("post", "posts"), ("review", "reviews")):
        tree = etree.fromstring(web.get(f"http://sandbox.example/opml/{name}.opml").content)
        urls = {outline.get("xmlUrl") for outline in tree.iter("outline")}
        assert urls == {f"http://{site}/feed.xml" for site in documents.filter(kind=kind)["site"].unique()}


def test_feed_entries_hold_the_documents(web: httpx.Client, small_world: Path) -> None:
    rows = {row["url"]: row for row in pl.read_parquet(small_world / "documents.parquet").to_dicts()}
    for site, kind in (("filmbuzz.example", "post"), ("harbourherald.example", "review")):
        parsed = feedparser.parse(web.get(f"http://{site}/feed.xml").content)
        assert parsed.version == ("rss20" if kind == "post" else "atom10")
        assert 0 < len(parsed.entries) <= FEED_PAGE
        for entry in parsed.entries:
            row = rows[entry.link]
            assert entry.id == row["url"]
            assert entry.author == row["author"]
            assert entry.summary == row["text"].replace("&", "&amp;") if kind == "post" else row["text"]
            assert entry.published_parsed[:6] == row["published_at"].timetuple()[:6]
    assert web.get("http://filmbuzz.example/feed.xml?page=99").status_code == 404
    assert web.get("http://filmbuzz.example/feed.xml?page=x").status_code == 404


def test_review_page_has_json_ld(web: httpx.Client, small_world: Path) -> None:
    reviews = pl.read_parquet(small_world / "documents.parquet").filter(pl.col("kind") == "review")
    form = r" \(\d{4}\)( series)? review$"
    row = reviews.filter(pl.col("headline").str.contains(form) & pl.col("rating").is_not_null()).row(0, named=True)
    data = _json_ld(web.get(row["url"]).text)
    assert data["@type"] == "Review"
    assert data["reviewBody"] == row["text"]
    assert data["author"] == {"@type": "Person", "name": row["author"]}
    assert data["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": row["rating"],
        "bestRating": row["rating_max"],
    }
    reviewed = data["itemReviewed"]
    assert isinstance(reviewed, dict) and reviewed["name"] == re.sub(form, "", row["headline"])
    post = pl.read_parquet(small_world / "documents.parquet").filter(kind="post").row(0, named=True)
    data = _json_ld(web.get(post["url"]).text)
    assert (data["@type"], data["articleBody"]) == ("SocialMediaPosting", post["text"])
    assert "reviewRating" not in data


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Dune (2021) review", {"@type": "Movie", "name": "Dune", "dateCreated": "2021"}),
        ("Dark (2017) series review", {"@type": "TVSeries", "name": "Dark", "startDate": "2017"}),
        ("Why Dune stays with you", None),
        (None, None),
    ],
)
def test_reviewed_item(headline: str | None, expected: dict[str, str] | None) -> None:
    assert reviewed_item(headline) == expected


def test_escaping() -> None:
    assert xml('a<b & "c"\x00\x0b\ud800\'') == "a&lt;b &amp; &quot;c&quot;&#x27;"


def test_robots_sitemap_and_front(web: httpx.Client, small_world: Path) -> None:
    robots = RobotFileParser()
    robots.parse(web.get("http://reelnotes.example/robots.txt").text.splitlines())
    assert robots.can_fetch("any", "http://reelnotes.example/reviews/1")
    assert not robots.can_fetch("any", "http://reelnotes.example/private/account")
    assert robots.site_maps() == ["http://reelnotes.example/sitemap.xml"]
    tree = etree.fromstring(web.get("http://reelnotes.example/sitemap.xml").content)
    urls = [node.text for node in tree.iter("{*}loc")]
    documents = pl.read_parquet(small_world / "documents.parquet").filter(site="reelnotes.example")
    assert sorted(urls) == sorted(documents["url"])
    front = html.fromstring(web.get("http://reelnotes.example/").text)
    assert urls[0] in front.xpath("//main//a/@href")


def test_charts(web: httpx.Client, small_world: Path) -> None:
    charts = pl.read_parquet(small_world / "charts.parquet")
    index = web.get("http://charts.example/index.json").json()
    assert index == {"charts": sorted(charts["chart"].unique())}
    lines = web.get("http://charts.example/netflix/all-weeks-global.tsv").text.splitlines()
    assert lines[0].split("\t")[:6] == [
        "week",
        "category",
        "weekly_rank",
        "show_title",
        "season_title",
        "weekly_hours_viewed",
    ]
    netflix = charts.filter(pl.col("chart").str.starts_with("netflix"))
    assert len(lines) - 1 == netflix.height
    day = charts.filter(chart="box_office_us")["date"].sort().to_list()[-1]
    page = html.fromstring(web.get(f"http://charts.example/box_office_us/{day}/").text)
    rows = [[cell.text_content() for cell in row.xpath("./td")] for row in page.xpath("//table/tbody/tr")]
    expected = charts.filter(chart="box_office_us", date=day).sort("rank")
    assert [row[1] for row in rows] == expected["title"].to_list()
    assert [float(row[2].replace("$", "").replace(",", "")) for row in rows] == expected["value"].to_list()
