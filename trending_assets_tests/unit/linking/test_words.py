"""Folding: the Polars expression for titles and the word cutter for documents agree on every text."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trending_assets.linking.words import content_words, folded, split_words


def fold_title(text: str) -> str:
    return str(pl.DataFrame({"t": [text]}).select(folded(pl.col("t")))["t"][0])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Les Misérables", "les miserables"),
        ("Love & Other Drugs", "love and other drugs"),
        ("Ocean's Eleven", "ocean s eleven"),
        ("(500) Days of Summer", "500 days of summer"),
        ("Oz: The Great and Powerful", "oz the great and powerful"),
        ("Großstadt", "grossstadt"),
        ("Ｉｒｏｎ Ｍａｎ ３", "iron man 3"),
        ("!?", ""),
    ],
)
def test_folds(text: str, form: str) -> None:
    assert fold_title(text) == form
    words = split_words(text)
    assert words.form(0, len(words)) == form


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "Mn"], max_codepoint=0x24F), max_size=40))
def test_titles_and_documents_fold_alike(text: str) -> None:
    words = split_words(text)
    assert fold_title(text) == words.form(0, len(words))


def test_places_and_capitals() -> None:
    words = split_words("We saw Lord of the Rings: it's ours!")
    assert words.surface(2, 6) == "Lord of the Rings"
    assert words.capitalised(2, 6)
    assert not words.capitalised(6, 8)
    assert words.surface(6, 9) == "it's ours!"


def test_content_words() -> None:
    assert content_words("the lord of the rings") == 2
    assert content_words("iron man 3") == 3
