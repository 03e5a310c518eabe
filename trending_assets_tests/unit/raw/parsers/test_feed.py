"""Feeds: RSS, Atom and JSON Feed to items, and bad input that never loses one."""

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.parsers.feed import is_complete, parse, parse_opml, stated_rating
from trending_assets.raw.parsers.markup import MAX_TAGS

URL = "http://site.example/feed.xml"

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>x</title>
<link rel="next" href="/feed.xml?page=2"/>
<entry xml:lang="fr"><id>urn:1</id><link href="http://site.example/1"/><published>2013-05-01T23:30:00-02:00</published>
<title type="html">Amour &amp;amp; paix</title><author><name>Zo\u00eb</name></author>
<content type="html">&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two &amp;lt;3&lt;/p&gt;&lt;script&gt;no()&lt;/script&gt;</content></entry>
<entry><id>urn:2</id><title>No address</title></entry>
<entry><id>urn:3</id><link href="http://site.example/3"/></entry>
<entry><id>urn:4</id><link href="/4"/><title>Plain</title></entry>
</feed>"""


def test_atom_items_have_plain_text_utc_times_and_the_next_page() -> None:
    page = parse(ATOM.encode(), URL, "application/atom+xml; charset=utf-8")
    item, other = page.items
    assert (item.url, item.headline, item.author) == ("http://site.example/1", "Amour & paix", "Zoë")
    assert (item.language, item.site_language) == ("fr", "en")
    assert item.text == "One two <3"
    assert item.published_at == datetime(2013, 5, 2, 1, 30, tzinfo=UTC)
    assert (other.url, other.language, other.site_language) == ("http://site.example/4", None, "en")
    assert page.next_url == "http://site.example/feed.xml?page=2"
    assert [(bad.reason, bad.detail) for bad in page.bad] == [
        (Reason.NO_ADDRESS, "The feed item has no http address."),
        (Reason.NO_TEXT, "The feed item has neither a headline nor text."),
    ]
    assert b"No address" in page.bad[0].payload


def test_old_rss_and_the_rss_of_link_forums() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://site.example/"><title>t</title></channel>
      <item rdf:about="http://site.example/1"><title>One</title><link>http://site.example/1</link>
      <dc:date>2013-05-01T10:00:00Z</dc:date></item></rdf:RDF>"""
    rss = """<rss version="0.91"><channel><title>t</title><language>en-us</language><item><title>Two</title>
      <link>http://site.example/2</link><description><![CDATA[<p>Good film.</p>submitted by <a href="/u/a">alice</a> to
      <a href="/c/m">movies</a><br>12 points | <a href="/2">3 comments</a>]]></description></item></channel></rss>"""
    assert parse(rdf.encode(), URL).items[0].published_at == datetime(2013, 5, 1, 10, tzinfo=UTC)
    (item,) = parse(rss.encode(), URL).items
    assert (item.text, item.site_language, item.language) == ("Good film.", "en-us", None)


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "en",
        "next_url": "/feed.json?page=2",
        "items": [
            {
                "id": "1",
                "url": "/1",
                "title": "One",
                "content_html": "<p>Rated it 7/10.</p>",
                "date_published": "2013-05-01T10:00:00+02:00",
                "authors": [{"name": "Ann"}],
            },
            {"id": "http://site.example/2", "content_text": "Two"},
            {"id": "3", "title": "No address"},
            "nonsense",
            None,
        ],
    }
    body = json.dumps(feed).encode()
    page = parse(body, "http://site.example/feed.json")
    assert is_complete(body) and not is_complete(body[:-3])
    assert [(i.url, i.headline, i.text, i.author) for i in page.items] == [
        ("http://site.example/1", "One", "Rated it 7/10.", "Ann"),
        ("http://site.example/2", None, "Two", None),
    ]
    assert (page.items[0].rating, page.items[0].rating_max) == (7.0, 10.0)
    assert page.items[0].published_at == datetime(2013, 5, 1, 8, tzinfo=UTC)
    assert len(page.bad) == 3 and page.next_url == "http://site.example/feed.json?page=2"
    for other in ({"version": "1"}, {"version": "https://jsonfeed.org/version/1", "items": {}}):
        with pytest.raises(BadInput, match="no JSON Feed"):
            parse(json.dumps(other).encode(), URL)


