"""The titles of a day as an automaton that finds every way of writing them in one pass over a text."""

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from trending_assets.linking import lexicon
from trending_assets.linking.fold import DIGIT, SEPARATOR, SOLO, Array, Text, read
from trending_assets.linking.forms import ALWAYS, JOINED, names_of, spelling_hash, variants
from trending_assets.linking.frequency import zipf

REQUIRED = ("title_id", "media_type", "title", "original_title", "year", "popularity")
OPTIONAL: dict[str, pl.DataType] = {
    "imdb_id": pl.String(),
    "alternative_titles": pl.List(pl.String),
    "cast": pl.List(pl.String),
    "directors": pl.List(pl.String),
}
"""Columns of staging/titles that linking reads; a frame may lack the optional ones."""

_SLICE = 200_000
"""Names that are folded at once: bounds the memory of a catalogue of millions."""
_TAG_BITS = 24
_TAG_SHIFT = np.uint64(64 - _TAG_BITS)
_SUFFIX = (
    r"(?:the)?(?:movie|film|series|tvshow|tv|show|netflix|hbo|max|hulu|amc|bbc|fx|itv|disneyplus|appletv|primevideo"
    r"|peacock|finale|season\d*|s\d+)$"
)

# What a form is made of, as odds of being a title's name depend on it.
(
    FUNCTION_1, COMMON_1, LESS_1, NAME_1, RARE_1, DIGITS, FUNCTION_2, COMMON_ONE, RARE_ONE, NAMES_2, COMMON_2, RARE_2, LONG,
    RARE_BOTH,
) = range(14)  # fmt: skip
SIZES = (
    "one function word", "one everyday word", "one less common word", "one given or place name", "one rare word", "digits",
    "function words", "function words and an everyday one", "function words and a rare one", "given or place names",
    "two everyday words", "two words, one rare", "three or more", "two rare words",
)  # fmt: skip


def _tags(hashes: Array) -> Array:
    return (hashes >> _TAG_SHIFT).astype(np.uint32)


@dataclass(frozen=True)
class Matches:
    """Forms found in a text: ranges of its words [first, last), and the position of the form."""

    first: Array
    last: Array
    form: Array


@dataclass(frozen=True)
class Lookup:
    """Forms that can occur in given texts, and the titles of each: entries `begins[form]` up to `ends[form]`."""

    forms: pl.Series
    begins: Array
    ends: Array
    rows: Array
    kinds: Array
    spellings: tuple[Array, ...]
    marked: Array
    size: Array
    words: Array
    surprise: Array
    automaton: Any
    form_of: Array

    def find(self, text: Text) -> Matches:
        """Every occurrence of every form as whole words, overlapping ones too."""
        found = np.fromiter(itertools.chain.from_iterable(self.automaton.iter(text.folded)), np.int64)
        ends, patterns = found[0::2], found[1::2]
        form = self.form_of[patterns]
        last = np.searchsorted(text.starts, ends)
        return Matches(last - self.words[form], last, form)


