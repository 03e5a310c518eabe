"""Review pages: the shapes of schema.org Review that real pages have."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.items import Item, Work
from trending_assets.raw.parsers import schema_org
from trending_assets.raw.parsers.schema_org import MAX_REVIEWS, movie, parse
from trending_assets.raw.parsers.structured_data import MAX_NODES

URL = "https://site.example/reviews/1"


def _page(*scripts: Any, body: str = "<p>Text</p>", lang: str = "") -> str:
    made = "".join(
        f'<script type="application/ld+json">{s if isinstance(s, str) else json.dumps(s)}</script>' for s in scripts
    )
    return f"<!doctype html><html{lang}><head>{made}</head><body>{body}</body></html>"


def _one(*scripts: Any) -> Item:
    (item,) = parse(_page(*scripts), URL)
    return item


def _of(item: Item) -> Work:
    assert item.work is not None
    return item.work


REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Review",
    "itemReviewed": {"@type": "Movie", "name": "Caf&eacute; de Flore", "dateCreated": "2011-09-23"},
    "author": {"@type": "Person", "name": "Ann Lee"},
    "reviewRating": {"@type": "Rating", "ratingValue": "3,5", "bestRating": "4"},
    "reviewBody": "<p>Tender &amp;amp; odd.</p>",
    "datePublished": "2013-05-01T10:00:00+02:00",
    "inLanguage": "en-GB",
}


def test_a_plain_review() -> None:
    (item,) = parse(_page(REVIEW, lang=' lang="de"'), URL)
    assert item == Item(
        url=URL,
        published_at=datetime(2013, 5, 1, 8, tzinfo=UTC),
        headline=None,
        text="Tender & odd.",
        author="Ann Lee",
        language="en-GB",
        rating=3.5,
        rating_max=4.0,
        work=Work("Café de Flore", 2011, "movie"),
        site_language="de",
    )


def test_shapes_of_real_pages() -> None:
    graph = {"@graph": [{"@type": "WebPage"}, REVIEW]}
    listed = [{"@type": "Organization", "name": "x"}, REVIEW]
    on_movie = {
        "@type": ["Movie"],
        "name": "Café de Flore",
        "datePublished": "2011",
        "review": [{**REVIEW, "itemReviewed": None}],
    }
    items = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": REVIEW}]}
    typed = {**REVIEW, "@type": ["Article", "http://schema.org/Review"]}
    about = [{**REVIEW, "itemReviewed": None, "about": REVIEW["itemReviewed"]}]
    beside = [{**REVIEW, "itemReviewed": None}, REVIEW["itemReviewed"]]
    in_article = {"@type": "NewsArticle", "review": {**REVIEW, "itemReviewed": None}, "about": REVIEW["itemReviewed"]}
    for shape in (graph, listed, on_movie, items, typed, about, beside, in_article):
        item = _one(shape)
        assert (_of(item).title, _of(item).year, _of(item).media_type) == ("Café de Flore", 2011, "movie"), shape
        assert item.text == "Tender & odd."


def test_nodes_may_be_references_into_the_graph() -> None:
    graph = [
        {**REVIEW, "itemReviewed": {"@id": "#work"}, "author": {"@id": "#ann"}, "reviewRating": {"@id": "#stars"}},
        {"@id": "#work", "@type": "TVSeries", "name": "Show", "startDate": "2010"},
        {"@type": "WebPage", "author": {"@id": "#ann", "@type": "Person", "name": "Ann"}},
        {"@id": "#stars", "@type": "Rating", "ratingValue": 4, "bestRating": None},
    ]
    item = _one({"@graph": graph})
    assert (_of(item).title, _of(item).media_type, _of(item).year) == ("Show", "tv", 2010)
    assert (item.author, item.rating, item.rating_max) == ("Ann", 4.0, 5.0)
    on_work = [
        {"@type": "Movie", "name": "X", "review": {"@id": "#r"}},
        {**REVIEW, "@id": "#r", "itemReviewed": {"@id": "#x"}},
    ]
    assert _of(_one({"@graph": on_work})).title == "X"


def test_an_episode_or_season_is_a_review_of_its_series() -> None:
    series = {"@type": "TVSeries", "name": "Show", "sameAs": "https://www.imdb.com/title/tt1234567/"}
    episode = {
        "@type": "TVEpisode",
        "name": "Pilot",
        "partOfSeries": series,
        "sameAs": "https://www.imdb.com/title/tt7654321/",
    }
    season = {"@type": "TVSeason", "name": "Season 2", "partOfSeries": series}
    deep = {"@type": "TVEpisode", "name": "Pilot", "partOfSeason": season}
    for part in (episode, season, deep):
        assert _of(_one({**REVIEW, "itemReviewed": part})) == Work("Show", None, "tv", "tt1234567")
    lone = {"@type": "TVEpisode", "name": "Pilot", "sameAs": "https://www.imdb.com/title/tt7654321/"}
    assert _of(_one({**REVIEW, "itemReviewed": lone})).work_id is None, "an episode's id is not its series'"


@pytest.mark.parametrize(
    ("stated", "work_id"),
    [
        ({"sameAs": "https://www.imdb.com/title/tt0133093/?ref_=x"}, "tt0133093"),
        ({"sameAs": ["https://en.wikipedia.org/wiki/X", "http://m.imdb.com/de/title/tt0133093"]}, "tt0133093"),
        ({"url": "https://www.themoviedb.org/movie/603-the-matrix"}, "movie-603"),
        ({"sameAs": ["https://www.themoviedb.org/tv/1399", "https://www.imdb.com/title/tt0944947/"]}, "tt0944947"),
        ({"@id": "https://www.imdb.com/title/tt0133093/"}, "tt0133093"),
        ({"identifier": {"@type": "PropertyValue", "value": "https://www.imdb.com/title/tt0133093/"}}, "tt0133093"),
        ({"identifier": "tt0133093"}, "tt0133093"),
        ({"sameAs": "https://www.imdb.com/name/nm0000206/"}, None),
        ({"sameAs": "https://evil.example/?u=https://www.imdb.com/title/tt0133093/"}, None),
        ({"sameAs": 7, "url": None, "identifier": [{}]}, None),
    ],
)
def test_ids_of_the_work(stated: dict[str, Any], work_id: str | None) -> None:
    assert _of(_one({**REVIEW, "itemReviewed": {"@type": "Movie", "name": "X", **stated}})).work_id == work_id


def test_people_and_a_year_in_the_title() -> None:
    work = {
        "@type": "Movie",
        "name": "Heat (1995)",
        "director": {"name": "M&ouml;nn"},
        "creator": [{"@type": "Organization", "name": "Company"}, {"@type": "Person", "name": "Ann"}],
        "actors": ["Bo", {"@type": "Person", "name": "Bo"}, "https://x.example/cy"],
    }
    assert _of(_one({**REVIEW, "itemReviewed": work})) == Work("Heat", 1995, "movie", None, ("Mönn", "Ann", "Bo"))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ann", "Ann"),
        (["Ann", {"name": "Bo"}], "Ann, Bo"),
        ({"name": ["Ann"]}, "Ann"),
        ({"@value": "Ann"}, "Ann"),
        ("https://site.example/ann", None),
        (None, None),
        (7, None),
    ],
)
def test_authors(author: Any, name: str | None) -> None:
    assert _one({**REVIEW, "author": author}).author == name


@pytest.mark.parametrize(
    ("rating", "made"),
    [
        ({"ratingValue": 4}, (4.0, 5.0)),
        ({"ratingValue": "8/10"}, (8.0, 10.0)),
        ({"ratingValue": "4,5", "bestRating": None}, (4.5, 5.0)),
        ({"ratingValue": 8}, (8.0, 10.0)),
        ({"ratingValue": "80", "bestRating": "100"}, (80.0, 100.0)),
        ({"ratingValue": "n/a", "bestRating": 10}, (None, None)),
        ([{"ratingValue": ["3"], "bestRating": {"@value": 4}}], (3.0, 4.0)),
        ("★★★½", (3.5, 5.0)),
        (None, (None, None)),
    ],
)
def test_ratings(rating: Any, made: tuple[float | None, float | None]) -> None:
    item = _one({**REVIEW, "reviewRating": rating})
    assert (item.rating, item.rating_max) == made


def test_several_reviews_have_an_address_each() -> None:
    reviews = [
        {**REVIEW, "reviewBody": "One", "url": "https://site.example/other"},
        {**REVIEW, "reviewBody": "Two", "url": "/reviews/2"},
        {**REVIEW, "reviewBody": "Three", "url": "https://elsewhere.example/3"},
        {**REVIEW, "reviewBody": "Four", "url": URL},
        {**REVIEW, "reviewBody": "Two", "url": "/reviews/2"},
    ]
    items = parse(_page(reviews), URL + "#top")
    assert [item.text for item in items] == ["One", "Two", "Three", "Four"], "the same review twice is one"
    assert [item.url for item in items] == [URL + "#top", "https://site.example/reviews/2", URL + "#review-3", URL]


def test_what_a_review_leaves_out_is_taken_from_its_article() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Head",
        "author": {"name": "Ann"},
        "datePublished": "2013-05-02",
        "inLanguage": "en",
    }
    bare = {
        "@type": "Review",
        "itemReviewed": REVIEW["itemReviewed"],
        "reviewRating": {"ratingValue": 3},
        "reviewBody": "Good.",
    }
    item = _one({"@graph": [article, bare]})
    assert (item.headline, item.author, item.language) == ("Head", "Ann", "en")
    assert item.published_at == datetime(2013, 5, 2, tzinfo=UTC)


PARAGRAPH = (
    "<p>" + "It takes its time, and then it takes ours, and nobody in the room seemed to mind at all. " * 4 + "</p>"
)
ARTICLE = f"<nav><a href='/'>Home</a> <a href='/x'>More</a></nav><article><h1>Head</h1>{PARAGRAPH * 3}</article>"


def test_a_review_without_a_body_takes_the_pages_main_text() -> None:
    bare = {"@type": "Review", "itemReviewed": REVIEW["itemReviewed"], "description": "A teaser."}
    (item,) = parse(_page(bare, body=ARTICLE), URL)
    assert item.text is not None and item.text.startswith("It takes its time") and "Home" not in item.text
    short = {**REVIEW, "reviewBody": "Short, and all there is."}
    assert parse(_page(short, body=ARTICLE), URL)[0].text == "Short, and all there is.", (
        "a body is a body, however short"
    )
    featured = {"@type": "Movie", "name": "X", "review": {"@type": "Review", "description": "A teaser."}}
    assert parse(_page(featured, body=ARTICLE), URL)[0].text == "A teaser.", (
        "what stands around a film's review is not its text"
    )


def test_odd_json_is_repaired_and_one_broken_script_does_not_take_the_others_along() -> None:
    for odd in (
        '{"@type": "Review", "reviewBody": "line\nbreak",}',
        '/* c */ {"@type": "Review", // c\n"reviewBody": "line break"}',
        '\n<!-- x -->{"@type": "Review", "reviewBody": "line break"}',
    ):
        assert _one(odd).text == "line break"
    assert _one('{"@type": "Review", ', REVIEW).author == "Ann Lee"


MICRODATA = """<body itemscope itemtype="https://schema.org/WebPage"><article itemprop="mainEntity" itemscope
 itemtype="https://schema.org/Review"><h1 itemprop="name">Dune (2021) review</h1>
