"""Names that are a title and nothing else: declared works, chart entries, Wikipedia articles. Parsed into name and cues."""

import re

import numpy as np
import polars as pl

from trending_assets.linking import lexicon as lex
from trending_assets.linking import weights
from trending_assets.linking.catalogue import Catalogue, Lookup
from trending_assets.linking.context import look
from trending_assets.linking.cues import FILM_CUE, TV_CUE
from trending_assets.linking.decide import Pairs, probabilities
from trending_assets.linking.fold import Array, fold_names, read, word_hash
from trending_assets.linking.pairs import Cues, title_features, too_early
from trending_assets.linking.weights import weigh

DECLARED, CHART, ARTICLE = range(3)
"""Where a name stands: declared by a page as its work; printed by a chart; the name of a Wikipedia article."""
AS_IS, BARE, SEASON, EDITION, OTHER = range(5)
"""What was taken off a name: nothing; a qualifier in brackets; a season; an edition; brackets with something else."""

ENTRY = {
    "entry": pl.Int64, "name": pl.String, "year": pl.Int32, "implied": pl.Int32, "media_type": pl.String,
    "work_id": pl.String, "people": pl.List(pl.String), "written": pl.Int32, "source": pl.Int8,
}  # fmt: skip
"""Columns of entries: `year` is printed or declared, `implied` only guessed (by days in release)."""

_BRACKETS = r"^(.*\S)\s*[\(\[]([^()\[\]]*)[\)\]]\s*$"
_ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|final|last|complete|entire|new"
_SEASON = (
    rf"(?i)^(.*?\S)(?:\s*[:,–—-]\s*(?:the\s+)?(?:(?:{_ORDINALS})\s+)*"
    r"(?:season|series|limited series|miniseries|part|volume|vol\.?|book|chapter|collection)\b.*"
    r"|\s+[\(\[]?(?:season|series)\s+(?:\d+|one|two|three|four|five|[ivx]+)\b.*|\s+s\d{1,2}(?:e\d+)?)$"
)
_EDITION = (
    r"(?i)^(.*?\S)\s*(?:[:,–—-]?\s*\(?(?:3-?d|imax|(?:\d{4}\s*)?re-?(?:issue|release)(?:\s+\d{4})?|director'?s cut"
    r"|extended(?: edition| cut)?|(?:\d+th )?anniversary.*|special edition|sing-?along|remastered|unrated)\)?)+\s*$"
)
_TV_SUFFIX = re.compile(r"(?i)\b(?:season|series|miniseries)\b|\bs\d")


def readings(entries: pl.DataFrame) -> pl.DataFrame:
    """Every way to read the names: entry, taken (AS_IS …), form (folded), and the cues found: medium, printed year, `apart`.

    `apart` is True where brackets say that the name is of something else than a film or a show.
    """
    spaced = (
        pl.when(pl.col("name").str.contains(r"\s")).then("name").otherwise(pl.col("name").str.replace_all("_", " "))
    )
    named = entries.select("entry", name=spaced.str.strip_chars())
    season = _cut(named, _SEASON, SEASON)
    plain = pl.concat([named.with_columns(taken=pl.lit(AS_IS, pl.Int8), cut=pl.lit("")), season])
    bare = plain.filter(pl.col("name").str.contains(_BRACKETS)).with_columns(
        qualifier=pl.col("name").str.extract(_BRACKETS, 2), name=pl.col("name").str.extract(_BRACKETS, 1)
    )
    edition = _cut(named, _EDITION, EDITION).with_columns(qualifier=pl.lit(None, pl.String))
    bare = bare.with_columns(taken=pl.max_horizontal("taken", pl.lit(BARE, pl.Int8)))
    again = _cut(bare.select("entry", "name"), _SEASON, SEASON)
    again = again.join(bare.select("entry", "qualifier").unique("entry", keep="first"), on="entry")
    every = pl.concat(
        [
            plain.with_columns(qualifier=pl.lit(None, pl.String)),
            *(f.select("entry", "name", "taken", "cut", "qualifier") for f in (bare, edition, again)),
        ]
    )
    return _qualified(every).with_columns(form=fold_names(every["name"])).filter(pl.col("form") != "")


def _cut(named: pl.DataFrame, pattern: str, taken: int) -> pl.DataFrame:
    found = named.filter(pl.col("name").str.contains(pattern))
    return found.select(
        "entry",
        name=pl.col("name").str.extract(pattern, 1),
        taken=pl.lit(taken, pl.Int8),
        cut=pl.col("name").str.slice(pl.col("name").str.extract(pattern, 1).str.len_chars()),
    )


