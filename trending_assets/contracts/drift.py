"""Tables of profiles, what they are held against, the tests on them, and how good past predictions turned out."""

import polars as pl

from trending_assets.contracts.columns import BIG, DAY, FLAG, INT, REAL, TEXT, TEXTS, col, count, null, share
from trending_assets.contracts.table import Table

AGAINST = ("trailing", "training")
TESTS = (
    "schema",
    "missing",
    "minimum",
    "maximum",
    "mean",
    "median",
    "mann_whitney",
    "ks",
    "psi",
    "chi_squared",
    "quality",
)
SEVERITIES = ("none", "small", "moderate", "large")
VERDICTS = ("drifted", "stable", "noted", "no_baseline")

_SUMMARY = (
    col("kind", TEXT, "numeric or categorical", values=("numeric", "categorical")),
    col("count", BIG, "values, nulls included", low=0),
    col("nulls", BIG, "null values", low=0),
    null("minimum", REAL, "least value of a numeric column"),
    null("mean", REAL, "mean of a numeric column"),
    null("median", REAL, "median of a numeric column"),
    null("maximum", REAL, "greatest value of a numeric column"),
    null("stddev", REAL, "standard deviation of a numeric column", low=0),
    col("bin_edges", pl.List(pl.Float64), "numeric: inner edges of fixed bins, ascending"),
    col("bin_counts", pl.List(pl.Int64), "numeric: values per bin, one more than edges"),
    col("categories", TEXTS, "categorical: values seen, ascending"),
    col("category_counts", pl.List(pl.Int64), "categorical: how often each was seen"),
    col("profile", pl.Binary, "serialized whylogs column profile"),
)

PROFILES = Table(
    "drift/profiles",
    "whylogs profile of the day, one row a watched column.",
    ("column",),
    (col("column", TEXT, "table.column that is watched"), *_SUMMARY),
)

TABLES: tuple[Table, ...] = (
    PROFILES,
    Table(
        "drift/baseline",
        "What the day is held against: the merged profiles of the days before it, and the genre models' training set.",
        ("against", "column"),
        (
            *PROFILES.carried("column"),
            col("against", TEXT, "trailing: the days before; training: the champion's training set", values=AGAINST),
            col("version", TEXT, "first 16 hex digits of the SHA-256 of what the baseline was made of"),
            null("first_day", DAY, "first day merged; null for the training set"),
            null("last_day", DAY, "last day merged; the day that the training set knew"),
            col("days", INT, "days merged; 1 for the training set", low=1),
            *_SUMMARY,
        ),
    ),
    Table(
        "drift/report",
        "Tests of the day against its baselines, one row a column, baseline and test.",
        ("column", "against", "test"),
        (
            *PROFILES.carried("column"),
            col("against", TEXT, "baseline that the day is held against", values=AGAINST),
            col(
                "test",
                TEXT,
                "schema: columns, types, nulls and categories; missing: share of nulls; minimum to median: summary statistics; "
                "mann_whitney, ks, psi, chi_squared: distributions; quality: how good past predictions turned out",
                values=TESTS,
            ),
            null("statistic", REAL, "the test's statistic; null without a baseline"),
            share(
                "p_value", "probability of so large a statistic without drift; null where none is stated", nullable=True
            ),
            null(
                "effect",
                REAL,
                "size of the shift: standard deviations (mean, median, ranks), PSI, Cramér's V, KS distance, share of rows",
                low=0,
            ),
            col("severity", TEXT, "how large the effect is, whatever p", values=SEVERITIES),
            null("drifted", FLAG, "drift by test and effect; null where nothing was tested"),
            col("verdict", TEXT, "drifted, stable, noted (worth reading, no alarm) or no_baseline", values=VERDICTS),
            col("detail", TEXT, "one sentence for a person"),
            col("current", BIG, "values of the day", low=0),
            col("baseline", BIG, "values of the baseline", low=0),
            null("baseline_version", TEXT, "version of the baseline; null where there is none"),
        ),
    ),
    Table(
        "drift/quality",
        "How good earlier predictions turned out, measured on the day on which their labels were there.",
        ("subject", "metric"),
        (
            col("subject", TEXT, "table.column that predicted"),
            col("metric", TEXT, "metric"),
            col("made_on", DAY, "day on which the predictions were made"),
            null("value", REAL, "the metric; null where too few labels came"),
            count("labels", "labels that it rests on"),
        ),
    ),
)
