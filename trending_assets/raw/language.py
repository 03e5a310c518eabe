"""Which language a text is in: what it says of itself, what it looks like, what its site says."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LOOKED_AT = 1_000
"""Characters of a text that are looked at: more change nothing."""
SURE = 0.5
"""Probability from which a detected language counts. Chosen on 44 short texts in 15 languages, measured on 44 others
(unit/raw/language_texts.py, test_language.py): below .4 wrong ones appear."""
LETTERS = 8
"""Letters below which a text is too short to tell."""

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "xx"})
_NAMES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "russian": "ru", "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk",
    "vietnamese": "vi",
}  # fmt: skip


def detect(texts: Sequence[str]) -> list[tuple[str, float]]:
    """(BCP 47 primary tag, probability 0 to 1) of each text, by py3langid. `und` with 0 where a text has no letters."""
    model = _model()
    found: list[tuple[str, float]] = []
    for text in texts:
        start = text[:LOOKED_AT]
        tag, sure = model.classify(start) if any(map(str.isalpha, start)) else ("und", 0.0)
        found.append(("und", 0.0) if tag in _NO_LANGUAGE else (str(tag), float(sure)))
    return found


@lru_cache(maxsize=1)
def _model() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def tag(value: str | None) -> str | None:
    """A BCP 47 tag as printed (`en`, `en_GB`) or a language's English name (`English`) as a tag; None for anything else."""
    text = (value or "").strip()
    if text.lower() in _NAMES:
        return _NAMES[text.lower()]
    if len(text) > 35 or not _TAG.fullmatch(text) or text[:3].lower().rstrip("-_") in _NO_LANGUAGE:
        return None
    return text.replace("_", "-")


def best(own: str | None, text: str, site: str | None) -> str | None:
    """The document's own tag; else the language of its text where that is sure; else its site's tag."""
    if made := tag(own):
        return made
    if sum(map(str.isalpha, text[:LOOKED_AT])) >= LETTERS:
        found, sure = detect([text])[0]
        if sure >= SURE:
            return found
    return tag(site)
