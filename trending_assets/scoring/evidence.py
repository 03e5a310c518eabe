"""What a digest may rest on: the documents about each title in the trailing window, one voice an author."""

from datetime import date, timedelta

import polars as pl

from trending_assets.partitions import EVIDENCE_DAYS

MIN_DOCUMENTS = 3
MIN_AUTHORS = 2
MAX_DOCUMENTS = 30
"""Documents that one request holds."""
MAX_TITLES = 100
"""Titles a day that the LLM is asked about: those with most authors in the window."""


def evidence(day: date, scores: pl.DataFrame, mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Documents of the window ending on `day` that are linked to a title, about it and no spam.

    Columns title_id, doc_id, author_id, published_at, text, sentiment; sorted by title_id and doc_id.
    """
    first = day - timedelta(days=EVIDENCE_DAYS - 1)
    inside = pl.col("date").is_between(first, day)
    good = scores.filter(inside & pl.col("about_title") & ~pl.col("spam")).select("date", "doc_id", "sentiment")
    return (
        mentions.filter(inside & pl.col("title_id").is_not_null())
        .select("date", "doc_id", "title_id")
        .join(good, on=["date", "doc_id"])
        .join(documents.select("date", "doc_id", "author_id", "published_at", "text"), on=["date", "doc_id"])
        .sort("title_id", "doc_id", "date")
        .unique(["title_id", "doc_id"], keep="first", maintain_order=True)
        .drop("date")
    )


def summarize(found: pl.DataFrame) -> pl.DataFrame:
    """One row a title: documents, authors, sentiment (mean over authors of each author's mean), asked.

    `asked` says whether the LLM is asked: enough documents and authors, and among the MAX_TITLES with most authors.
    Sorted by title_id.
    """
    voices = found.group_by("title_id", "author_id", maintain_order=True).agg(
        pl.len().alias("documents"), pl.col("sentiment").mean()
    )
    titles = voices.group_by("title_id", maintain_order=True).agg(
        pl.col("documents").sum().cast(pl.Int32),
        pl.len().alias("authors"),
        pl.col("sentiment").mean().round(6),
    )
    enough = (pl.col("documents") >= MIN_DOCUMENTS) & (pl.col("authors") >= MIN_AUTHORS)
    top = (
        titles.filter(enough)
        .sort("authors", "documents", "title_id", descending=[True, True, False])
        .head(MAX_TITLES)
        .select("title_id", asked=True)
    )
    return (
        titles.join(top, on="title_id", how="left")
        .with_columns(pl.col("asked").fill_null(False), enough=enough)
        .sort("title_id")
    )


def chosen(found: pl.DataFrame) -> pl.DataFrame:
    """The documents that a title's request holds: each author's newest, then the first MAX_DOCUMENTS by doc_id.

    A doc_id is a hash, so that is a sample that stays as it is while new documents come: fewer calls, no favourites.
    """
    return (
        found.sort("title_id", "published_at", "doc_id", descending=[False, True, False])
        .unique(["title_id", "author_id"], keep="first", maintain_order=True)
        .sort("title_id", "doc_id")
        .group_by("title_id", maintain_order=True)
        .head(MAX_DOCUMENTS)
    )
