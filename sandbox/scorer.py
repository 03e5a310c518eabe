"""The sandbox's scorer: counts of lexicon words, and a small learned model for the sentiment of English prose.

It is no language model and its name says so.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import Any

from sandbox.lexicon import (
    GENRE_WORDS,
    INTENSIFIERS,
    NEGATIONS,
    SCREEN_WORDS,
    SENTIMENT,
    SPAM_MARKS,
    SPOILER_MARKS,
    VIBES,
)
from sandbox.sentiment.prose import Model, learned_sentiment

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_RATING = re.compile(r"(?<![\d/.])(\d{1,3}(?:\.\d+)?)\s*(?:/|out of|von|de)\s*(10|100|5|4)(?![\d/])", re.IGNORECASE)
_DEFAULT_VIBES = tuple(names.split("|")[0] for names, _ in VIBES)
_DEFAULT_GENRES = tuple(GENRE_WORDS)
_LINKING_WORDS = {"of", "your", "for", "all", "the", "and", "so", "well", "great"}  # say nothing alone


def words_of(text: str) -> list[str]:
    """Lower-case words; hyphens and apostrophes stay inside a word."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def word_sentiment(words: list[str]) -> tuple[float, list[tuple[str, float]]]:
    """Sentiment in -1..1 and the words that made it: tanh(sum of weights / 3).

    A negation up to three words before a word turns its weight and keeps 60 % of it; an intensifier right before
    it scales it.
    """
    hits: list[tuple[str, float]] = []
    total = 0.0
    for at, word in enumerate(words):
        weight = SENTIMENT.get(word)
        if weight is None:
            continue
        if at and words[at - 1] in INTENSIFIERS:
            weight *= INTENSIFIERS[words[at - 1]]
        if any(before in NEGATIONS for before in words[max(0, at - 3) : at]):
            weight *= -0.6
        hits.append((word, weight))
        total += weight
    return math.tanh(total / 3), hits


def rating_share(document: dict[str, Any], text: str) -> float | None:
    """The rating as a share 0..1: the document's own fields first, then a form like `8/10` in the text."""
    rating, top = document.get("rating"), document.get("rating_max")
    if isinstance(rating, int | float) and isinstance(top, int | float) and top > 0:
        return min(max(rating / top, 0.0), 1.0)
    found = _RATING.search(text)
    if found and float(found[1]) <= float(found[2]):
        return float(found[1]) / float(found[2])
    return None


