"""Feeds: RSS and Atom to items, and bad input that never loses one."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.raw.feeds import is_complete, parse_feed, parse_opml, stated_rating

URL = "http://site.example/feed.xml"

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>x</title>
<link rel="next" href="/feed.xml?page=2"/>
<entry xml:lang="fr"><id>urn:1</id><link href="http://site.example/1"/><published>2013-05-01T23:30:00-02:00</published>
<title type="html">Amour &amp;amp; paix</title><author><name>Zo\u00eb</name></author>
<content type="html">&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two &amp;lt;3&lt;/p&gt;&lt;script&gt;no()&lt;/script&gt;</content></entry>
<entry><id>urn:2</id><title>No address</title></entry>
<entry><id>urn:3</id><link href="http://site.example/3"/></entry>
</feed>"""


def test_atom_items_have_plain_text_utc_times_and_the_next_page() -> None:
    page = parse_feed(ATOM.encode(), URL, "application/atom+xml; charset=utf-8")
    (item,) = page.items
    assert (item.url, item.headline, item.author, item.language) == (
        "http://site.example/1",
        "Amour & paix",
        "Zoë",
        "fr",
    )
    assert item.text == "One two <3"
    assert item.published_at == datetime(2013, 5, 2, 1, 30, tzinfo=UTC)
    assert page.next_url == "http://site.example/feed.xml?page=2"
    assert [bad.reason for bad in page.bad] == [
        "The feed item has no http address.",
        "The feed item has neither a headline nor text.",
    ]


def test_an_indiewire_feed(shared: Path) -> None:
    body = (shared / "fixtures/http/rss_real/indiewire_2026-08_trimmed.xml").read_bytes()
    page = parse_feed(body, "https://www.indiewire.com/feed/")
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
        page = parse_feed(file.read_bytes(), "http://labs.silverorange.com/rss.xml")
        assert len(page.items) + len(page.bad) == file.read_bytes().count(b"<item>")


def test_html_is_no_feed_and_a_cut_feed_is_seen() -> None:
    with pytest.raises(ValueError, match="neither RSS nor Atom"):
        parse_feed(b"<html><body>Moved</body></html>", URL)
    assert is_complete(ATOM.encode() + b"\n<!-- cached -->\n")
    assert not is_complete(ATOM.encode()[:-20])


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
    with pytest.raises(ValueError, match="root is <rss>"):
        parse_opml(b"<rss/>")
    with pytest.raises(ValueError, match="not well-formed"):
        parse_opml(b"<opml")


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
    page = parse_feed(f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode(), URL)
    assert len(page.items) + len(page.bad) == len(rows)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_a_value_error(body: bytes) -> None:
    for parse in (lambda b: parse_feed(b, URL), parse_opml):
        try:
            parse(body)
        except ValueError as error:
            assert str(error)
