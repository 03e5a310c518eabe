"""Documents and charts to titles: the traps, each by name."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, validate
from trending_assets.linking.catalogue import Catalogue
from trending_assets.linking.link import link_charts, link_documents
from trending_assets_tests.unit.linking.frames import chart, document, titles


def linked(text: str, **more: object) -> list[str | None]:
    return link_documents(document(text, **more), titles())["title_id"].to_list()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "title_id"),
    [
        ("I rated Iron Man 3 8/10 #IMDb", "movie-2"),
        ("just watched iron man 3 last night, 9 out of 10", "movie-2"),
        ("Finally saw Aliens (1986) 10/10", "movie-4"),
        ("I rated It 6/10 #IMDb", "movie-5"),
        ("I rated it 6/10 #IMDb", None),
        ("rated Her 9/10", "movie-6"),
        ("I loved her and it was up to us", None),
        pytest.param(
            '"Up" is the best thing Pixar made',
            "movie-7",
            marks=pytest.mark.xfail(strict=True, reason="p is .51, under the cut"),
        ),
        ('The film "Up" is the best thing Pixar made', "movie-7"),
        ("Feeling the heat today", None),
        ("Watched Heat 9/10", "movie-8"),
        ("42 people liked this", None),
        ("I rated 42 8/10", "movie-9"),
        ("Watched The Brothers Bloom, it was fine", "movie-13"),
        ("The Brothers Bloom was fine", None),
        ("I rated Brothers Bloom, The 7/10", "movie-13"),
        ("I rated The School of Rock 7/10", "movie-20"),
        ("I rated I Saw the Devil 8/10", "movie-21"),
        ("I rated Oceans Eleven 8/10", "movie-23"),
        ("just love silver linings playbook so much", "movie-24"),
        ("we went to the island on sunday", None),
        ("They shot the movie The Island in 2004", "movie-25"),
        ("I rated Iron Man 4 8/10 #IMDb", None),
        ("Prelude: Iron Man 4 is coming", None),
        ("I rated Beyond Iron Man Reloaded 8/10", None),
        ("I rated Dumb & Dumber 8/10", "movie-26"),
        ("Amazing 10/10", None),
        ("I rated Amazing 10/10", "movie-28"),
        ("", None),
    ],
)
def test_names_in_posts(text: str, title_id: str | None) -> None:
    assert linked(text) == [title_id]


def test_a_year_decides_and_must_agree() -> None:
    assert linked("Dune (1984) review", year=2022) == ["movie-10"]
    assert linked("Dune (2021) review", year=2022) == ["movie-11"]
    assert linked("Dune (2000) review", year=2022) == [None]
    assert linked("Iron Man (2009) review") == ["movie-1"]


def test_titles_of_the_future_are_out() -> None:
    assert linked("I rated Dune 8/10", year=2013) == ["movie-10"]
    assert linked("I rated 1917 8/10", year=2013) == [None]


def test_priors_decide_only_where_they_are_strong() -> None:
    rows = [("movie-1", "movie", "Crash", 2005, 30.0), ("movie-2", "movie", "Crash", 1996, 25.0)]
    frame = link_documents(document("I rated Crash 8/10"), titles(rows))
    assert frame.select("title_id", "confidence", "method", "surface").row(0) == (None, 0.0, "ambiguous", "Crash")
    assert linked("I rated Titanic 8/10") == ["movie-14"], "seven times as popular"
    # Where popularity is unknown the recent one is meant.
    unknown = [(i, m, t, y, None) for i, m, t, y, _ in rows]
    new = titles([*unknown, ("movie-3", "movie", "Crash", 2013, None)])
    assert link_documents(document("I rated Crash 8/10"), new)["title_id"].to_list() == ["movie-3"]


def test_declared_works() -> None:
    fargo = {"work_title": "Fargo", "work_media_type": "tv", "work_year": 2014}
    frame = link_documents(document("It is cold.", 2015, "review", **fargo), titles())
    assert frame.select("title_id", "method").row(0) == ("tv-12", "declared")
    assert frame["confidence"][0] > 0.95
    assert linked("Better than Iron Man 3!", work_title="Nobody Knows This") == [None]
    assert linked("Cold.", work_title="It", work_year=1991) == ["movie-5"]


def test_longest_name_wins() -> None:
    assert linked("Yesterday Iron Man 3 opened in London") == ["movie-2"]
    assert set(linked("Watched the film Alien, then Aliens (1986).")) == {"movie-3", "movie-4"}


def test_a_review_is_about_one_title_and_not_what_it_compares_with() -> None:
    text = "Silver Linings Playbook (2012) is warmer than The Brothers Bloom (2008)."
    assert linked(text, kind="review") == ["movie-24"]
    assert set(linked(text, kind="news")) == {"movie-24", "movie-13"}


def test_headline_comes_first() -> None:
    assert linked("He liked Iron Man 3.", headline="The Island (2005) review", kind="review") == ["movie-25"]
    assert linked("He liked Iron Man 3.", headline="Some Unknown Film (2013) review", kind="review") == [None]


@given(st.lists(st.text(max_size=60), max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_document_keeps_a_row(texts: list[str]) -> None:
    documents = pl.concat([document(""), *(document(t, doc_id=f"x{n}") for n, t in enumerate(texts))])
    mentions = link_documents(documents, titles())
    assert set(mentions["doc_id"]) == set(documents["doc_id"])
    assert validate(mentions, TABLES["linking/mentions"]) == []
    unlinked = mentions.filter(pl.col("title_id").is_null())
    assert unlinked["confidence"].sum() == 0 and set(unlinked["method"]) <= {"none", "ambiguous"}


@given(st.permutations(range(6)), st.permutations(range(len(titles()))))
@settings(max_examples=20, deadline=None)
def test_order_of_rows_changes_nothing(documents_order: list[int], titles_order: list[int]) -> None:
    texts = ["I rated Iron Man 3 8/10", "Dune (1984) review", "nothing here", "Élan, été", "I rated It 6/10", ""]
    documents = pl.concat([document(t, 2022, doc_id=f"x{n}") for n, t in enumerate(texts)])
    shuffled = link_documents(documents[documents_order], titles()[titles_order])
    assert shuffled.equals(link_documents(documents, titles()))


def test_parts_and_repeats_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["I rated Iron Man 3 8/10", "Dune (1984) review", "Rated Her 9/10", "I rated Iron Man 3 8/10", "é"]
    documents = pl.concat([document(t, 2022, doc_id=f"x{n}") for n, t in enumerate(texts)])
    whole = link_documents(documents, titles())
    assert link_documents(documents, titles(), repeats=True).equals(whole)
    monkeypatch.setattr("trending_assets.linking.link.CHUNK", 20)
    assert link_documents(documents, titles()).equals(whole)
    assert link_documents(documents, Catalogue.of(titles())).equals(whole)


def test_a_document_is_linked_by_itself() -> None:
    """No document's links depend on the others of its day."""
    texts = ["I rated Iron Man 3 8/10", "He loved it", "Dune (1984) review", "Heat #Her", "WE SAW ALIENS (1986)"]
    documents = pl.concat([document(t, 2022, doc_id=f"x{n}") for n, t in enumerate(texts)])
    alone = pl.concat([link_documents(documents[n : n + 1], titles()) for n in range(len(texts))]).sort("doc_id")
    assert link_documents(documents, titles()).equals(alone)


