"""Names of titles in documents: normalising, phrases, and what a document seems to call a title.

Only to decide which details to ask TMDb for; which document is about which title is decided in linking/.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import polars as pl

LONGEST_NAME = 14
"""Words of the longest name that is looked for inside a text."""
SHORT_POST = 120
"""Characters below which a post may consist of a title and little else."""
LONGEST_CANDIDATE = 10

_COMMON = """a about after again all also always am an and another any are around as at away back bad be because been before
    being best better big both but by came can cast come could day days did do does done down drama end enough episode even
    ever every everything fan far few film films find first for found from full fun funny game gave get gets girl give go
    goes going gone good got great guy had half has have he her here hers him his home hour hours house how i if in into is
    it its job just keep kids kind know last late least left less let life like little live long look lost lot love made
    make man many may me men might mine more most movie movies much music must my need never new next nice night no not
    nothing now of off ok old on once one only open or other our out over own part people place play please plot point put
    rated rating read real really red review right run said same saw say scene season see seen self series set she short
    show since so some something soon still story stop such sure take team tell ten than that the their them then there
    these they thing things think this those three through time times to today together tomorrow tonight too top try tv
    two under until up us very wait want was watch watched watching way we week well were what when where which while who
    whole why will wish with without woman women won word words work world worst worth would wow year years yes yesterday
    yet you young your"""
COMMON = frozenset(_COMMON.split())

_QUOTED = re.compile(
    r"[\"“„«]([^\"“”„«»\n]{2,80})[\"”“»]|(?:^|\s)[‘']([^‘’'\n]{2,80}(?:[’'][a-z][^‘’'\n]{0,40})?)[’'](?=$|[\s.,:;!?)])"
)
_DATED = re.compile(r"([^.!?:;\n\"“”()]{2,80}?)\s*\((?:19|20)\d\d\)")
_SCORED = re.compile(r"^(.{1,100}?)[\s:,;-]+\d{1,3}(?:[.,]\d)?\s?/\s?(?:5|10|100)(?!\d)")
_LEAD = re.compile(
    r"^(?:(?:i|we|i've|we've|just|finally|re-?|have|now|today|tonight|again)\s*)*"
    r"(?:rated|watched|watching|rewatched|saw|seen|finished|reviewed|reviewing|rating|loved|enjoyed)[:\s]+|^(?:my\s+)?review(?:\s+of)?[:\s]+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s:,;|-]+(?:series |film |movie |season \d+ )?review\s*$", re.IGNORECASE)
_CLUTTER = re.compile(r"https?://\S+|[@#]\w+")
_EDGE = ' \t\n.,:;!?-–—|*"“”„«»'


def normalised(column: pl.Expr) -> pl.Expr:
    """Lower case, accents off, `&` as and, letters and digits only, single spaces."""
    return (
        column.str.normalize("NFKD")
        .str.replace_all(r"\p{M}+", "")
        .str.to_lowercase()
        .str.replace_all("&", " and ", literal=True)
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    )


@lru_cache(maxsize=65_536)
def normal(name: str) -> str:
    """`normalised` of one string."""
    return str(pl.select(normalised(pl.lit(name))).item())


def is_weak(name: str) -> bool:
    """A normalised name that says nothing by itself: shorter than 3 characters, or one common word."""
    return len(name) < 3 or name in COMMON


def phrases(text: str, names: Collection[str]) -> set[str]:
    """Every run of up to LONGEST_NAME whole words of a normalised text that is one of the names."""
    words = text.split(" ")
    runs = (
        " ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(i + LONGEST_NAME, len(words)) + 1)
    )
    return {run for run in runs if run in names}


def candidates(headline: str | None, text: str | None, work_title: str | None) -> list[str]:
    """Phrases that a document seems to use as a title, surest first, as written.

    The declared work; what is in quotes; what stands before `(YYYY)` or a rating `N/10`; what is left of a short post or
    headline without lead-in, links and tags.
    """
    found = [work_title] if work_title else []
    for part in (headline, text):
        if not part:
            continue
        lines = _CLUTTER.sub(" ", part[:2000])
        found += [a or b for a, b in _QUOTED.findall(lines)]
        for match in _DATED.findall(lines):
            found += [match, _LEAD.sub("", match.strip())]
        if scored := _SCORED.match(lines.strip()):
            found.append(_LEAD.sub("", scored[1].strip()))
        elif len(part) < SHORT_POST:
            found.append(_TAIL.sub("", _LEAD.sub("", lines.strip())))
    clean = (re.sub(r"\s*\((?:19|20)\d\d\)\s*$", "", c.strip(_EDGE)).strip(_EDGE) for c in found)
    return list(dict.fromkeys(c for c in clean if c and len(c.split()) <= LONGEST_CANDIDATE))


@dataclass
class Named:
    """What the documents of a day name: names of the catalogue as phrases, and how many documents use a phrase as a title."""

    phrases: set[str] = field(default_factory=set)
    candidates: Counter[str] = field(default_factory=Counter)
    written: dict[str, str] = field(default_factory=dict)
    media: dict[str, set[str]] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)

    def add(self, name: str, media_type: str | None = None, declared: bool = False) -> None:
        """Count a candidate as written. `declared` ones are surely titles: a page's work, a chart's entry."""
        key = normal(name)
        if not key:
            return
        self.candidates[key] += 1
        self.written[key] = min(self.written.get(key, name), name)
        self.media.setdefault(key, set()).update([media_type] if media_type else ["movie", "tv"])
        if declared:
            self.declared.add(key)


def named_in(documents: pl.DataFrame, names: Collection[str]) -> Named:
    """Names and candidates in documents (columns headline, text, work_title, work_media_type).

    `names` are the normalised names of the catalogue; a set, as it is asked for every phrase.
    """
    named = Named()
    plain = documents.select(normalised(pl.col(c)).alias(c) for c in ("headline", "text", "work_title"))
    for row in plain.iter_rows():
        for part in row:
            if part:
                named.phrases |= phrases(part, names)
    columns = ("headline", "text", "work_title", "work_media_type")
    for headline, text, work, media in documents.select(columns).iter_rows():
        for candidate in candidates(headline, text, work):
            named.add(candidate, media if candidate == work else None, declared=candidate == work)
    return named


def strong(names: Iterable[str], used_as_title: Counter[str]) -> list[str]:
    """Names that may be looked up, ascending: weak ones only where a document uses them as a title."""
    return sorted(name for name in names if not is_weak(name) or name in used_as_title)