def _title_of(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return value if isinstance(value, str) else ""


def _without(text: str, title: str) -> str:
    """The text without the title itself: a film named `The Great Beauty` is not praised by its name."""
    return re.sub(re.escape(title), " ", text, flags=re.IGNORECASE) if len(title) > 1 else text


@lru_cache(maxsize=256)
def _vibe_words(names: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The words that point to each vibe of a schema's enum.

    A name's own words point to it. The other words of a concept point to the first name of the enum that belongs to
    the concept, so that one word does not earn five tags.
    """
    plain = {name: re.sub(r"[^a-z]+", " ", name.lower()).strip() for name in names}
    table = {name: {*text.split(), text.replace(" ", "-")} - _LINKING_WORDS for name, text in plain.items()}
    own = frozenset(word for words in table.values() for word in words)
    for concept, pointing in VIBES:
        known = concept.split("|")
        first = next((name for name, text in plain.items() if text in known), None)
        if first is not None:
            table[first] |= set(pointing.split()) - own
    return {name: frozenset(words) for name, words in table.items()}


def vibes(counts: Counter[str], names: tuple[str, ...], limit: int) -> list[str]:
    """The names with most pointing words, in the enum's order among equals."""
    scored = [(sum(counts[word] for word in words), name) for name, words in _vibe_words(names).items()]
    best = sorted((pair for pair in enumerate(scored) if pair[1][0]), key=lambda pair: (-pair[1][0], pair[0]))
    return [name for _, (_, name) in best[:limit]]


def genre_scores(counts: Counter[str], names: tuple[str, ...]) -> list[tuple[str, int]]:
    """Genres of the enum with the number of their words, most first; those without a word are left out."""
    scored = []
    for at, name in enumerate(names):
        score = sum(counts[word] for word in GENRE_WORDS.get(name, frozenset((name.lower(),))))
        if score:
            scored.append((-score, at, name))
    return [(name, -score) for score, _, name in sorted(scored)]


def score_document(
    document: dict[str, Any],
    vibe_names: tuple[str, ...] | None,
    genre_names: tuple[str, ...] | None,
    model: Model | None = None,
) -> dict[str, Any]:
    """The answer of task document_score; see the module's docstring for what it is worth.

    `model` gives the sentiment of English prose; the lexicon gives that of other texts, or all of it without a model.
    """
    text = str(document.get("text") or "")
    headline = str(document.get("headline") or "")
    title = _title_of(document.get("title"))
    whole = f"{headline}\n{text}"
    words = words_of(_without(whole, title))
    counts = Counter(words)
    lower = whole.lower()
    feeling, hits = word_sentiment(words)
    learned = learned_sentiment(model, _without(whole, title)) if model else None
    feeling = feeling if learned is None else learned
    share = rating_share(document, whole)
    sentiment = feeling
    if share is not None:
        sentiment = 0.8 * (2 * share - 1) + 0.2 * feeling if hits else 2 * share - 1
    links = lower.count("http://") + lower.count("https://")
    spam = sum(mark in lower for mark in SPAM_MARKS) + (links >= 2) >= (1 if not hits else 2)
    named = bool(title) and title.lower() in lower
    about = not spam and (named or share is not None or bool(SCREEN_WORDS & counts.keys()))
    heat = 70 * abs(sentiment) + 8 * min(whole.count("!"), 3) + 4 * min(len(hits), 3)
    heat += 5 * sum(1 for mark in re.findall(r"\b[A-Z]{4,}\b", text)[:2] if mark != "IMDB")
    return {
        "sentiment": round(max(-1.0, min(1.0, sentiment)), 4),
        "enthusiasm": max(0, min(100, round(heat if sentiment >= 0 else heat * 0.4))),
        "about_title": about,
        "spam": spam,
        "spoiler": any(mark in lower for mark in SPOILER_MARKS),
        "genres": [name for name, _ in genre_scores(counts, genre_names or _DEFAULT_GENRES)[:3]],
        "vibe_tags": vibes(counts, vibe_names or _DEFAULT_VIBES, 5),
    }


def digest_title(
    title: dict[str, Any],
    documents: list[dict[str, Any]],
    vibe_names: tuple[str, ...] | None,
    genre_names: tuple[str, ...] | None,
    model: Model | None = None,
) -> dict[str, Any]:
    """The answer of task title_digest. Every sentence of the summary is a count over the documents that it cites."""
    name = _title_of(title)
    read = []
    for document in documents:
        text = str(document.get("text") or "")
        words = words_of(_without(text, name))
        feeling, hits = word_sentiment(words)
        own = document.get("sentiment")
        learned = learned_sentiment(model, _without(text, name)) if model and own is None else None
        value = float(own) if isinstance(own, int | float) else feeling if learned is None else learned
        if own is None and (share := rating_share(document, text)) is not None:
            value = 2 * share - 1
        read.append((str(document.get("doc_id")), value, words, hits))
    counts = Counter(word for _, _, words, _ in read for word in words)
    # Three neutral voices are mixed in, so that two fans do not make a 10.
    mean = sum(value for _, value, _, _ in read) / (len(read) + 3) if read else 0.0
    plot = Counter(words_of(str(title.get("overview") or "")))
    plot.update({word: number for word, number in counts.items() if number > 1})
    listed = [genre for genre in title.get("genres") or [] if isinstance(genre, str)]
    names = genre_names or tuple(dict.fromkeys([*listed, *_DEFAULT_GENRES]))
    points = Counter(dict(genre_scores(plot, names)))
    for at, genre in enumerate(listed):
        if genre in names:
            points[genre] += 6 - min(at, 4)
    order = sorted(points, key=lambda genre: (-points[genre], names.index(genre)))
    too_little = len(read) < 3
    return {
        "too_little": too_little,
        "vibe_score": None if too_little else round(1 + 9 * (mean + 1) / 2, 1),
        "vibe_tags": vibes(counts, vibe_names or _DEFAULT_VIBES, 5),
        "primary_genre": order[0] if order else None,
        "secondary_genre": order[1] if len(order) > 1 else None,
        "summary": [] if too_little else _summary(read),
    }


def classify_title(title: dict[str, Any], genre_names: tuple[str, ...] | None) -> dict[str, Any]:
    """The answer of task classify: the genres with most words in name, overview and tagline.

    The probability is a form of their number n, n / (n + 1.5), and was fitted to nothing: two words pass one half.
    """
    text = "\n".join(str(title.get(part) or "") for part in ("name", "overview", "tagline"))
    found = genre_scores(Counter(words_of(text)), genre_names or _DEFAULT_GENRES)[:5]
    return {"genres": [{"genre": name, "probability": round(n / (n + 1.5), 4)} for name, n in found]}


def _summary(read: list[tuple[str, float, list[str], list[tuple[str, float]]]]) -> list[dict[str, Any]]:
    liked = sorted((entry for entry in read if entry[1] > 0.1), key=lambda entry: (-entry[1], entry[0]))
    disliked = sorted((entry for entry in read if entry[1] < -0.1), key=lambda entry: (entry[1], entry[0]))
    total = len(read)
    if len(liked) * 3 >= total * 2:
        first = f"Most viewers praise it: {len(liked)} of {total} are positive."
        cited = liked
    elif len(disliked) * 3 >= total * 2:
        first = f"Most viewers dislike it: {len(disliked)} of {total} are negative."
        cited = disliked
    else:
        first = f"Viewers are divided: {len(liked)} positive, {len(disliked)} negative of {total}."
        cited = [*liked[:3], *disliked[:3]] or read
    out = [{"sentence": first, "doc_ids": [entry[0] for entry in cited[:6]]}]
    for label, sign in (("Words of praise", 1), ("Complaints", -1)):
        used: Counter[str] = Counter()
        strength: dict[str, float] = {}
        for _, _, _, hits in read:
            for word in {word for word, weight in hits if weight * sign > 0.8 and SENTIMENT[word] * sign > 0}:
                used[word] += 1
                strength[word] = abs(SENTIMENT[word])
        best = sorted(used, key=lambda word: (-used[word] * strength[word], word))[:3]
        sources = [entry[0] for entry in read if any(word in best and weight * sign > 0.8 for word, weight in entry[3])]
        if best and sources:
            out.append({"sentence": f"{label}: {', '.join(best)}.", "doc_ids": sources[:6]})
    return out
