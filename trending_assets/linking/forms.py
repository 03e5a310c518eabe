"""Every way in which a title may be written: names of a catalogue, and the folded forms that they give."""

import polars as pl

from trending_assets.linking.everyday import COMMON_WORDS, FUNCTION_WORDS, NAME_WORDS

EXACT, ALTERNATIVE, CLOSED, MOVED, NUMERAL, DROPPED, TAIL, HEAD, JOINED, OWNED = range(10)
"""How a form came about, surest first: as catalogued (title, original title), another name, apostrophes and hyphens closed up
("Oceans Eleven"), article behind ("Brothers Bloom, The"), numeral written otherwise ("Rocky 2"), article left out, what
stands behind or before a colon, blanks left out as in hashtags, its maker left out ("Bram
Stoker's Dracula")."""

_ARTICLE = r"^(the|a|an|le|la|les|l|der|die|das|el|il|lo|los|las|un|une|det|den|de|het|o|os) (\S.*)$"
_INNER = r"(\p{L})['’‘.·‐‑-]+(\p{L})"
_SUBTITLE = r"^(.{3,}?)(?:\s*[:–—]\s+|\s+[-–—/]\s+|\s+or,?\s+\(|\s*\()(.{3,}?)\)?$"
_OWNER = r"^\p{Lu}[\p{L}.]*(?: \p{L}[\p{L}.]*){1,3}['’]s (.{3,})$"
_EDGES = " .,:;!?…()[]{}\"'“”‘’«»*_-–—#&+~"
_NUMERALS = (
    ("2", "ii", "two"), ("3", "iii", "three"), ("4", "iv", "four"), ("5", "v", "five"), ("6", "vi", "six"),
    ("7", "vii", "seven"), ("8", "viii", "eight"), ("9", "ix", "nine"), ("10", "x", "ten"),
)  # fmt: skip
ALWAYS = ("the", "a", "an", "and", "&", "part", "chapter", "volume", "vol", *(w for n in _NUMERALS for w in n))
"""Words that variants bring in or leave out, so that no text can rule a name out by lacking them."""


def names_of(titles: pl.DataFrame) -> pl.DataFrame:
    """Every printed name of the titles: columns row (position in `titles`), kind, name and spelled. A name may come twice.

    Reads title, original_title and alternative_titles (a list). `spelled` hashes what the catalogue prints, 0 for what it does
    not.
    """
    rows = titles.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), "title", "original_title")
    differs = pl.col("original_title") != pl.col("title").fill_null("")
    catalogued = pl.concat(
        [
            rows.select("row", kind=pl.lit(EXACT, pl.UInt8), name="title"),
            rows.filter(differs).select("row", kind=pl.lit(EXACT, pl.UInt8), name="original_title"),
        ]
    )
    others = titles.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        kind=pl.lit(ALTERNATIVE, pl.UInt8),
        name=pl.col("alternative_titles"),
    )
    others = others.filter(pl.col("name").list.len() > 0).explode("name")
    plain = pl.concat([catalogued, others]).filter(pl.col("name").str.len_chars() > 0)
    closed = plain.filter(pl.col("name").str.contains(r"\p{L}['’‘.·‐‑-]\p{L}")).with_columns(
        # Twice, as neighbours share a letter: "S.W.A.T."
        pl.col("name").str.replace_all(_INNER, "$1$2").str.replace_all(_INNER, "$1$2"),
        kind=pl.lit(CLOSED, pl.UInt8),
    )
    parted = catalogued.filter(pl.col("name").str.contains(r"[:–—(/]|\s-\s"))
    heads, tails = (
        parted.select(
            "row",
            kind=pl.lit(kind, pl.UInt8),
            # The whole name where it has no such parts: the pattern then gives null.
            name=pl.col("name").str.extract(_SUBTITLE, group),
        ).filter(pl.col("name").str.count_matches(r"[\p{L}\p{N}]+") > 1)
        for kind, group in ((HEAD, 1), (TAIL, 2))
    )
    owned = catalogued.select(
        "row", kind=pl.lit(OWNED, pl.UInt8), name=pl.col("name").str.extract(_OWNER, 1)
    ).drop_nulls("name")
    spelled = plain.with_columns(spelled=spelling_hash(plain["name"]))
    return pl.concat([spelled, *(f.with_columns(spelled=pl.lit(0, pl.UInt64)) for f in (closed, heads, tails, owned))])


def spelling_hash(names: pl.Series) -> pl.Series:
    """A hash of each name as printed, without what stands before its first and behind its last letter or digit."""
    return names.str.strip_chars(_EDGES).hash()


def variants(forms: pl.DataFrame) -> pl.DataFrame:
    """The forms (columns row, kind, form: folded names, spelled) with the variants of each; one row a form and title."""
    plain = forms.with_columns(pl.col("form").str.replace_all(r"(^| )&( |$)", "${1}and$2"))
    article = plain.filter(pl.col("form").str.contains(_ARTICLE), pl.col("kind") < HEAD)
    article = article.with_columns(spelled=pl.lit(0, pl.UInt64))
    moved = article.with_columns(pl.col("form").str.replace(_ARTICLE, "$2 $1"), kind=pl.lit(MOVED, pl.UInt8))
    dropped = article.filter(pl.col("form").str.contains(r"^(the|a|an) ")).with_columns(
        pl.col("form").str.replace(_ARTICLE, "$2"), kind=pl.lit(DROPPED, pl.UInt8)
    )
    everyday = pl.Series(sorted(FUNCTION_WORDS | COMMON_WORDS | NAME_WORDS)).implode()
    # One everyday word is no name of a title that has an article.
    dropped = dropped.filter(~pl.col("form").is_in(everyday), pl.col("form").str.len_chars() > 2)
    every = pl.concat(
        [
            plain,
            moved,
            dropped,
            *_numerals(plain.filter(pl.col("kind") < HEAD).with_columns(spelled=pl.lit(0, pl.UInt64))),
        ]
    )
    return every.group_by("form", "row").agg(pl.col("kind").min(), pl.col("spelled").max()).sort("form", "row")


def _numerals(forms: pl.DataFrame) -> list[pl.DataFrame]:
    """Forms with their number written otherwise ("ii", "2", "two"), and without a "part" before it."""
    found = []
    number = "|".join(w for numeral in _NUMERALS for w in numeral)
    numbered = forms.filter(pl.col("form").str.contains(rf"\S (?:{number})( |$)"))
    for writings in _NUMERALS:
        for writing in writings:
            place = rf" {writing}( |$)"
            here = numbered.filter(pl.col("form").str.contains(place))
            for other in writings:
                if other != writing:
                    found.append(here.with_columns(pl.col("form").str.replace(place, f" {other}$1")))
    every = [f.with_columns(kind=pl.lit(NUMERAL, pl.UInt8)) for f in found if f.height]
    part = r" (?:part|chapter|vol|volume) (\S+)$"
    return every + [
        frame.filter(pl.col("form").str.contains(part)).with_columns(
            pl.col("form").str.replace(part, " $1"), kind=pl.lit(NUMERAL, pl.UInt8)
        )
        for frame in [numbered, *every]
    ]
