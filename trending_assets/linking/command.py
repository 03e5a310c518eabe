"""`trending link`: documents of a file to titles of a file."""

from pathlib import Path

import polars as pl

from trending_assets.files import write_file
from trending_assets.linking.link import link_documents
from trending_assets.linking.worlds import read_documents, read_titles


def link_files(titles: Path, documents: Path, out: Path) -> int:
    """Link a Parquet file of documents to one of titles (shapes of a world); gives the number of rows written.

    Writes the columns url, title_id (null where unlinked) and confidence, at least one row a document. Raises
    PermanentFailure, one sentence, for a file or column that is missing or of the wrong type.
    """
    mentions = link_documents(read_documents(documents), read_titles(titles))
    return write_file(mentions.select(pl.col("doc_id").alias("url"), "title_id", "confidence"), out)
