"""Tables of what was known of a title, a site and a voice at the end of a day."""

import polars as pl

from trending_assets.contracts.columns import (
    DAY,
    FLAG,
    INT,
    MEDIA,
    REAL,
    TEXT,
    TEXTS,
    TIME,
    TITLE_ID,
    col,
    count,
    null,
    share,
)
from trending_assets.contracts.table import Table

HALF_LIVES = {"12h": 0.5, "1d": 1.0, "2d": 2.0, "4d": 4.0, "7d": 7.0, "14d": 14.0}
"""Half-lives in days of the averages that features/title_day holds, by the end of the column's name."""

BY_SITE = pl.List(pl.Struct({"site": pl.String, "authors": pl.Int32}))

SIGNALS = Table(
    "features/title_signals",
    "Signals of a title on a day, as known at its end: one row a title that was named, charted or listed.",
    ("title_id",),
    (
        TITLE_ID,
        count("mentions", "documents that are linked to the title; no LLM has a say in it"),
        count("authors", "distinct voices of those: authors, copies of a text counted as its first author's"),
        count("known_authors", "authors whose account their site had in the 28 days before, on any title"),
        col(
            "voices",
            REAL,
            "effective authors: by site the known ones and at most as many others, times the site's weight",
            low=0,
        ),
        count("sites", "distinct sites of the authors"),
        count("counted_sites", "sites of voices that count: an account with a past among them"),
        col("by_site", BY_SITE, "authors by site, ascending by site"),
        count("posts", "mentions that are posts"),
        count("reviews", "mentions that are reviews"),
        null(
            "sentiment",
            REAL,
            "mean sentiment of what is about the title and no spam, every voice once; no part of the ranking",
            low=-1,
            high=1,
        ),
        share("rating", "mean rating, every voice once", nullable=True),
        null("chart_rank", INT, "best rank on a chart", low=1),
        share("chart_share", "share of its chart's gross, hours or views; largest of its charts", nullable=True),
        null("chart_days", INT, "days in release by the chart, largest of its charts"),
        null("list_rank", INT, "best rank on a TMDb list", low=1),
        col("charts", TEXTS, "charts that carry the title"),
        col("lists", TEXTS, "TMDb lists that carry the title"),
        null("popularity", REAL, "TMDb popularity on the day", low=0),
        null("days_since_release", INT, "negative before release"),
    ),
)

