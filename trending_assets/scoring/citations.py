"""Every citation of every digest, held against the lake: does the document exist, and is it about the title?"""

from datetime import timedelta

import polars as pl

from trending_assets.lake import Lake
from trending_assets.partitions import EVIDENCE_DAYS, days_between


def citations(lake: Lake, digests: pl.DataFrame) -> pl.DataFrame:
    """One row a citation of the digests (rows of scoring/title_digests with `date`).

    Columns date, title_id, place (of the sentence), sentence, doc_id (null: the sentence cites nothing), exists (in
    staging/documents in the 7 days that end with the digest's), about (linked to the title there, about it by its score and
    no spam). Sorted by date, title_id, place and doc_id.
    """
    rows = [
        (day, title_id, place, part["sentence"], doc_id)
        for day, title_id, summary in digests.select("date", "title_id", "summary").iter_rows()
        for place, part in enumerate(summary)
        for doc_id in part["doc_ids"] or [None]
    ]
    schema = {"date": pl.Date, "title_id": pl.String, "place": pl.Int32, "sentence": pl.String, "doc_id": pl.String}
    cited = pl.DataFrame(rows, schema=schema, orient="row")
    if cited.is_empty():
        return cited.with_columns(exists=pl.lit(None, pl.Boolean), about=pl.lit(None, pl.Boolean))
    days = digests["date"].unique().sort().to_list()
    window = days_between(days[0] - timedelta(days=EVIDENCE_DAYS - 1), days[-1])
    seen = lake.read("staging/documents", window, ["doc_id"], missing="skip").rename({"date": "seen"})
    linked = lake.read("linking/mentions", window, ["doc_id", "title_id"], missing="skip").rename({"date": "seen"})
    scores = lake.read("scoring/document_scores", window, ["doc_id", "about_title", "spam"], missing="skip")
    good = scores.filter(pl.col("about_title") & ~pl.col("spam")).select("doc_id", seen="date")
    about = linked.join(good, on=["doc_id", "seen"], how="semi").join(seen, on=["doc_id", "seen"], how="semi")
    return cited.with_columns(
        exists=_within(cited, seen, ["doc_id"]), about=_within(cited, about, ["doc_id", "title_id"])
    ).sort("date", "title_id", "place", "doc_id")


def _within(cited: pl.DataFrame, known: pl.DataFrame, on: list[str]) -> pl.Series:
    """Whether each row of `cited` has one of `known` in the days that end with its own."""
    age = (pl.col("date") - pl.col("seen")).dt.total_days()
    hits = cited.with_row_index("row").join(known, on=on).filter(age.is_between(0, EVIDENCE_DAYS - 1))["row"]
    return pl.int_range(cited.height, eager=True, dtype=pl.UInt32).is_in(hits.unique().implode())
