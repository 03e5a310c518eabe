"""The second view of a title: the same text without the words that name a genre."""

import polars as pl

from trending_assets.genre.training import text_of

# A stem a genre of the vocabulary, with what it bends to and what else names the same label. Every label's own word goes, also
# where it may mean the thing itself (war, family, music, news): what is left must not say a label at all, so the view errs on
# the strict side. Words of the subject (ghost, cowboy, wedding, soldier) stay: they are what a plot tells its genre by.
_WORDS = (
    r"action(?:s|er|ers)?(?:[ -]packed)?",
    r"adventur(?:e|es|er|ers|ous|ing)",
    r"animat(?:e|es|ed|ing|ion|ions|or|ors)|anime|cartoons?|cartoonish",
    r"comed(?:y|ies|ic|ian|ians|ically)|comic(?:s|al|ally)?|sitcoms?|rom[ -]?coms?|dramed(?:y|ies)|mockumentar(?:y|ies)"
    r"|spoofs?|parod(?:y|ies)|satir(?:e|es|ic|ical)",
    r"crimes?|criminal(?:s|ly|ity)?|noir",
    r"documentar(?:y|ies|ian|ians)|docu[ -]?(?:series|drama|dramas|soap)",
    r"(?:melo)?drama(?:s|tic|tically|tization|tize|tized)?",
    r"famil(?:y|ies|ial)|kids?",
    r"fantas(?:y|ies|tical)",
    r"histor(?:y|ies|ic|ical|ically|ian|ians)",
    r"horror(?:s)?|horrif(?:y|ies|ied|ying|ic)|slashers?",
    r"music(?:s|al|als|ally|ian|ians)?",
    r"myster(?:y|ies|ious|iously)|whodunn?its?",
    r"news(?:cast|casts|reel|reels)?",
    r"politic(?:s|al|ally|ian|ians)",
    r"reality|realities",
    r"romanc(?:e|es|ed|ing)|romantic(?:s|ally)?",
    r"science[ -]fiction(?:al)?|sci[ -]?fi",
    r"soaps?(?:[ -]operas?)?|telenovelas?",
    r"talk(?:s|ed|ing)?(?:[ -]shows?)?",
    r"thrill(?:er|ers|s|ed|ing)?|suspense|suspenseful",
    r"war(?:s|fare|time|ring)?",
    r"westerns?",
)
PATTERN = rf"(?i)\b(?:{'|'.join(_WORDS)})\b"
"""A word that names a genre, whole and in any case; the same for Polars and for Python's re."""


def masked(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows (title, overview, tagline, keywords and what else) with no word that names a genre, and `text` made anew.

    Labels, splits and groups stay as they are. A keyword of which nothing is left is dropped.
    """
    clean = _without(pl.element())
    return frame.with_columns(
        *(_without(pl.col(name)) for name in ("title", "overview", "tagline")),
        pl.col("keywords").list.eval(clean.filter(clean != "")),
    ).with_columns(text_of())


def _without(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(PATTERN, " ").str.replace_all(r"\s+", " ").str.strip_chars()
