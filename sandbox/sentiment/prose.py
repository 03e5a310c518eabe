"""Which texts the learned sentiment is asked about, and what its logit means on -1..1."""

from __future__ import annotations

import math
import re
from typing import Protocol


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
MIN_WORDS = 4
"""Shorter texts say too little for n-grams: a lexicon word decides, or nothing does."""
ENGLISH = _words(
    "a an the of and or but in on at to for with from by as is are was were be been it its it's this that these those "
    "he she they you i we his her their my your our not no so if than then when who what which there has have had "
    "does do did would could will can about into out up all more most some any just like very too how where while only "
    "film movie"
)
OTHER = _words(
    "el la los las una del que y en por con es muy pero como más le les des une et est dans pour pas qui sur du au avec "
    "der die das und ist nicht ein eine mit auf den dem für von zu il che di non per sono della um uma não do da os para "
    "het een van niet voor och att det som är på"
) - {"die", "do", "van", "den", "per"}


class Model(Protocol):
    """A learned sentiment: its name, the logit of `positive` of each text, and how much of an opinion (0..1) a text holds."""

    name: str

    def logits(self, texts: list[str]) -> list[float]: ...

    def opinion(self, text: str) -> float: ...


def is_english_prose(text: str) -> bool:
    """Whether a text has at least MIN_WORDS words, nearly all in Latin letters, and no more of another language's small words
    than of English ones."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    if len(words) < MIN_WORDS:
        return False
    letters = "".join(words)
    if sum(letter.isascii() for letter in letters) < 0.9 * len(letters):
        return False
    english, other = (sum(word in known for word in words) for known in (ENGLISH, OTHER))
    return english >= other if other else english > 0 or len(words) < 25


def learned_sentiment(model: Model, text: str) -> float | None:
    """Sentiment in -1..1, or None where the text is no English prose.

    It is 2p - 1, where p is the probability of `positive` among texts with an opinion, times how much of one this text holds.
    """
    if not is_english_prose(text):
        return None
    return math.tanh(model.logits([text])[0] / 2) * model.opinion(text)
