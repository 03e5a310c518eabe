"""TMDb's reviews: whose are asked for, what a review becomes, and which of them are new."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.partitions import LATE_DAYS
from trending_assets.raw.tmdb.api import Tmdb
from trending_assets.raw.tmdb.reviews import (
    REVIEW_PAGES,
    Visible,
    choose,
    read_review,
    review_address,
    review_row,
    titles_to_ask,
    visible_reviews,
)
from trending_assets_tests.unit.raw.tmdb.server import DAY, Reply, asked, ok, served

TITLES, REVIEWS = TABLES["raw/tmdb_titles"], TABLES["raw/tmdb_reviews"]
YESTERDAY = DAY - timedelta(days=1)


def _title(tmdb_id: int, **more: Any) -> dict[str, Any]:
    lists = ("genres", "keywords", "cast", "directors", "platforms", "alternative_titles", "releases")
    row = {"media_type": "movie", "tmdb_id": tmdb_id, "title": f"Film {tmdb_id}", "release_date": date(2013, 4, 1)}
    return {**dict.fromkeys(TITLES.schema), **{key: [] for key in lists}, **row, "fetched_on": YESTERDAY, **more}


def _titles(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TITLES.schema)


def _review(review_id: Any, created: str | None = "2013-05-03T10:00:00.000Z", **more: Any) -> dict[str, Any]:
    return {
        "id": review_id,
        "author": "Ann",
        "content": "Slow, then **very** good.\r\n\r\nSee it.",
        "created_at": created,
        "url": f"https://www.themoviedb.org/review/{review_id}",
        "author_details": {"username": "ann", "rating": 8},
        **more,
    }


def test_reviews_are_asked_for_what_is_listed_or_was_fetched_on_the_day() -> None:
    titles = _titles(
        _title(1),
        _title(2, fetched_on=DAY, review_count=3),
        _title(3, fetched_on=DAY, review_count=0),
        _title(4, fetched_on=DAY, review_count=None),
        _title(5, review_count=0),
    )
    lists = pl.DataFrame(
        [{"media_type": "movie", "list": name, "rank": 1, "tmdb_id": 5, "title": "x"} for name in ("a", "b")]
        + [{"media_type": "tv", "list": "a", "rank": 1, "tmdb_id": 1, "title": "x"}],
        schema=TABLES["raw/tmdb_lists"].schema,
    )
    assert titles_to_ask(titles, lists, DAY)["tmdb_id"].to_list() == [2, 4, 5]


def test_a_review_becomes_a_document() -> None:
    review = _review("58aa82f09251416f92006a3a")
    row = review_row(review, review_address(review, review["id"]), _title(603), DAY)
    assert row["text"] == "Slow, then **very** good. See it."
    assert (row["url"], row["site"]) == (
        "https://www.themoviedb.org/review/58aa82f09251416f92006a3a",
        "www.themoviedb.org",
    )
    assert (row["rating"], row["rating_max"], row["kind"], row["author"]) == (8.0, 10.0, "review", "Ann")
    assert row["published_at"] == datetime(2013, 5, 3, 10, tzinfo=UTC)
    assert (row["work_title"], row["work_year"], row["work_media_type"], row["work_id"]) == (
        "Film 603",
        2013,
        "movie",
        "movie-603",
    )


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("https://www.themoviedb.org/review/ab", "https://www.themoviedb.org/review/ab"),
        ("http://themoviedb.org/review/ab", "https://www.themoviedb.org/review/ab"),
        ("http://sandbox.example/review/ab", "http://sandbox.example/review/ab"),
        ("http://j.mp/P18dg1", "https://www.themoviedb.org/review/ab"),
        ("javascript:alert(1)//review/ab", "https://www.themoviedb.org/review/ab"),
        (None, "https://www.themoviedb.org/review/ab"),
        (7, "https://www.themoviedb.org/review/ab"),
    ],
)
def test_the_address_of_a_review(given_url: Any, expected: str) -> None:
    assert review_address({"url": given_url}, "ab") == expected


@given(
    st.dictionaries(
        st.sampled_from(["author", "content", "created_at", "author_details", "rating", "username", "url", "iso_639_1"]),
        st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.dictionaries(
            st.sampled_from(["rating", "username"]), st.none() | st.floats() | st.text(max_size=9) | st.integers()
        ),
    )
)  # fmt: skip
def test_any_review_is_a_row_of_the_contract(item: dict[str, Any]) -> None:
    found = Visible()
    found.add(read_review(_title(1), DAY, 1, "http://x/reviews#1", {**item, "id": "ab"}))
    assert len(found.rows) + len(found.bad) == 1
    rows = pl.DataFrame(list(found.rows.values()), schema=REVIEWS.schema)
    assert validate(conform(rows, REVIEWS), REVIEWS) == []


def _visible(url: str, *rows: dict[str, Any]) -> Visible:
    async def ask(api: Tmdb) -> Visible:
        return await visible_reviews(api, _titles(*rows), DAY)

    return asked(url, ask)


def test_further_pages_are_asked_for_and_a_bad_review_costs_itself_alone() -> None:
    def answer(path: str, headers: Any) -> Reply:
        if "/movie/1/" in path:
            page = int(path.partition("page=")[2].partition("&")[0])
            items: list[Any] = [_review(f"p{page}x{n}") for n in range(3)]
            odd: list[Any] = [_review(None), _review("two words"), "text", _review("e", content=" "), _review("p1x0")]
            return ok({"results": items if page < 3 else odd, "total_pages": 3})
        return (500, {}, b"{}") if "/movie/2/" in path else (404, {}, b"{}")

    with served(answer) as url:
        found = _visible(url, _title(1), _title(2), _title(3))
    assert sorted(found.rows) == [f"https://www.themoviedb.org/review/p{p}x{n}" for p in (1, 2) for n in range(3)]
    assert [row["reason"] for row in found.bad.values()] == ["no_text"]
    assert sorted(row["reason"] for row in found.unaddressed) == [
        *["bad_row"] * 3,
        "http_error",
        "http_transient",
    ]
    assert found.seen == 3 + 3 + 5 + 1 + 1
    counts = choose({DAY: found}, {}, LATE_DAYS)[DAY].counts
    assert counts == {"seen": 13, "kept": 6, "quarantined": 6, "already_seen": 0, "outside": 0, "repeats": 1}


def test_reviews_have_a_last_page() -> None:
    pages: set[str] = set()

    def answer(path: str, headers: Any) -> Reply:
        page = path.partition("page=")[2].partition("&")[0]
        pages.add(page)
        return ok({"results": [_review(f"r{page}")], "total_pages": 9999})

    with served(answer) as url:
        assert len(_visible(url, _title(1)).rows) == REVIEW_PAGES == len(pages)


def _shown(*reviews: tuple[str, datetime | None]) -> Visible:
    found = Visible(seen=len(reviews))
    for url, published in reviews:
        found.published[url] = published
        item = _review("x", published.isoformat() if published else None)
        found.rows[url] = review_row(item, url, _title(1), DAY)
    return found


def _at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_a_review_is_new_once_and_history_is_left_out() -> None:
    old, late, new = _at(DAY - timedelta(days=400)), _at(YESTERDAY), _at(DAY)
    shown = _shown(
        ("https://x/old", old), ("https://x/late", late), ("https://x/new", new), ("https://x/undated", None)
    )
    first = choose({DAY: shown}, {}, LATE_DAYS)[DAY]
    assert first.frame["url"].to_list() == ["https://x/new", "https://x/undated"]
    assert first.counts["outside"] == 2  # nobody watched the day before
    watched: dict[date, list[str]] = {YESTERDAY: []}
    assert choose({DAY: shown}, watched, LATE_DAYS)[DAY].frame["url"].to_list() == [
        "https://x/late",
        "https://x/new",
        "https://x/undated",
    ]
    had: dict[date, list[str]] = {YESTERDAY: ["https://x/late", "https://x/undated"]}
    again = choose({DAY: shown}, had, LATE_DAYS)[DAY]
    assert again.frame["url"].to_list() == ["https://x/new"]
    assert again.counts == {
        "seen": 4,
        "kept": 1,
        "quarantined": 0,
        "already_seen": 2,
        "outside": 1,
        "repeats": 0,
    }
