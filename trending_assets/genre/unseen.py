"""Which titles two models may be compared on: those that neither learned from, nor from another title of their group."""

from collections.abc import Sequence
from io import BytesIO

import polars as pl

from trending_assets.lake import Lake


def unseen(training_set: pl.DataFrame, seen: Sequence[pl.DataFrame | None]) -> pl.DataFrame:
    """TMDb titles of the splits test and later that no model learned from, nor another title of their group.

    `seen` has, for each model, what its training set held in train and valid (title_id, group). Where that is not known
    (None) only the split test counts: it is decided by a hash of the group, the same in every training set.
    """
    rows = training_set.filter((pl.col("source") == "tmdb") & pl.col("split").is_in(["test", "later"]))
    for one in seen:
        if one is None:
            rows = rows.filter(pl.col("split") == "test")
        else:
            for key in ("title_id", "group"):
                rows = rows.join(one.select(key).unique(), on=key, how="anti", maintain_order="left")
    return rows.sort("title_id")


def seen_key(version: str) -> str:
    """Key of what a training set held in train and valid."""
    return f"genre/seen/{version}.parquet"


def keep_seen(lake: Lake, training_set: pl.DataFrame, version: str) -> None:
    """Keep which titles a training set taught, for comparisons that come when it is no longer the lake's."""
    if lake.store.get(seen_key(version)) is None:
        buffer = BytesIO()
        learned = training_set.filter(pl.col("split").is_in(["train", "valid"]))
        learned.select("title_id", "group").sort("title_id").write_parquet(buffer)
        lake.store.put(seen_key(version), buffer.getvalue())


def read_seen(lake: Lake, version: str) -> pl.DataFrame | None:
    """What a training set held in train and valid (title_id, group); None where it was not kept."""
    data = lake.store.get(seen_key(version))
    return None if data is None else pl.read_parquet(BytesIO(data))
