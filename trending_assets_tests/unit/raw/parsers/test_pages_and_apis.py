"""Plain HTML pages, pages of links, and Lemmy's posts."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import Item, Work
from trending_assets.raw.parsers import html_page, lemmy_posts, link_index
from trending_assets.raw.parsers.html_page import MAX_ELEMENTS
from trending_assets.raw.sources import Selectors

URL = "https://site.example/p/1"
WORDS = "It takes its time, and then it takes ours, and nobody in the room seemed to mind at all. "
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>A long look at Heat | Some Site</title>
<meta property="og:title" content="A long look at Heat">
<meta property="article:published_time" content="2013-05-01T10:00:00+02:00">
<meta name="author" content="Ann Lee"></head><body><header><nav><a href="/">Home</a><a href="/films">Films</a></nav></header>
<main><article><h1>A long look at Heat</h1><p class="by">By <a rel="author">Ann Lee</a></p>
<div class="body"><p>{WORDS * 3}</p><p>{WORDS * 2}Worth it &amp; more.</p></div>
<p class="stars">Rating: <b>3.5</b> / 4</p><p>Film: <cite data-year="1995">Heat</cite></p></article></main>
<aside><h2>Newsletter</h2><p>One letter a week.</p></aside>
<footer><p>© 2013 Some Site. All rights reserved.</p></footer></body></html>"""


def test_without_selectors_a_library_finds_text_and_metadata() -> None:
    (item,) = html_page.parse(PAGE, URL, None)
    assert item.headline == "A long look at Heat"
    assert item.author == "Ann Lee"
    assert item.published_at == datetime(2013, 5, 1, 8, tzinfo=UTC)
    assert (item.language, item.site_language) == (None, "en-GB")
    assert item.text is not None and item.text.startswith("It takes its time")
    assert "Worth it & more." in item.text
    for boilerplate in ("Home", "One letter a week", "All rights reserved"):
        assert boilerplate not in item.text
    assert (item.rating, item.work) == (None, None)


def test_selectors_decide_where_they_are_given() -> None:
    chosen = Selectors(
        headline="h1",
        text="div.body",
        author="a[rel=author]::text",
        published="meta[property='article:published_time']::attr(content)",
        rating=".stars",
        work_title="cite",
        work_year="cite::attr(data-year)",
    )
    (item,) = html_page.parse(PAGE, URL, chosen)
    assert item == Item(
        url=URL,
        published_at=datetime(2013, 5, 1, 8, tzinfo=UTC),
        headline="A long look at Heat",
        text=f"{WORDS * 5}Worth it & more.",
        author="Ann Lee",
        language=None,
        rating=3.5,
        rating_max=4.0,
        work=Work("Heat", 1995),
        site_language="en-GB",
    )
    (item,) = html_page.parse(PAGE, URL, Selectors(rating=".stars b", rating_max=5))
    assert (item.rating, item.rating_max) == (3.5, 5.0)


def test_a_title_loses_its_site_and_a_text_that_begins_like_its_heading_stays_whole() -> None:
    named = PAGE.replace(
        '<meta property="og:title" content="A long look at Heat">', '<meta property="og:site_name" content="Some Site">'
    )
    named = named.replace("<h1>A long look at Heat</h1>", "")
    assert html_page.parse(named, URL, None)[0].headline == "A long look at Heat"
    begins = PAGE.replace(f"<p>{WORDS * 3}", f"<p>A long look at Heat is what it took. {WORDS * 3}").replace(
        '<p class="by">', "<p>"
    )
    text = html_page.parse(begins.replace('<p>By <a rel="author">Ann Lee</a></p>', ""), URL, None)[0].text
    assert text is not None and text.startswith("A long look at Heat is what it took.")


def test_the_same_page_is_read_the_same_whatever_the_day() -> None:
    """htmldate takes no date after today; a page of 2087 would be read differently in 2088."""
    ahead = PAGE.replace("2013-05-01T10:00:00+02:00", "").replace(
        "Ann Lee</a>", 'Ann Lee</a> <time datetime="x">2087-05-01</time>'
    )
    (item,) = html_page.parse(ahead, URL, None)
    assert item.published_at in (None, datetime(2087, 5, 1, tzinfo=UTC))
    stated = PAGE.replace("2013-05-01T10:00:00+02:00", "2087-05-01")
    assert html_page.parse(stated, URL, None)[0].published_at == datetime(2087, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "selectors", "reason"),
    [
        ("<p></p>", None, Reason.NO_TEXT),
        (PAGE, Selectors(headline=".gone", text=".gone"), Reason.NO_TEXT),
        ("", None, Reason.BROKEN_MARKUP),
        ("<div>" * 90_000 + "words " * 100, Selectors(headline="h1"), Reason.BROKEN_MARKUP),
        ("<a href=x>link</a> " * (MAX_ELEMENTS + 1), None, Reason.TOO_LARGE),
        ("word " * 10_000_000, None, Reason.TOO_LARGE),
        (PAGE, Selectors(headline="h1["), Reason.WRONG_FORMAT),
    ],
    ids=["nothing", "selectors pick nothing", "empty", "deep", "links", "50 MB", "no CSS"],
)
def test_what_is_refused(markup: str, selectors: Selectors | None, reason: Reason) -> None:
    with pytest.raises(BadInput) as caught:
        html_page.parse(markup, URL, selectors)
    assert caught.value.reason is reason


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_page_is_read_or_refused(text: str) -> None:
    for markup in (text, f"<title>{text}</title><article>{text}<p>{text}</article>"):
        for selectors in (None, Selectors(headline="title", text="article")):
            try:
                (item,) = html_page.parse(markup, URL, selectors)
            except BadInput as error:
                assert str(error).endswith(".")
            else:
                assert item.headline or item.text


