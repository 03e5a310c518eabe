"""Tables of documents, titles, charts and lists, in one shape."""

from trending_assets.contracts.columns import (
    DAY,
    DOC_ID,
    FLAG,
    INT,
    KINDS,
    MEDIA,
    MEDIA_TYPES,
    REAL,
    TEXT,
    TEXTS,
    TIME,
    TITLE_ID,
    TMDB_ID,
    col,
    null,
    share,
)
from trending_assets.contracts.raw import CHARTS as EDITIONS
from trending_assets.contracts.raw import TITLE_FACTS
from trending_assets.contracts.raw import TITLES as DETAILS
from trending_assets.contracts.table import Table

DOCUMENTS = Table(
    "staging/documents",
    "One row a document first seen on the day: duplicates folded, ratings on 0 to 1, empty text left out.",
    ("doc_id",),
    (
        DOC_ID,
        col("url", TEXT, "canonical URL"),
        col("source", TEXT, "raw table it came from"),
        col("site", TEXT, "host that published it"),
        col("kind", TEXT, "post, review or news", values=KINDS),
        col("author_id", TEXT, "site/author; site/ alone where no author is named"),
        col("published_at", TIME, "publication time (UTC)"),
        null("headline", TEXT, "headline"),
        col("text", TEXT, "main text, whitespace folded; the headline where a page has no text"),
        share("rating", "rating / best rating", nullable=True),
        null("language", TEXT, "lower-case primary language subtag"),
        null("work_title", TEXT, "declared title of the reviewed work"),
        null("work_year", INT, "declared year of the reviewed work"),
        null("work_media_type", TEXT, "declared medium of the reviewed work", values=MEDIA_TYPES),
        null("work_id", TEXT, "declared id of the reviewed work: an IMDb id (tt…) or a title_id"),
        col("work_people", TEXTS, "declared directors, creators and actors of the reviewed work"),
        col("text_hash", TEXT, "SHA-256 of headline and text: equal texts are scored once"),
    ),
)

TITLES = Table(
    "staging/titles",
    "One row a title that TMDb knows on the day, with details where they were asked for.",
    ("title_id",),
    (
        TITLE_ID,
        TMDB_ID,
        MEDIA,
        null("imdb_id", TEXT, "IMDb id (tt…)"),
        col("title", TEXT, "English title; the original one without details"),
        col("original_title", TEXT, "title in the original language"),
        null("year", INT, "year of release or first airing"),
        *DETAILS.carried("release_date"),
        *TITLE_FACTS,
        null("runtime_minutes", REAL, "runtime, minutes", low=0),
        *DETAILS.carried("original_language", "cast", "directors", "platforms", "poster_path", "alternative_titles"),
        col("has_details", FLAG, "whether details were ever asked for"),
    ),
    may_be_empty=False,
)

CHARTS = Table(
    "staging/charts",
    "Chart entries known on the day, with the medium and year that the chart or its title tell.",
    ("chart", "rank"),
    (
        col("chart", TEXT, "chart"),
        col("chart_date", DAY, "day or week's end of the edition"),
        col("rank", INT, "place, 1 is first", low=1),
        col("title", TEXT, "title without a year in brackets"),
        null("year", INT, "year in brackets, where the chart prints one"),
        null("media_type", TEXT, "medium that the chart is of", values=MEDIA_TYPES),
        *EDITIONS.carried("value", "unit", "days_in_release"),
    ),
)

TABLES: tuple[Table, ...] = (
    DOCUMENTS,
    Table(
        "staging/clusters",
        "Copies of a text: every document of the day with the first of its kind in the last 7 days. Ten copies are one voice.",
        ("doc_id",),
        (
            DOC_ID,
            col("cluster_id", TEXT, "doc_id of the cluster's first document; the document's own where it stands alone"),
            col("voice_id", TEXT, "author_id of the cluster's first document: whose words they are"),
            col("copies", INT, "documents of the cluster so far, this one included", low=1),
            share(
                "similarity",
                "Jaccard similarity of its word shingles to the first's; null for the first",
                nullable=True,
            ),
        ),
    ),
    TITLES,
    CHARTS,
    Table(
        "staging/lists",
        "Titles on TMDb's own lists of the day; our discover queries are left out.",
        ("title_id", "list"),
        (TITLE_ID, MEDIA, col("list", TEXT, "TMDb list"), col("rank", INT, "place, 1 is first", low=1)),
    ),
)