def test_an_indiewire_feed(shared: Path) -> None:
    body = (shared / "fixtures/http/rss_real/indiewire_2026-08_trimmed.xml").read_bytes()
    page = parse(body, "https://www.indiewire.com/feed/")
    assert len(page.items) == body.count(b"<item>")
    assert not page.bad
    first = page.items[0]
    assert first.headline is not None
    assert first.headline.startswith("‘Butcher, Baker, Nightmare Maker’")
    assert first.author == "Alison Foreman"
    assert first.published_at == datetime(2026, 8, 1, 3, 59, tzinfo=UTC)


def test_a_real_feed_with_relative_and_odd_parts_loses_nothing(shared: Path) -> None:
    files = sorted((shared / "fixtures/http/labs.silverorange.com").glob("*.xml"))
    assert files
    for file in files:
        page = parse(file.read_bytes(), "http://labs.silverorange.com/rss.xml")
        assert len(page.items) + len(page.bad) == file.read_bytes().count(b"<item>")
        assert all(item.text and item.published_at and item.site_language == "en-ca" for item in page.items)
        assert not any("Continue reading" in (item.text or "") for item in page.items)


def test_html_is_no_feed_and_a_cut_feed_is_seen() -> None:
    with pytest.raises(BadInput, match="neither RSS nor Atom") as caught:
        parse(b"<html><body>Moved</body></html>", URL)
    assert caught.value.reason is Reason.WRONG_FORMAT
    assert is_complete(ATOM.encode() + b"\n<!-- cached -->\n")
    assert not is_complete(ATOM.encode()[:-20])


def test_a_body_that_is_the_name_of_a_file_is_not_opened(tmp_path: Path) -> None:
    """feedparser opens what it is given as a path: a site could have read any file here, or /dev/zero for ever."""
    there = tmp_path / "feed.xml"
    there.write_text(ATOM)
    with pytest.raises(BadInput, match="neither RSS nor Atom"):
        parse(str(there).encode(), URL)


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel>" + "<a>" * (MAX_TAGS + 1),
        "<rss " + " ".join(f'a{n}="1"' for n in range(50_000)) + "><channel></channel></rss>",
    ],
    ids=["tags", "attributes"],
)
def test_a_feed_that_would_take_minutes_is_refused(body: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(body.encode(), URL)
    assert caught.value.reason is Reason.TOO_LARGE


def test_entity_bombs_stay_small() -> None:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(12))
    bomb = f'<!DOCTYPE r [<!ENTITY a "{"a" * 30}">{entities}]><rss version="2.0"><channel><title>&m;</title>'
    page = parse(
        f"{bomb}<item><link>http://site.example/1</link><title>&m;</title></item></channel></rss>".encode(), URL
    )
    assert len(page.items) + len(page.bad) == 1


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("I rated Dead Mine 6/10 #IMDb", (6.0, 10.0)),
        ("My rating: 3,5 / 5", (3.5, 5.0)),
        ("Opens 5/10 in cinemas", (None, None)),
        ("I rated it 8/10 and gave the other 3/10", (None, None)),
        ("rated 11/10", (None, None)),
        (None, (None, None)),
    ],
)
def test_stated_ratings(text: str | None, rating: tuple[float | None, float | None]) -> None:
    assert stated_rating(text) == rating


def test_opml_names_each_feed_once() -> None:
    listing = (
        '<opml version="2.0"><body><outline xmlUrl="http://a.example/f"/><outline text="folder">'
        '<outline xmlUrl="http://a.example/f"/><outline xmlUrl="ftp://b.example/f"/></outline></body></opml>'
    )
    assert parse_opml(listing.encode()) == ["http://a.example/f"]
    for body, said in ((b"<rss/>", "root is <rss>"), (b"<opml", "not well-formed"), (b"", "not well-formed")):
        with pytest.raises(BadInput, match=said):
            parse_opml(body)


_VALUE = st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_VALUE, _VALUE, _VALUE, _VALUE), max_size=8))
def test_any_items_come_out_or_go_to_quarantine(rows: list[tuple[str | None, ...]]) -> None:
    tags = ("link", "title", "pubDate", "description")
    items = "".join(
        "<item>"
        + "".join(f"<{t}>{escape(v)}</{t}>" for t, v in zip(tags, row, strict=True) if v is not None)
        + "</item>"
        for row in rows
    )
    page = parse(f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode(), URL)
    assert len(page.items) + len(page.bad) == len(rows)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_bad_input(body: bytes) -> None:
    for data in (body, b"{" + body, b"<rss><channel><item>" + body):
        try:
            parse(data, URL)
        except BadInput as error:
            assert str(error).endswith(".")
    try:
        parse_opml(body)
    except BadInput as error:
        assert "OPML" in str(error)
