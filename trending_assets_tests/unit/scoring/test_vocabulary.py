"""Genres of films and shows come into one vocabulary; tags are unique; prices have dates."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sandbox.genres import MOVIE_GENRES, TV_GENRES
from trending_assets.contracts import TABLES
from trending_assets.scoring.prices import cost_usd, price_of
from trending_assets.scoring.schema import digest_schema, document_schema
from trending_assets.scoring.vocabulary import GENRES, VIBE_GROUPS, VIBE_TAGS, to_vocabulary


def test_tv_doubles_become_both_halves() -> None:
    assert to_vocabulary(["Sci-Fi & Fantasy", "Drama", "Fantasy"]) == ["Science Fiction", "Fantasy", "Drama"]
    assert to_vocabulary(["Action & Adventure", "War & Politics"]) == ["Action", "Adventure", "War", "Politics"]
    assert to_vocabulary(["TV Movie", "No such genre", " western "]) == ["Western"]


def test_every_tmdb_genre_but_the_format_has_a_place() -> None:
    lost = [name for name in {*MOVIE_GENRES, *TV_GENRES} if not to_vocabulary([name])]
    assert lost == ["TV Movie"]
    assert {g for name in {*MOVIE_GENRES, *TV_GENRES} for g in to_vocabulary([name])} == set(GENRES)


@given(st.lists(st.sampled_from([*MOVIE_GENRES, *TV_GENRES]) | st.text(max_size=10)))
def test_the_vocabulary_is_closed_and_stable(names: list[str]) -> None:
    once = to_vocabulary(names)
    assert set(once) <= set(GENRES) and len(set(once)) == len(once) and to_vocabulary(once) == once


def test_about_sixty_tags_each_once() -> None:
    assert 50 <= len(VIBE_TAGS) <= 70 and len(set(VIBE_TAGS)) == len(VIBE_TAGS)
    assert all(meaning for group in VIBE_GROUPS.values() for meaning in group.values())


def test_the_schemas_are_strict_and_ranged_by_the_contract() -> None:
    for schema in (document_schema(), digest_schema()):
        assert schema["required"] == list(schema["properties"]) and schema["additionalProperties"] is False
    rules = TABLES["scoring/document_scores"].column("enthusiasm")
    ranged = document_schema()["properties"]["enthusiasm"]
    assert (ranged["minimum"], ranged["maximum"]) == (rules.low, rules.high)
    names = set(document_schema()["properties"]) | set(digest_schema()["properties"])
    known = set(TABLES["scoring/document_scores"].schema) | set(TABLES["scoring/title_digests"].schema)
    assert names <= known


def test_prices_are_dated() -> None:
    day = date(2026, 1, 1)
    assert cost_usd("gpt-5-mini", 1_000_000, 0, 0, day) == 0.25
    assert cost_usd("gpt-5-mini-2025-08-07", 1_000_000, 1_000_000, 1_000_000, day) == 2.025
    assert cost_usd("sandbox-lexicon-1", 10**9, 0, 10**9, day) == 0
    assert cost_usd("unheard-of", 1, 0, 1, day) is None
    assert price_of("gpt-5-mini", date(2024, 1, 1)) is None
