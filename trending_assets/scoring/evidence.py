"""What a digest may rest on: the documents about each title in the trailing window, one voice an author.

What it leaves out is counted by reason. Reasons that need no LLM come first, so that no answer can change them.
"""

from datetime import date, timedelta

import polars as pl

from trending_assets.partitions import EVIDENCE_DAYS
from trending_assets.scoring.injection import marks
from trending_assets.scoring.vibe import vibes

MIN_DOCUMENTS = 3
MIN_AUTHORS = 2
MAX_DOCUMENTS = 30
"""Documents that one request holds."""
MAX_TITLES = 100
"""Titles a day that the LLM is asked about: those with most authors in the window."""
MIN_SUPPORT = 3
"""Voices that must carry a tag or genre: two documents alone bring none in."""

OUT_OF_ALL = ("addresses_software", "copy", "not_scored", "spam", "not_about_title")
"""Reasons for which a document counts in nothing, the first that holds."""
OUT_OF_SUMMARY = ("older_of_voice", "over_request")
"""Reasons for which a document counts in the vibe score, but is not read for the summary."""


def addresses_software(texts: pl.Series) -> pl.Series:
    """Whether each text speaks to the software that reads it (injection.marks)."""
    return pl.Series([bool(marks(text)) for text in texts], dtype=pl.Boolean)


def linked_documents(
    scores: pl.DataFrame, mentions: pl.DataFrame, documents: pl.DataFrame, clusters: pl.DataFrame
) -> pl.DataFrame:
    """Linked documents of all days with what is known of them, one row a date, document and title.

    Columns date, title_id, doc_id, author_id, cluster_id, published_at, text, steers (addresses software), and from the
    scores, null without one: sentiment, about_title, spam, genres, vibe_tags.
    """
    linked = mentions.filter(pl.col("title_id").is_not_null()).select("date", "doc_id", "title_id")
    said = documents.join(linked, on=["date", "doc_id"], how="semi").select(
        "date", "doc_id", "author_id", "published_at", "headline", "text"
    )
    whole = pl.concat_str("headline", "text", separator="\n", ignore_nulls=True)
    said = said.with_columns(steers=addresses_software(said.select(whole).to_series())).drop("headline")
    judged = scores.select("date", "doc_id", "sentiment", "about_title", "spam", "genres", "vibe_tags")
    return (
        linked.join(said, on=["date", "doc_id"])
        .join(clusters.select("date", "doc_id", "cluster_id"), on=["date", "doc_id"], how="left")
        .join(judged, on=["date", "doc_id"], how="left")
        .with_columns(pl.col("cluster_id").fill_null(pl.col("doc_id")))
    )


def evidence(day: date, linked: pl.DataFrame) -> pl.DataFrame:
    """The rows of `linked` in the window that ends on `day`, each title and document once, with the column `left_out`.

    `left_out` is null for what counts, else a reason of OUT_OF_ALL. A copy is a later text of a cluster about the same title:
    the first speaks for all, so that a copy neither adds a voice nor changes one. Sorted by title_id and doc_id.
    """
    first = day - timedelta(days=EVIDENCE_DAYS - 1)
    seen = (
        linked.filter(pl.col("date").is_between(first, day))
        .sort("title_id", "doc_id", "date")
        .unique(["title_id", "doc_id"], keep="first", maintain_order=True)
    )
    # What speaks to software is apart, so that it cannot be the first of a cluster and silence those that it copied.
    copied = pl.int_range(pl.len()).over("title_id", "cluster_id", "steers") > 0
    reason = (
        pl.when("steers")
        .then(pl.lit(OUT_OF_ALL[0]))
        .when(copied)
        .then(pl.lit(OUT_OF_ALL[1]))
        .when(pl.col("sentiment").is_null())
        .then(pl.lit(OUT_OF_ALL[2]))
        .when("spam")
        .then(pl.lit(OUT_OF_ALL[3]))
        .when(~pl.col("about_title"))
        .then(pl.lit(OUT_OF_ALL[4]))
    )
    return (
        seen.sort("title_id", "date", "published_at", "doc_id").with_columns(left_out=reason).sort("title_id", "doc_id")
    )


