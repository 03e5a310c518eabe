"""Tables of what the sources said on a day, and of the sources of sources.yaml."""

import polars as pl

from trending_assets.contracts.columns import (
    BIG,
    DAY,
    INT,
    KINDS,
    MEDIA,
    MEDIA_TYPES,
    REAL,
    TEXT,
    TEXTS,
    TIME,
    TMDB_ID,
    col,
    null,
)
from trending_assets.contracts.table import Table
from trending_assets.raw.sources import load_sources

SOURCES = load_sources()

DOCUMENT_TABLES = (*(source.table for source in SOURCES.documents), "raw/tmdb_reviews")
"""Raw tables whose rows are documents: what staging/documents is made of, in this order of precedence."""
RAW_TABLES = (*DOCUMENT_TABLES, "raw/tmdb_catalogue", "raw/tmdb_lists", "raw/tmdb_titles", "raw/charts")

RELEASES = pl.List(pl.Struct({"country": pl.String, "kind": pl.String, "date": pl.Date}))

DOCUMENT = (
    col("url", TEXT, "address of the document as the site names it"),
    col("site", TEXT, "host that published it"),
    col("kind", TEXT, "post, review or news", values=KINDS),
    null("author", TEXT, "name that the site prints"),
    col(
        "published_at",
        TIME,
        "when the site says that it was published (UTC); day's start where it says nothing",
    ),
    null("headline", TEXT, "headline as printed"),
    null("text", TEXT, "main text, plain"),
    null("rating", REAL, "rating as given, on the site's own scale"),
    null("rating_max", REAL, "best rating of that scale", low=0),
    null("language", TEXT, "BCP 47 tag: the item's own, else as detected where that is sure, else the site's"),
    null("work_title", TEXT, "title of the reviewed work, where the page declares it (schema.org itemReviewed)"),
    null("work_year", INT, "year of the reviewed work, where declared"),
    null("work_media_type", TEXT, "movie or tv, where declared", values=MEDIA_TYPES),
    null("work_id", TEXT, "id of the reviewed work, where declared: an IMDb id (tt…) or a title_id"),
    col("work_people", TEXTS, "directors, creators and actors of the reviewed work, where declared"),
    col("payload_sha256", TEXT, "SHA-256 of the bytes that this row was read from"),
)

TITLE_FACTS = (
    null("overview", TEXT, "plot in a few sentences"),
    null("tagline", TEXT, "tagline"),
    col("genres", TEXTS, "TMDb genres by name"),
    col("keywords", TEXTS, "TMDb keywords"),
    null("popularity", REAL, "TMDb popularity on the day", low=0),
    null("vote_average", REAL, "TMDb votes, mean, 0 to 10; null without votes", low=0, high=10),
    null("vote_count", BIG, "TMDb votes, number", low=0),
)


def _raw_documents(name: str, meaning: str) -> Table:
    return Table(name, meaning, ("url",), DOCUMENT)


TITLES = Table(
    "raw/tmdb_titles",
    "TMDb details of the titles that matter on the day: listed, named in a document or chart, or popular.",
    ("media_type", "tmdb_id"),
    (
        MEDIA,
        TMDB_ID,
        null("imdb_id", TEXT, "IMDb id (tt…)"),
        col("title", TEXT, "title in English where TMDb has it"),
        null("original_title", TEXT, "title in the original language"),
        null("release_date", DAY, "release or first air date"),
        *TITLE_FACTS,
        null("runtime", REAL, "minutes; of an episode for TV", low=0),
        null("original_language", TEXT, "ISO 639-1"),
        col("cast", TEXTS, "leading cast, billing order, at most 10"),
        col("directors", TEXTS, "directors; creators for TV"),
        col(
            "platforms",
            TEXTS,
            "streaming platforms (flat rate, in the country of TRENDING_TMDB_REGION), by JustWatch",
        ),
        null("poster_path", TEXT, "path under TMDb's image address"),
        col("alternative_titles", TEXTS, "other names of the title, of any country"),
        col(
            "releases",
            RELEASES,
            "first release by country and kind (premiere, theatrical, digital, physical, tv); none for TV",
        ),
        null("certification", TEXT, "age rating in the country of TRENDING_TMDB_REGION"),
        null("review_count", BIG, "TMDb's user reviews of the title, number", low=0),
        col("fetched_on", DAY, "partition day on which these details were asked for"),
    ),
)

CHARTS = Table(
    "raw/charts",
    "Newest edition of every chart that was known at the end of the day.",
    ("chart", "chart_date", "rank"),
    (
        col("chart", TEXT, "entry of sources.yaml: box_office_us, netflix_top10/<category>, wikipedia_pageviews, …"),
        col("chart_date", DAY, "day or week's end that the edition is of"),
        col("rank", INT, "place, 1 is first", low=1),
        col("title", TEXT, "title as the chart prints it"),
        null("value", REAL, "gross, hours viewed, page views or mean rating"),
        null("unit", TEXT, "usd, hours, views or rating"),
        null("days_in_release", INT, "days since release, where the chart prints them"),
    ),
)

TABLES: tuple[Table, ...] = (
    *(_raw_documents(source.table, source.meaning) for source in SOURCES.documents),
    _raw_documents(
        "raw/tmdb_reviews", "TMDb's user reviews of the day's titles, one row a review first seen on the day."
    ),
    Table(
        "raw/tmdb_catalogue",
        "TMDb's daily id export of films and TV: every title that TMDb knows.",
        ("media_type", "tmdb_id"),
        (
            MEDIA,
            TMDB_ID,
            col("original_title", TEXT, "title in the original language"),
            col("popularity", REAL, "TMDb popularity on the day of the export", low=0),
        ),
    ),
    Table(
        "raw/tmdb_lists",
        "TMDb's own lists of the day, repeats across pages folded to the better rank.",
        ("media_type", "list", "tmdb_id"),
        (
            MEDIA,
            col(
                "list",
                TEXT,
                "trending_day, trending_week, popular, top_rated, upcoming, now_playing, on_the_air, airing_today; of our own "
                "queries by release date: discover_new (last 14 days), discover_soon (next 90), discover_announced (to 730)",
            ),
            col("rank", INT, "place in the list, 1 is first", low=1),
            TMDB_ID,
            col("title", TEXT, "title as listed"),
            null("original_title", TEXT, "title in the original language"),
            null("release_date", DAY, "release or first air date"),
            null("popularity", REAL, "TMDb popularity", low=0),
            null("vote_average", REAL, "mean vote; null without votes", low=0, high=10),
            null("vote_count", BIG, "number of votes", low=0),
            col("genre_ids", pl.List(pl.Int64), "TMDb genre ids"),
            null("original_language", TEXT, "ISO 639-1"),
        ),
    ),
    TITLES,
    CHARTS,
)
