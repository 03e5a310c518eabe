"""The baseline of what the genre models are fed: their training set, profiled like a day."""

import hashlib
from datetime import date

import polars as pl

from trending_assets.drift.profiles import BASELINE, profile_column
from trending_assets.drift.watched import FED, WATCHED


def training_baseline(training_set: pl.DataFrame, day: date) -> pl.DataFrame:
    """Rows of drift/baseline against `training` with `date`, one for each watched column that describes what a model is fed.

    Of genre/training_set the product's own titles count that a model was trained or chosen by: no other catalogue's, and none
    of the split `later`. `version` is of these rows' content. There are no rows without such titles, or where the set knew more
    than the day.
    """
    titles = training_set.filter(
        (pl.col("source") == "tmdb") & (pl.col("split") != "later") & (pl.col("trained_through") <= day)
    ).sort("title_id")
    if titles.is_empty():
        return pl.DataFrame(schema=BASELINE)
    read = titles.select("title_id", "text", "language", "year", "keywords", "trained_through")
    known = {
        "against": "training",
        "version": hashlib.sha256(read.write_ndjson().encode()).hexdigest()[:16],
        "first_day": None,
        "last_day": titles["trained_through"].max(),
        "days": 1,
    }
    rows = []
    for one in WATCHED:
        if one.table == FED:
            values = titles.select(one.value.alias("value"))["value"]
            kind = pl.Float64 if one.kind == "numeric" else pl.String
            rows.append(profile_column(one, values.cast(kind), day) | known)
    return pl.DataFrame(rows, schema=BASELINE)
