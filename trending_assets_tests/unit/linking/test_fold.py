"""Folding: titles and documents fold alike, and every word leads back to the printed text."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trending_assets.linking.fold import (
    COLON,
    COMMA,
    HASH,
    LINE,
    QUOTE,
    SEPARATOR,
    SPACE,
    STOP,
    ascii_first,
    fold_names,
    read,
    word_hash,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Les Misérables", "les miserables"),
        ("Love & Other Drugs", "love & other drugs"),
        ("AT&T", "at & t"),
        ("Ocean's Eleven", "ocean s eleven"),
        ("(500) Days of Summer", "500 days of summer"),
        ("Oz: The Great and Powerful", "oz the great and powerful"),
        ("Großstadt", "grossstadt"),
        ("Æon Flux", "aeon flux"),
        ("Ｉｒｏｎ Ｍａｎ ３", "iron man 3"),
        ("The Naked Gun 33⅓", "the naked gun 33 1 3"),
        ("Alien³", "alien 3"),
        ("Iron Man™", "iron man"),
        ("千と千尋", "千 と 千 尋"),
        ("기생충을", "기 생 충 을"),
        ("Zero\u200bDark", "zerodark"),
        ("e\u0301tude", "etude"),
        ("Kelebeğin Rüyası", "kelebegin ruyasi"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_folds(text: str, form: str) -> None:
    assert fold_names(pl.Series([text]))[0] == form


texts = st.lists(st.text(max_size=30), max_size=8)


@given(texts)
@example(["𪳇"])  # once took for the separator
def test_every_word_leads_back_to_its_text(values: list[str]) -> None:
    text = read(pl.Series(values, dtype=pl.String))
    words = [w for w in range(len(text)) if text.hashes[w] != word_hash(SEPARATOR)]
    assert len(text) - len(words) == len(values) + 1, "one separator before, and one behind each text"
    for w in words:
        folded = text.folded[text.starts[w] : text.ends[w]]
        printed = text.raw[text.raw_starts[w] : text.raw_ends[w]]
        assert folded and " " not in folded
        assert fold_names(pl.Series([printed]))[0].replace(" ", "") == folded
        assert text.hashes[w] == word_hash(folded)


@given(texts)
def test_order_and_company_change_no_text(values: list[str]) -> None:
    """Texts of ASCII are read apart from others: what each folds to must not depend on it."""
    alone = [fold_names(pl.Series([v]))[0] for v in values]
    assert fold_names(pl.Series(values, dtype=pl.String)).to_list() == alone
    order = ascii_first(pl.Series(values, dtype=pl.String))
    assert fold_names(pl.Series(values, dtype=pl.String)[order]).to_list() == [alone[i] for i in order]


def test_what_stands_between_words() -> None:
    text = read(pl.Series(['We saw: "Up", #Heat.\nGood', "é"]))
    words = [text.raw[a:b] for a, b in zip(text.raw_starts, text.raw_ends, strict=True)]
    at = {word: place for place, word in enumerate(words)}
    assert text.after[at["We"]] == SPACE
    assert text.after[at["saw"]] == COLON | SPACE | QUOTE
    assert text.after[at["Up"]] == QUOTE | COMMA | SPACE | HASH
    assert text.after[at["Heat"]] == STOP | SPACE | LINE
    assert text.before_last[at["Up"]] == QUOTE and text.after_first[at["Up"]] == QUOTE


def test_a_wide_gap_costs_no_more_than_its_length() -> None:
    text = read(pl.Series(["a" + " " * 1_000_000 + '"b']))
    assert text.after[1] == SPACE | QUOTE


def test_printed_words() -> None:
    text = read(pl.Series(["Great!", "Who's Afraid of Virginia Woolf? yes", "Amélie ♥"]))
    words = [text.raw[a:b] for a, b in zip(text.raw_starts, text.raw_ends, strict=True)]
    first = [words.index("Who"), words.index("Amélie")]
    assert text.printed(pl.Series(first).to_numpy(), pl.Series([first[0] + 6, first[1] + 1]).to_numpy()).to_list() == [
        "Who's Afraid of Virginia Woolf?",
        "Amélie",
    ]


def test_printed_words_of_a_long_text() -> None:
    text = read(pl.Series(["x " * 5000 + "Amélie! é"]))
    last = len(text) - 2
    assert text.printed(pl.Series([last - 1]).to_numpy(), pl.Series([last]).to_numpy()).to_list() == ["Amélie!"]
