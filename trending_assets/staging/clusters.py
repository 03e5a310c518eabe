"""Near-duplicate texts folded into clusters: ten copies of a text are one voice.

MinHash and locality-sensitive hashing find candidates (Broder 1997; Leskovec, Rajaraman, Ullman: Mining of Massive Datasets,
ch. 3), the true Jaccard similarity of their word shingles decides.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from trending_assets.contracts import TABLES

if TYPE_CHECKING:
    import numpy as np

SHINGLE = 2
"""Words of a shingle."""
MIN_SHINGLES = 25
"""Distinct shingles below which a text is nobody's copy: many people write `I rated Heat 8/10` in the same words, and with a
long title the words are many (at 15, posts of spring-2013 fold; from 20 on none does)."""
SIMILARITY = 0.5
"""Jaccard similarity of shingles from which a text is a copy. The three were chosen on one half of real reviews and of edited
copies; `python -m bench.near_duplicates` reports on the other."""
PERMUTATIONS, BANDS = 128, 32
"""4 hashes a band: a pair of similarity .5 shares a band with probability .87, of .6 with .99, of .1 with .003."""
MAX_CANDIDATES = 50
"""First texts that a text is compared with at most, the earliest of them."""
LOOKED_AT = 20_000
"""Characters of a text that are looked at."""

WINDOW_DAYS = 7
"""Days in which a text may be a copy, its own day included (partitions.EVIDENCE_DAYS)."""

_NOT_WORDS = re.compile(r"https?://\S+|[@#]\w+|\bRT\b")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")  # Chinese and Japanese: a letter
_BATCH = 10_000


def clusters(documents: pl.DataFrame, days: Sequence[date], window_days: int = WINDOW_DAYS) -> pl.DataFrame:
    """Rows of staging/clusters with the column `date`, one a document of the days.

    `documents` are rows of staging/documents with `date`, of the days and of the window_days - 1 days before each; a day's
    rows depend on those alone. In the order in which texts came (date, published_at, doc_id), a text joins the most similar of
    the first texts of clusters before it, from SIMILARITY on, or opens a cluster: it is compared with a cluster's first text and
    never with a copy, so that a chain of small changes does not drift.
    """
    keys = documents.select("date", "doc_id", "author_id", "published_at").with_row_index("row")
    rows = keys.sort("date", "published_at", "doc_id")
    said = documents.select("headline", "text")
    order = rows["row"].to_list()
    texts = _texts(said, order)
    shared = _shared_bands(texts)
    dates, ids, authors = rows["date"].to_list(), rows["doc_id"].to_list(), rows["author_id"].to_list()
    made: list[tuple[date, str, str, str, int, float | None]] = []
    similarities = _Similarities(said, [order[at] for at in texts.rows])
    for day in sorted(set(days)):
        begin = int(rows["date"].search_sorted(day - timedelta(days=window_days - 1), side="left"))
        end = int(rows["date"].search_sorted(day, side="right"))
        first = _first_texts(range(begin, end), texts, shared, similarities)
        members: dict[int, set[str]] = {}
        for at in range(begin, end):
            leader, similarity = first.get(at, (at, None))
            members.setdefault(leader, set()).add(ids[at])
            if dates[at] == day:
                own = ids[leader] == ids[at]  # the first itself, or the same document seen again
                made.append(
                    (day, ids[at], ids[leader], authors[leader], len(members[leader]), None if own else similarity)
                )
    schema = {"date": pl.Date, **TABLES["staging/clusters"].schema}
    frame = pl.DataFrame(made, schema=schema, orient="row", strict=False)
    return frame.sort("date", "doc_id")


@dataclass(frozen=True)
class _Texts:
    """Texts that are long enough: row of each first appearance, and rows of texts that say the very same."""

    rows: list[int]  # ascending
    number: dict[int, int]  # row -> number of its text
    bands: "np.ndarray"  # (texts, BANDS), uint64


def words(headline: str | None, text: str | None) -> list[str]:
    """Words of a document in lower case: no addresses, mentions, tags, punctuation. Chinese and Japanese by the letter."""
    text = text or ""
    whole = text if not headline or text.startswith(headline) else f"{headline} {text}"
    return _WORD.findall(_NOT_WORDS.sub(" ", whole[:LOOKED_AT]).casefold())


def shingles_of(headline: str | None, text: str | None) -> list[bytes]:
    """Distinct shingles of a document, ascending; none where it has fewer than MIN_SHINGLES."""
    found = words(headline, text)
    distinct = {" ".join(found[at : at + SHINGLE]) for at in range(len(found) - SHINGLE + 1)}
    return sorted(part.encode() for part in distinct) if len(distinct) >= MIN_SHINGLES else []


def _texts(said: pl.DataFrame, order: list[int]) -> _Texts:
    """Sketches of the texts in the order given, in batches: a sorted copy of all texts would take as much memory again."""
    import numpy as np
    from datasketch import MinHash

    first_rows: list[int] = []
    number: dict[int, int] = {}
    by_words: dict[bytes, int] = {}

    def distinct() -> Iterator[list[bytes]]:
        for begin in range(0, len(order), _BATCH):
            for at, (headline, text) in enumerate(said[order[begin : begin + _BATCH]].iter_rows(), begin):
                found = shingles_of(headline, text)
                if not found:
                    continue
                digest = hashlib.blake2b(b"\n".join(found), digest_size=16).digest()
                number[at] = by_words.setdefault(digest, len(first_rows))
                if number[at] == len(first_rows):
                    first_rows.append(at)
                    yield found

    bands = np.empty((len(order), BANDS), dtype=np.uint64)
    for place, sketch in enumerate(MinHash.generator(distinct(), num_perm=PERMUTATIONS, hashfunc=zlib.crc32)):
        bands[place] = _band_keys(sketch.hashvalues)
    return _Texts(first_rows, number, bands[: len(first_rows)])


def _band_keys(values: "np.ndarray") -> "np.ndarray":
    """One number a band. Two bands with other hashes may get the same one, which costs a comparison and no more."""
    import numpy as np

    parts = values.astype(np.uint64).reshape(BANDS, -1)
    key = np.zeros(BANDS, dtype=np.uint64)
    for column in parts.T:
        key = (key ^ column) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    return key


def _shared_bands(texts: _Texts) -> "np.ndarray":
    """(texts, BANDS): whether another text has the same band. Most texts share none, and are no one's copy."""
    import numpy as np

    shared = np.zeros(texts.bands.shape, dtype=bool)
    for band in range(BANDS):
        _, place, count = np.unique(texts.bands[:, band], return_inverse=True, return_counts=True)
        shared[:, band] = count[place] > 1
    return shared