TABLES: tuple[Table, ...] = (
    Table(
        "features/voices",
        "Who wrote about a title on the day: one row a title and voice, copies of a text being their first author's.",
        ("title_id", "voice_id"),
        (
            TITLE_ID,
            col("voice_id", TEXT, "author whose words they are, as site/author; site/ alone where no author is named"),
            col("site", TEXT, "site of the voice"),
            count("mentions", "documents of the voice that are linked to the title, copies included"),
            count("posts", "mentions that are posts"),
            count("reviews", "mentions that are reviews"),
            null("sentiment", REAL, "mean sentiment of those about the title and no spam", low=-1, high=1),
            share("rating", "mean rating", nullable=True),
        ),
    ),
    Table(
        "features/site_day",
        "What a site counts for on the day: one row a site that wrote about titles on the day or in the 28 days before.",
        ("site",),
        (
            col("site", TEXT, "site of the voices"),
            count("voices", "pairs of title and voice on the day"),
            count("known", "pairs whose account the site had in the 28 days before"),
            count("counted", "pairs that count: by title the known ones, and at most as many of the others"),
            null("usual", REAL, "median voices of the known days of the 28 before; null without such a day", low=0),
            col("active_days", INT, "known days of those on which the site has voices", low=0, high=28),
            null(
                "cap",
                REAL,
                "voices that it may count for: 5 * usual, and active_days / 7 up to 1; null under 7 known days",
                low=0,
            ),
            share("weight", "cap / counted, at most 1; 1 without a cap"),
            col("missing", FLAG, "it usually has 5 voices or more and has none on the day"),
            col("known_days", INT, "days of the 28 before on which any site has voices", low=0, high=28),
        ),
    ),
    SIGNALS,
    Table(
        "features/title_day",
        "Features of every title of the catalogue, as known at the end of the day: the day and the 27 days before it.",
        ("title_id",),
        (
            TITLE_ID,
            MEDIA,
            null("year", INT, "year of release or first airing"),
            *SIGNALS.carried("mentions", "authors", "known_authors"),
            *SIGNALS.carried("sites", "counted_sites", "voices"),
            null("voices_lag1", REAL, "voices of the day before; null where that day is not known", low=0),
            col("voices_7d", REAL, "sum of voices over the day and the 6 before", low=0),
            col("voices_28d", REAL, "sum of voices over the day and the 27 before", low=0),
            *(
                col(
                    f"voices_ewma_{name}",
                    REAL,
                    f"voices a day of ordinary volume, exponentially weighted mean, half-life {days:g} days",
                    low=0,
                )
                for name, days in HALF_LIVES.items()
            ),
            col(
                "voices_before",
                REAL,
                "voices a day of ordinary volume, exponentially weighted mean of the days before, half-life 7 days; "
                "voices_ewma_1d where no day before is known",
                low=0,
            ),
            col("lift", REAL, "(voices_ewma_1d + 1) / (voices_before + 1)", low=0),
            null("days_since_mention", INT, "days since the newest mention; null without one", low=0, high=27),
            null("first_seen", DAY, "day of the oldest mention, looking back 28 days; null without one"),
            col("active_days", INT, "days with a mention", low=0, high=28),
            count("sites_7d", "distinct sites of the last 7 days"),
            count("authors_7d", "sum of authors over the last 7 days"),
            null("sentiment_7d", REAL, "mean of the last 7 days' sentiment, weighted by authors", low=-1, high=1),
            null(
                "sentiment_change",
                REAL,
                "sentiment_7d less the same mean of the 21 days before; null without both",
                low=-2,
                high=2,
            ),
            share("rating_7d", "mean of the last 7 days' rating, weighted by authors", nullable=True),
            *SIGNALS.carried("chart_rank"),
            null(
                "chart_rank_change_7d",
                INT,
                "places gained on the newest day with charts that is 7 days or more ago; null where not charted on both",
            ),
            *SIGNALS.carried("chart_share"),
            null("chart_share_change_7d", REAL, "chart_share less that of the same earlier day", low=-1, high=1),
            *SIGNALS.carried("chart_days"),
            *SIGNALS.carried("list_rank"),
            null("list_rank_change_1d", INT, "places gained on the day before; null where not listed on both"),
            null("list_rank_change_7d", INT, "places gained on 7 days before; null where not listed on both"),
            *SIGNALS.carried("lists", "popularity"),
            null(
                "popularity_change_7d",
                REAL,
                "natural logarithm of popularity over that of 7 days before; null where either is unknown or 0",
            ),
            null("release_date", DAY, "release or first air date, as TMDb had it on the day"),
            *SIGNALS.carried("days_since_release"),
            null(
                "release_size",
                REAL,
                "log10 of the US dollars that a film like it takes in its first week, by genre, runtime, language and sequel; "
                "null for shows and without genres",
            ),
            col(
                "known_days",
                INT,
                "days of the window on which any title has a mention; the same for all titles",
                low=0,
                high=28,
            ),
            col(
                "volume", REAL, "voices of the day over the mean of the known days, with a prior; for all titles", low=0
            ),
            col(
                "level_days",
                REAL,
                "days that voices_ewma_1d is worth (Kish's effective sample size); for all titles",
                low=0,
            ),
            col(
                "before_days",
                REAL,
                "days that voices_before is worth; 0 where no day before is known; for all titles",
                low=0,
            ),
        ),
    ),
    Table(
        "features/online",
        "What of the day's features/title_day is for the online store, which serves each title's newest row.",
        ("view",),
        (
            col("view", TEXT, "Feast's feature view"),
            count("titles", "titles of the day"),
            count("features", "features of the view"),
            col("event_timestamp", TIME, "event time of the day's rows: the end of the day, 00:00 UTC of the next"),
            col("definition", TEXT, "first 16 hex digits of the SHA-256 over the features' names and types"),
        ),
    ),
)
