"""One declaration per table: columns, types, units, key, nullability, meaning.

It drives the IO manager's validation, the blocking contract check of every asset, Dagster's column schema, the API's models
and the data dictionary. Imports no Dagster: the API reads it too. The sources of sources.yaml declare their tables there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from trending_assets.failures import Reason
from trending_assets.raw.sources import load_sources

Dtype = DataType | DataTypeClass

TEXT, INT, BIG, REAL, FLAG, DAY = pl.String, pl.Int32, pl.Int64, pl.Float64, pl.Boolean, pl.Date
TIME = pl.Datetime("us", "UTC")
TEXTS = pl.List(pl.String)
CITED = pl.List(pl.Struct({"sentence": pl.String, "doc_ids": TEXTS}))
LEFT_OUT = pl.List(pl.Struct({"reason": pl.String, "documents": pl.Int32}))
DROPPED = pl.List(pl.Struct({"reason": pl.String, "parts": pl.Int32}))
BY_SITE = pl.List(pl.Struct({"site": pl.String, "authors": pl.Int32}))
RELEASES = pl.List(pl.Struct({"country": pl.String, "kind": pl.String, "date": pl.Date}))

MEDIA_TYPES = ("movie", "tv")
KINDS = ("post", "review", "news")
LABELS = ("gold", "ratings")
HALF_LIVES = {"12h": 0.5, "1d": 1.0, "2d": 2.0, "4d": 4.0, "7d": 7.0, "14d": 14.0}
"""Half-lives in days of the averages that features/title_day holds, by the end of the column's name."""
VERDICTS = ("first", "accepted", "refused", "by hand")


