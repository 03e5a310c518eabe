"""Whole columns of text as words: one folding for titles and for documents, by NumPy over code points.

Folding keeps letters and digits, lower-cases them and takes their accents off, and leaves one blank between words. '&' and
every character of a script without blanks (Han, kana, Hangul, Thai …) is a word by itself. Each word remembers where it
stands in the text and what stands after it, so that a match in the folded text leads back to the printed one.
"""

import unicodedata
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Any

import numpy as np
import polars as pl

Array = np.ndarray[Any, Any]

# What a character is.
LETTER, UPPER, LOWER, DIGIT, SOLO, MARK = 1, 2, 4, 8, 16, 32
_UNSEEN = 255
# What stands between two words.
SPACE, LINE, STOP, COMMA, COLON, OPEN, CLOSE, QUOTE, HASH, AT, SLASH, STAR, APOSTROPHE, DASH, BANG, OTHER = (
    np.uint16(1 << n) for n in range(16)
)
_PUNCTUATION = {
    ".…。": STOP,
    "!?！？": STOP | BANG,
    ",;、，": COMMA,
    ":|•·–—―→：": COLON,
    "([{（【": OPEN,
    ")]}）】": CLOSE,
    '"“”„«»*_`「」『』《》‹›': QUOTE,
    "'’‘": QUOTE | APOSTROPHE,
    "#＃": HASH,
    "@": AT,
    "/⁄\\": SLASH,
    "★☆⭐🌟✮✭": STAR,
    "-‐‑": DASH,
    "\n\r\u2028\u2029": SPACE | LINE,
}
_NO_BLANKS = (  # scripts written without blanks between words
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
SEPARATOR = "\x00"
"""Stands before, between and after the texts, as a word of its own that no title holds."""
# Characters that NFKC leaves, or would turn into something else than a reader sees.
_SPELLED = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "™": " ", "®": " ", "©": " ",
    "½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4",
    "« ": "«", " »": "»", "«\u00a0": "«", "\u00a0»": "»", "«\u202f": "«", "\u202f»": "»",
    **{s: f" {n}" for n, s in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}  # fmt: skip
_BASE = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h"}

_CODES = 0x110000
_kind = np.full(_CODES, _UNSEEN, np.uint8)
_plain = np.zeros(_CODES, np.uint32)
_between = np.zeros(_CODES, np.uint16)


def _learn(codes: Array) -> None:
    """Fill the tables for code points that were not seen before."""
    for code in codes.tolist():
        character = chr(code)
        category = unicodedata.category(character)
        kind, plain = 0, ord(" ")
        if character in ("&", SEPARATOR):
            kind, plain = SOLO, code
        elif category[0] in "LN":
            base = unicodedata.normalize("NFD", character)[0].lower()[0]
            plain = ord(_BASE.get(base, base))
            kind = LETTER if category[0] == "L" else DIGIT
            kind |= UPPER if category in ("Lu", "Lt") else LOWER if category == "Ll" else 0
            if any(low <= code <= high for low, high in _NO_BLANKS):
                kind, plain = kind | SOLO, code
        elif category[0] == "M" or category == "Cf":
            kind = MARK
        _plain[code], _kind[code] = plain, kind
        if kind == 0:
            _between[code] |= SPACE if character.isspace() else OTHER if not _marks.get(character) else 0
            _between[code] |= _marks.get(character, 0)


_marks = {character: flags for characters, flags in _PUNCTUATION.items() for character in characters}
_learn(np.arange(0x250))
_KINDS, _PLAIN = _kind[:256].tobytes(), _plain[:256].astype(np.uint8).tobytes()
_FAR = 500
"""Characters into their texts from which ranges are cut out by Python."""
_NARROW = 4
"""Characters between two words that are looked at one by one; wider gaps are rare."""
_MIX = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


@dataclass(frozen=True)
class Text:
    """Texts as words. Word 0 is a separator, and one stands after every text; `owner` is the position of a word's text.

    `folded` is the text that a matcher runs over: a blank before and after every word; `characters` are its code points.
    `starts` and `ends` are places in it, `raw_starts` and `raw_ends` in `raw`. `kinds` ORs what the characters of a word
    are; `initial` is what its first one is. `after` ORs what stands between a word and the next, `after_first` and
    `before_last` are what touches it.
    `hashes` has 64 bits a word.
    """

    raw: str
    folded: str
    characters: Array
    starts: Array
    ends: Array
    raw_starts: Array
    raw_ends: Array
    kinds: Array
    initial: Array
    after: Array
    after_first: Array
    before_last: Array
    hashes: Array
    owner: Array

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def _texts(self) -> pl.Series:
        return pl.Series([self.raw]).str.split(f" {SEPARATOR} ").explode()[1:-1]

    def printed(self, first: Array, last: Array) -> pl.Series:
        """What is printed of ranges of words that lie in one text, with a question or exclamation mark that touches the end."""
        owner, start = self.owner[first], self.raw_starts[first]
        size = self.raw_ends[last - 1] - start + ((self.after_first[last - 1] & BANG) != 0)
        begins = np.append(self.raw_starts[self.hashes == self.hashes[0]] + 2, len(self.raw))
        # Polars counts characters from a text's start, which long texts that name much make slow.
        if int((start - begins[owner]).sum()) > _FAR * (len(first) + 1):
            raw = self.raw
            return pl.Series(
                [raw[a : a + n] for a, n in zip(start.tolist(), size.tolist(), strict=True)], dtype=pl.String
            )
        frame = pl.DataFrame({"text": self._texts[owner], "start": start - begins[owner], "size": size})
        return frame.select(pl.col("text").str.slice("start", "size"))["text"]


def prepared(column: pl.Expr) -> pl.Expr:
    """The column in NFKC, letters spelled out that fold to two."""
    # Most texts are ASCII, where Unicode's normal forms change nothing.
    plain = column.str.len_bytes() == column.str.len_chars()
    spelled = column.str.replace_many(list(_SPELLED), list(_SPELLED.values())).str.normalize("NFKC")
    return pl.when(plain).then(column).otherwise(spelled)


def read(texts: pl.Series) -> Text:
    """Cut texts into folded words. Texts may hold anything; a null reads as an empty one.

    Texts of ASCII that stand before all others are read at a fourth of the memory.
    """
    series = texts.cast(pl.String).fill_null("")
    other = (series.str.len_bytes() != series.str.len_chars()).arg_max() or 0
    if other * 2 > len(series):
        return _both(_read(series[:other]), _read(series[other:]))
    return _read(series)


def ascii_first(texts: pl.Series) -> Array:
    """The order in which `read` takes least time and memory: texts of ASCII, then the others."""
    return (texts.str.len_bytes() != texts.str.len_chars()).arg_sort().to_numpy()


def _both(one: Text, two: Text) -> Text:
    """Two texts as one: the separator behind the first is the one before the second."""
    raw, folded, word = len(one.raw) - 3, len(one.folded) - 3, len(one) - 1
    owners = int(one.owner[-1])
    shifted = {"starts": folded, "ends": folded, "raw_starts": raw, "raw_ends": raw, "owner": owners}
    # What touches the shared separator is blank on both sides.
    arrays = {
        name: np.concatenate([getattr(one, name)[:word], getattr(two, name) + shift if shift else getattr(two, name)])
        for name, shift in ((f.name, shifted.get(f.name, 0)) for f in fields(Text))
        if name not in ("raw", "folded", "characters")
    }
    characters = np.concatenate([one.characters[:folded], two.characters])
    return Text(raw=one.raw[:raw] + two.raw, folded=one.folded[:folded] + two.folded, characters=characters, **arrays)


def _read(series: pl.Series) -> Text:
    raw = _joined(series)
    if raw.isascii():
        data = raw.encode("ascii")
        codes, kind, plain = (
            np.frombuffer(d, np.uint8) for d in (data, data.translate(_KINDS), data.translate(_PLAIN))
        )
        return _words(raw, codes, kind, plain)
    raw = _joined(series.to_frame("t").select(prepared(pl.col("t")))["t"])
    codes = np.frombuffer(raw.encode("utf-32-le"), np.uint32)
    kind = _kind[codes]
    if (kind == _UNSEEN).any():
        _learn(np.unique(codes[kind == _UNSEEN]))
        kind = _kind[codes]
    if (kind & MARK).any():
        keep = (kind & MARK) == 0
        codes, kind = codes[keep], kind[keep]
        raw = codes.tobytes().decode("utf-32-le")
    return _words(raw, codes, kind, None)


def _joined(series: pl.Series) -> str:
    between = f" {SEPARATOR} "
    raw = between + (series.str.join(between).item() + between if len(series) else "")
    if raw.count(SEPARATOR) != len(series) + 1:
        return _joined(series.str.replace_all(SEPARATOR, " ", literal=True))
    return raw


def _words(raw: str, codes: Array, kind: Array, plain: Array | None) -> Text:
    in_word = kind != 0
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1  # a blank stands at both ends
    raw_starts, raw_ends = edges[0::2], edges[1::2]
    alone = (kind & SOLO) != 0
    split = np.flatnonzero(in_word[1:] & in_word[:-1] & (alone[1:] | alone[:-1])) + 1
    kept = in_word.copy()
    kept[1:] |= in_word[:-1]  # the first character after a word becomes the blank
    kept[0] = True
    characters = _plain[codes[kept]] if plain is None else plain[kept]
    if len(split):
        characters = np.insert(characters, np.cumsum(kept)[split] - 1, ord(" "))
        raw_starts, raw_ends = (np.sort(np.append(places, split)) for places in (raw_starts, raw_ends))
    lengths = raw_ends - raw_starts
    ends = np.cumsum(lengths + 1)
    starts = ends - lengths
    gaps = np.append(raw_starts[1:], len(codes)) - raw_ends
    after_first = _between[codes[raw_ends]] * (gaps > 0)
    before_last = np.append(np.zeros(1, np.uint16), _between[codes[raw_starts[1:] - 1]] * (gaps[:-1] > 0))
    after = after_first.copy()
    after[:-1] |= before_last[1:]
    for step in range(1, _NARROW):
        wide = np.flatnonzero(gaps > step + 1)
        after[wide] |= _between[codes[raw_ends[wide] + step]]
    wide = np.flatnonzero(gaps > _NARROW + 1)
    if len(wide):
        edges = np.stack([raw_ends[wide], raw_ends[wide] + gaps[wide]], 1).ravel()
        after[wide] = np.bitwise_or.reduceat(np.append(_between[codes], np.uint16(0)), edges)[::2]
    return Text(
        raw=raw,
        folded=characters.tobytes().decode("utf-32-le" if plain is None else "ascii"),
        characters=characters,
        starts=starts,
        ends=ends,
        raw_starts=raw_starts,
        raw_ends=raw_ends,
        kinds=np.bitwise_or.reduceat(kind, raw_starts),
        initial=kind[raw_starts],
        after=after,
        after_first=after_first,
        before_last=before_last,
        hashes=_hashes(characters, starts, lengths),
        owner=np.cumsum(codes[raw_starts] == 0, dtype=np.int32) - 1,
    )


def _hashes(characters: Array, starts: Array, lengths: Array) -> Array:
    """64 bits a word: of its first eight characters, its last eight and its length."""
    narrow = np.zeros(len(characters) + 16, np.uint8)
    if characters.dtype == np.uint8:
        narrow[8:-8] = characters
    else:  # what is no ASCII keeps apart from it, the separator above all
        mixed = (characters ^ (characters >> np.uint32(7)) * np.uint32(31)) | np.uint32(128)
        narrow[8:-8] = np.where(characters < 128, characters, mixed)
    eights = np.ndarray((len(narrow) - 7,), "<u8", narrow, strides=(1,))
    cut = ((8 - np.minimum(lengths, 8)) * 8).astype(np.uint64)
    heads = eights[starts + 8] << cut
    tails = np.zeros(len(starts), np.uint64)
    long = np.flatnonzero(lengths > 8)
    tails[long] = eights[starts[long] + lengths[long]]
    hashes = (heads * _MIX[0]) ^ (tails * _MIX[1]) ^ (lengths.astype(np.uint64) * _MIX[2])
    return (hashes ^ (hashes >> np.uint64(29))) * _MIX[0]


@cache
def word_hash(word: str) -> np.uint64:
    """The hash of one folded word, as Text.hashes has it."""
    hashes = read(pl.Series([word])).hashes
    return np.uint64(hashes[0] if word == SEPARATOR else hashes[1])


def fold_names(names: pl.Series) -> pl.Series:
    """Each name as its folded words with a blank between; empty where it has none."""
    if not len(names):
        return pl.Series(names.name, [], dtype=pl.String)
    folded = read(names).folded.split(SEPARATOR)[1:-1]
    return pl.Series(names.name, folded, dtype=pl.String).str.strip_chars(" ")
