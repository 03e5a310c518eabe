"""Signals of a title on a day: what counts, one voice an author, and one day at a time."""

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, validate
from trending_assets.features.site_day import site_days
from trending_assets.features.title_day import title_days
from trending_assets.features.title_signals import title_signals
from trending_assets.features.voices import voices
from trending_assets.trends.detect import detect
from trending_assets.trends.rank import rank_days

D1, D2 = date(2013, 5, 3), date(2013, 5, 4)


def rows(table: str, *given: dict[str, Any]) -> pl.DataFrame:
    schema = {"date": pl.Date, **TABLES[table].schema}
    return pl.DataFrame([{**dict.fromkeys(schema), "date": D1, **row} for row in given], schema=schema)


def inputs() -> dict[str, pl.DataFrame]:
    said = [
        ("a", "x", "x/ann", "post", 0.8),
        ("b", "x", "x/ann", "post", 0.6),
        ("c", "y", "y/bob", "review", 0.2),
        ("d", "y", "y/eve", "post", 1.0),
        ("e", "y", "y/pat", "news", None),
        ("f", "y", "y/sue", "post", 1.0),
    ]
    links = [*((doc_id, "movie-1") for doc_id in "abcdef"), ("c", "movie-2"), ("z", "movie-1")]
    return {
        "mentions": rows(
            "linking/mentions",
            *({"doc_id": d, "title_id": t} for d, t in links),
            {"doc_id": "a", "title_id": "movie-1", "date": D2},
            {"doc_id": "q"},
        ),
        "documents": rows(
            "staging/documents",
            *(dict(zip(("doc_id", "site", "author_id", "kind", "rating"), row, strict=True)) for row in said),
            {"doc_id": "a", "site": "x", "author_id": "x/ann", "kind": "post", "date": D2},
        ),
        "clusters": rows(
            "staging/clusters",
            *({"doc_id": row[0], "cluster_id": row[0], "voice_id": row[2], "copies": 1} for row in said),
            {"doc_id": "a", "cluster_id": "a", "voice_id": "x/ann", "copies": 1, "date": D2},
        ),
        "scores": rows(
            "scoring/document_scores",
            {"doc_id": "a", "sentiment": 1.0, "about_title": True, "spam": False},
            {"doc_id": "b", "sentiment": 0.0, "about_title": True, "spam": False},
            {"doc_id": "c", "sentiment": -1.0, "about_title": True, "spam": False},
            {"doc_id": "d", "sentiment": 1.0, "about_title": True, "spam": True},
            {"doc_id": "f", "sentiment": 1.0, "about_title": False, "spam": False},
        ),
        "chart_entries": rows(
            "linking/chart_entries",
            {"chart": "box_office_us", "chart_date": D1, "rank": 4, "title_id": "movie-1"},
            {"chart": "another", "chart_date": D1, "rank": 2, "title_id": "movie-1"},
            {"chart": "another", "chart_date": D1, "rank": 1},
            {"chart": "liked", "chart_date": D1, "rank": 1, "title_id": "movie-2"},
        ),
        "charts": rows(
            "staging/charts",
            *(
                {"chart": "box_office_us", "chart_date": D1, "rank": n, "value": 10.0 * n, "unit": "usd"}
                for n in (1, 2, 3, 4)
            ),
            {"chart": "another", "chart_date": D1, "rank": 2, "value": None, "unit": "views", "days_in_release": 3},
            {"chart": "liked", "chart_date": D1, "rank": 1, "value": 9.5, "unit": "rating"},
        ),
        "lists": rows(
            "staging/lists",
            {"title_id": "tv-9", "list": "popular", "rank": 7},
            {"title_id": "tv-9", "list": "airing_today", "rank": 3},
        ),
        "titles": rows(
            "staging/titles",
            {"title_id": "movie-1", "popularity": 5.0, "release_date": date(2013, 5, 1)},
            {"title_id": "movie-2", "release_date": date(2013, 6, 3)},
        ),
    }


def signals(**given: pl.DataFrame) -> pl.DataFrame:
    """features/title_signals of D1 and D2, through features/voices and features/site_day."""
    who = voices(*(given[name] for name in ("mentions", "documents", "clusters", "scores")))
    charts, entries, lists, titles = (given[name] for name in ("charts", "chart_entries", "lists", "titles"))
    return title_signals(who, site_days(who, [D1, D2]), charts, entries, lists, titles, [D1, D2])


def row(frame: pl.DataFrame, title_id: str, day: date = D1) -> dict[str, Any]:
    return frame.filter(pl.col("title_id") == title_id, pl.col("date") == day).to_dicts()[0]