def _qualified(every: pl.DataFrame) -> pl.DataFrame:
    """Medium, year and `apart` of what was taken off each name."""
    context = look(read(every["qualifier"].fill_null("")))
    text, size = context.text, every.height
    owner = np.minimum(text.owner, size - 1) if size else text.owner

    def some(mask: Array) -> Array:
        return np.bincount(owner[mask & (text.hashes != text.hashes[0])], minlength=size) > 0

    film, tv = some((context.classes & lex.FILM) != 0), some((context.classes & lex.TV) != 0)
    year = np.zeros(size, np.int32)
    np.maximum.at(year, owner, context.year)
    in_brackets = every["qualifier"].is_not_null().to_numpy()
    # "TV film" is a film; "film series" is no single work.
    medium = np.where(film, FILM_CUE, np.where(tv, TV_CUE, 0))
    both = film & some(text.hashes == word_hash("series"))
    apart = some((context.classes & lex.NOT_A_WORK) != 0) & ~film & ~tv
    suffix = pl.Series([bool(_TV_SUFFIX.search(c)) for c in every["cut"].to_list()], dtype=pl.Boolean).to_numpy()
    medium = np.where((medium == 0) & suffix, TV_CUE, medium)
    says = film | tv | (year > 0)
    taken = every["taken"].to_numpy()
    taken = np.where(in_brackets & ~says & (taken == BARE), OTHER, taken)
    return every.with_columns(
        medium=pl.Series(medium.astype(np.int8)),
        printed=pl.Series(year),
        apart=pl.Series(in_brackets & (apart | both)),
        says=pl.Series(says | suffix),
        taken=pl.Series(taken.astype(np.int8)),
    )


def candidates(entries: pl.DataFrame, catalogue: Catalogue) -> tuple[pl.DataFrame, dict[str, Array], Lookup]:
    """(Entry, title) pairs with their features; the pairs' columns are entry, row, form_kind, taken, source and size."""
    read_as = readings(entries)
    lookup = catalogue.within(read(read_as["form"]), pl.Series([], dtype=pl.String))
    forms = pl.DataFrame({"form": lookup.forms, "number": np.arange(len(lookup.forms))})
    entered = pl.DataFrame(
        {
            "number": np.repeat(np.arange(len(lookup.forms)), lookup.ends - lookup.begins),
            "row": lookup.rows,
            "form_kind": lookup.kinds,
        }
    )
    pairs = read_as.join(forms, on="form").join(entered, on="number").join(entries.drop("name"), on="entry")
    declared = _by_id(entries, catalogue)
    pairs = pl.concat([pairs, declared], how="diagonal").with_columns(
        pl.col("taken").fill_null(AS_IS), pl.col("number").fill_null(-1), pl.col("form_kind").fill_null(0)
    )
    pairs = pairs.sort("entry", "number", "row", "taken")
    span = pairs.select(pl.struct("entry", "number").rle_id()).to_series().to_numpy().astype(np.int64)
    row, written = pairs["row"].to_numpy(), pairs["written"].to_numpy()
    firsts = np.unique(span, return_index=True)[1] if len(span) else np.zeros(0, np.int64)
    said = _cues(pairs[firsts])
    of_title = title_features(catalogue, said, written[firsts], span, row, pairs["form_kind"].to_numpy())
    number = pairs["number"].to_numpy()
    size = np.where(number >= 0, lookup.size[np.maximum(number, 0)] if len(lookup.size) else 0, -1)
    features = of_title | _declared_features(pairs, catalogue) | {"too early": too_early(catalogue, row, written)}
    return pairs.with_columns(size=pl.Series(size.astype(np.int8)), span=pl.Series(span)), features, lookup