def test_titles_that_the_text_cannot_name_change_nothing() -> None:
    more = [(f"movie-{n}", "movie", f"Zyxw {n} Vuts", 2012, 9.0) for n in range(1000, 1200)]
    texts = ["I rated Iron Man 3 8/10", "Dune (1984) review", "nothing here"]
    documents = pl.concat([document(t, 2022, doc_id=f"x{n}") for n, t in enumerate(texts)])
    grown = pl.concat([titles(), titles(more)])
    assert link_documents(documents, grown).equals(link_documents(documents, titles()))


def test_empty_days() -> None:
    assert link_documents(document("x").clear(), titles()).is_empty()
    assert link_documents(document("I rated Alien 8/10"), titles([]))["title_id"].to_list() == [None]


@pytest.mark.parametrize(
    ("entry", "title_id"),
    [
        (chart("Iron Man 3", days=3), "movie-2"),
        (chart("Brothers Bloom, The"), "movie-13"),
        (chart("Total Recall"), "movie-18"),
        (chart("Total Recall", year=1990), "movie-19"),
        (chart("Total Recall", year=1950), None),
        (chart("Aliens2013 Re-release", days=5), "movie-4"),
        (chart("Fargo", days=400), "movie-12"),
        (chart("Iron Man 4"), None),
    ],
)
def test_charts(entry: pl.DataFrame, title_id: str | None) -> None:
    frame = link_charts(entry, titles())
    assert frame["title_id"].to_list() == [title_id]
    assert validate(frame, TABLES["linking/chart_entries"]) == []
