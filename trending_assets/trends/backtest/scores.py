"""What the backtest reads of the lake, in one place."""

import polars as pl

SIGNALS = "features/title_day"
"""Table of date, title_id, authors: one row a title that was named on the day."""
SCORES = "trends/trend_scores"
Z = 1.96
"""95% of a normal distribution lie within so many standard deviations."""


def scores_of(ranked: pl.DataFrame) -> pl.DataFrame:
    """date, title_id, score, rising_score, expected, expected_low, expected_high from trends/trend_scores with `date`.

    expected is 7 days of the level; its interval is that of a Poisson count around a mean that is known to the level's own
    error, widened by an eighth for what else varies.
    """
    expected = 7 * pl.col("level")
    spread = Z * (expected + 7 * expected).sqrt() / 2
    return ranked.select(
        "date",
        "title_id",
        "score",
        rising_score=(pl.col("level") - pl.col("baseline")) / (pl.col("baseline") + 0.3).sqrt(),
        expected=expected,
        expected_low=(expected - spread).clip(lower_bound=0.0).floor(),
        expected_high=(expected + spread).ceil(),
    )
