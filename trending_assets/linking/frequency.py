"""How often words are used in English, so that a name of rare words says more than one of everyday ones."""

from functools import cache

import numpy as np
import polars as pl

from trending_assets.linking.fold import Array, read

UNHEARD = 1.0
"""Zipf value of words that the list lacks, numbers among them: it holds what comes once in 10^8 words or more often."""


_BITS = 20
_SHIFT = np.uint64(64 - _BITS)


@cache
def _table() -> tuple[Array, Array, Array, int]:
    """Hashes in order, their Zipf values, where the hashes of each first _BITS bits begin, and the most that share them."""
    from wordfreq import get_frequency_dict

    words = pl.DataFrame(list(get_frequency_dict("en", "best").items()), schema=["word", "share"], orient="row")
    words = words.filter(pl.col("word").str.contains(r"^[\p{L}\p{N}]+$"))
    text = read(words["word"])
    inner = text.hashes != text.hashes[0]
    # Several spellings fold to one word: "café", "cafe".
    hashes, place = np.unique(text.hashes[inner], return_inverse=True)
    share = np.bincount(place, words["share"].to_numpy()[text.owner[inner]])
    begins = np.searchsorted(hashes >> _SHIFT, np.arange((1 << _BITS) + 1, dtype=np.uint64))
    most = int(np.diff(begins).max())
    none = np.zeros(most, np.uint64)
    return np.append(hashes, none), np.append(np.log10(share) + 9, none), begins, most


def zipf(hashes: Array) -> Array:
    """Zipf values of folded words by their hashes (fold.Text.hashes): log10 of uses in a billion words, 1 (rare) to 7.7 ("the").

    Source: wordfreq (Speer 2022), after van Heuven et al. 2014.
    """
    known, values, begins, most = _table()
    found = np.full(len(hashes), UNHEARD)
    at = begins[hashes >> _SHIFT]
    for step in range(most):  # a search by halves would jump through all of the table
        here = np.flatnonzero(known[at + step] == hashes)
        found[here] = values[at[here] + step]
    return found