def test_counts_and_voices() -> None:
    frame = signals(**inputs())
    assert validate(frame.drop("date").filter(frame["date"] == D1), TABLES["features/title_signals"]) == []
    first = row(frame, "movie-1")
    counts = {k: first[k] for k in ("mentions", "authors", "sites", "posts", "reviews")}
    assert counts == {"mentions": 6, "authors": 5, "sites": 2, "posts": 4, "reviews": 1}, "whatever the scores say"
    assert first["sentiment"] == (0.5 - 1.0) / 2, (
        "ann's two posts are one voice; d is spam, f off topic, e has no score"
    )
    assert abs(first["rating"] - (0.7 + 0.2 + 1.0 + 1.0) / 4) < 1e-12
    assert (first["chart_rank"], first["charts"]) == (2, ["another", "box_office_us"])
    assert (first["chart_share"], first["chart_days"]) == (0.4, 3), "4th of four that grossed 10 to 40"
    assert row(frame, "movie-2")["chart_share"] is None, "nobody has a share of a mean rating"
    assert first["by_site"] == [{"site": "x", "authors": 1}, {"site": "y", "authors": 4}]
    assert (first["voices"], first["known_authors"]) == (5.0, 0), "without a past nobody is new"
    assert (first["popularity"], first["days_since_release"]) == (5.0, 2)
    assert row(frame, "movie-2")["days_since_release"] == -31
    listed = row(frame, "tv-9")
    assert (listed["list_rank"], listed["lists"], listed["mentions"]) == (3, ["airing_today", "popular"], 0)
    assert listed["sentiment"] is None and listed["popularity"] is None
    assert set(frame.filter(pl.col("date") == D1)["title_id"]) == {"movie-1", "movie-2", "tv-9"}


def test_copies_are_one_voice() -> None:
    """Bob's review is copied by Pat and Sue on their own sites; Eve's words are her own."""
    given = inputs()
    sites = {"c": "y/bob", "e": "z/pat", "f": "w/sue", "d": "v/eve"}
    given["documents"] = (
        given["documents"]
        .filter(pl.col("doc_id").is_in(list(sites)) & (pl.col("date") == D1))
        .with_columns(author_id=pl.col("doc_id").replace_strict(sites), rating=pl.lit(0.2))
    )
    given["scores"] = given["scores"].clear()
    copied = {"c": ("c", "y/bob"), "e": ("c", "y/bob"), "f": ("c", "y/bob"), "d": ("d", "v/eve")}
    made = [{"doc_id": d, "cluster_id": c, "voice_id": v, "copies": 1} for d, (c, v) in copied.items()]
    given["clusters"] = rows("staging/clusters", *made)
    given["documents"] = given["documents"].with_columns(
        rating=pl.when(pl.col("doc_id") == "d").then(1.0).otherwise(pl.col("rating"))
    )
    first = row(signals(**given), "movie-1")
    assert {k: first[k] for k in ("mentions", "authors", "sites")} == {"mentions": 4, "authors": 2, "sites": 2}
    assert abs(first["rating"] - (0.2 + 1.0) / 2) < 1e-12, "three copies are one voice of two"
    given["clusters"] = given["clusters"].with_columns(voice_id=pl.col("doc_id").replace_strict(sites))
    assert row(signals(**given), "movie-1")["authors"] == 4


SCORE = st.fixed_dictionaries(
    {
        "sentiment": st.floats(-1, 1),
        "about_title": st.booleans(),
        "spam": st.booleans(),
        "enthusiasm": st.integers(0, 100),
    }
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefz"), SCORE))
def test_no_answer_of_an_llm_moves_the_ranking(answers: dict[str, dict[str, Any]]) -> None:
    """Every column but sentiment stays, to the bit, and so do the rows of the ranking and the alerts."""
    found = inputs()
    said = rows("scoring/document_scores", *({"doc_id": doc_id} | row for doc_id, row in answers.items()))
    one, other = signals(**found), signals(**found | {"scores": said})
    assert other.drop("sentiment").equals(one.drop("sentiment"))
    for days in ([D1], [D1, D2]):
        whole = [title_days(frame, found["titles"], days) for frame in (one, other)]
        ranked = [rank_days(frame, days, found["lists"]) for frame in whole]
        assert ranked[0].height > 0 and ranked[1].equals(ranked[0])
        assert detect(other, days).equals(detect(one, days))


def test_a_range_is_its_days() -> None:
    given = inputs()
    whole = signals(**given)
    alone = [signals(**{n: f.filter(pl.col("date") == d) for n, f in given.items()}) for d in (D1, D2)]
    # The day before tells which accounts have a past, and that alone: x/ann has one on D2.
    assert pl.concat(alone).drop("known_authors").equals(whole.drop("known_authors"))
    assert (row(whole, "movie-1", D2)["known_authors"], row(alone[1], "movie-1", D2)["known_authors"]) == (1, 0)
    assert row(whole, "movie-1", D2)["authors"] == 1


def test_nothing_at_all() -> None:
    frame = signals(**{n: f.clear() for n, f in inputs().items()})
    assert frame.is_empty() and frame.columns[0] == "date"
