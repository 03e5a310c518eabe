"""Tables of the ranking, its alerts and its backtest."""

from trending_assets.contracts.columns import BIG, DAY, FLAG, INT, REAL, TEXT, TEXTS, TITLE_ID, col, count, null, share
from trending_assets.contracts.table import Table

SCORES = Table(
    "trends/trend_scores",
    "The ranking of the day, as known at its end: every title of the catalogue in two lists, popular now and rising.",
    ("title_id",),
    (
        TITLE_ID,
        col("rank", INT, "place among what is popular now; 1 is the most", low=1),
        col(
            "score",
            REAL,
            "what the rank sorts by: voices a day that are expected next, and the points of charts and lists",
            low=0,
        ),
        col("rising_rank", INT, "place among what is rising; 1 is the most", low=1),
        col(
            "rising_score",
            REAL,
            "what the rising rank sorts by: (expected - usual) / sqrt(usual + 1), usual being a week of the last 28 days",
        ),
        col(
            "basis",
            TEXT,
            "mentions of the last 28 days that count; charts_and_lists or release without any; catalogue where nothing does: "
            "score 0, behind all others",
            values=("mentions", "charts_and_lists", "release", "catalogue"),
        ),
        col("expected", REAL, "expected mentions by distinct voices and day over the next 7 days", low=0),
        col("expected_low", REAL, "lower end of its 95% interval", low=0),
        col("expected_high", REAL, "upper end of its 95% interval", low=0),
        col("level", REAL, "voices a day: EWMA of half-life 1 day", low=0),
        col("baseline", REAL, "voices a day: EWMA of the days before, half-life 7 days", low=0),
        col("lift", REAL, "level over baseline, both shrunk by a prior", low=0),
        col("lift_low", REAL, "lower end of the lift's 95% interval", low=0),
        col("lift_high", REAL, "upper end of the lift's 95% interval", low=0),
        count("mentions", "mentions on the day"),
        count("authors", "distinct authors on the day"),
        count("sites", "distinct sites on the day"),
        col("voices", REAL, "effective authors of the day", low=0),
        col("mention_points", REAL, "part of the score that mentions gave", low=0),
        col("release_points", REAL, "part of the score that a release near the day gave", low=0),
        col("chart_points", REAL, "part of the score that charts gave", low=0),
        col("list_points", REAL, "part of the score that TMDb's lists gave", low=0),
        col("direction", TEXT, "rising, steady or falling", values=("rising", "steady", "falling")),
        col("missing_sites", TEXTS, "sites that usually write and have nothing on the day; the same for all titles"),
    ),
)

TABLES: tuple[Table, ...] = (
    SCORES,
    Table(
        "trends/alerts",
        "Significant rises of the day: more voices than the title's own past explains, false discoveries held at 5%.",
        ("title_id",),
        (
            TITLE_ID,
            col("rank", INT, "place among the day's rises: fresh ones first, then by score", low=1),
            col("score", REAL, "-log10 of p_value / weight; the weight rises with what is expected of the title"),
            col("fresh", FLAG, "stronger than on the 7 days before, which fade: the rise is new, or still grows"),
            count("authors", "distinct voices on the day"),
            col("voices", REAL, "their effective number, on which the alert rests", low=0),
            col("expected", REAL, "voices expected from the title's past and the day's volume", low=0),
            col("excess", REAL, "voices less expected"),
            share("p_value", "one-sided, negative binomial"),
            col(
                "false_alarms",
                REAL,
                "alarms of at least this score that a day without rises is expected to show",
                low=0,
            ),
            share(
                "q_value", "false_alarms over the alarms of at least this score (Benjamini-Hochberg), at least p_value"
            ),
        ),
    ),
    Table(
        "trends/backtest",
        "How well past rankings foretold what was mentioned next, beside baselines: one row a figure, of the newest backtest.",
        ("section", "target", "method", "stratum", "metric"),
        (
            col(
                "section",
                TEXT,
                "what the figure is of; difference: ours minus the method",
                values=("ours", "baseline", "ceiling", "difference", "coverage", "reliability", "stratum", "events"),
            ),
            col(
                "target",
                TEXT,
                "what was foretold: mentions of the next day, of the next 7 days, or a rise",
                values=("1d", "7d", "rise"),
            ),
            col("method", TEXT, "Trending Now, or the name of a baseline or ceiling"),
            col("stratum", TEXT, "all, or a part of the catalogue or of the expectations"),
            col(
                "metric", TEXT, "ndcg, precision, rbo, spearman, covered, below, above, width, seen, expected, lead, …"
            ),
            col("value", REAL, "mean over the test days; lead in days"),
            null("low", REAL, "lower end of its 95% interval (moving-block bootstrap over days)"),
            null("high", REAL, "upper end of its 95% interval"),
            col("n", BIG, "days, title-days or events that it rests on", low=0),
            share("p_holm", "p of no difference to the best tuned baseline, Holm-adjusted", nullable=True),
            null("note", TEXT, "parameters chosen on the tuning days; or which baseline it is"),
            col("tuning_from", DAY, "first day that parameters of baselines were chosen on"),
            col("tuning_to", DAY, "last of those days"),
            col("test_from", DAY, "first day that was judged"),
            col("test_to", DAY, "last day that was judged"),
        ),
        daily=False,
    ),
)
