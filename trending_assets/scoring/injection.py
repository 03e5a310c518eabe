"""Marks of a text that tries to steer the software that reads it."""

import re

_MARKS: dict[str, re.Pattern[str]] = {
    "instruction": re.compile(
        r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules|prompt|above|previous)\b",
        re.IGNORECASE | re.DOTALL,
    ),
    "role": re.compile(r"^\s*(?:system|assistant|developer)\s*:|<\|?(?:system|assistant|im_start)", re.I | re.M),
    "schema": re.compile(
        r"[\"'`]?\b(?:vibe_score|vibe_tags|about_title|doc_ids|too_little|too_few)\b[\"'`]?\s*[:=]|"
        r"[\"'](?:sentiment|enthusiasm|spam)[\"']\s*:",
        re.IGNORECASE,
    ),
    "fence": re.compile(r"<<<DATA|DATA>>>"),
    "reader": re.compile(r"\b(?:as an ai|language model|dear (?:ai|model|llm)|you are (?:now )?an? ai)\b", re.I),
}


def marks(text: str) -> tuple[str, ...]:
    """Kinds of attempts to steer software that the text holds, ascending; none for ordinary text."""
    return tuple(sorted(kind for kind, pattern in _MARKS.items() if pattern.search(text)))