def _by_id(entries: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Pairs of entries with the title whose id they declare, whatever they call it."""
    ids = catalogue.titles.select("title_id", "imdb_id", row=pl.int_range(pl.len(), dtype=pl.Int64))
    by = pl.concat(
        [ids.select(work_id="title_id", row="row"), ids.drop_nulls("imdb_id").select(work_id="imdb_id", row="row")]
    )
    return entries.drop("name").drop_nulls("work_id").join(by, on="work_id")


def _cues(pairs: pl.DataFrame) -> Cues:
    of_page = pairs.select(
        pl.when(pl.col("media_type") == "movie")
        .then(FILM_CUE)
        .when(pl.col("media_type") == "tv")
        .then(TV_CUE)
        .fill_null(0)
    ).to_series()
    found = pairs["medium"].fill_null(0).to_numpy()
    # What the name's own brackets say counts more than what its page or chart is of.
    medium = np.where(found != 0, found, of_page.to_numpy())
    printed = pairs["printed"].fill_null(0).to_numpy()
    year = np.where(printed > 0, printed, pairs["year"].fill_null(0).to_numpy())
    near = np.where(year > 0, 0, pairs["implied"].fill_null(0).to_numpy())
    none = np.zeros(len(pairs), np.int8)
    return Cues(year, near, none, medium.astype(np.int8), none, none, none > 0, none)


def _declared_features(pairs: pl.DataFrame, catalogue: Catalogue) -> dict[str, Array]:
    """Whether the declared id and people are the title's."""
    ids = catalogue.titles.select("title_id", "imdb_id")[pairs["row"].to_numpy()]
    work_id = pairs["work_id"]
    imdb = work_id.str.starts_with("tt").fill_null(False)
    own = pl.select(pl.when(imdb).then(ids["imdb_id"]).otherwise(ids["title_id"])).to_series()
    right = ((work_id == own) & work_id.is_not_null()).fill_null(False).to_numpy()
    wrong = ((work_id != own) & own.is_not_null()).fill_null(False).to_numpy()
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    said = pairs.select(place.alias("pair"), name="people").explode("name").drop_nulls()
    theirs = catalogue.titles[pairs["row"].to_numpy()].select(
        place.alias("pair"), name=pl.concat_list(pl.col(c).fill_null([]) for c in ("directors", "cast"))
    )
    theirs = theirs.filter(pl.col("name").list.len() > 0).explode("name").drop_nulls()
    said, theirs = (f.with_columns(name=fold_names(f["name"])) for f in (said, theirs))
    both = np.isin(np.arange(len(pairs)), np.intersect1d(said["pair"].to_numpy(), theirs["pair"].to_numpy()))
    agree = np.isin(np.arange(len(pairs)), said.join(theirs, on=["pair", "name"])["pair"].unique().to_numpy())
    return {"id right": right, "id wrong": wrong, "people agree": agree, "people differ": both & ~agree}


def log_odds(pairs: pl.DataFrame, features: dict[str, Array], catalogue: Catalogue, names: pl.Series) -> Array:
    """Log-odds of (entry, title) pairs of `candidates`; `names` are the printed names of the pairs."""
    source, taken = pairs["source"].to_numpy(), pairs["taken"].to_numpy()
    says = pairs["says"].fill_null(False).to_numpy()
    bare = (source == ARTICLE) & ~says
    shared = np.bincount(pairs["span"].to_numpy(), minlength=1)[pairs["span"].to_numpy()] > 1 if len(pairs) else bare
    more = {
        "declared": source == DECLARED,
        "chart": source == CHART,
        "article says": (source == ARTICLE) & says,
        "article": bare,
        "article shared": bare & shared,
        "article of a person": bare & _persons(names, catalogue),
        "article's popularity": bare * features["popularity"],
        "apart": pairs["apart"].fill_null(False).to_numpy(),
        "season off": taken == SEASON,
        "edition off": taken == EDITION,
        "other brackets off": taken == OTHER,
    }
    size = pairs["size"].to_numpy()
    by_size = np.where(bare & (size >= 0), weights.ARTICLE[np.maximum(size, 0)], 0.0)
    return by_size + weigh(features, weights.PAIR) + weigh(features | more, weights.WHOLE)


def _persons(names: pl.Series, catalogue: Catalogue) -> Array:
    """True for names that people of the catalogue bear."""
    people = pl.concat([catalogue.titles["directors"].explode(), catalogue.titles["cast"].explode()]).drop_nulls()
    return names.str.to_lowercase().is_in(people.str.to_lowercase().unique().implode()).fill_null(False).to_numpy()


def link(entries: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The title of each entry (columns ENTRY): entry, title_id (null: unsure), confidence, ambiguous."""
    if entries.is_empty():
        return pl.DataFrame(
            schema={"entry": pl.Int64, "title_id": pl.String, "confidence": pl.Float64, "ambiguous": pl.Boolean}
        )
    pairs, features, _ = candidates(entries, catalogue)
    names = pairs.select("entry").join(entries.select("entry", "name"), on="entry", how="left", maintain_order="left")[
        "name"
    ]
    score = log_odds(pairs, features, catalogue, names)
    row, entry = pairs["row"].to_numpy(), pairs["entry"].to_numpy()
    probability = probabilities(Pairs(entry, entry, pairs["span"].to_numpy(), row, row, score), score)
    judged = pairs.select("entry", title_id=catalogue.titles["title_id"][row]).with_columns(
        probability=pl.Series(probability)
    )
    best = (
        judged.sort("probability", "title_id", descending=[True, False])
        .group_by("entry", maintain_order=True)
        .agg(pl.col("title_id").first(), pl.col("probability").first(), ambiguous=pl.col("probability").sum() >= 0.5)
    )
    sure = pl.col("probability") >= weights.CUT_WHOLE
    confidence = pl.Series("confidence", weights.calibrated(best["probability"].to_numpy()))
    chosen = best.with_columns(confidence).select(
        "entry",
        title_id=pl.when(sure).then("title_id"),
        confidence=pl.when(sure).then("confidence").otherwise(0.0),
        ambiguous=pl.col("ambiguous") & ~sure,
    )
    return (
        entries.select("entry")
        .join(chosen, on="entry", how="left")
        .with_columns(pl.col("confidence").fill_null(0.0), pl.col("ambiguous").fill_null(False))
    )
