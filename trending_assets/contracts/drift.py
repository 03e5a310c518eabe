"""Tables of profiles and of the tests on them."""

import polars as pl

from trending_assets.contracts.columns import BIG, FLAG, INT, REAL, TEXT, TEXTS, col, null, share
from trending_assets.contracts.table import Table

PROFILES = Table(
    "drift/profiles",
    "whylogs profile of the day, one row a watched column.",
    ("column",),
    (
        col("column", TEXT, "table.column that is watched"),
        col("kind", TEXT, "numeric or categorical", values=("numeric", "categorical")),
        col("count", BIG, "values, nulls included", low=0),
        col("nulls", BIG, "null values", low=0),
        null("mean", REAL, "mean of a numeric column"),
        null("stddev", REAL, "standard deviation of a numeric column", low=0),
        col("bin_edges", pl.List(pl.Float64), "numeric: inner edges of fixed bins, ascending"),
        col("bin_counts", pl.List(pl.Int64), "numeric: values per bin, one more than edges"),
        col("categories", TEXTS, "categorical: values seen, ascending"),
        col("category_counts", pl.List(pl.Int64), "categorical: how often each was seen"),
        col("profile", pl.Binary, "serialized whylogs column profile"),
    ),
)

TABLES: tuple[Table, ...] = (
    PROFILES,
    Table(
        "drift/baseline",
        "The 14 days before the day, merged: what the day is held against.",
        ("column",),
        (
            *PROFILES.carried("column", "kind"),
            col("days", INT, "days merged", low=1),
            *PROFILES.carried("count", "nulls", "bin_edges", "bin_counts", "categories", "category_counts"),
        ),
    ),
    Table(
        "drift/report",
        "Tests of the day against its baseline, one row a column and test.",
        ("column", "test"),
        (
            *PROFILES.carried("column"),
            col("test", TEXT, "psi or chi_squared", values=("psi", "chi_squared")),
            null("statistic", REAL, "PSI, or the chi-squared statistic; null without a baseline", low=0),
            share("p_value", "probability of so large a statistic without drift", nullable=True),
            null("effect", REAL, "PSI for psi, Cramér's V for chi_squared", low=0),
            null("drifted", FLAG, "drift by test and effect; null without a baseline"),
            col("verdict", TEXT, "drifted, stable or no_baseline", values=("drifted", "stable", "no_baseline")),
            col("current", BIG, "values of the day", low=0),
            col("baseline", BIG, "values of the baseline", low=0),
        ),
    ),
)
