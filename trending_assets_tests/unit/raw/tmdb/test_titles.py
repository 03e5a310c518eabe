"""Names in documents, and which titles they bring in."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, empty
from trending_assets.raw.tmdb.names import Named, candidates, named_in, normal, normalised, phrases, strong
from trending_assets.raw.tmdb.titles import (
    KEEP_DAYS,
    LISTED_DAYS,
    SEARCHES_A_DAY,
    SECOND_LOOKS,
    Day,
    add_charts,
    chart_media,
    due,
    named_entries,
    searches,
    titles_of_day,
)
from trending_assets_tests.unit.raw.tmdb.server import DAY, Reply, asked, ok, served

KNOWN = empty(TABLES["raw/tmdb_titles"])


def _documents(*texts: str, work: str | None = None) -> pl.DataFrame:
    rows = [
        {"headline": None, "text": t, "work_title": work, "work_media_type": "movie" if work else None} for t in texts
    ]
    names = ("headline", "text", "work_title", "work_media_type")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def _catalogue(*names: str) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "media_type": "movie",
            "tmdb_id": list(range(1, len(names) + 1)),
            "original_title": list(names),
            "popularity": [float(n) for n in range(len(names))],
        },
        schema_overrides={"media_type": pl.String},
    )
    return frame.with_columns(normalised(pl.col("original_title")).alias("name"))


def _brought_in(documents: pl.DataFrame, catalogue: pl.DataFrame) -> set[str]:
    keys, _ = named_entries(named_in(documents, set(catalogue["name"])), catalogue)
    ids = [tmdb_id for _, tmdb_id in keys]
    return set(catalogue.filter(pl.col("tmdb_id").is_in(ids))["original_title"])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Amélie & Co.", "amelie and co"),
        ("千と千尋の神隠し", normal("千と千尋の神隠し")),
        ("Don't", "don t"),
        ("—", ""),
    ],
)
def test_normal(name: str, plain: str) -> None:
    assert normal(name) == plain


def test_names_are_found_as_whole_words() -> None:
    catalogue = _catalogue("Dead Mine", "Mine", "Minecraft", "La vita è bella")
    assert _brought_in(_documents("Saw LA VITA E BELLA, then dead-mine twice over the weekend"), catalogue) == {
        "Dead Mine",
        "La vita è bella",
    }


def test_a_common_word_counts_only_where_it_is_used_as_a_title() -> None:
    catalogue = _catalogue("It", "Once", "Up")
    assert (
        _brought_in(
            _documents("Once it was up, it fell, and nobody saw it again in the whole wide world" * 3), catalogue
        )
        == set()
    )
    assert _brought_in(_documents("I rated Up 9/10 #IMDb"), catalogue) == {"Up"}
    assert _brought_in(_documents("Just watched Once"), catalogue) == {"Once"}
    assert _brought_in(_documents("A long text" * 30, work="It"), catalogue) == {"It"}


@pytest.mark.parametrize(
    ("headline", "text", "expected"),
    [
        (None, "I rated The Act of Killing 9/10 #IMDb", "The Act of Killing"),
        ("Skyfall (2012) review", None, "Skyfall"),
        ("Review: Skyfall", None, "Skyfall"),
        ("‘Butcher, Baker’ Is the Cult Slasher", None, "Butcher, Baker"),
        (None, 'She called "Spirited Away" a dream.', "Spirited Away"),
        (None, "just watched Dredd http://x.example/1", "Dredd"),
    ],
)
def test_candidates(headline: str | None, text: str | None, expected: str) -> None:
    assert expected in candidates(headline, text, None)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_candidates_and_phrases(headline: str, text: str) -> None:
    for name in candidates(headline, text, None):
        assert name.strip()
    plain = normal(text)
    assert phrases(plain, {plain}) == ({plain} if len(plain.split(" ")) <= 14 else set())


def test_one_name_brings_in_twenty_entries_at_most() -> None:
    keys, known = named_entries(named_in(_documents("I rated Hamlet 7/10"), {"hamlet"}), _catalogue(*["Hamlet"] * 30))
    assert sorted(tmdb_id for _, tmdb_id in keys) == list(range(11, 31))
    assert known == {"hamlet"}


def test_searches_ask_for_unknown_names_first_and_are_bounded() -> None:
    named = Named()
    for n in range(400):
        named.add(f"Film number {n}")
    for n in range(100):
        named.add(f"Listed {n}", "movie")
    named.add("Declared", "tv", declared=True)
    pairs = searches(named, {f"listed {n}" for n in range(100)}, KNOWN)
    assert len(pairs) == SEARCHES_A_DAY
    assert pairs[0] == ("tv", "declared")
    named.candidates = Counter({f"listed {n}": 1 for n in range(100)})
    assert len(searches(named, set(named.candidates), KNOWN)) == SECOND_LOOKS


def test_what_is_known_is_not_searched_for() -> None:
    named = Named()
    named.add("Spirited Away")
    row = {"title": "Spirited Away", "original_title": "千と千尋の神隠し"}
    known = pl.DataFrame([row], schema={"title": pl.String, "original_title": pl.String})
    assert searches(named, set(), known) == []


def test_charts_are_declared_names_of_their_medium() -> None:
    assert chart_media("netflix_top10/TV (Non-English)") == "tv"
    assert chart_media("netflix_top10/Films (English)") == "movie"
    assert chart_media("box_office_us") == "movie"
    assert chart_media("top") is None
    named = Named()
    add_charts(named, pl.DataFrame({"chart": ["box_office_us"], "title": ["Oz (2013)"]}))
    assert named.declared == {"oz"}
    assert named.media == {"oz": {"movie"}}


def test_weak_names_need_a_document_that_uses_them_as_a_title() -> None:
    assert strong({"it", "up", "dredd"}, Counter({"up": 1})) == ["dredd", "up"]


def _row(tmdb_id: int, **more: Any) -> dict[str, Any]:
    lists = ("genres", "keywords", "cast", "directors", "platforms", "alternative_titles", "releases")
    facts = {"media_type": "movie", "tmdb_id": tmdb_id, "title": f"Film {tmdb_id}", "original_title": None}
    dates = {"release_date": date(2013, 4, 1), "fetched_on": DAY - timedelta(days=1)}
    return {**dict.fromkeys(KNOWN.schema), **{name: [] for name in lists}, **facts, **dates, **more}


def _day(known: list[dict[str, Any]], listed: list[dict[str, Any]], catalogue: tuple[int, ...] = ()) -> Day:
    empty_list = {"media_type": "movie", "list": "popular", "rank": 1, "genre_ids": []}
    rows = [{**dict.fromkeys(TABLES["raw/tmdb_lists"].schema), **empty_list, **item} for item in listed]
    ids = pl.DataFrame({"tmdb_id": list(catalogue)}, schema={"tmdb_id": pl.Int64})
    return Day(
        documents=empty(TABLES["raw/reviews"]),
        catalogue=ids.select(
            pl.lit("movie").alias("media_type"),
            "tmdb_id",
            pl.format("Film {}", "tmdb_id").alias("original_title"),
            pl.lit(1.0).alias("popularity"),
        ),
        lists=pl.DataFrame(rows, schema=TABLES["raw/tmdb_lists"].schema),
        charts=empty(TABLES["raw/charts"]),
        known=pl.DataFrame(known, schema=KNOWN.schema),
        known_on=DAY - timedelta(days=1) if known else None,
    )


def test_details_are_asked_anew_for_a_reason_only() -> None:
    listed_age, age = DAY - timedelta(days=LISTED_DAYS + 1), DAY - timedelta(days=KEEP_DAYS + 1)
    known = [
        *(_row(n) for n in range(1, 6)),
        _row(6, fetched_on=listed_age),
        _row(7, fetched_on=listed_age),
        _row(8, fetched_on=age),
        _row(9, title="Old name"),
    ]
    listed = [
        {"tmdb_id": 2, "title": "Film 2", "release_date": date(2013, 4, 1)},
        {"tmdb_id": 3, "title": "Film 3", "release_date": date(2013, 9, 1)},
        {"tmdb_id": 4, "title": "Film 4", "original_title": "Vier", "popularity": 9.0, "vote_count": 7},
        {"tmdb_id": 5, "title": "Film 5", "popularity": 9.0, "vote_count": 7, "vote_average": 1.0},
        {"tmdb_id": 6, "title": "Film 6"},
        {"tmdb_id": 9, "title": "New name"},
        {"tmdb_id": 99, "title": "Never seen"},
    ]
    changed = {("movie", 1), ("movie", 9), ("tv", 1), ("movie", 1000)}
    assert due(_day(known, listed), DAY, changed) == {
        "changed": [("movie", 1), ("movie", 9)],
        "differing": [("movie", 3), ("movie", 4)],
        "aged": [("movie", 6), ("movie", 8)],
    }


def _titles(
    given: Day, replies: dict[str, Reply]
) -> tuple[pl.DataFrame, dict[str, int], list[dict[str, Any]], Counter[str]]:
    seen: Counter[str] = Counter()

    def answer(path: str, headers: Any) -> Reply:
        where = path.partition("?")[0].removeprefix("/3/")
        seen[where] += 1
        return replies.get(where, (404, {}, b"{}"))

    with served(answer) as url:
        return *asked(url, lambda api: titles_of_day(api, DAY, given, 0)), seen


def _film(tmdb_id: int, title: str) -> Reply:
    return ok({"id": tmdb_id, "title": title})


_NO_CHANGES = {f"{media}/changes": ok({"results": [], "total_pages": 0}) for media in ("movie", "tv")}


def test_only_what_changed_is_asked_again() -> None:
    given = _day([_row(1), _row(2), _row(3)], [{"tmdb_id": 4, "title": "Film 4"}])
    changes = {**_NO_CHANGES, "movie/changes": ok({"results": [{"id": 2}, {"id": 77}], "total_pages": 1})}
    replies = {**changes, "movie/2": _film(2, "Renamed"), "movie/4": _film(4, "Film 4")}
    frame, counts, bad, seen = _titles(given, replies)
    assert seen == {"movie/changes": 1, "tv/changes": 1, "movie/2": 1, "movie/4": 1}
    rows = {row["tmdb_id"]: (row["title"], row["fetched_on"]) for row in frame.to_dicts()}
    before = DAY - timedelta(days=1)
    assert rows == {1: ("Film 1", before), 2: ("Renamed", DAY), 3: ("Film 3", before), 4: ("Film 4", DAY)}
    assert bad == []
    wanted = {"known": 3, "carried": 2, "asked": 2, "read": 2, "changed": 1, "differing": 0, "gone": 0, "not_found": 0}
    assert counts.items() >= wanted.items()


def test_the_first_day_asks_for_no_changes() -> None:
    _, counts, _, seen = _titles(_day([], [{"tmdb_id": 4, "title": "Film 4"}]), {"movie/4": _film(4, "Film 4")})
    assert seen == {"movie/4": 1} and counts["read"] == 1


def test_a_known_title_that_tmdb_no_longer_has_is_gone_unless_its_export_or_a_list_has_it() -> None:
    given = _day([_row(n) for n in (1, 2, 3, 4)], [{"tmdb_id": 3, "title": "Film 3"}], catalogue=(2,))
    changes = ok({"results": [{"id": n} for n in (1, 2, 3, 4)], "total_pages": 1})
    frame, counts, bad, _ = _titles(given, {**_NO_CHANGES, "movie/changes": changes, "movie/4": (500, {}, b"{}")})
    assert frame["tmdb_id"].to_list() == [2, 3, 4]  # 4 could not be read: its old row stays, and its answer is kept
    assert counts.items() >= {"not_found": 3, "gone": 1, "unreadable": 1, "carried": 3, "asked": 4, "read": 0}.items()
    assert [row["reason"] for row in bad] == ["http_transient"]
    assert counts["quarantined"] == 1


def test_a_new_title_that_tmdb_does_not_know_gives_no_row() -> None:
    frame, counts, bad, _ = _titles(_day([], [{"tmdb_id": 5, "title": "Film 5"}]), {})
    assert frame.is_empty() and bad == []
    assert (counts["asked"], counts["not_found"], counts["gone"]) == (1, 1, 0)
