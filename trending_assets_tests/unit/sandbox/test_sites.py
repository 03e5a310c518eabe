"""The proxy form, the pages and the feeds of the sites."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.robotparser import RobotFileParser

import feedparser
import httpx
import polars as pl
import pytest
from lxml import etree, html

from sandbox.feeds import FEED_PAGE, xml
from sandbox.forms import form_of
from sandbox.pages import reviewed_item
from sandbox.process import SandboxProcess
from sandbox.world import load_world
from trending_assets.failures import BadInput
from trending_assets.raw.parsers import html_page, schema_org
from trending_assets.raw.sources import Selectors


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


PLAIN = "harbourherald.example"
"""The generated site whose pages are plain HTML; reelnotes.example and lanternweekly.example have microdata."""


def test_opml_names_every_site_of_its_kind(web: httpx.Client, small_world: Path) -> None:
    documents = pl.read_parquet(small_world / "documents.parquet")
    posts, reviews = (set(documents.filter(kind=kind)["site"].unique()) for kind in ("post", "review"))
    for name, sites in (("posts", posts), ("reviews", reviews - {PLAIN}), ("html_reviews", {PLAIN})):
        tree = etree.fromstring(web.get(f"http://sandbox.example/opml/{name}.opml").content)
        urls = {outline.get("xmlUrl") for outline in tree.iter("outline")}
        assert urls == {f"http://{site}/feed.xml" for site in sites}


def test_replayed_worlds_have_json_ld_alone(small_world: Path) -> None:
    world = load_world(small_world)
    assert {form_of(world, site) for site in world.sites} == {"json_ld", "microdata", "plain"}
    assert form_of(world, PLAIN) == "plain"
    assert {form_of(replace(world, generated=False), site) for site in world.sites} == {"json_ld"}


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
    json_ld = reviews.filter(pl.col("site").is_in(["framebyframe.example", "theaisleseatpost.example"]))
    row = json_ld.filter(pl.col("headline").str.contains(form) & pl.col("rating").is_not_null()).row(0, named=True)
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


def test_every_form_of_a_page_is_read_as_it_was_written(web: httpx.Client, small_world: Path) -> None:
    """The parsers of the raw layer over all review pages: JSON-LD, microdata, and plain HTML by selectors."""
    reviews = pl.read_parquet(small_world / "documents.parquet").filter(pl.col("kind") == "review").sort("url")
    assert reviews["site"].n_unique() == 8
    chosen = Selectors(
        headline="article h1",
        text="article .review-text",
        author="article [rel=author]",
        published="article time::attr(datetime)",
        rating="article .verdict",
        work_title="article .reviewed cite",
        work_year="article .reviewed .year",
    )
    for row in reviews.iter_rows(named=True):
        page = web.get(row["url"]).text
        if row["site"] == PLAIN:
            (item,) = html_page.parse(page, row["url"], chosen)
            (found,) = html_page.parse(page, row["url"], None)
            assert row["text"] in (found.text or "") and "Comments" not in (found.text or "")
            with pytest.raises(BadInput, match=r"no schema\.org Review"):
                schema_org.parse(page, row["url"])
        else:
            (item,) = schema_org.parse(page, row["url"])
            assert ("itemscope" in page) == (row["site"] in ("reelnotes.example", "lanternweekly.example"))
        assert item.text == row["text"] and item.headline == row["headline"] and item.author == row["author"]
        assert (item.rating, item.rating_max) == (row["rating"], row["rating_max"])
        assert item.published_at == row["published_at"]
        reviewed = reviewed_item(row["headline"])
        assert (item.work and item.work.title) == (reviewed and reviewed["name"])
        assert (item.work and item.work.year) == (
            reviewed and int(next(v for k, v in reviewed.items() if k[0] != "@" and k != "name"))
        )


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
