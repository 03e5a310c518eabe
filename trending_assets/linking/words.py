"""Text as comparable words: one folding for titles (a Polars expression) and for documents (a list of words with places).

Both keep letters and digits only, split everywhere else, write '&' as "and", strip diacritics and lower the case.
"""

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ð": "d", "þ": "th"}
_LETTER_TABLE = str.maketrans(_LETTERS)
_WORD = re.compile(r"&|[^\W_]+")
_SMALL = (
    "a an and as at but by de del der des di du el en et for from il in into is la le les nor of off on onto or out per "
    "so than the to und up upon via vs with y"
)
_CAPITAL_FREE = frozenset(_SMALL.split())
ARTICLES = ("the", "a", "an")
"""Articles that catalogues move behind the title ("Brothers Bloom, The") and people leave out."""


def folded(column: pl.Expr) -> pl.Expr:
    """The column's text as folded words with one blank between: "Les Misérables!" becomes "les miserables"."""
    # Most titles are ASCII, where Unicode's normal forms change nothing and cost most of the time.
    is_ascii = column.str.len_bytes() == column.str.len_chars()
    plain = pl.when(is_ascii).then(column)
    other = pl.when(~is_ascii).then(column).str.normalize("NFKC")
    bare = (
        _cut(other)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}+", "")
        .str.to_lowercase()
        .str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    )
    return (
        pl.coalesce(_cut(plain).str.to_lowercase(), bare).str.replace_all("&", "and", literal=True).str.strip_chars(" ")
    )


def _cut(column: pl.Expr) -> pl.Expr:
    return column.str.replace_all("&", " & ", literal=True).str.replace_all(r"[^\p{L}\p{N}&]+", " ")


def fold_word(word: str) -> str:
    """One word of a document as `folded` would write it."""
    if word == "&":
        return "and"
    if word.isascii():
        return word.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.category(c).startswith("M"))
    return bare.lower().translate(_LETTER_TABLE)


@dataclass(frozen=True)
class Words:
    """A text's folded words and where each stands in `raw` (the text in NFKC)."""

    raw: str
    folded: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.folded)

    def form(self, first: int, last: int) -> str:
        """Words first up to, not including, last as one folded form."""
        return " ".join(self.folded[first:last])

    def surface(self, first: int, last: int) -> str:
        """The same words as printed, with an exclamation or question mark that touches the last one."""
        end = self.ends[last - 1]
        while end < len(self.raw) and self.raw[end] in "!?":
            end += 1
        return self.raw[self.starts[first] : end]

    def capitalised(self, first: int, last: int) -> bool:
        """True when the words are printed as a name: capitals or digits, except small words inside the name."""
        printed = [self.raw[self.starts[i]] for i in range(first, last)]
        inside = [i == first or self.folded[i] not in _CAPITAL_FREE for i in range(first, last)]
        after_apostrophe = [
            i > first and self.raw[self.starts[i] - 1] in "'’" and self.starts[i] - 1 == self.ends[i - 1]
            for i in range(first, last)
        ]
        return all(
            not must or tail or not c.islower() for c, must, tail in zip(printed, inside, after_apostrophe, strict=True)
        )


def split_words(text: str) -> Words:
    """Cut a text into words. An empty text has none."""
    raw = unicodedata.normalize("NFKC", text)
    found = [(fold_word(m[0]), m.start(), m.end()) for m in _WORD.finditer(raw)]
    kept = [f for f in found if f[0]]
    return Words(raw, [f[0] for f in kept], [f[1] for f in kept], [f[2] for f in kept])


def is_small(word: str) -> bool:
    """True for the short function words that titles leave in lower case."""
    return word in _CAPITAL_FREE


def content_words(form: str) -> int:
    """Words of a folded form that carry meaning: numbers, and words of two letters or more that are no function words."""
    return sum(1 for w in form.split() if w.isdigit() or (len(w) > 1 and w not in _CAPITAL_FREE))