class _Similarities:
    """Jaccard similarities of texts, made when they are asked for and kept."""

    def __init__(self, said: pl.DataFrame, rows: list[int]) -> None:
        self._said, self._rows = said, rows
        self._shingles: dict[int, np.ndarray] = {}
        self._known: dict[tuple[int, int], float] = {}

    def of(self, one: int, other: int) -> float:
        pair = (one, other)
        if pair not in self._known:
            import numpy as np

            a, b = self._of(one), self._of(other)
            shared = np.intersect1d(a, b, assume_unique=True).size
            self._known[pair] = shared / (a.size + b.size - shared)
        return self._known[pair]

    def _of(self, number: int) -> "np.ndarray":
        if number not in self._shingles:
            import numpy as np

            found = shingles_of(*self._said.row(self._rows[number]))
            self._shingles[number] = np.unique(np.array([zlib.crc32(part) for part in found], dtype=np.uint32))
        return self._shingles[number]


def _first_texts(
    places: range, texts: _Texts, shared: "np.ndarray", similarities: _Similarities
) -> dict[int, tuple[int, float]]:
    """(row of the cluster's first text, similarity to it) of each row that is a copy."""
    found: dict[int, tuple[int, float]] = {}  # by text: the row that leads its cluster, and the similarity to it
    opened: dict[int, int] = {}  # text that leads a cluster -> its row
    leads: dict[int, list[int]] = {}  # band key -> texts that lead a cluster, in their order
    copies: dict[int, tuple[int, float]] = {}
    for at in places:
        number = texts.number.get(at)
        if number is None:
            continue
        if number in found:
            copies[at] = found[number]
            continue
        keys = texts.bands[number][shared[number]].tolist()
        sharing = {other for key in keys for other in leads.get(key, ())[:MAX_CANDIDATES]}
        candidates = sorted(sharing, key=opened.__getitem__)[:MAX_CANDIDATES]
        similar = [(similarities.of(other, number), -opened[other]) for other in candidates]
        best, first = max(similar, default=(0.0, 0))
        if best >= SIMILARITY:
            found[number] = copies[at] = (-first, best)
        else:
            found[number] = (at, 1.0)
            opened[number] = at
            for key in keys:
                leads.setdefault(key, []).append(number)
    return copies
