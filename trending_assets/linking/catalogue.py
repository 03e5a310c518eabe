"""The titles of a day as forms to look up: every way in which a title may be written, folded."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

import ahocorasick
import polars as pl

from trending_assets.linking.words import ARTICLES, content_words, folded

COLUMNS = ("title_id", "media_type", "title", "original_title", "year", "popularity")
"""Columns of staging/titles that linking reads."""


@dataclass(frozen=True)
class Candidate:
    """A title that a form may name. Unknown popularity counts as 0; an unknown year is None."""

    title_id: str
    media_type: str
    title: str
    original_title: str
    year: int | None
    popularity: float


@dataclass(frozen=True)
class Catalogue:
    """Forms of the titles, and an automaton that finds all of them in one pass over a text."""

    candidates: list[Candidate]
    forms: dict[str, list[int]]
    automaton: Any

    def named(self, form: str, loose: bool = False) -> list[Candidate]:
        """Titles with this folded form. `loose` also tries with or without the leading article (two content words or more)."""
        found = self.forms.get(form)
        if found is None and loose and content_words(form) > 1:
            first, _, rest = form.partition(" ")
            others = [rest] if first in ARTICLES else [f"{article} {form}" for article in ARTICLES]
            found = next((self.forms[o] for o in others if o in self.forms), None)
        return [self.candidates[i] for i in found or ()]

    def spans(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """Word ranges [first, last) that are a title's form, longest first; ranges never overlap."""
        text = f" {' '.join(words)} "
        places, at = {}, 0
        for index, word in enumerate(words):
            places[at] = index
            at += len(word) + 1
        found = []
        for end, size in self.automaton.iter(text):
            first = places[end - size - 1]
            found.append((-size, first, places.get(end, len(words))))
        taken = bytearray(len(words))
        for _, first, last in sorted(found):
            if not any(taken[first:last]):
                taken[first:last] = b"\x01" * (last - first)
                yield first, last


def title_forms(titles: pl.DataFrame) -> pl.DataFrame:
    """All folded forms of the titles, columns row (position in `titles`) and form; a pair may come twice.

    Forms: title and original title; the same with apostrophes and dots closed up ("Oceans Eleven", "SWAT"); the leading
    article moved behind ("Brothers Bloom, The").
    """
    rows = titles.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), "title", "original_title")
    original = rows.filter(pl.col("original_title") != pl.col("title").fill_null(""))
    names = pl.concat(
        [rows.select("row", name="title"), original.select("row", name="original_title")], how="vertical"
    ).drop_nulls("name")
    closed = pl.col("name").str.replace_all(r"(\p{L})['’‘.·]+", "$1")
    plain = names.select("row", folded(pl.col("name")).alias("form"))
    tight = names.filter(pl.col("name").str.contains(r"\p{L}['’‘.·]")).select("row", folded(closed).alias("form"))
    moved = plain.filter(pl.col("form").str.contains(r"^(?:the|a|an) \S")).with_columns(
        pl.col("form").str.replace(r"^(the|a|an) (.+)$", "$2 $1")
    )
    return pl.concat([plain, tight, moved]).filter(pl.col("form") != "")


def build(titles: pl.DataFrame, vocabulary: Set[str] | None = None) -> Catalogue:
    """Make the catalogue of a day's titles (columns COLUMNS).

    `vocabulary` is the set of the folded words of the texts to come: forms whose first or last word is not in it cannot
    match and are left out, so that a catalogue of a million titles costs little.
    """
    forms = title_forms(titles)
    if vocabulary is not None:
        known = pl.Series(sorted({*vocabulary, *ARTICLES}), dtype=pl.String).implode()
        forms = forms.filter(
            pl.col("form").str.extract(r"^(\S+)").is_in(known), pl.col("form").str.extract(r"(\S+)$").is_in(known)
        )
    forms = forms.unique()
    used = forms.select("row").unique().sort("row").with_row_index("place")
    kept = titles.select(COLUMNS)[used["row"]]
    candidates = [
        Candidate(title_id, media_type, title or "", original_title or "", year, popularity or 0.0)
        for title_id, media_type, title, original_title, year, popularity in kept.iter_rows()
    ]
    grouped = forms.join(used, on="row").group_by("form").agg(pl.col("place").sort()).sort("form")
    by_form = dict(zip(grouped["form"].to_list(), grouped["place"].to_list(), strict=True))
    automaton = ahocorasick.Automaton()
    for form in by_form:
        automaton.add_word(f" {form} ", len(form))
    if by_form:
        automaton.make_automaton()
    else:
        automaton.add_word("\x00", 1)
        automaton.make_automaton()
    return Catalogue(candidates, by_form, automaton)
