"""Sentiment by a linear model over hashed n-grams: numpy alone, one small file of weights, no vocabulary and no text in it.

Features are words, pairs of words and the 3 to 5 letters long parts of words, each present or not, hashed by CRC-32 into
2^BITS buckets. The logit of `positive` is the sum of the present buckets' weights over the root of their number, plus a bias.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

NAME = "sandbox-linear-1"
BITS = 19
WEIGHTS = Path(__file__).with_name("linear.npz")
_PLAIN, _CLEAR = 2.0, 3.5
"""Sizes at which a text surely holds no opinion, and surely one: read off plots, plain sentences and the valid part."""
_ENOUGH = 150
"""N-grams of some 15 words; a longer text is not clearer for its length."""
_LEAST = 0.05
_MASK = (1 << BITS) - 1
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?|[!?]")
_SPLIT = re.compile(r" (n't|'s|'re|'ve|'ll|'d|'m)\b")


def words_of(text: str) -> list[str]:
    """Lower-case words, with `!` and `?`; a contraction split by a tokenizer (`do n't`, `it 's`) is one word again."""
    return _WORD.findall(_SPLIT.sub(r"\1", text.lower().replace("\u2019", "'").replace("<br />", " ")))


def features(text: str) -> Any:
    """Buckets of a text's n-grams, sorted, each once: int32 array."""
    words = words_of(text)
    found: set[int] = set()
    for word in set(words):
        found.update(_parts(word))
    for pair in pairwise(words):
        found.add(zlib.crc32(" ".join(pair).encode()) & _MASK)
    return np.array(sorted(found), np.int32)


@lru_cache(maxsize=50_000)
def _parts(word: str) -> tuple[int, ...]:
    """Buckets of a word and of its parts; `<` and `>` mark its ends."""
    closed = f"<{word}>"
    parts = {f"#{closed[at : at + size]}" for size in (3, 4, 5) for at in range(len(closed) - size + 1)}
    return tuple(zlib.crc32(part.encode()) & _MASK for part in (word, *sorted(parts)))


class Linear:
    """The model of a weights file: `weights` int8 (2^BITS,), `scale` and `bias` float64."""

    name = NAME

    def __init__(self, path: Path = WEIGHTS) -> None:
        with np.load(path, allow_pickle=False) as file:
            self.weights = file["weights"].astype(np.float32) * np.float32(file["scale"])
            self.bias = float(file["bias"])

    def logits(self, texts: list[str]) -> list[float]:
        """The logit of `positive` of each text."""
        return [self._logit(text) for text in texts]

    def opinion(self, text: str) -> float:
        """How much of an opinion a text holds at all, 0.05 to 1: by the mean size of its n-grams' weights.

        Critics' snippets have a median of 1. Plots and news, whose words weigh little, stay near 0: of 411 plots that the
        weights were partly fitted on the median is 0.13.
        """
        present = features(text)
        if not len(present):
            return _LEAST
        size = float(np.abs(self.weights[present]).mean(dtype=np.float64)) * min(len(present), _ENOUGH) ** 0.5
        return min(1.0, max(_LEAST, (size - _PLAIN) / (_CLEAR - _PLAIN)))

    def _logit(self, text: str) -> float:
        present = features(text)
        return self.bias + float(self.weights[present].sum(dtype=np.float64)) / max(1.0, len(present) ** 0.5)
