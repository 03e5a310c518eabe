"""Tables that the API serves."""

from trending_assets.contracts.columns import (
    DAY,
    DOC_ID,
    FLAG,
    INT,
    MEDIA,
    REAL,
    TEXT,
    TEXTS,
    TITLE_ID,
    TMDB_ID,
    col,
    null,
    share,
)
from trending_assets.contracts.scoring import CITED, GUARDED, RESTS_ON
from trending_assets.contracts.staging import DOCUMENTS, TITLES
from trending_assets.contracts.table import Table
from trending_assets.contracts.trends import SCORES

TABLES: tuple[Table, ...] = (
    Table(
        "marts/trends",
        "What the API serves of a day: the ranking with every score beside it.",
        ("title_id",),
        (
            TITLE_ID,
            *SCORES.carried("rank"),
            *TITLES.carried("title", "year"),
            MEDIA,
            *SCORES.carried("score", "rising_rank", "rising_score"),
            col(
                "basis",
                TEXT,
                "mentions, charts_and_lists or release",
                values=("mentions", "charts_and_lists", "release"),
            ),
            *SCORES.carried("expected", "expected_low", "expected_high"),
            *SCORES.carried("level", "lift", "lift_low", "lift_high", "direction", "missing_sites"),
            col("alert", FLAG, "a significant rise (trends/alerts)"),
            *SCORES.carried("mentions", "authors", "sites"),
            *SCORES.carried("mention_points", "release_points", "chart_points", "list_points"),
            null("sentiment", REAL, "mean sentiment of the digest", low=-1, high=1),
            null("vibe_score", REAL, "1 to 10", low=1, high=10),
            col("vibe_tags", TEXTS, "vibe tags"),
            *TITLES.carried("genres"),
            null("genre_llm", TEXT, "primary genre by the LLM"),
            null("genre_llm_secondary", TEXT, "secondary genre by the LLM"),
            null("genre_model", TEXT, "most probable genre by the champion of the two models below"),
            null("genre_xgboost", TEXT, "most probable genre by XGBoost"),
            null("genre_bert", TEXT, "most probable genre by BERT"),
            *TITLES.carried("platforms", "poster_path"),
        ),
    ),
    Table(
        "marts/titles",
        "What the API serves of a title: facts, digest and model genres, for every title of marts/trends.",
        ("title_id",),
        (
            TITLE_ID,
            TMDB_ID,
            MEDIA,
            *TITLES.carried(
                "imdb_id", "title", "original_title", "year", "release_date", "overview", "tagline", "genres"
            ),
            *TITLES.carried("runtime_minutes", "cast", "directors", "platforms", "poster_path"),
            null("vibe_score", REAL, "1 to 10", low=1, high=10),
            col("vibe_tags", TEXTS, "vibe tags"),
            null("too_little", FLAG, "too little to say; null where no document names it"),
            col("summary", CITED, "cited review summary"),
            *GUARDED,
            null("digest_model", TEXT, "model that wrote the digest"),
            null("digest_prompt_version", TEXT, "prompt version of the digest"),
            *RESTS_ON,
        ),
    ),
    Table(
        "marts/evidence",
        "Documents of the last 7 days behind each ranked title, with their scores.",
        ("title_id", "doc_id"),
        (
            TITLE_ID,
            DOC_ID,
            col("first_seen", DAY, "partition of the document"),
            col("url", TEXT, "link to the source"),
            *DOCUMENTS.carried("site", "kind"),
            col("author", TEXT, "author as the site names them; empty where it names none"),
            *DOCUMENTS.carried("published_at", "headline"),
            col("excerpt", TEXT, "first 280 characters"),
            *DOCUMENTS.carried("rating"),
            share("confidence", "confidence of the link"),
            col("method", TEXT, "evidence of the link"),
            null("sentiment", REAL, "sentiment of the document", low=-1, high=1),
            null("enthusiasm", INT, "0 to 100", low=0, high=100),
            col(
                "counted",
                FLAG,
                "its score says about the title and no spam: it may count in vibe score and digest; the ranking counts all",
            ),
            null("model", TEXT, "model that scored it"),
            null("prompt_version", TEXT, "prompt version of the score"),
        ),
    ),
)