@dataclass(frozen=True)
class Catalogue:
    """All names of the titles, folded. Rows of `titles` are in the order of title_id."""

    titles: pl.DataFrame
    names: pl.DataFrame
    tags: Array
    offsets: Array

    @classmethod
    def of(cls, titles: pl.DataFrame) -> "Catalogue":
        """The catalogue of a day's titles (columns REQUIRED, and OPTIONAL where they are known)."""
        lacking = [pl.lit(None, dtype=t).alias(c) for c, t in OPTIONAL.items() if c not in titles.columns]
        kept = titles.with_columns(lacking).select(*REQUIRED, *OPTIONAL).sort("title_id")
        names = names_of(kept)
        folded, tags, sizes = [], [], []
        for part in names["name"].to_frame().iter_slices(_SLICE):
            text = read(part["name"])
            folded.append(pl.Series("form", text.folded.split(SEPARATOR)[1:-1], dtype=pl.String).str.strip_chars(" "))
            inner = text.kinds != SOLO
            inner |= text.hashes != text.hashes[0]
            tags.append(_tags(text.hashes[inner]))
            sizes.append(np.bincount(text.owner[inner], minlength=len(part)))
        every = names.with_columns(pl.concat(folded) if folded else pl.Series("form", [], dtype=pl.String)).drop("name")
        counts = np.concatenate(sizes) if sizes else np.zeros(0, np.int64)
        every = every.filter(pl.Series(counts > 0))
        starts = np.cumsum(counts) - counts
        return cls(kept, every, np.concatenate(tags) if tags else np.zeros(0, np.uint32), starts[counts > 0])

    @cached_property
    def known(self) -> dict[str, Array]:
        """Facts of the titles as arrays: year (0 unknown), popularity (NaN unknown), is_tv."""
        return {
            "year": self.titles["year"].fill_null(0).to_numpy(),
            "popularity": self.titles["popularity"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
            "is_tv": (self.titles["media_type"] == "tv").fill_null(False).to_numpy(),
        }

    def within(self, text: Text, hashtags: pl.Series) -> Lookup:
        """Forms all of whose words occur in the text: a catalogue of millions costs no more than what the text can name.

        `hashtags` are folded words that may be a name without its blanks.
        """
        return _lookup(variants(pl.concat([self._possible(text), self._joined(hashtags)])), self.titles)

    def _possible(self, text: Text) -> pl.DataFrame:
        if not len(self.tags):
            return self.names
        seen = np.zeros(1 << _TAG_BITS, bool)
        seen[_tags(text.hashes)] = True
        seen[_tags(read(pl.Series(ALWAYS)).hashes)] = True
        return self.names.filter(pl.Series(np.logical_and.reduceat(seen[self.tags], self.offsets)))

    def _joined(self, hashtags: pl.Series) -> pl.DataFrame:
        stems = pl.DataFrame({"form": hashtags.cast(pl.String), "joined": hashtags.cast(pl.String)})
        cut = stems.with_columns(pl.col("joined").str.replace(_SUFFIX, "")).filter(pl.col("joined") != pl.col("form"))
        # "#UsMovie" says what it is; "#Us" is no name without its blanks.
        long, said = (pl.col("joined").str.len_chars() > n for n in (2, 1))
        stems = pl.concat([stems.filter(long), cut.filter(said)]).unique()
        if stems.is_empty():
            return self.names.clear()
        return (
            self.names.select("row", joined=pl.col("form").str.replace_all(" ", "", literal=True))
            .join(stems, on="joined")
            .select("row", kind=pl.lit(JOINED, pl.UInt8), spelled=pl.lit(0, pl.UInt64), form="form")
        )


def _lookup(entries: pl.DataFrame, titles: pl.DataFrame) -> Lookup:
    """`entries`: form, row, kind, sorted by form and row, one row a form and title."""
    import ahocorasick

    runs = entries["form"].rle().struct.unnest()
    forms, lengths = runs["value"], runs["len"].cast(pl.Int64).to_numpy()
    begins = np.cumsum(lengths) - lengths
    automaton = ahocorasick.Automaton()
    form_of: list[int] = []
    for number, form in enumerate(forms.to_list()):
        for pattern in (form, form.replace(" and ", " & ")) if " and " in form else (form,):
            automaton.add_word(f" {pattern} ", len(form_of))
            form_of.append(number)
    if not form_of:
        automaton.add_word(SEPARATOR * 2, 0)
    automaton.make_automaton()
    size, words, surprise = _sizes(forms)
    rows = entries["row"].cast(pl.Int64).to_numpy()
    spellings = tuple(spelling_hash(titles[c][rows]).to_numpy() for c in ("title", "original_title"))
    return Lookup(
        forms, begins, begins + lengths, rows, entries["kind"].to_numpy(),
        (*spellings, entries["spelled"].to_numpy()), titles["title"].str.contains(r"[!?]$").fill_null(False)[rows].to_numpy(),
        size, words, surprise, automaton, np.array(form_of, np.int64),
    )  # fmt: skip


def _sizes(forms: pl.Series) -> tuple[Array, Array, Array]:
    """What each form is made of (SIZES), its number of words, and how surprising it is: -log10 of its words' shares, summed."""
    if not len(forms):
        return np.zeros(0, np.int8), np.zeros(0, np.int64), np.zeros(0)
    text = read(forms)
    inner = text.hashes != text.hashes[0]
    owner, count = text.owner[inner], len(forms)
    classes = lexicon.classes_of(text.hashes[inner])
    lengths = (text.ends - text.starts)[inner]
    is_digits = text.kinds[inner] == DIGIT
    # A single letter is no content; one character of Han or kana is.
    short = (lengths == 1) & ((text.kinds[inner] & SOLO) == 0)
    function = ((classes & lexicon.FUNCTION) != 0) | short
    name = ~function & ((classes & (lexicon.NAME | lexicon.CALENDAR)) != 0)
    everyday = ~function & ((classes & (lexicon.COMMON | lexicon.NAME)) != 0)

    def total(mask: Array) -> Array:
        return np.bincount(owner, mask, minlength=count).astype(np.int64)

    words, content = total(np.ones(len(owner))), total(~function & ~is_digits)
    content += np.where(content > 0, total(is_digits), 0)
    rare = total(~function & ~is_digits & ~everyday)
    unusual = rare + total(name)
    size = np.select(
        [
            total(is_digits) == words,
            (words == 1) & (content == 0),
            (words == 1) & (rare == 1),
            (words == 1) & (total(name) == 1),
            (words == 1) & (total((classes & lexicon.LESS_COMMON) != 0) == 1),
            words == 1,
            (content == 0) & (words >= 5),
            (content == 0) & (words >= 4),
            content == 0,
            (content == 1) & (unusual == 0),
            content == 1,
            (content == 2) & (rare == 0) & (unusual > 0),
            (content == 2) & (rare == 0),
            (content == 2) & (rare == 2),
            content == 2,
        ],
        [
            DIGITS, FUNCTION_1, RARE_1, NAME_1, LESS_1, COMMON_1, LONG, COMMON_2, FUNCTION_2, COMMON_ONE, RARE_ONE,
            NAMES_2, COMMON_2, RARE_BOTH, RARE_2,
        ],
        LONG,
    )  # fmt: skip
    return size.astype(np.int8), words, np.bincount(owner, 9 - zipf(text.hashes[inner]), minlength=count)