@dataclass(frozen=True)
class Column:
    """A column: its Polars type, what it means, and what its values must keep."""

    name: str
    dtype: Dtype
    meaning: str
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Table:
    """A table: `name` is group/table, `key` identifies a row within a partition."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    daily: bool = True
    asset: bool = True
    may_be_empty: bool = True

    @property
    def schema(self) -> dict[str, Dtype]:
        return {column.name: column.dtype for column in self.columns}

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def _c(name: str, dtype: Dtype, meaning: str, **rules: object) -> Column:
    return Column(name, dtype, meaning, **rules)  # type: ignore[arg-type]


def _share(name: str, meaning: str, nullable: bool = False) -> Column:
    return Column(name, REAL, meaning, nullable, 0.0, 1.0)


def _count(name: str, meaning: str) -> Column:
    return Column(name, INT, meaning, low=0)


def _null(name: str, dtype: Dtype, meaning: str, **rules: object) -> Column:
    return _c(name, dtype, meaning, nullable=True, **rules)


_MEDIA = _c("media_type", TEXT, "movie or tv", values=MEDIA_TYPES)
_TMDB_ID = _c("tmdb_id", BIG, "TMDb's id; films and TV count apart", low=1)
_TITLE_ID = _c("title_id", TEXT, "movie-<tmdb id> or tv-<tmdb id>")
_DOC_ID = _c("doc_id", TEXT, "first 16 hex digits of the SHA-256 of the canonical URL")
_GENRE = _c("genre", TEXT, "genre of the project's vocabulary")

_RAW_DOCUMENT = (
    _c("url", TEXT, "address of the document as the site names it"),
    _c("site", TEXT, "host that published it"),
    _c("kind", TEXT, "post, review or news", values=KINDS),
    _null("author", TEXT, "name that the site prints"),
    _c(
        "published_at",
        TIME,
        "when the site says that it was published (UTC); day's start where it says nothing",
    ),
    _null("headline", TEXT, "headline as printed"),
    _null("text", TEXT, "main text, plain"),
    _null("rating", REAL, "rating as given, on the site's own scale"),
    _null("rating_max", REAL, "best rating of that scale", low=0),
    _null("language", TEXT, "BCP 47 tag: the item's own, else as detected where that is sure, else the site's"),
    _null("work_title", TEXT, "title of the reviewed work, where the page declares it (schema.org itemReviewed)"),
    _null("work_year", INT, "year of the reviewed work, where declared"),
    _null("work_media_type", TEXT, "movie or tv, where declared", values=MEDIA_TYPES),
    _null("work_id", TEXT, "id of the reviewed work, where declared: an IMDb id (tt…) or a title_id"),
    _c("work_people", TEXTS, "directors, creators and actors of the reviewed work, where declared"),
    _c("payload_sha256", TEXT, "SHA-256 of the bytes that this row was read from"),
)

_TITLE_FACTS = (
    _null("overview", TEXT, "plot in a few sentences"),
    _null("tagline", TEXT, "tagline"),
    _c("genres", TEXTS, "TMDb genres by name"),
    _c("keywords", TEXTS, "TMDb keywords"),
    _null("popularity", REAL, "TMDb popularity on the day", low=0),
    _null("vote_average", REAL, "TMDb votes, mean, 0 to 10; null without votes", low=0, high=10),
    _null("vote_count", BIG, "TMDb votes, number", low=0),
)

_MODEL_SCORES = (
    _c("model_id", TEXT, "first 16 hex digits of the SHA-256 of the model's bytes"),
    _c("data_version", TEXT, "SHA-256 of the training set that the model saw"),
    _c("trained_through", DAY, "newest day that the training set knew"),
)


_RESTS_ON = (
    _count(
        "documents", "documents of the last 7 days that the vibe score rests on: about the title, no spam, no copies"
    ),
    _count("voices", "authors of those documents"),
    _count("sites", "sites of those authors"),
    _share(
        "vibe_weight",
        "how much of the full evidence that is: 1 from 36 voices on, a site counting as 24 at most",
    ),
)
_GUARDED = (
    _null(
        "no_summary",
        TEXT,
        "why there is no summary: too_few (under 3 documents or 2 authors), over_cap (beyond the 100 titles with most authors), "
        "no_answer (the LLM gave none that can be used), too_little (it says so), no_sentence (none of its sentences stood)",
        values=("too_few", "over_cap", "no_answer", "too_little", "no_sentence"),
    ),
    _c(
        "left_out",
        LEFT_OUT,
        "documents left out, by reason: addresses_software, copy, not_scored, spam, not_about_title; and not read for the "
        "summary alone: older_of_voice (its author wrote a newer one), over_request (beyond the 30 of a request)",
    ),
    _c(
        "dropped",
        DROPPED,
        "parts of the LLM's answer that were dropped, by reason: sentences (empty, uncited, unknown_document, address, markup, "
        "addresses_software, invented_name, invented_number, over_length), unsupported_tag, unsupported_genre",
    ),
)


def _evaluation(name: str, what: str) -> Table:
    return Table(
        name,
        f"Evaluation of the {what} genre model on its test split, one row a genre and one for the macro mean.",
        ("genre",),
        (
            _c("genre", TEXT, "genre, or 'macro' for the unweighted mean over genres with test support"),
            _share("threshold", "probability from which the genre is predicted, tuned on the validation split"),
            _share("precision", "precision on the test split"),
            _share("recall", "recall on the test split"),
            _share("f1", "F1 on the test split"),
            _count("support", "titles of the test split with the genre"),
            *_MODEL_SCORES,
        ),
        daily=False,
        may_be_empty=False,
    )


_PRICED = (
    _c("model", TEXT, "model that answered; sandbox-… is the embedded scorer"),
    _c("prompt_version", TEXT, "version of the prompt file"),
    _c("request_key", TEXT, "hash of model, prompt version, schema version and input: the cache key"),
    _count("tokens_in", "prompt tokens of the answer that was paid for"),
    _count("tokens_out", "completion tokens of that answer"),
)


def _cache(name: str, task: str) -> Table:
    return Table(
        name,
        f"LLM answers that the {task} of the day rest on: the cache that a re-run reads instead of calling.",
        ("request_key",),
        (*_PRICED, _c("response", TEXT, "the model's JSON, checked against the schema")),
        asset=False,
    )


_JUDGED = (
    _c("task", TEXT, "task of the prompt: document_score or title_digest"),
    _c("model", TEXT, "model that was asked for"),
    _c("prompt_version", TEXT, "version of the prompt file"),
    _c("schema_version", TEXT, "version of the answer's schema"),
    _c("labels_version", TEXT, "first 12 hex digits of the SHA-256 of the gold set"),
)


def _raw_documents(name: str, meaning: str) -> Table:
    return Table(name, meaning, ("url",), _RAW_DOCUMENT)


SOURCES = load_sources()
DOCUMENT_TABLES = (*(source.table for source in SOURCES.documents), "raw/tmdb_reviews")
"""Raw tables whose rows are documents: what staging/documents is made of, in this order of precedence."""
RAW_TABLES = (*DOCUMENT_TABLES, "raw/tmdb_catalogue", "raw/tmdb_lists", "raw/tmdb_titles", "raw/charts")


def quarantine_of(table: str) -> str:
    """Name of the table that keeps what could not become a row of `table`: quarantine/posts for raw/posts."""
    return f"quarantine/{table.partition('/')[2]}"


def listings_of(table: str) -> str:
    """Name of the table that keeps what servers gave to ask with again: listings/posts for raw/posts."""
    return f"listings/{table.partition('/')[2]}"


def _listings(table: str) -> Table:
    return Table(
        listings_of(table),
        f"Feeds and other listings that {table} read whole on the day: what the next day's conditional requests carry.",
        ("url",),
        (
            _c("url", TEXT, "address that was asked for"),
            _null("etag", TEXT, "ETag of the answer"),
            _null("last_modified", TEXT, "Last-Modified of the answer"),
        ),
        asset=False,
    )


def _quarantine(table: str) -> Table:
    return Table(
        quarantine_of(table),
        f"What could not become a row of {table}, kept with the reason.",
        ("url", "payload_sha256", "detail"),
        (
            _c("source", TEXT, "feed, page or endpoint that it came from"),
            _c("url", TEXT, "address of the input itself"),
            _c("reason", TEXT, "what it is counted by", values=tuple(Reason)),
            _c("transient", FLAG, "whether asking again on a later day may help"),
            _c("detail", TEXT, "why, in a sentence"),
            _c("payload_sha256", TEXT, "SHA-256 of the bytes"),
            _c("payload", TEXT, "first 2,000 characters of the payload"),
        ),
        asset=False,
    )


_TABLES: Sequence[Table] = (
    *(_raw_documents(source.table, source.meaning) for source in SOURCES.documents),
    _raw_documents(
        "raw/tmdb_reviews", "TMDb's user reviews of the day's titles, one row a review first seen on the day."
    ),
    Table(
        "raw/tmdb_catalogue",
        "TMDb's daily id export of films and TV: every title that TMDb knows.",
        ("media_type", "tmdb_id"),
        (
            _MEDIA,
            _TMDB_ID,
            _c("original_title", TEXT, "title in the original language"),
            _c("popularity", REAL, "TMDb popularity on the day of the export", low=0),
        ),
    ),
    Table(
        "raw/tmdb_lists",
        "TMDb's own lists of the day, repeats across pages folded to the better rank.",
        ("media_type", "list", "tmdb_id"),
        (
            _MEDIA,
            _c(
                "list",
                TEXT,
                "trending_day, trending_week, popular, top_rated, upcoming, now_playing, on_the_air, airing_today; of our own "
                "queries by release date: discover_new (last 14 days), discover_soon (next 90), discover_announced (to 730)",
            ),
            _c("rank", INT, "place in the list, 1 is first", low=1),
            _TMDB_ID,
            _c("title", TEXT, "title as listed"),
            _null("original_title", TEXT, "title in the original language"),
            _null("release_date", DAY, "release or first air date"),
            _null("popularity", REAL, "TMDb popularity", low=0),
            _null("vote_average", REAL, "mean vote; null without votes", low=0, high=10),
            _null("vote_count", BIG, "number of votes", low=0),
            _c("genre_ids", pl.List(pl.Int64), "TMDb genre ids"),
            _null("original_language", TEXT, "ISO 639-1"),
        ),
    ),
    Table(
        "raw/tmdb_titles",
        "TMDb details of the titles that matter on the day: listed, named in a document or chart, or popular.",
        ("media_type", "tmdb_id"),
        (
            _MEDIA,
            _TMDB_ID,
            _null("imdb_id", TEXT, "IMDb id (tt…)"),
            _c("title", TEXT, "title in English where TMDb has it"),
            _null("original_title", TEXT, "title in the original language"),
            _null("release_date", DAY, "release or first air date"),
            *_TITLE_FACTS,
            _null("runtime", REAL, "minutes; of an episode for TV", low=0),
            _null("original_language", TEXT, "ISO 639-1"),
            _c("cast", TEXTS, "leading cast, billing order, at most 10"),
            _c("directors", TEXTS, "directors; creators for TV"),
            _c(
                "platforms",
                TEXTS,
                "streaming platforms (flat rate, in the country of TRENDING_TMDB_REGION), by JustWatch",
            ),
            _null("poster_path", TEXT, "path under TMDb's image address"),
            _c("alternative_titles", TEXTS, "other names of the title, of any country"),
            _c(
                "releases",
                RELEASES,
                "first release by country and kind (premiere, theatrical, digital, physical, tv); none for TV",
            ),
            _null("certification", TEXT, "age rating in the country of TRENDING_TMDB_REGION"),
            _null("review_count", BIG, "TMDb's user reviews of the title, number", low=0),
            _c("fetched_on", DAY, "partition day on which these details were asked for"),
        ),
    ),
    Table(
        "raw/charts",
        "Newest edition of every chart that was known at the end of the day.",
        ("chart", "chart_date", "rank"),
        (
            _c("chart", TEXT, "entry of sources.yaml: box_office_us, netflix_top10/<category>, wikipedia_pageviews, …"),
            _c("chart_date", DAY, "day or week's end that the edition is of"),
            _c("rank", INT, "place, 1 is first", low=1),
            _c("title", TEXT, "title as the chart prints it"),
            _null("value", REAL, "gross, hours viewed, page views or mean rating"),
            _null("unit", TEXT, "usd, hours, views or rating"),
            _null("days_in_release", INT, "days since release, where the chart prints them"),
        ),
    ),
    Table(
        "staging/documents",
        "One row a document first seen on the day: duplicates folded, ratings on 0 to 1, empty text left out.",
        ("doc_id",),
        (
            _DOC_ID,
            _c("url", TEXT, "canonical URL"),
            _c("source", TEXT, "raw table it came from"),
            _c("site", TEXT, "host that published it"),
            _c("kind", TEXT, "post, review or news", values=KINDS),
            _c("author_id", TEXT, "site/author; site/ alone where no author is named"),
            _c("published_at", TIME, "publication time (UTC)"),
            _null("headline", TEXT, "headline"),
            _c("text", TEXT, "main text, whitespace folded; the headline where a page has no text"),
            _share("rating", "rating / best rating", nullable=True),
            _null("language", TEXT, "lower-case primary language subtag"),
            _null("work_title", TEXT, "declared title of the reviewed work"),
            _null("work_year", INT, "declared year of the reviewed work"),
            _null("work_media_type", TEXT, "declared medium of the reviewed work", values=MEDIA_TYPES),
            _null("work_id", TEXT, "declared id of the reviewed work: an IMDb id (tt…) or a title_id"),
            _c("work_people", TEXTS, "declared directors, creators and actors of the reviewed work"),
            _c("text_hash", TEXT, "SHA-256 of headline and text: equal texts are scored once"),
        ),
    ),
    Table(
        "staging/clusters",
        "Copies of a text: every document of the day with the first of its kind in the last 7 days. Ten copies are one voice.",
        ("doc_id",),
        (
            _DOC_ID,
            _c("cluster_id", TEXT, "doc_id of the cluster's first document; the document's own where it stands alone"),
            _c("voice_id", TEXT, "author_id of the cluster's first document: whose words they are"),
            _c("copies", INT, "documents of the cluster so far, this one included", low=1),
            _share(
                "similarity",
                "Jaccard similarity of its word shingles to the first's; null for the first",
                nullable=True,
            ),
        ),
    ),
    Table(
        "staging/titles",
        "One row a title that TMDb knows on the day, with details where they were asked for.",
        ("title_id",),
        (
            _TITLE_ID,
            _TMDB_ID,
            _MEDIA,
            _null("imdb_id", TEXT, "IMDb id (tt…)"),
            _c("title", TEXT, "English title; the original one without details"),
            _c("original_title", TEXT, "title in the original language"),
            _null("year", INT, "year of release or first airing"),
            _null("release_date", DAY, "release or first air date"),
            *_TITLE_FACTS,
            _null("runtime_minutes", REAL, "runtime, minutes", low=0),
            _null("original_language", TEXT, "ISO 639-1"),
            _c("cast", TEXTS, "leading cast"),
            _c("directors", TEXTS, "directors or creators"),
            _c(
                "platforms",
                TEXTS,
                "streaming platforms (flat rate, in the country of TRENDING_TMDB_REGION), by JustWatch",
            ),
            _null("poster_path", TEXT, "path under TMDb's image address"),
            _c("alternative_titles", TEXTS, "other names of the title, of any country"),
            _c("has_details", FLAG, "whether details were ever asked for"),
        ),
        may_be_empty=False,
    ),
    Table(
        "staging/charts",
        "Chart entries known on the day, with the medium and year that the chart or its title tell.",
        ("chart", "rank"),
        (
            _c("chart", TEXT, "chart"),
            _c("chart_date", DAY, "day or week's end of the edition"),
            _c("rank", INT, "place, 1 is first", low=1),
            _c("title", TEXT, "title without a year in brackets"),
            _null("year", INT, "year in brackets, where the chart prints one"),
            _null("media_type", TEXT, "medium that the chart is of", values=MEDIA_TYPES),
            _null("value", REAL, "gross, hours viewed, page views or mean rating"),
            _null("unit", TEXT, "usd, hours, views or rating"),
            _null("days_in_release", INT, "days since release"),
        ),
    ),
    Table(
        "staging/lists",
        "Titles on TMDb's own lists of the day; our discover queries are left out.",
        ("title_id", "list"),
        (_TITLE_ID, _MEDIA, _c("list", TEXT, "TMDb list"), _c("rank", INT, "place, 1 is first", low=1)),
    ),
    Table(
        "linking/mentions",
        "Documents linked to titles. A document that names no title surely keeps one row with a null title_id.",
        ("doc_id", "title_id"),
        (
            _DOC_ID,
            _null("title_id", TEXT, "linked title; null: left unlinked"),
            _share("confidence", "how sure the link is; 0 for unlinked"),
            _c(
                "method",
                TEXT,
                "evidence that decided: declared, exact, normalised; ambiguous or none for unlinked",
            ),
            _null("surface", TEXT, "words of the document that were matched"),
        ),
    ),
    Table(
        "linking/chart_entries",
        "Chart entries linked to titles by the same code. An unsure entry keeps its row with a null title_id.",
        ("chart", "rank"),
        (
            _c("chart", TEXT, "chart"),
            _c("chart_date", DAY, "day or week's end of the edition"),
            _c("rank", INT, "place, 1 is first", low=1),
            _null("title_id", TEXT, "linked title"),
            _share("confidence", "how sure the link is; 0 for unlinked"),
            _c("method", TEXT, "evidence that decided"),
        ),
    ),
    Table(
        "scoring/document_scores",
        "LLM scores of every linked document of the day.",
        ("doc_id",),
        (
            _DOC_ID,
            _c("sentiment", REAL, "-1 hates it, 1 loves it", low=-1, high=1),
            _c("enthusiasm", INT, "0 indifferent, 100 thrilled", low=0, high=100),
            _c("about_title", FLAG, "the text is about the title and not merely naming it"),
            _c("spam", FLAG, "advertising or nonsense"),
            _c("spoiler", FLAG, "gives away the plot"),
            _c("genres", TEXTS, "genres that the text speaks of"),
            _c("vibe_tags", TEXTS, "tags of the controlled vocabulary"),
            *_PRICED,
        ),
    ),
    Table(
        "scoring/title_digests",
        "What people say of a title over the last 7 days: vibe score and tags, genres, a summary that cites its documents.",
        ("title_id",),
        (
            _TITLE_ID,
            *_RESTS_ON,
            _null("sentiment", REAL, "mean sentiment of the voices, weighted as in vibe_weight", low=-1, high=1),
            _null(
                "vibe_score",
                REAL,
                "1 awful to 10 superb: 5.5 + 4.5 * sentiment * vibe_weight; null under 3 documents or 2 authors",
                low=1,
                high=10,
            ),
            _c("too_little", FLAG, "too little to say: no summary, tags and genres"),
            _c("vibe_tags", TEXTS, "at most 5 tags of the controlled vocabulary, each carried by at least 3 voices"),
            _null("primary_genre", TEXT, "genre that the LLM names first; TMDb's, or carried by at least 3 voices"),
            _null("secondary_genre", TEXT, "genre that the LLM names second; likewise"),
            _c("summary", CITED, "at most 60 words; every sentence cites documents"),
            *_GUARDED,
            _null("model", TEXT, "model that answered; null where none did"),
            _null("prompt_version", TEXT, "version of the prompt file"),
            _null("request_key", TEXT, "cache key of the answer"),
            _count("tokens_in", "prompt tokens"),
            _count("tokens_out", "completion tokens"),
        ),
    ),
    Table(
        "scoring/ledger",
        "Every LLM call that was made for the day, and what became of it: tokens and cost.",
        ("call_id",),
        (
            _c("call_id", TEXT, "id of the call"),
            _c("request_key", TEXT, "hash of model, prompt version, schema version and input: the cache key"),
            _c("task", TEXT, "what was asked: document_score, title_digest"),
            _c("model", TEXT, "model that was asked"),
            _c("answered_by", TEXT, "model that the answer names"),
            _c("prompt_version", TEXT, "version of the prompt file"),
            _c("mode", TEXT, "realtime or batch", values=("realtime", "batch")),
            _null(
                "paid_on",
                DAY,
                "day (UTC) whose budget the call counted against; null for a free one, or where that was lost",
            ),
            _c("state", TEXT, "answered and failed calls were paid for", values=("answered", "failed", "unpaid")),
            _c("kind", TEXT, "how it failed; empty for an answer"),
            _c("detail", TEXT, "the failure in a sentence; empty for an answer"),
            _c("tokens_in", BIG, "prompt tokens", low=0),
            _c("tokens_cached", BIG, "those of them that the provider had cached", low=0),
            _c("tokens_out", BIG, "completion tokens", low=0),
            _null("cost_usd", REAL, "US dollars by prices.yaml on the day of the call; null: price unknown", low=0),
            _c("response", TEXT, "a bad answer as it came; empty for a good one, which the cache holds"),
        ),
    ),
    _cache("scoring/document_cache", "document scores"),
    _cache("scoring/digest_cache", "title digests"),
    Table(
        "scoring/evaluation",
        "How well each prompt version scores: agreement with labels, repeatability and order effects, with 95% intervals.",
        ("task", "model", "prompt_version", "labels", "metric"),
        (
            *_JUDGED,
            _c(
                "labels",
                TEXT,
                "gold: labelled by hand; ratings: the authors' own, hidden from the model",
                values=LABELS,
            ),
            _c("metric", TEXT, "what is measured; score is the headline, 0 to 1"),
            _c("value", REAL, "the figure"),
            _c("low", REAL, "lower end of its 95% bootstrap interval over documents or titles"),
            _c("high", REAL, "upper end of that interval"),
            _count("n", "documents or titles that the figure rests on"),
        ),
        daily=False,
    ),
    Table(
        "scoring/prompts",
        "Decisions on prompt versions, one row each; what is in use is the last row of a task and model.",
        ("task", "model", "decision"),
        (
            *_JUDGED,
            _c("decision", INT, "1 for the first of the task and model, then counted on", low=1),
            _c("verdict", TEXT, "what was decided on prompt_version", values=VERDICTS),
            _c("reason", TEXT, "one sentence on the decision"),
            _c("in_use", TEXT, "prompt version in use from this decision on"),
            _c("text", TEXT, "that version's system message, vocabularies filled in"),
            _null("against", TEXT, "prompt version that it was compared with"),
            _null("difference", REAL, "mean score less that of `against` on the same documents", low=-1, high=1),
            _null("low", REAL, "lower end of the difference's 95% paired bootstrap interval", low=-1, high=1),
            _null("high", REAL, "upper end of that interval", low=-1, high=1),
            _count("n", "documents or titles that were compared"),
        ),
        daily=False,
    ),
    Table(
        "scoring/evaluation_answers",
        "LLM answers that scoring/evaluation rests on: a version that was asked is not asked again.",
        ("task", "model", "prompt_version", "labels", "item", "variant"),
        (
            *_JUDGED[:-1],
            _c("labels", TEXT, "gold or ratings", values=LABELS),
            _c("item", TEXT, "first 16 hex digits of the SHA-256 of the request's data"),
            _c("variant", TEXT, "number of the repetition, or reordered: the same data in another order"),
            _share("rating", "the author's rating / best rating, which the request did not hold", nullable=True),
            _c("request_key", TEXT, "hash of model, prompt version, schema version, variant and input"),
            _c("answered_by", TEXT, "model that answered"),
            _count("tokens_in", "prompt tokens of the answer that was paid for"),
            _count("tokens_out", "completion tokens of that answer"),
            _null("response", TEXT, "the model's JSON; null where there is no usable answer"),
            _null("failure", TEXT, "why there is none"),
        ),
        daily=False,
        asset=False,
    ),
    Table(
        "features/voices",
        "Who wrote about a title on the day: one row a title and voice, copies of a text being their first author's.",
        ("title_id", "voice_id"),
        (
            _TITLE_ID,
            _c("voice_id", TEXT, "author whose words they are, as site/author; site/ alone where no author is named"),
            _c("site", TEXT, "site of the voice"),
            _count("mentions", "documents of the voice that are linked to the title, copies included"),
            _count("posts", "mentions that are posts"),
            _count("reviews", "mentions that are reviews"),
            _null("sentiment", REAL, "mean sentiment of those about the title and no spam", low=-1, high=1),
            _share("rating", "mean rating", nullable=True),
        ),
    ),
    Table(
        "features/site_day",
        "What a site counts for on the day: one row a site that wrote about titles on the day or in the 28 days before.",
        ("site",),
        (
            _c("site", TEXT, "site of the voices"),
            _count("voices", "pairs of title and voice on the day"),
            _count("known", "pairs whose account the site had in the 28 days before"),
            _count("counted", "pairs that count: by title the known ones, and at most as many of the others"),
            _null("usual", REAL, "median voices of the known days of the 28 before; null without such a day", low=0),
            _c("active_days", INT, "known days of those on which the site has voices", low=0, high=28),
            _null(
                "cap",
                REAL,
                "voices that it may count for: 5 * usual, and active_days / 7 up to 1; null under 7 known days",
                low=0,
            ),
            _share("weight", "cap / counted, at most 1; 1 without a cap"),
            _c("missing", FLAG, "it usually has 5 voices or more and has none on the day"),
            _c("known_days", INT, "days of the 28 before on which any site has voices", low=0, high=28),
        ),
    ),
    Table(
        "features/title_signals",
        "Signals of a title on a day, as known at its end: one row a title that was named, charted or listed.",
        ("title_id",),
        (
            _TITLE_ID,
            _count("mentions", "documents that are linked to the title; no LLM has a say in it"),
            _count("authors", "distinct voices of those: authors, copies of a text counted as its first author's"),
            _count("known_authors", "authors whose account their site had in the 28 days before, on any title"),
            _c(
                "voices",
                REAL,
                "effective authors: by site the known ones and at most as many others, times the site's weight",
                low=0,
            ),
            _count("sites", "distinct sites of the authors"),
            _count("counted_sites", "sites of voices that count: an account with a past among them"),
            _c("by_site", BY_SITE, "authors by site, ascending by site"),
            _count("posts", "mentions that are posts"),
            _count("reviews", "mentions that are reviews"),
            _null(
                "sentiment",
                REAL,
                "mean sentiment of what is about the title and no spam, every voice once; no part of the ranking",
                low=-1,
                high=1,
            ),
            _share("rating", "mean rating, every voice once", nullable=True),
            _null("chart_rank", INT, "best rank on a chart", low=1),
            _share("chart_share", "share of its chart's gross, hours or views; largest of its charts", nullable=True),
            _null("chart_days", INT, "days in release by the chart, largest of its charts"),
            _null("list_rank", INT, "best rank on a TMDb list", low=1),
            _c("charts", TEXTS, "charts that carry the title"),
            _c("lists", TEXTS, "TMDb lists that carry the title"),
            _null("popularity", REAL, "TMDb popularity on the day", low=0),
            _null("days_since_release", INT, "negative before release"),
        ),
    ),
    Table(
        "features/title_day",
        "Features of every title of the catalogue, as known at the end of the day: the day and the 27 days before it.",
        ("title_id",),
        (
            _TITLE_ID,
            _MEDIA,
            _null("year", INT, "year of release or first airing"),
            _count("mentions", "documents of the day that are linked to the title"),
            _count("authors", "distinct voices of those"),
            _count("known_authors", "authors whose account their site had in the 28 days before"),
            _count("sites", "distinct sites of the authors"),
            _count("counted_sites", "sites of voices that count: an account with a past among them"),
            _c("voices", REAL, "effective authors of the day (features/title_signals)", low=0),
            _null("voices_lag1", REAL, "voices of the day before; null where that day is not known", low=0),
            _c("voices_7d", REAL, "sum of voices over the day and the 6 before", low=0),
            _c("voices_28d", REAL, "sum of voices over the day and the 27 before", low=0),
            *(
                _c(
                    f"voices_ewma_{name}",
                    REAL,
                    f"voices a day of ordinary volume, exponentially weighted mean, half-life {days:g} days",
                    low=0,
                )
                for name, days in HALF_LIVES.items()
            ),
            _c(
                "voices_before",
                REAL,
                "voices a day of ordinary volume, exponentially weighted mean of the days before, half-life 7 days; "
                "voices_ewma_1d where no day before is known",
                low=0,
            ),
            _c("lift", REAL, "(voices_ewma_1d + 1) / (voices_before + 1)", low=0),
            _null("days_since_mention", INT, "days since the newest mention; null without one", low=0, high=27),
            _null("first_seen", DAY, "day of the oldest mention, looking back 28 days; null without one"),
            _c("active_days", INT, "days with a mention", low=0, high=28),
            _count("sites_7d", "distinct sites of the last 7 days"),
            _count("authors_7d", "sum of authors over the last 7 days"),
            _null("sentiment_7d", REAL, "mean of the last 7 days' sentiment, weighted by authors", low=-1, high=1),
            _null(
                "sentiment_change",
                REAL,
                "sentiment_7d less the same mean of the 21 days before; null without both",
                low=-2,
                high=2,
            ),
            _share("rating_7d", "mean of the last 7 days' rating, weighted by authors", nullable=True),
            _null("chart_rank", INT, "best rank on a chart", low=1),
            _null(
                "chart_rank_change_7d",
                INT,
                "places gained on the newest day with charts that is 7 days or more ago; null where not charted on both",
            ),
            _share("chart_share", "share of its chart's gross, hours or views", nullable=True),
            _null("chart_share_change_7d", REAL, "chart_share less that of the same earlier day", low=-1, high=1),
            _null("chart_days", INT, "days in release by the chart"),
            _null("list_rank", INT, "best rank on a TMDb list", low=1),
            _null("list_rank_change_1d", INT, "places gained on the day before; null where not listed on both"),
            _null("list_rank_change_7d", INT, "places gained on 7 days before; null where not listed on both"),
            _c("lists", TEXTS, "TMDb lists that carry the title"),
            _null("popularity", REAL, "TMDb popularity on the day", low=0),
            _null(
                "popularity_change_7d",
                REAL,
                "natural logarithm of popularity over that of 7 days before; null where either is unknown or 0",
            ),
            _null("release_date", DAY, "release or first air date, as TMDb had it on the day"),
            _null("days_since_release", INT, "negative before release"),
            _null(
                "release_size",
                REAL,
                "log10 of the US dollars that a film like it takes in its first week, by genre, runtime, language and sequel; "
                "null for shows and without genres",
            ),
            _c(
                "known_days",
                INT,
                "days of the window on which any title has a mention; the same for all titles",
                low=0,
                high=28,
            ),
            _c(
                "volume", REAL, "voices of the day over the mean of the known days, with a prior; for all titles", low=0
            ),
            _c(
                "level_days",
                REAL,
                "days that voices_ewma_1d is worth (Kish's effective sample size); for all titles",
                low=0,
            ),
            _c(
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
            _c("view", TEXT, "Feast's feature view"),
            _count("titles", "titles of the day"),
            _count("features", "features of the view"),
            _c("event_timestamp", TIME, "event time of the day's rows: the end of the day, 00:00 UTC of the next"),
            _c("definition", TEXT, "first 16 hex digits of the SHA-256 over the features' names and types"),
        ),
    ),
    Table(
        "trends/trend_scores",
        "The ranking of the day, as known at its end: every title of the catalogue in two lists, popular now and rising.",
        ("title_id",),
        (
            _TITLE_ID,
            _c("rank", INT, "place among what is popular now; 1 is the most", low=1),
            _c(
                "score",
                REAL,
                "what the rank sorts by: voices a day that are expected next, and the points of charts and lists",
                low=0,
            ),
            _c("rising_rank", INT, "place among what is rising; 1 is the most", low=1),
            _c(
                "rising_score",
                REAL,
                "what the rising rank sorts by: (expected - usual) / sqrt(usual + 1), usual being a week of the last 28 days",
            ),
            _c(
                "basis",
                TEXT,
                "mentions of the last 28 days that count; charts_and_lists or release without any; catalogue where nothing does: "
                "score 0, behind all others",
                values=("mentions", "charts_and_lists", "release", "catalogue"),
            ),
            _c("expected", REAL, "expected mentions by distinct voices and day over the next 7 days", low=0),
            _c("expected_low", REAL, "lower end of its 95% interval", low=0),
            _c("expected_high", REAL, "upper end of its 95% interval", low=0),
            _c("level", REAL, "voices a day: EWMA of half-life 1 day", low=0),
            _c("baseline", REAL, "voices a day: EWMA of the days before, half-life 7 days", low=0),
            _c("lift", REAL, "level over baseline, both shrunk by a prior", low=0),
            _c("lift_low", REAL, "lower end of the lift's 95% interval", low=0),
            _c("lift_high", REAL, "upper end of the lift's 95% interval", low=0),
            _count("mentions", "mentions on the day"),
            _count("authors", "distinct authors on the day"),
            _count("sites", "distinct sites on the day"),
            _c("voices", REAL, "effective authors of the day", low=0),
            _c("mention_points", REAL, "part of the score that mentions gave", low=0),
            _c("release_points", REAL, "part of the score that a release near the day gave", low=0),
            _c("chart_points", REAL, "part of the score that charts gave", low=0),
            _c("list_points", REAL, "part of the score that TMDb's lists gave", low=0),
            _c("direction", TEXT, "rising, steady or falling", values=("rising", "steady", "falling")),
            _c("missing_sites", TEXTS, "sites that usually write and have nothing on the day; the same for all titles"),
        ),
    ),
    Table(
        "trends/alerts",
        "Significant rises of the day: more voices than the title's own past explains, false discoveries held at 5%.",
        ("title_id",),
        (
            _TITLE_ID,
            _c("rank", INT, "place among the day's rises: fresh ones first, then by score", low=1),
            _c("score", REAL, "-log10 of p_value / weight; the weight rises with what is expected of the title"),
            _c("fresh", FLAG, "stronger than on the 7 days before, which fade: the rise is new, or still grows"),
            _count("authors", "distinct voices on the day"),
            _c("voices", REAL, "their effective number, on which the alert rests", low=0),
            _c("expected", REAL, "voices expected from the title's past and the day's volume", low=0),
            _c("excess", REAL, "voices less expected"),
            _share("p_value", "one-sided, negative binomial"),
            _c(
                "false_alarms",
                REAL,
                "alarms of at least this score that a day without rises is expected to show",
                low=0,
            ),
            _share(
                "q_value", "false_alarms over the alarms of at least this score (Benjamini-Hochberg), at least p_value"
            ),
        ),
    ),
    Table(
        "trends/backtest",
        "How well past rankings foretold what was mentioned next, beside baselines: one row a figure, of the newest backtest.",
        ("section", "target", "method", "stratum", "metric"),
        (
            _c(
                "section",
                TEXT,
                "what the figure is of; difference: ours minus the method",
                values=("ours", "baseline", "ceiling", "difference", "coverage", "reliability", "stratum", "events"),
            ),
            _c(
                "target",
                TEXT,
                "what was foretold: mentions of the next day, of the next 7 days, or a rise",
                values=("1d", "7d", "rise"),
            ),
            _c("method", TEXT, "Trending Now, or the name of a baseline or ceiling"),
            _c("stratum", TEXT, "all, or a part of the catalogue or of the expectations"),
            _c("metric", TEXT, "ndcg, precision, rbo, spearman, covered, below, above, width, seen, expected, lead, …"),
            _c("value", REAL, "mean over the test days; lead in days"),
            _null("low", REAL, "lower end of its 95% interval (moving-block bootstrap over days)"),
            _null("high", REAL, "upper end of its 95% interval"),
            _c("n", BIG, "days, title-days or events that it rests on", low=0),
            _share("p_holm", "p of no difference to the best tuned baseline, Holm-adjusted", nullable=True),
            _null("note", TEXT, "parameters chosen on the tuning days; or which baseline it is"),
            _c("tuning_from", DAY, "first day that parameters of baselines were chosen on"),
            _c("tuning_to", DAY, "last of those days"),
            _c("test_from", DAY, "first day that was judged"),
            _c("test_to", DAY, "last day that was judged"),
        ),
        daily=False,
    ),
    Table(
        "genre/training_set",
        "Titles with an overview and genres of the vocabulary, split by title group.",
        ("title_id",),
        (
            _TITLE_ID,
            _MEDIA,
            _c("text", TEXT, "title, overview, tagline and keywords"),
            _c("genres", TEXTS, "labels of the project's vocabulary"),
            _c("split", TEXT, "train, valid or test", values=("train", "valid", "test")),
            _c("trained_through", DAY, "newest day that the set knew"),
        ),
        daily=False,
    ),
    _evaluation("genre/xgboost", "XGBoost"),
    _evaluation("genre/bert", "BERT"),
    Table(
        "genre/champion",
        "The model whose predictions are served, and why.",
        ("model",),
        (
            _c("model", TEXT, "xgboost or bert", values=("xgboost", "bert")),
            _share("macro_f1", "macro F1 on the test split"),
            _c("reason", TEXT, "one sentence on the choice"),
            *_MODEL_SCORES,
        ),
        daily=False,
        may_be_empty=False,
    ),
    Table(
        "genre/predictions",
        "Genre probabilities of the day's ranked titles, by every trained model.",
        ("title_id", "model", "genre"),
        (
            _TITLE_ID,
            _c("model", TEXT, "xgboost or bert", values=("xgboost", "bert")),
            _GENRE,
            _share("probability", "model's probability"),
            _c("predicted", FLAG, "probability at or above the genre's threshold"),
            _c("champion", FLAG, "the model is the one that genre/champion names"),
            *_MODEL_SCORES,
        ),
    ),
    Table(
        "drift/profiles",
        "whylogs profile of the day, one row a watched column.",
        ("column",),
        (
            _c("column", TEXT, "table.column that is watched"),
            _c("kind", TEXT, "numeric or categorical", values=("numeric", "categorical")),
            _c("count", BIG, "values, nulls included", low=0),
            _c("nulls", BIG, "null values", low=0),
            _null("mean", REAL, "mean of a numeric column"),
            _null("stddev", REAL, "standard deviation of a numeric column", low=0),
            _c("bin_edges", pl.List(pl.Float64), "numeric: inner edges of fixed bins, ascending"),
            _c("bin_counts", pl.List(pl.Int64), "numeric: values per bin, one more than edges"),
            _c("categories", TEXTS, "categorical: values seen, ascending"),
            _c("category_counts", pl.List(pl.Int64), "categorical: how often each was seen"),
            _c("profile", pl.Binary, "serialized whylogs column profile"),
        ),
    ),
    Table(
        "drift/baseline",
        "The 14 days before the day, merged: what the day is held against.",
        ("column",),
        (
            _c("column", TEXT, "table.column that is watched"),
            _c("kind", TEXT, "numeric or categorical", values=("numeric", "categorical")),
            _c("days", INT, "days merged", low=1),
            _c("count", BIG, "values, nulls included", low=0),
            _c("nulls", BIG, "null values", low=0),
            _c("bin_edges", pl.List(pl.Float64), "numeric: inner edges of the bins"),
            _c("bin_counts", pl.List(pl.Int64), "numeric: values per bin"),
            _c("categories", TEXTS, "categorical: values seen"),
            _c("category_counts", pl.List(pl.Int64), "categorical: how often each was seen"),
        ),
    ),
    Table(
        "drift/report",
        "Tests of the day against its baseline, one row a column and test.",
        ("column", "test"),
        (
            _c("column", TEXT, "table.column that is watched"),
            _c("test", TEXT, "psi or chi_squared", values=("psi", "chi_squared")),
            _null("statistic", REAL, "PSI, or the chi-squared statistic; null without a baseline", low=0),
            _share("p_value", "probability of so large a statistic without drift", nullable=True),
            _null("effect", REAL, "PSI for psi, Cramér's V for chi_squared", low=0),
            _null("drifted", FLAG, "drift by test and effect; null without a baseline"),
            _c("verdict", TEXT, "drifted, stable or no_baseline", values=("drifted", "stable", "no_baseline")),
            _c("current", BIG, "values of the day", low=0),
            _c("baseline", BIG, "values of the baseline", low=0),
        ),
    ),
    Table(
        "marts/trends",
        "What the API serves of a day: the ranking with every score beside it.",
        ("title_id",),
        (
            _TITLE_ID,
            _c("rank", INT, "place among what is popular now; 1 is the most", low=1),
            _c("title", TEXT, "English title"),
            _null("year", INT, "year of release or first airing"),
            _MEDIA,
            _c("score", REAL, "trend score: voices a day, forecast", low=0),
            _c("rising_rank", INT, "place among what is rising; 1 is the most", low=1),
            _c("rising_score", REAL, "what the rising rank sorts by"),
            _c("basis", TEXT, "mentions, charts_and_lists or release"),
            _c("expected", REAL, "expected mentions by distinct voices and day over the next 7 days", low=0),
            _c("expected_low", REAL, "lower end of its 95% interval", low=0),
            _c("expected_high", REAL, "upper end of its 95% interval", low=0),
            _c("level", REAL, "EWMA of daily distinct authors", low=0),
            _c("lift", REAL, "level over own past", low=0),
            _c("lift_low", REAL, "lower end of the 95% interval", low=0),
            _c("lift_high", REAL, "upper end of the 95% interval", low=0),
            _c("direction", TEXT, "rising, steady or falling"),
            _c("missing_sites", TEXTS, "sites that usually write and have nothing on the day"),
            _c("alert", FLAG, "a significant rise (trends/alerts)"),
            _count("mentions", "mentions on the day"),
            _count("authors", "distinct authors on the day"),
            _count("sites", "distinct sites on the day"),
            _c("mention_points", REAL, "part of the score that mentions gave", low=0),
            _c("release_points", REAL, "part of the score that a release near the day gave", low=0),
            _c("chart_points", REAL, "part of the score that charts gave", low=0),
            _c("list_points", REAL, "part of the score that lists gave", low=0),
            _null("sentiment", REAL, "mean sentiment of the digest", low=-1, high=1),
            _null("vibe_score", REAL, "1 to 10", low=1, high=10),
            _c("vibe_tags", TEXTS, "vibe tags"),
            _c("genres", TEXTS, "TMDb genres"),
            _null("genre_llm", TEXT, "primary genre by the LLM"),
            _null("genre_llm_secondary", TEXT, "secondary genre by the LLM"),
            _null("genre_model", TEXT, "most probable genre by the champion of the two models below"),
            _null("genre_xgboost", TEXT, "most probable genre by XGBoost"),
            _null("genre_bert", TEXT, "most probable genre by BERT"),
            _c("platforms", TEXTS, "streaming platforms"),
            _null("poster_path", TEXT, "path under TMDb's image address"),
        ),
    ),
    Table(
        "marts/titles",
        "What the API serves of a title: facts, digest and model genres, for every title of marts/trends.",
        ("title_id",),
        (
            _TITLE_ID,
            _TMDB_ID,
            _MEDIA,
            _null("imdb_id", TEXT, "IMDb id"),
            _c("title", TEXT, "English title"),
            _c("original_title", TEXT, "title in the original language"),
            _null("year", INT, "year"),
            _null("release_date", DAY, "release or first air date"),
            _null("overview", TEXT, "plot"),
            _null("tagline", TEXT, "tagline"),
            _c("genres", TEXTS, "TMDb genres"),
            _null("runtime_minutes", REAL, "runtime, minutes", low=0),
            _c("cast", TEXTS, "leading cast"),
            _c("directors", TEXTS, "directors or creators"),
            _c("platforms", TEXTS, "streaming platforms"),
            _null("poster_path", TEXT, "path under TMDb's image address"),
            _null("vibe_score", REAL, "1 to 10", low=1, high=10),
            _c("vibe_tags", TEXTS, "vibe tags"),
            _null("too_little", FLAG, "too little to say; null where no document names it"),
            _c("summary", CITED, "cited review summary"),
            *_GUARDED,
            _null("digest_model", TEXT, "model that wrote the digest"),
            _null("digest_prompt_version", TEXT, "prompt version of the digest"),
            *_RESTS_ON,
        ),
    ),
    Table(
        "marts/evidence",
        "Documents of the last 7 days behind each ranked title, with their scores.",
        ("title_id", "doc_id"),
        (
            _TITLE_ID,
            _DOC_ID,
            _c("first_seen", DAY, "partition of the document"),
            _c("url", TEXT, "link to the source"),
            _c("site", TEXT, "host"),
            _c("kind", TEXT, "post, review or news"),
            _c("author", TEXT, "author as the site names them; empty where it names none"),
            _c("published_at", TIME, "publication time (UTC)"),
            _null("headline", TEXT, "headline"),
            _c("excerpt", TEXT, "first 280 characters"),
            _share("rating", "rating / best rating", nullable=True),
            _share("confidence", "confidence of the link"),
            _c("method", TEXT, "evidence of the link"),
            _null("sentiment", REAL, "sentiment of the document", low=-1, high=1),
            _null("enthusiasm", INT, "0 to 100", low=0, high=100),
            _c(
                "counted",
                FLAG,
                "its score says about the title and no spam: it may count in vibe score and digest; the ranking counts all",
            ),
            _null("model", TEXT, "model that scored it"),
            _null("prompt_version", TEXT, "prompt version of the score"),
        ),
    ),
    Table(
        "serving/bundle",
        "Ready responses of the API, content-addressed by their ETag.",
        ("path",),
        (
            _c("path", TEXT, "API path that the body answers"),
            _c("body", pl.Binary, "JSON bytes"),
            _c("etag", TEXT, "first 32 hex digits of the body's SHA-256"),
        ),
        may_be_empty=False,
    ),
    *(_listings(table) for table in (*(source.table for source in SOURCES.documents), "raw/charts")),
    *(_quarantine(table) for table in (*RAW_TABLES, "scoring/document_scores", "scoring/title_digests")),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}


def empty(table: Table) -> pl.DataFrame:
    """A frame with the table's columns and no row."""
    return pl.DataFrame(schema=table.schema)


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The frame in the contract's columns, order and types, sorted by key. Extra columns are dropped.

    Raises ValueError naming the columns that are missing or cannot be cast.
    """
    missing = [name for name in table.schema if name not in frame.columns]
    if missing:
        raise ValueError(f"{table.name} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}.")
    try:
        typed = frame.select(pl.col(c.name).cast(c.dtype) for c in table.columns)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{table.name} has a column of the wrong type: {str(error).splitlines()[0]}") from None
    return typed.sort(table.key)


def validate(frame: pl.DataFrame, table: Table) -> list[str]:
    """Every way in which the frame breaks the contract, as sentences. An empty list means that it holds."""
    problems: list[str] = []
    for column in table.columns:
        if column.name not in frame.columns:
            problems.append(f"column {column.name} is missing")
        elif frame.schema[column.name] != column.dtype:
            problems.append(f"column {column.name} is {frame.schema[column.name]}, not {column.dtype}")
    if problems:
        return problems
    if frame.is_empty():
        return [] if table.may_be_empty else ["the partition has no rows"]
    for column in table.columns:
        problems += _breaches(frame[column.name], column)
    repeated = frame.height - frame.select(table.key).n_unique()
    if repeated:
        problems.append(f"{repeated} rows repeat the key ({', '.join(table.key)})")
    return problems


def _breaches(series: pl.Series, column: Column) -> list[str]:
    found: list[str] = []
    nulls = series.null_count()
    if nulls and not column.nullable:
        found.append(f"{column.name} is null in {nulls} rows")
    if column.dtype == REAL and (bad := int(series.is_nan().sum()) + int(series.is_infinite().sum())):
        found.append(f"{column.name} is NaN or infinite in {bad} rows")
    if column.low is not None and (below := int((series < column.low).sum())):
        found.append(f"{column.name} is below {column.low:g} in {below} rows")
    if column.high is not None and (above := int((series > column.high).sum())):
        found.append(f"{column.name} is above {column.high:g} in {above} rows")
    if column.values is not None and (odd := series.drop_nulls().is_in(column.values).not_().sum()):
        found.append(f"{column.name} has {odd} values outside {', '.join(column.values)}")
    return found