def counted(found: pl.DataFrame) -> pl.DataFrame:
    """The rows of `evidence` that count in the vibe score."""
    return found.filter(pl.col("left_out").is_null())


def summarize(found: pl.DataFrame) -> pl.DataFrame:
    """One row a title with a linked document: documents, voices, sites, sentiment, vibe_weight, vibe_score, enough, asked.

    `enough` says whether there are enough documents and voices to say anything; without it vibe_score is null. `asked` says
    whether the LLM is asked: enough, and among the MAX_TITLES with most voices. Sorted by title_id.
    """
    titles = found.select("title_id").unique().join(vibes(counted(found)), on="title_id", how="left")
    enough = (pl.col("documents") >= MIN_DOCUMENTS) & (pl.col("voices") >= MIN_AUTHORS)
    counts = [pl.col(name).fill_null(0) for name in ("documents", "voices", "sites")]
    titles = titles.with_columns(*counts, pl.col("vibe_weight").fill_null(0.0)).with_columns(enough=enough)
    top = (
        titles.filter("enough")
        .sort("voices", "documents", "title_id", descending=[True, True, False])
        .head(MAX_TITLES)
        .select("title_id", asked=True)
    )
    return (
        titles.join(top, on="title_id", how="left")
        .with_columns(pl.col("asked").fill_null(False), vibe_score=pl.when("enough").then("vibe_score"))
        .sort("title_id")
    )


def chosen(found: pl.DataFrame) -> pl.DataFrame:
    """The documents that a title's request holds: each voice's newest, then the first MAX_DOCUMENTS by doc_id.

    A doc_id is a hash, so that is a sample that stays as it is while new documents come: fewer calls, no favourites.
    """
    return newest(found).sort("title_id", "doc_id").group_by("title_id", maintain_order=True).head(MAX_DOCUMENTS)


def newest(found: pl.DataFrame) -> pl.DataFrame:
    """Each voice's newest document of those that count."""
    return (
        counted(found)
        .sort("title_id", "published_at", "doc_id", descending=[False, True, True])
        .unique(["title_id", "author_id"], keep="first", maintain_order=True)
    )


def left_out(found: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Documents left out by title and reason: those of OUT_OF_ALL, and of OUT_OF_SUMMARY as if every title was asked about."""
    key = ["title_id", "doc_id"]
    latest, picked = newest(found).select(key), chosen(found).select(key)
    older = counted(found).join(latest, on=key, how="anti").select(*key, left_out=pl.lit(OUT_OF_SUMMARY[0]))
    over = latest.join(picked, on=key, how="anti").with_columns(left_out=pl.lit(OUT_OF_SUMMARY[1]))
    rows = pl.concat([found.drop_nulls("left_out").select(*key, "left_out"), older, over])
    made: dict[str, dict[str, int]] = {}
    for title_id, reason, documents in rows.group_by("title_id", "left_out").len().iter_rows():
        made.setdefault(title_id, {})[reason] = documents
    return made


def supported(found: pl.DataFrame, column: str) -> dict[str, frozenset[str]]:
    """By title the values of `column` (vibe_tags or genres) that the documents of at least MIN_SUPPORT voices carry."""
    carried = counted(found).select("title_id", "author_id", column).explode(column).drop_nulls(column)
    enough = (
        carried.group_by("title_id", column)
        .agg(voices=pl.col("author_id").n_unique())
        .filter(pl.col("voices") >= MIN_SUPPORT)
    )
    made: dict[str, set[str]] = {}
    for title_id, value in enough.select("title_id", column).iter_rows():
        made.setdefault(title_id, set()).add(value)
    return {title_id: frozenset(values) for title_id, values in made.items()}
