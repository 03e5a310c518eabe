"""TMDb: what is asked, paging, changes, and JSON to rows, whatever it holds."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.raw.tmdb.api import LAST_PAGE, Tmdb
from trending_assets.raw.tmdb.lists import LIST_PAGES, LISTS
from trending_assets.raw.tmdb.shapes import detail_row, list_row, platforms, whole
from trending_assets_tests.unit.raw.tmdb.server import DAY, MEMENTO, Reply, asked, ok, served

TITLES, LISTED = TABLES["raw/tmdb_titles"], TABLES["raw/tmdb_lists"]


def _item(tmdb_id: int, **more: Any) -> dict[str, Any]:
    return {"id": tmdb_id, "title": f"Film {tmdb_id}", **more}


def _split(path: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(path)
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def _lists(url: str) -> tuple[pl.DataFrame, dict[str, int], list[dict[str, Any]]]:
    return asked(url, lambda api: api.lists(DAY))


def _only(name: str, pages: list[Any], total: Any = 1) -> Any:
    """A server whose movie list of that name has the pages; all other lists are empty."""

    def answer(path: str, headers: Any) -> Reply:
        where, query = _split(path)
        if where != f"/3/movie/{name}":
            return ok({"page": 1, "results": [], "total_pages": 0})
        page = int(query["page"])
        return ok({"page": page, "results": pages[page - 1], "total_pages": total})

    return answer


def test_every_list_is_asked_for_page_by_page() -> None:
    seen: Counter[str] = Counter()
    queries: dict[str, dict[str, str]] = {}

    def answer(path: str, headers: Any) -> Reply:
        where, query = _split(path)
        seen[where] += 1
        queries[where] = query
        media = "tv" if "/tv" in where else "movie"
        page = int(query["page"])
        first = 100 * page + 1000 * len(seen)
        return ok({"results": [_item(first + n, media_type=media) for n in range(20)], "total_pages": 500})

    with served(answer) as url:
        frame, counts, bad = _lists(url)
    assert {name for name in frame["list"]} == {one.name for one in LISTS}
    assert seen["/3/trending/tv/week"] == LIST_PAGES
    assert seen["/3/discover/movie"] == 3 * LIST_PAGES
    assert counts["items"] == len(LISTS) * LIST_PAGES * 20 == frame.height + counts["repeats"]
    assert bad == []
    assert validate(conform(frame, LISTED), LISTED) == []
    assert queries["/3/discover/tv"]["sort_by"] == "popularity.desc"


def test_discover_looks_at_windows_of_release_days() -> None:
    found = {(one.media, one.name): one.params(date(2026, 11, 20)) for one in LISTS if one.window}
    assert {name for _, name in found} == {"discover_new", "discover_soon", "discover_announced"}
    assert found["movie", "discover_soon"] == {
        "sort_by": "popularity.desc",
        "primary_release_date.gte": "2026-11-21",
        "primary_release_date.lte": "2027-02-18",
    }
    assert found["tv", "discover_new"]["first_air_date.gte"] == "2026-11-07"
    assert found["tv", "discover_new"]["first_air_date.lte"] == "2026-11-20"
    assert found["movie", "discover_announced"]["primary_release_date.gte"] == "2027-02-19"


def test_repeats_across_pages_keep_the_better_rank() -> None:
    pages = [[_item(n) for n in range(1, 21)], [_item(20), _item(1), _item(30)]]
    with served(_only("popular", pages, 2)) as url:
        frame, counts, bad = _lists(url)
    ranks = dict(frame.select("tmdb_id", "rank").iter_rows())
    assert (ranks[1], ranks[20], ranks[30]) == (1, 20, 23)
    assert counts == {"items": 23, "repeats": 2, "quarantined": 0} and bad == []


def test_a_server_that_ignores_the_page_ends_the_paging() -> None:
    asked_pages: list[str] = []

    def answer(path: str, headers: Any) -> Reply:
        where, query = _split(path)
        if where != "/3/movie/popular":
            return ok({"results": []})
        asked_pages.append(query["page"])
        return ok({"results": [_item(n) for n in (1, 2, 3)], "total_pages": 9})

    with served(answer) as url:
        frame, counts, _ = _lists(url)
    assert asked_pages == ["1", "2"]
    assert frame.height == 3 and counts == {"items": 6, "repeats": 3, "quarantined": 0}


@pytest.mark.parametrize(("total", "pages"), [(1, 1), (0, 1), (-3, 1), (10**30, 3), ("2", 3), (None, 3), (True, 1)])
def test_odd_totals_bound_nothing_and_harm_nothing(total: Any, pages: int) -> None:
    numbered = [[_item(10 * page + n) for n in range(3)] for page in range(1, 9)]
    with served(_only("popular", numbered, total)) as url:
        assert _lists(url)[0].height == 3 * pages


def test_items_that_are_no_titles_go_to_quarantine() -> None:
    odd: list[Any] = [
        _item(1),
        {"id": 2},
        {"title": "No id"},
        _item(3, title=" ", original_title=None),
        "text",
        None,
        [1],
        {"id": 4.5, "title": "Half"},
        {"id": True, "title": "True"},
        {"id": 10**30, "title": "Huge"},
        _item(5, media_type="person"),
        _item(
            6, popularity=-1, vote_average="high", vote_count=2.5, genre_ids=[1, "x", None], release_date="2013-13-45"
        ),
    ]
    with served(_only("popular", [odd])) as url:
        frame, counts, bad = _lists(url)
    assert frame["tmdb_id"].to_list() == [1, 6]
    assert counts == {"items": 12, "repeats": 0, "quarantined": 10}
    assert {row["reason"] for row in bad} == {"bad_row"}
    assert len({row["url"] for row in bad}) == 10
    assert bad[0]["url"].endswith("/3/movie/popular?page=1#2") and bad[0]["source"] == "popular"
    assert frame.row(1, named=True)["popularity"] is None and frame.row(1, named=True)["genre_ids"] == [1]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        ((404, {}, b"{}"), PermanentFailure, "HTTP 404 for /"),
        ((200, MEMENTO, b'{"results": {}}'), PermanentFailure, "has no results"),
        (ok({"results": [{}] * 1001}), PermanentFailure, "has 1,001 results on one page"),
        ((200, MEMENTO, b'{"results": [{"id": 1, "ti'), TransientFailure, "is cut off JSON"),
        ((200, MEMENTO, b"<html></html>"), PermanentFailure, "is no JSON"),
    ],
)
def test_a_list_that_cannot_be_read_fails_its_table(reply: Reply, kind: type[Exception], words: str) -> None:
    def answer(path: str, headers: Any) -> Reply:
        return reply if path.startswith("/3/tv/popular") else ok({"results": []})

    with served(answer) as url, pytest.raises(kind, match=words) as caught:
        _lists(url)
    assert "tv/popular" in str(caught.value)


def test_details_are_asked_for_with_what_belongs_to_them() -> None:
    seen: dict[str, str] = {}

    def answer(path: str, headers: Any) -> Reply:
        where, query = _split(path)
        seen[where] = query["append_to_response"]
        return ok({"id": int(where.rsplit("/", 1)[1]), "name": "x", "title": "x"})

    with served(answer) as url:
        found = asked(url, lambda api: api.details([("movie", 603), ("tv", 1396)], DAY))
    both = {"credits", "keywords", "watch/providers", "external_ids", "alternative_titles", "reviews"}
    assert set(seen["/3/movie/603"].split(",")) == both | {"release_dates"}
    assert set(seen["/3/tv/1396"].split(",")) == both | {"content_ratings"}
    assert found.rows["tmdb_id"].to_list() == [603, 1396]


def test_a_bad_answer_costs_its_title_alone() -> None:
    replies: dict[str, Reply] = {
        "1": ok({"id": 1, "title": "One", "vote_count": 0, "vote_average": 8.2, "release_date": ""}),
        "2": (404, {}, b'{"status_code": 34}'),
        "3": ok({"id": 3, "title": " "}),
        "4": ok({"id": 44, "title": "Another"}),
        "5": (200, MEMENTO, b"[]"),
        "6": (200, MEMENTO, b'{"id": 6, "title": '),
        "7": (500, {}, b"oops"),
        "8": (200, MEMENTO, b"[" * 100_000),
    }
    with served(lambda path, headers: replies[_split(path)[0].rsplit("/", 1)[1]]) as url:
        found = asked(url, lambda api: api.details([("movie", n) for n in range(1, 9)], DAY))
    assert found.rows.select("tmdb_id", "title", "vote_average", "release_date").rows() == [(1, "One", None, None)]
    assert found.gone == [("movie", 2)]
    assert [tmdb_id for _, tmdb_id in found.unreadable] == [3, 4, 5, 6, 7, 8]
    reasons = [row["reason"] for row in found.bad]
    assert reasons == ["bad_row", "bad_row", "wrong_format", "cut_off", "http_transient", "wrong_format"]
    assert [row["transient"] for row in found.bad] == [False, False, False, True, True, False]
    assert found.bad[4]["payload"] == "oops"
    assert all(row["url"].endswith(f"/3/movie/{n}") for n, row in zip(range(3, 9), found.bad, strict=True))


def test_a_search_gives_titles_and_sets_the_rest_aside() -> None:
    def answer(path: str, headers: Any) -> Reply:
        where, query = _split(path)
        assert (where, query["page"]) == ("/3/search/movie", "1")
        if query["query"] == "nothing":
            return 200, MEMENTO, b"null"
        return ok({"results": [_item(7, original_title="Sieben"), {"id": 8}, 9], "total_pages": 12})

    with served(answer) as url:
        rows, bad = asked(url, lambda api: api.search("movie", "se7en & co", DAY))
        none, worse = asked(url, lambda api: api.search("movie", "nothing", DAY))
    assert [(row["tmdb_id"], row["original_title"]) for row in rows] == [(7, "Sieben")]
    assert [row["url"].partition("#")[2] for row in bad] == ["2", "3"]
    assert none == [] and [row["reason"] for row in worse] == ["wrong_format"]
    assert worse[0]["url"].endswith("/3/search/movie?query=nothing")


def test_changes_are_asked_for_day_by_day_and_page_by_page() -> None:
    calls: list[tuple[str, str, str, str]] = []

    def answer(path: str, headers: Any) -> Reply:
        where, query = _split(path)
        calls.append((where, query["start_date"], query["end_date"], query["page"]))
        day, page = int(query["start_date"][-2:]), int(query["page"])
        results: list[Any] = [{"id": 100 * day + page, "adult": False}, {"id": 7, "adult": None}]
        return ok({"results": results + ([{"adult": False}] if page == 2 else []), "page": page, "total_pages": 2})

    with served(answer) as url:
        changed, bad = asked(url, lambda api: api.changes(date(2013, 5, 2), DAY, DAY))
    days = ("2013-05-02", "2013-05-03")
    assert sorted(calls) == [
        (f"/3/{media}/changes", day, day, page) for media in ("movie", "tv") for day in days for page in ("1", "2")
    ]
    ids = {7, 201, 202, 301, 302}
    assert changed == {(media, tmdb_id) for media in ("movie", "tv") for tmdb_id in ids}
    assert len(bad) == 4 and {row["source"] for row in bad} == {"changes"}


def test_changes_stop_at_the_last_page_that_tmdb_has() -> None:
    pages: set[int] = set()

    def answer(path: str, headers: Any) -> Reply:
        _where, query = _split(path)
        pages.add(int(query["page"]))
        return ok({"results": [{"id": int(query["page"])}], "total_pages": 10**6})

    with served(answer) as url:
        changed, _ = asked(url, lambda api: api.changes(DAY, DAY, DAY))
    assert max(pages) == LAST_PAGE and len(changed) == 2 * LAST_PAGE


@pytest.mark.parametrize("levels", [240, 260, 1000])
def test_deep_nesting_costs_its_answer_alone(levels: int) -> None:
    deep = b"[" * levels + b"]" * levels
    with served(lambda path, headers: (200, MEMENTO, b'{"results": [{"id": ' + deep + b', "title": "x"}]}')) as url:
        found, bad = asked(url, lambda api: api.search("movie", "x", DAY))
        details = asked(url, lambda api: api.details([("movie", 1)], DAY))
    assert (len(found), len(bad)) == (0, 1)
    assert bad[0]["reason"] == ("bad_row" if levels < 250 else "wrong_format")
    assert details.unreadable == [("movie", 1)]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2013-05-03"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = (
    "id title name original_title genres keywords results credits cast crew vote_average vote_count runtime "
    "episode_run_time release_date popularity watch/providers external_ids created_by genre_ids poster_path "
    "alternative_titles titles release_dates content_ratings reviews total_results US flatrate iso_3166_1 type "
    "certification rating display_priority provider_name order job"
)
_NESTED = st.recursive(
    _JSON,
    lambda inner: st.dictionaries(st.sampled_from(_NAMES.split()), inner, max_size=4) | st.lists(inner, max_size=2),
    max_leaves=10,
)
_ITEM = st.dictionaries(st.sampled_from(_NAMES.split()), _NESTED, max_size=12)


@given(_ITEM, st.sampled_from(["movie", "tv"]))
def test_any_item_becomes_a_row_of_the_contract(item: dict[str, Any], media: str) -> None:
    row = detail_row(media, 1, item, DAY, "US")
    if row is not None:
        assert validate(conform(pl.DataFrame([row], schema=TITLES.schema), TITLES), TITLES) == []
    entry = list_row(media, "popular", 1, item)
    if entry["tmdb_id"] and entry["title"]:
        assert validate(conform(pl.DataFrame([entry], schema=LISTED.schema), LISTED), LISTED) == []


@given(_JSON)
def test_whole_numbers_only(value: Any) -> None:
    found = whole(value)
    assert found is None or (found == value and not isinstance(value, bool) and 0 <= found < 2**62)


def test_what_is_appended_becomes_columns() -> None:
    def release(day: str, kind: Any, rating: str = "") -> dict[str, Any]:
        return {"release_date": f"{day}T00:00:00.000Z", "type": kind, "certification": rating}

    def dates(code: str, *found: dict[str, Any]) -> dict[str, Any]:
        return {"iso_3166_1": code, "release_dates": list(found)}

    def offer(name: str, place: Any) -> dict[str, Any]:
        return {"provider_name": name, "display_priority": place}

    film = {
        "id": 603,
        "title": "The Matrix",
        "original_title": "The Matrix",
        "alternative_titles": {"titles": [{"title": "Матрица"}, {"title": "The Matrix"}, {"title": "Матрица"}, {}]},
        "release_dates": {
            "results": [
                dates("US", release("1999-03-31", 3), release("1999-03-24", 1), release("1999-09-21", 5, "R")),
                dates("DE", release("1999-06-17", 3, "16"), release("1999-06-10", 2), release("bad", 3)),
                dates("US", release("1999-03-30", 3), release("2000-01-01", 9)),
            ]
        },
        "watch/providers": {
            "results": {
                "US": {
                    "flatrate": [offer("Second", 2), offer("Last", None), offer("First", 1)],
                    "rent": [offer("R", 0)],
                },
                "DE": {"flatrate": [offer("Deutsch", 1)]},
            }
        },
        "reviews": {"total_results": 12},
    }
    row = detail_row("movie", 603, film, DAY, "US")
    assert row is not None
    assert row["alternative_titles"] == ["Матрица"]
    assert [(r["country"], r["kind"], str(r["date"])) for r in row["releases"]] == [
        ("US", "premiere", "1999-03-24"),
        ("US", "theatrical", "1999-03-30"),
        ("DE", "theatrical", "1999-06-10"),
        ("US", "physical", "1999-09-21"),
    ]
    assert (row["certification"], row["platforms"], row["review_count"]) == ("R", ["First", "Second", "Last"], 12)
    german = detail_row("movie", 603, film, DAY, "DE")
    assert german and (german["certification"], german["platforms"]) == ("16", ["Deutsch"])
    show = {
        "name": "Dark",
        "alternative_titles": {"results": [{"title": "Dark (2017)"}]},
        "content_ratings": {"results": [{"iso_3166_1": "DE", "rating": "16"}, {"iso_3166_1": "US", "rating": "TV-MA"}]},
    }
    dark = detail_row("tv", 70523, show, DAY, "US")
    assert dark and (dark["alternative_titles"], dark["certification"], dark["releases"]) == (
        ["Dark (2017)"],
        "TV-MA",
        [],
    )
    assert platforms({}, "US") == []


def test_real_details(shared: Path) -> None:
    index = json.loads((shared / "fixtures/http/index.json").read_text())
    films = {
        e["uri"]: json.loads((shared / "fixtures/http" / e["file"]).read_text())
        for e in index
        if "api.themoviedb.org/3/movie/603?" in e["uri"] and e["status"] == 200
    }
    assert films
    for item in films.values():
        row = detail_row("movie", 603, item, DAY, "US")
        assert row is not None
        assert (row["imdb_id"], row["runtime"]) == ("tt0133093", 136)
        assert "Action" in row["genres"]


def test_the_tmdb_of_a_run_is_closed_at_its_end() -> None:
    async def keep(api: Tmdb) -> Tmdb:
        return api

    with served(lambda path, headers: ok({})) as url:
        assert asked(url, keep).web.http.is_closed
