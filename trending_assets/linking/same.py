"""Whether two catalogues mean the same film or show by two printed titles: a probability from forms, spelling and years."""

import math
import re
from difflib import SequenceMatcher

import polars as pl

from trending_assets.linking.everyday import FUNCTION_WORDS
from trending_assets.linking.fold import fold_names

_ASIDE = re.compile(r"\s*[\(\[]([^()\[\]]*)[\)\]]")
_ALIAS = re.compile(r"^(?:a\.?\s?k\.?\s?a\.?|aka|also known as)\s+", re.I)
_PARTS = re.compile(r"\s*[:–—]\s+|\s+-\s+|\s+/\s+")
_ARTICLES = frozenset(
    """the a an le la les l un une der die das ein eine el il lo los las det den de het o os i gli""".split()  # noqa: SIM905
)
_NUMBERS = {
    word: str(number)
    for number, words in {
        2: "ii two", 3: "iii three", 4: "iv four", 5: "v five", 6: "vi six", 7: "vii seven", 8: "viii eight", 9: "ix nine",
        10: "x ten", 20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
    }.items()
    for word in words.split()
}  # fmt: skip

# Log-odds of being the same: fitted on the tuning half of er_title_pairs (bench.linking_pairs --fit).
SAME = {
    "always": -8.7,
    "equal": 5.1,
    "a part is equal": 1.9,
    "spelling": 8.9,
    "words": 4.0,
    "numbers differ": -2.9,
    "same year": 0.4,
    "a year apart": 0.0,
    "years apart": -3.0,
}


def same_title(left: str, right: str, left_year: int | None = None, right_year: int | None = None) -> float:
    """Probability that two printed titles are of the same work.

    Knows moved articles ("Matrix, The"), names in brackets ("Red Balloon, The (Le ballon rouge)"), numerals ("Rocky II",
    "Rocky 2"), '&', accents, subtitles that one side leaves out, and slips of spelling. A number that only one side has makes
    it another work. Unknown years say nothing.
    """
    score = SAME["always"] + sum(
        SAME[name] * value for name, value in evidence(left, right, left_year, right_year).items()
    )
    return 1.0 / (1.0 + math.exp(-score))


def evidence(left: str, right: str, left_year: int | None, right_year: int | None) -> dict[str, float]:
    """What speaks for and against, by the names of SAME."""
    mine, parts = _names(left)
    other, other_parts = _names(right)
    pairs = [(a, b) for a in mine for b in other]
    spelling, words = max(((_spelling(a, b), _words(a, b)) for a, b in pairs), key=sum, default=(0.0, 0.0))
    numbers = [_numbers(a) == _numbers(b) for a, b in pairs]
    equal = any(a == b for a, b in pairs)
    gap = None if left_year is None or right_year is None else abs(left_year - right_year)
    return {
        "equal": float(equal),
        "a part is equal": float(not equal and bool(set(mine) & set(other_parts) | set(parts) & set(other))),
        "spelling": spelling,
        "words": words,
        "numbers differ": float(bool(pairs) and not any(numbers)),
        "same year": float(gap == 0),
        "a year apart": float(gap == 1),
        "years apart": float(gap is not None and gap > 1),
    }


def _names(title: str) -> tuple[list[str], list[str]]:
    """The names that a printed title holds, as bare words; and the parts of those that have a subtitle."""
    asides = [_ALIAS.sub("", aside) for aside in _ASIDE.findall(title)]
    printed = [_ASIDE.sub("", title), *asides, title]
    parts = [part for name in printed[:1] for part in _PARTS.split(name)]
    return _bare(printed), _bare(parts[: 1 if len(parts) < 2 else None] if len(parts) > 1 else [])


def _bare(names: list[str]) -> list[str]:
    """Folded names without their articles, numbers as digits; empty ones are left out."""
    found = []
    for folded in fold_names(pl.Series(names, dtype=pl.String)).to_list():
        words = ["and" if w == "&" else w for w in folded.split()]
        if len(words) > 1 and words[0] in _ARTICLES:
            words = words[1:]
        if len(words) > 1 and words[-1] in _ARTICLES:
            words = words[:-1]
        if words:
            found.append(" ".join([words[0], *(_NUMBERS.get(w, w) for w in words[1:])]))
    return list(dict.fromkeys(found))


def _spelling(left: str, right: str) -> float:
    return SequenceMatcher(None, left.replace(" ", ""), right.replace(" ", ""), autojunk=False).ratio()


def _words(left: str, right: str) -> float:
    """Share of the words that both have, by their letters; words that any title has count little."""
    mine, other = set(left.split()), set(right.split())

    def weight(words: set[str]) -> float:
        return sum(0.2 if w in FUNCTION_WORDS else 1.0 for w in words)

    return weight(mine & other) / weight(mine | other)


def _numbers(name: str) -> frozenset[str]:
    return frozenset(w for w in name.split() if w.isdigit())
