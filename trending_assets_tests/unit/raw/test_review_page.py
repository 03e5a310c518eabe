"""Review pages: the shapes of schema.org Review that real pages have."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.raw.plain_text import moment, number, year
from trending_assets.raw.review_page import Review, parse_review


def _page(*scripts: Any) -> str:
    made = "".join(
        f'<script type="application/ld+json">{s if isinstance(s, str) else json.dumps(s)}</script>' for s in scripts
    )
    return f"<!doctype html><html><head>{made}</head><body><p>Text</p></body></html>"


REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Review",
    "itemReviewed": {"@type": "Movie", "name": "Caf&eacute; de Flore", "dateCreated": "2011-09-23"},
    "author": {"@type": "Person", "name": "Ann Lee"},
    "reviewRating": {"@type": "Rating", "ratingValue": "3,5", "bestRating": "4"},
    "reviewBody": "<p>Tender &amp; odd.</p>",
    "datePublished": "2013-05-01T10:00:00+02:00",
    "inLanguage": "en-GB",
}


def test_a_plain_review() -> None:
    assert parse_review(_page(REVIEW)) == Review(
        work_title="Café de Flore",
        work_year=2011,
        work_media_type="movie",
        author="Ann Lee",
        rating=3.5,
        rating_max=4.0,
        headline=None,
        text="Tender & odd.",
        published_at=datetime(2013, 5, 1, 8, tzinfo=UTC),
        language="en-GB",
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
    for shape in (graph, listed, on_movie):
        made = parse_review(_page(shape))
        assert (made.work_title, made.work_year, made.work_media_type) == ("Café de Flore", 2011, "movie")
        assert made.text == "Tender & odd."


def test_the_item_may_be_a_reference_into_the_graph() -> None:
    work = {"@id": "#work", "@type": "TVSeries", "name": "Show", "startDate": "2010"}
    made = parse_review(_page({"@graph": [{**REVIEW, "itemReviewed": {"@id": "#work"}}, work]}))
    assert (made.work_title, made.work_media_type, made.work_year) == ("Show", "tv", 2010)


def test_an_episode_is_a_review_of_its_series() -> None:
    episode = {"@type": "TVEpisode", "name": "Pilot", "partOfSeries": {"@type": "TVSeries", "name": "Show"}}
    made = parse_review(_page({**REVIEW, "itemReviewed": episode}))
    assert (made.work_title, made.work_media_type) == ("Show", "tv")


@pytest.mark.parametrize(
    ("author", "name"),
    [("Ann", "Ann"), (["Ann", {"name": "Bo"}], "Ann, Bo"), ({"name": ["Ann"]}, "Ann"), (None, None), (7, None)],
)
def test_authors(author: Any, name: str | None) -> None:
    assert parse_review(_page({**REVIEW, "author": author})).author == name


def test_a_best_rating_that_is_left_out_is_five() -> None:
    made = parse_review(_page({**REVIEW, "reviewRating": {"ratingValue": 4}}))
    assert (made.rating, made.rating_max) == (4.0, 5.0)
    made = parse_review(_page({**REVIEW, "reviewRating": {"ratingValue": "n/a", "bestRating": 10}}))
    assert (made.rating, made.rating_max) == (None, None)


def test_one_broken_script_does_not_take_the_others_along() -> None:
    assert parse_review(_page('{"@type": "Review", ', REVIEW)).author == "Ann Lee"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (_page('{"@type": "Review", '), "JSON-LD is broken"),
        (_page({"@type": "WebPage"}), "no schema.org Review"),
        (_page({"@type": "Review"}), "neither a headline nor text"),
        ("", "no schema.org Review"),
    ],
)
def test_reasons_for_the_quarantine(page: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_review(page)


def test_imdb_pages(shared: Path) -> None:
    pages = sorted((shared / "fixtures/http/www.imdb.com").glob("*.html.gz"))
    if not pages:
        pytest.skip("no IMDb pages among the shared fixtures")
    found = 0
    for page in pages:
        markup = gzip.decompress(page.read_bytes()).decode("utf-8", "replace")
        try:
            made = parse_review(markup)
        except ValueError as error:
            assert "Review" in str(error)  # titles without a user review
            continue
        found += 1
        assert made.work_title
        assert made.work_media_type in ("movie", "tv")
        assert made.text
        assert "&" not in (made.work_title or "") or "&amp;" not in (made.work_title or "")
    assert found >= 5


_NAMES = (
    "@type @graph @id name itemReviewed review author reviewRating ratingValue bestRating reviewBody headline "
    "datePublished inLanguage partOfSeries mainEntity"
)
_KEYS = st.sampled_from(_NAMES.split())
_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=12) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=20,
)
_NODES = st.dictionaries(_KEYS, _JSON, max_size=8).map(lambda d: {**d, "@type": "Review"})


@settings(max_examples=150, deadline=None)
@given(_NODES)
def test_any_review_node_is_read_or_refused_with_a_reason(node: dict[str, Any]) -> None:
    try:
        made = parse_review(_page(json.dumps(node).replace("<", "\\u003c")))
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert made.text or made.headline


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    for page in (markup, _page(markup)):
        with pytest.raises(ValueError, match="page"):
            parse_review(page)


@given(st.one_of(st.text(max_size=30), st.none(), st.integers(), st.floats(), st.booleans()))
def test_small_values_never_crash(value: Any) -> None:
    number(value)
    year(value)
    found = moment(value)
    assert found is None or found.tzinfo is UTC


def test_small_values() -> None:
    assert number("8/10") == 8.0
    assert number(float("nan")) is None
    assert year("released in 1999, not 99") == 1999
    assert moment("May 3, 2013") == datetime(2013, 5, 3, tzinfo=UTC)
