"""Names in documents, and which titles they bring in."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.contracts import TABLES, empty
from trending_assets.raw.names import Named, candidates, named_in, normal, normalised, phrases, strong
from trending_assets.raw.titles import SEARCHES_A_DAY, SECOND_LOOKS, add_charts, chart_media, named_entries, searches

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
