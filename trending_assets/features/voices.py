"""features/voices: who wrote about a title on a day, from that day's tables alone."""

import polars as pl

from trending_assets.contracts import TABLES

KEY = ["date", "title_id", "voice_id"]
VOICES = TABLES["features/voices"]


def voices(
    mentions: pl.DataFrame, documents: pl.DataFrame, clusters: pl.DataFrame, scores: pl.DataFrame
) -> pl.DataFrame:
    """Rows of features/voices with the column `date`, one a title and voice.

    All inputs carry `date`; a day's rows depend on that day's rows alone. Every linked document counts: linking decides what
    is about a title, so that no answer of an LLM moves the ranking. A voice is who wrote a text, not who copied it. Sentiment
    alone rests on scores: on those of documents that are about the title and no spam.
    """
    linked = mentions.drop_nulls("title_id").select("date", "doc_id", "title_id")
    said = documents.select("date", "doc_id", "author_id", "kind", "rating")
    whose = clusters.select("date", "doc_id", "voice_id")
    felt = scores.filter(pl.col("about_title") & ~pl.col("spam")).select("date", "doc_id", "sentiment")
    counted = (
        linked.join(said, on=["date", "doc_id"])
        .join(whose, on=["date", "doc_id"], how="left")
        .join(felt, on=["date", "doc_id"], how="left")
        .with_columns(voice_id=pl.coalesce("voice_id", "author_id"))
        # Sorted before the mean: the sum of floats depends on their order, and the bytes must not.
        .sort("doc_id")
        .group_by(KEY, maintain_order=True)
        .agg(
            mentions=pl.len(),
            posts=(pl.col("kind") == "post").sum(),
            reviews=(pl.col("kind") == "review").sum(),
            sentiment=pl.col("sentiment").mean(),
            rating=pl.col("rating").mean(),
        )
        .with_columns(site=pl.col("voice_id").str.extract("^([^/]*)"))  # a voice_id is site/author
    )
    schema = {"date": pl.Date, **VOICES.schema}
    return counted.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).sort(KEY)
