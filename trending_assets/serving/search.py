"""The search index of a day: an SQLite database with a full-text table, as bytes."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import polars as pl

TABLE = """
create virtual table search using fts5(
  title, original_title, people, row unindexed, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
)
"""

Indexed = tuple[str, str, str, int]
"""Title, original title, people (directors, then cast) and the number of the row by rank."""


def indexed(ranked: pl.DataFrame, titles: pl.DataFrame) -> list[Indexed]:
    """What is found, by rank. `ranked` is marts/trends of a day sorted by rank, `titles` its marts/titles."""
    people = pl.concat_list("directors", "cast").list.unique(maintain_order=True).list.join(", ")
    facts = titles.select("title_id", "title", "original_title", people.alias("people"))
    rows = (
        ranked.select("title_id").with_row_index("row").join(facts, on="title_id", how="inner", maintain_order="left")
    )
    return list(rows.select("title", "original_title", "people", "row").iter_rows())


def database(rows: Sequence[Indexed]) -> bytes:
    """The database of these rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(TABLE)
        connection.executemany("insert into search values (?, ?, ?, ?)", rows)
        connection.execute("insert into search(search) values ('optimize')")
        connection.commit()
        connection.execute("vacuum")
        return connection.serialize()


def open_database(data: bytes) -> sqlite3.Connection:
    """The database of an entry `search`, in memory. A connection is for one thread at a time."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(data)
    return connection


def phrase(text: str) -> str:
    """What finds the text as it stands, whatever signs it holds."""
    return '"' + text.replace('"', '""') + '"'
