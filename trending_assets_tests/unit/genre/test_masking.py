"""The second view: no word of a label is left, everything else is."""

import re

import polars as pl
import pytest

from trending_assets.genre.masking import PATTERN, masked
from trending_assets.scoring.vocabulary import GENRES
from trending_assets_tests.unit.genre.worlds import training_set


def _masked(title: str = "", overview: str = "", tagline: str | None = None, keywords: list[str] | None = None) -> dict:  # type: ignore[type-arg]
    row = {"title": title, "overview": overview, "tagline": tagline, "keywords": keywords or [], "genres": ["War"]}
    frame = pl.DataFrame([row], schema_overrides={"tagline": pl.String, "keywords": pl.List(pl.String)})
    return masked(frame).row(0, named=True)


@pytest.mark.parametrize("genre", [*GENRES, "Kids", "Sci-Fi", "Musical", "Suspense"])
def test_the_name_of_every_genre_goes(genre: str) -> None:
    for name in (genre, genre.upper(), genre.lower()):
        assert _masked(overview=f"It is {name}, they say.")["overview"] == "It is , they say."


@pytest.mark.parametrize(
    "word",
    [
        "romantic",
        "comedic",
        "comedies",
        "animated",
        "documentaries",
        "musical",
        "westerns",
        "thrillers",
        "sci-fi",
        "horrors",
        "mysterious",
        "historical",
        "wars",
        "rom-com",
        "melodrama",
        "politicians",
        "adventurous",
        "fantasies",
        "criminal",
        "families",
        "cartoon",
    ],
)
def test_inflections_and_synonyms_go(word: str) -> None:
    assert word not in _masked(title=f"A {word} film")["text"]


def test_what_a_plot_is_about_stays() -> None:
    plot = "A ghost, a cowboy and a soldier in love dance at the wedding of a warden; the actor is warm and fantastic."
    assert _masked(overview=plot)["overview"] == plot
    assert _masked(title="Kidnapped Warriors")["title"] == "Kidnapped Warriors"


def test_all_parts_and_their_text_are_masked_and_the_rest_is_left() -> None:
    row = _masked("War Horse", "A romantic tale.", "Pure horror!", ["war", "horse", "world war ii"])
    assert (row["title"], row["overview"], row["tagline"]) == ("Horse", "A tale.", "Pure !")
    assert row["keywords"] == ["horse", "world ii"]
    assert row["text"] == "Horse\nA tale.\nPure !\nhorse, world ii"
    assert row["genres"] == ["War"]
    assert _masked(tagline=None)["tagline"] is None


def test_a_whole_set_keeps_its_shape_and_no_word_of_a_label() -> None:
    rows = training_set(40).with_columns(title=pl.lit("Horror ") + pl.col("title"))
    view = masked(rows)
    assert view.drop("title", "text").equals(rows.drop("title", "text"))
    assert view.schema == rows.schema
    assert not any(re.search(PATTERN, text) for text in view["text"])
