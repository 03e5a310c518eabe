"""Signals of a title on a day, from that day's tables alone."""

import polars as pl

from trending_assets.contracts import TABLES

KEY = ["date", "title_id"]
TITLE_DAY = TABLES["features/title_day"]


def title_day(
    mentions: pl.DataFrame,
    documents: pl.DataFrame,
    clusters: pl.DataFrame,
    scores: pl.DataFrame,
    chart_entries: pl.DataFrame,
    lists: pl.DataFrame,
    titles: pl.DataFrame,
) -> pl.DataFrame:
    """Rows of features/title_day with the column `date`, one a title that was named, charted or listed on the day.

    All inputs carry `date`; a day's rows depend on that day's rows alone. Every linked document counts: linking decides what
    is about a title, so that no answer of an LLM moves the ranking. `authors` are voices: who wrote a text, not who copied it;
    `sites` are those of the voices. Sentiment (-1 to 1) and rating (0 to 1) are means over voices of each voice's own mean, so
    that one voice counts once however often it speaks and however often it is copied. Sentiment alone rests on scores: on
    those of documents that are about the title and no spam.
    """
    linked = _linked(mentions, documents, clusters, scores)
    frames = [_attention(linked), _charted(chart_entries), _listed(lists)]
    signals = frames[0]
    for other in frames[1:]:
        signals = signals.join(other, on=KEY, how="full", coalesce=True)
    facts = titles.select(*KEY, "popularity", "release_date")
    joined = signals.join(facts, on=KEY, how="left").with_columns(
        [pl.col(c).fill_null(0) for c in ("mentions", "authors", "sites", "posts", "reviews")]
        + [pl.col(c).fill_null([]) for c in ("charts", "lists")],
        days_since_release=(pl.col("date") - pl.col("release_date")).dt.total_days(),
    )
    schema = {"date": pl.Date, **TITLE_DAY.schema}
    return joined.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(KEY)


def _linked(
    mentions: pl.DataFrame, documents: pl.DataFrame, clusters: pl.DataFrame, scores: pl.DataFrame
) -> pl.DataFrame:
    """Linked documents, one row a document and title, with the voice and its site; sentiment is null where it does not count."""
    linked = mentions.drop_nulls("title_id").select("date", "doc_id", "title_id")
    said = documents.select("date", "doc_id", "author_id", "kind", "rating")
    whose = clusters.select("date", "doc_id", "voice_id")
    felt = scores.filter(pl.col("about_title") & ~pl.col("spam")).select("date", "doc_id", "sentiment")
    return (
        linked.join(said, on=["date", "doc_id"])
        .join(whose, on=["date", "doc_id"], how="left")
        .join(felt, on=["date", "doc_id"], how="left")
        .with_columns(voice_id=pl.coalesce("voice_id", "author_id"))
        .with_columns(site=pl.col("voice_id").str.extract("^([^/]*)"))  # an author_id is site/author
    )


def _attention(linked: pl.DataFrame) -> pl.DataFrame:
    counts = linked.group_by(KEY).agg(
        mentions=pl.len(),
        authors=pl.col("voice_id").n_unique(),
        sites=pl.col("site").n_unique(),
        posts=(pl.col("kind") == "post").sum(),
        reviews=(pl.col("kind") == "review").sum(),
    )
    # Sorted before the mean: the sum of floats depends on their order, and the bytes must not.
    voices = (
        linked.sort("doc_id")
        .group_by([*KEY, "voice_id"], maintain_order=True)
        .agg(pl.col("sentiment").mean(), pl.col("rating").mean())
        .sort([*KEY, "voice_id"])
        .group_by(KEY, maintain_order=True)
        .agg(pl.col("sentiment").mean(), pl.col("rating").mean())
    )
    return counts.join(voices, on=KEY, how="left")


def _charted(chart_entries: pl.DataFrame) -> pl.DataFrame:
    return (
        chart_entries.drop_nulls("title_id")
        .group_by(KEY)
        .agg(chart_rank=pl.col("rank").min(), charts=pl.col("chart").unique().sort())
    )


def _listed(lists: pl.DataFrame) -> pl.DataFrame:
    return lists.group_by(KEY).agg(list_rank=pl.col("rank").min(), lists=pl.col("list").unique().sort())
