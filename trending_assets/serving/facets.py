"""What the API filters and sorts a day's rows by, without reading a row."""

from collections.abc import Sequence
from typing import Any

import polars as pl

LISTS = {"genres": "genres", "tags": "vibe_tags", "platforms": "platforms"}
"""Facet, and the column of marts/trends whose names it counts."""


def facets(ranked: pl.DataFrame) -> dict[str, Any]:
    """The columns of marts/trends of a day, sorted by rank, that a query may name. Rows are counted from 0.

    `rising` has the rows by rising_rank, without those that have none; genres, tags and platforms have the rows of each name.
    """
    rising = ranked.select("rising_rank").with_row_index("row").drop_nulls().sort("rising_rank", "row")
    return {
        "title_ids": ranked["title_id"].to_list(),
        "titles": ranked["title"].to_list(),
        "media_types": ranked["media_type"].to_list(),
        "years": ranked["year"].to_list(),
        "scores": ranked["score"].to_list(),
        "rising": rising["row"].to_list(),
        "rising_scores": ranked["rising_score"].to_list(),
        **{name: _rows_by_name(ranked[column].to_list()) for name, column in LISTS.items()},
    }


def _rows_by_name(named: Sequence[Sequence[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, names in enumerate(named):
        for name in dict.fromkeys(names):
            found.setdefault(name, []).append(row)
    return found


def counts(rows_by_name: dict[str, list[int]]) -> list[dict[str, Any]]:
    """Names with how many titles bear each: most first, then by name."""
    found = [{"name": name, "titles": len(rows)} for name, rows in rows_by_name.items()]
    return sorted(found, key=lambda row: (-row["titles"], row["name"]))
