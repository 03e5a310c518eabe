"""Which of a title's people a text names: directors, creators and cast, by full name or by last name."""

import numpy as np
import polars as pl

from trending_assets.linking import lexicon as lex
from trending_assets.linking.context import FLAT, Context
from trending_assets.linking.fold import APOSTROPHE, COLON, LETTER, Array, read, word_hash

FULL, SURNAME = 2, 1
_GENERATIONS = ("jr", "sr", "ii", "iii", "iv")


def _persons(titles: pl.DataFrame, rows: Array) -> pl.DataFrame:
    """People of the titles: row, surname (hash), before (hash of the word before it; 0 for a name of one word)."""
    lists = pl.concat_list(pl.col(c).fill_null([]) for c in ("directors", "cast"))
    people = titles[rows].select(pl.Series("row", rows), name=lists)
    people = people.filter(pl.col("name").list.len() > 0).explode("name").drop_nulls()
    if people.is_empty():
        return pl.DataFrame(schema={"row": pl.Int64, "surname": pl.UInt64, "before": pl.UInt64})
    text = read(people["name"])
    keep = (text.hashes == text.hashes[0]) | ~np.isin(text.hashes, read(pl.Series(_GENERATIONS)).hashes[1:-1:2])
    hashes, owner = text.hashes[keep], text.owner[keep]
    ends = np.flatnonzero(hashes == hashes[0])[1:]  # the separator behind each name
    counts = np.diff(np.append(0, ends)) - 1
    before = np.where(counts > 1, hashes[np.maximum(ends - 2, 0)], 0)
    found = people.select(
        pl.col("row").cast(pl.Int64), surname=pl.Series(hashes[ends - 1]), before=pl.Series(before.astype(np.uint64))
    )
    return found.filter(pl.Series((counts > 0) & (owner[ends - 1] >= 0))).unique(maintain_order=True)


def _places(context: Context) -> Array:
    """Places of words that may be surnames: printed as names, or any in a text without capitals, or of no everyday kind."""
    text = context.text
    named = context.capital | (context.regime[text.owner] == FLAT) | (context.classes == 0)
    plain = (context.classes & np.uint64(lex.LEAD | lex.BESIDE | lex.FUNCTION)) == 0
    return np.flatnonzero(named & plain & ((text.kinds & LETTER) != 0) & ~context.tag & (text.ends - text.starts > 1))


def _words(context: Context, documents: Array, places: Array) -> pl.DataFrame:
    text = context.text
    return pl.DataFrame(
        {
            "document": documents[text.owner[places]],
            "place": places,
            "surname": text.hashes[places],
            "word_before": text.hashes[places - 1],
            # An everyday word, or one in small letters, is no surname by itself.
            "alone": (context.classes[places] & np.uint64(lex.COMMON | lex.NAME) == 0)
            & (context.capital[places] | (context.regime[text.owner[places]] == FLAT)),
        }
    )


def people_named(
    context: Context, first: Array, last: Array, rows: Array, documents: Array, titles: pl.DataFrame, covered: Array
) -> dict[str, Array]:
    """Features of (range, title) pairs: who of the title's people is named in the sentence and elsewhere in the document.

    `first` and `last` are the ranges, `rows` the titles' positions, `documents` the document of each text. Ranges `covered` by
    a longer one are not asked for.
    """
    size = len(first)
    near, far, owned = np.zeros(size, np.int8), np.zeros(size, np.int8), np.zeros(size, bool)
    has_people, behind = np.zeros(size, bool), np.zeros(size, bool)
    text = context.text
    places = _places(context)
    document = documents[text.owner[first]]
    # A post that says nothing but a title has no words left to be people.
    counts = np.bincount(documents[text.owner[places]], minlength=int(documents.max(initial=0)) + 1)
    spare = counts[document] > np.searchsorted(places, last) - np.searchsorted(places, first)
    asked = np.flatnonzero(spare & ~covered)
    if len(asked):
        words = _words(context, documents, places)
        persons = _persons(titles, np.unique(rows[asked]))
        has_people = np.isin(rows, persons["row"].unique().to_numpy())
        pairs = pl.DataFrame(
            {"pair": asked, "row": rows[asked].astype(np.int64), "document": document[asked], "first": first[asked],
             "last": last[asked]}
        )  # fmt: skip
        found = (
            pairs.join(persons, on="row")
            .join(words, on=["document", "surname"])
            .filter((pl.col("place") < pl.col("first")) | (pl.col("place") >= pl.col("last")))
        )
        pair, place = found["pair"].to_numpy(), found["place"].to_numpy()
        single = found["before"].to_numpy() == 0
        full = (found["before"].to_numpy() == found["word_before"].to_numpy()) & ~single
        kept = full | found["alone"].to_numpy()
        strength = np.where(full, FULL, SURNAME).astype(np.int8) * kept
        same = context.sentence_first[place] == context.sentence_first[first[pair]]
        np.maximum.at(near, pair, np.where(same, strength, 0).astype(np.int8))
        np.maximum.at(far, pair, np.where(same, 0, strength).astype(np.int8))
        behind[pair[place == last[pair]]] = True
        owned[pair[(place == first[pair] - 1) | (place == first[pair] - 2)]] = True
    possessed = owner_before(context, first)
    return {
        "full name in the sentence": near == FULL,
        "surname in the sentence": near == SURNAME,
        "full name in the text": (far == FULL) & (near == 0),
        "surname in the text": (far == SURNAME) & (near == 0),
        # "Imitation Game: Cumberbatch good" goes on with no subtitle.
        "its people behind a colon": behind & ((text.after_first[last - 1] & COLON) != 0),
        "its maker's": owned & owner_before(context, first, lex.BESIDE),
        "another's work": possessed & has_people & ~owned,
        "somebody's work": possessed & ~has_people,
    }


def owner_before(context: Context, first: Array, no_names: int = lex.BESIDE | lex.FUNCTION | lex.COMMON) -> Array:
    """True behind a name in the possessive: "David Lynch's Dune", "Mendes' 1917". Words of `no_names` are none."""
    text = context.text
    one, two = first - 1, np.maximum(first - 2, 0)
    with_s = (text.hashes[one] == word_hash("s")) & ((text.after[two] & APOSTROPHE) != 0)
    bare = (text.after_first[one] & APOSTROPHE) != 0
    owner = np.where(with_s, two, one)
    named = context.capital[owner] & ~context.has(owner, no_names)
    return (with_s | bare) & named