def test_links_of_a_page() -> None:
    page = """<base href="/films/"><nav><a href="/">Home</a></nav>
    <ul class="list"><li><a href="1#top">A</a></li><li><a href="1">A</a></li><li><a href="https://other.example/2">B</a></li>
    <li><a href="javascript:x()">C</a></li><li><a>D</a></li></ul><p data-url="/3">E</p>"""
    assert link_index.parse(page, URL, ".list a") == ["https://site.example/films/1", "https://other.example/2"]
    assert link_index.parse(page, URL, "p::attr(data-url)") == ["https://site.example/3"]
    assert link_index.parse(page, URL, ".gone") == []
    for selector in ("a[", "::attr(", ""):
        with pytest.raises(BadInput, match="no CSS") as caught:
            link_index.parse(page, URL, selector)
        assert caught.value.reason is Reason.WRONG_FORMAT
    with pytest.raises(BadInput, match="tags"):
        link_index.parse("<a href=x>y</a>" * 150_000, URL, "a")


LIST = "https://lemmy.example/api/v3/post/list?community_name=movies&sort=New&limit=20"


def _post(n: int, **more: Any) -> dict[str, Any]:
    post = {
        "id": n,
        "name": f"Post {n}",
        "ap_id": f"https://a.example/post/{n}",
        "published": "2023-06-12T10:11:12.345678Z",
    }
    return {"post": {**post, **more}, "creator": {"name": "ann"}, "counts": {"score": 3}}


def _lemmy(*posts: Any, **more: Any) -> bytes:
    return json.dumps({"posts": list(posts), **more}).encode()


def test_lemmy_posts() -> None:
    body = "# Head\n> I rated **[Heat](https://x.example)** 8/10\n\n- it's *slow* &amp; good ![pic](https://x.example/p.png)"
    page = lemmy_posts.parse(_lemmy(_post(1, body=body), _post(2), next_page="Pa1"), LIST)
    assert page.items[0] == Item(
        url="https://a.example/post/1",
        published_at=datetime(2023, 6, 12, 10, 11, 12, 345678, tzinfo=UTC),
        headline="Post 1",
        text="Head I rated Heat 8/10 it's slow & good pic",
        author="ann",
        language=None,
        rating=8.0,
        rating_max=10.0,
    )
    assert (page.items[1].text, page.bad) == (None, [])
    assert page.next_url == f"{LIST}&page_cursor=Pa1"
    again = lemmy_posts.parse(_lemmy(_post(3), next_page="Pa2"), page.next_url)
    assert again.next_url == f"{LIST}&page_cursor=Pa2"
    assert lemmy_posts.parse(_lemmy(_post(3), next_page=None), LIST).next_url is None


def test_lemmy_before_cursors_counts_pages() -> None:
    assert lemmy_posts.parse(_lemmy(_post(1)), LIST).next_url == f"{LIST}&page=2"
    assert lemmy_posts.parse(_lemmy(_post(1)), f"{LIST}&page=2").next_url == f"{LIST}&page=3"
    assert lemmy_posts.parse(_lemmy(), f"{LIST}&page=3").next_url is None


def test_lemmy_what_is_no_document_is_set_aside() -> None:
    posts = [_post(1, deleted=True), _post(2, removed=True), _post(3, ap_id="x:y"), _post(4, name=" "), {}, None, 7]
    page = lemmy_posts.parse(_lemmy(*posts), LIST)
    assert page.items == [] and len(page.bad) == len(posts)
    assert {bad.reason for bad in page.bad} == {Reason.NO_TEXT, Reason.NO_ADDRESS}
    for body in (b'{"error": "rate_limit_error"}', b"[]", b"{}", b"<html>", b"[" * 100_000):
        with pytest.raises(BadInput) as caught:
            lemmy_posts.parse(body, LIST)
        assert caught.value.reason is Reason.WRONG_FORMAT