<p>By <a itemprop="author" href="/ann">Ann Lee</a>, <time itemprop="datePublished" datetime="2021-10-22">Friday</time></p>
<p itemprop="itemReviewed" itemscope itemtype="https://schema.org/Movie" itemref="more"><b itemprop="name">Dune</b>
<link itemprop="sameAs" href="https://www.imdb.com/title/tt1160419/"></p>
<p itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">
<b itemprop="ratingValue">4</b>/<i itemprop="bestRating">5</i></p>
<div itemprop="reviewBody"><p>Sand &amp; more sand.</p><script>no()</script><p>Fine.</p></div></article>
<p id="more"><meta itemprop="dateCreated" content="2021"></p></body>"""


def test_microdata() -> None:
    (item,) = parse(f"<html>{MICRODATA}</html>", URL)
    assert item == Item(
        url=URL,
        published_at=datetime(2021, 10, 22, tzinfo=UTC),
        headline="Dune (2021) review",
        text="Sand & more sand. Fine.",
        author="Ann Lee",
        language=None,
        rating=4.0,
        rating_max=5.0,
        work=Work("Dune", 2021, "movie", "tt1160419"),
    )
    both = _page({"@type": "WebSite", "name": "x"}, body=MICRODATA)
    assert parse(both, URL)[0].text == "Sand & more sand. Fine.", "JSON-LD without a review is not the end"


@pytest.mark.parametrize(
    ("page", "reason", "said"),
    [
        (_page('{"@type": "Review", '), Reason.BROKEN_MARKUP, "structured data is broken"),
        (_page("[" * 100_000), Reason.BROKEN_MARKUP, "structured data is broken"),
        (_page({"@type": "WebPage"}), Reason.NO_REVIEW, "no schema.org Review"),
        (_page({"@type": "Review"}), Reason.NO_TEXT, "neither a headline nor text"),
        ("", Reason.BROKEN_MARKUP, "no markup"),
        ("<div>" * 90_000 + "x", Reason.BROKEN_MARKUP, "so deep"),
        (_page("[" + ",".join(["{}"] * (MAX_NODES + 1)) + "]"), Reason.TOO_LARGE, "nodes"),
        (_page([{**REVIEW, "reviewBody": str(n)} for n in range(MAX_REVIEWS + 1)]), Reason.TOO_LARGE, "reviews"),
        ("<p " + " ".join(f'a{n}="<>"' for n in range(60_000)) + ">", Reason.TOO_LARGE, "attributes"),
        ("<b>x" * 250_000, Reason.TOO_LARGE, "tags"),
        ("word " * 2_000_000, Reason.TOO_LARGE, "characters"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_reasons_for_the_quarantine(page: str, reason: Reason, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        parse(page, URL)
    assert caught.value.reason is reason


def test_loops_of_references_end() -> None:
    loop = [
        {
            "@id": "#r",
            "@type": "Review",
            "name": {"@id": "#r"},
            "author": {"@id": "#r"},
            "headline": "H",
            "itemReviewed": {"@id": "#e"},
        },
        {"@id": "#e", "@type": "TVEpisode", "name": "Pilot", "partOfSeason": {"@id": "#e"}, "actor": {"@id": "#e"}},
    ]
    assert _one({"@graph": loop}).headline == "H"


def test_facts_of_a_film_or_show() -> None:
    film = {
        "@type": "Movie",
        "url": "/title/tt0133093/",
        "name": "The Matrix",
        "alternateName": ["Matrix", "The Matrix"],
        "datePublished": "1999-03-31",
        "aggregateRating": {"ratingValue": "8.7", "bestRating": "10", "ratingCount": "1,897,569"},
        "director": [{"@type": "Person", "name": "Lana"}],
    }
    page = _page(film).replace("<head>", '<head><link rel="canonical" href="https://www.imdb.com/title/tt0133093/">')
    assert movie(page) == schema_org.MovieFacts(
        "The Matrix", ("Matrix",), 1999, "movie", 8.7, 10.0, 1897569, ("tt0133093",), ("Lana",)
    )
    assert movie(_page({"@type": "WebPage"})) is None
    show = movie("<p itemscope itemtype='http://schema.org/TVSeries'><b itemprop='name'>Show</b></p>")
    assert show is not None and (show.title, show.media_type, show.rating) == ("Show", "tv", None)


_NAMES = (
    "@type @graph @id name itemReviewed review author reviewRating ratingValue bestRating reviewBody headline about "
    "datePublished inLanguage partOfSeries mainEntity url sameAs actor"
)
_KEYS = st.sampled_from(_NAMES.split())
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=True)
    | st.text(max_size=12)
    | st.integers()
    | st.sampled_from(["#a", "Movie"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=20,
)
_NODES = st.dictionaries(_KEYS, _JSON, max_size=8).map(lambda d: {**d, "@type": "Review"})


@settings(max_examples=200, deadline=None)
@given(_NODES)
def test_any_review_node_is_read_or_refused_with_a_reason(node: dict[str, Any]) -> None:
    page = _page(json.dumps(node).replace("<", "\\u003c"))
    try:
        made = parse(page, URL)
    except BadInput as error:
        assert str(error).endswith(".")
    else:
        assert made[0].url == URL and len({item.url for item in made}) == len(made)
        assert all(item.text or item.headline for item in made)
    movie(page)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    for page in (markup, _page(markup), f"<div itemscope itemtype=Review>{markup}"):
        with pytest.raises(BadInput):
            parse(page, URL)


def test_real_pages(shared: Path) -> None:
    """Show 1: every IMDb page with JSON-LD gives its title, year, rating and review; the bench prints the table."""
    from bench.review_pages import judged_pages

    rows = judged_pages(shared / "fixtures/http")
    assert len(rows) == 15
    assert [row.wrong for row in rows if row.wrong] == []
