"""Tables of what the LLM said, what it cost and which prompt it was asked with."""

import polars as pl

from trending_assets.contracts.columns import (
    BIG,
    DAY,
    DOC_ID,
    FLAG,
    INT,
    REAL,
    TEXT,
    TEXTS,
    TITLE_ID,
    col,
    count,
    null,
    share,
)
from trending_assets.contracts.table import Table

LABELS = ("gold", "ratings")
VERDICTS = ("first", "accepted", "refused", "by hand")

CITED = pl.List(pl.Struct({"sentence": pl.String, "doc_ids": TEXTS}))
LEFT_OUT = pl.List(pl.Struct({"reason": pl.String, "documents": pl.Int32}))
DROPPED = pl.List(pl.Struct({"reason": pl.String, "parts": pl.Int32}))

RESTS_ON = (
    count(
        "documents", "documents of the last 7 days that the vibe score rests on: about the title, no spam, no copies"
    ),
    count("voices", "authors of those documents"),
    count("sites", "sites of those authors"),
    share(
        "vibe_weight",
        "how much of the full evidence that is: 1 from 36 voices on, a site counting as 24 at most",
    ),
)

GUARDED = (
    null(
        "no_summary",
        TEXT,
        "why there is no summary: too_few (under 3 documents or 2 authors), over_cap (beyond the 100 titles with most authors), "
        "no_answer (the LLM gave none that can be used), too_little (it says so), no_sentence (none of its sentences stood)",
        values=("too_few", "over_cap", "no_answer", "too_little", "no_sentence"),
    ),
    col(
        "left_out",
        LEFT_OUT,
        "documents left out, by reason: addresses_software, copy, not_scored, spam, not_about_title; and not read for the "
        "summary alone: older_of_voice (its author wrote a newer one), over_request (beyond the 30 of a request)",
    ),
    col(
        "dropped",
        DROPPED,
        "parts of the LLM's answer that were dropped, by reason: sentences (empty, uncited, unknown_document, address, markup, "
        "addresses_software, invented_name, invented_number, over_length), unsupported_tag, unsupported_genre",
    ),
)

_PRICED = (
    col("model", TEXT, "model that answered; sandbox-… is the embedded scorer"),
    col("prompt_version", TEXT, "version of the prompt file"),
    col("request_key", TEXT, "hash of model, prompt version, schema version and input: the cache key"),
    count("tokens_in", "prompt tokens of the answer that was paid for"),
    count("tokens_out", "completion tokens of that answer"),
)

_JUDGED = (
    col("task", TEXT, "task of the prompt: document_score or title_digest"),
    col("model", TEXT, "model that was asked for"),
    col("prompt_version", TEXT, "version of the prompt file"),
    col("schema_version", TEXT, "version of the answer's schema"),
    col("labels_version", TEXT, "first 12 hex digits of the SHA-256 of the gold set"),
)


def _cache(name: str, task: str) -> Table:
    return Table(
        name,
        f"LLM answers that the {task} of the day rest on: the cache that a re-run reads instead of calling.",
        ("request_key",),
        (*_PRICED, col("response", TEXT, "the model's JSON, checked against the schema")),
        asset=False,
    )


TABLES: tuple[Table, ...] = (
    Table(
        "scoring/document_scores",
        "LLM scores of every linked document of the day.",
        ("doc_id",),
        (
            DOC_ID,
            col("sentiment", REAL, "-1 hates it, 1 loves it", low=-1, high=1),
            col("enthusiasm", INT, "0 indifferent, 100 thrilled", low=0, high=100),
            col("about_title", FLAG, "the text is about the title and not merely naming it"),
            col("spam", FLAG, "advertising or nonsense"),
            col("spoiler", FLAG, "gives away the plot"),
            col("genres", TEXTS, "genres that the text speaks of"),
            col("vibe_tags", TEXTS, "tags of the controlled vocabulary"),
            *_PRICED,
        ),
    ),
    Table(
        "scoring/title_digests",
        "What people say of a title over the last 7 days: vibe score and tags, genres, a summary that cites its documents.",
        ("title_id",),
        (
            TITLE_ID,
            *RESTS_ON,
            null("sentiment", REAL, "mean sentiment of the voices, weighted as in vibe_weight", low=-1, high=1),
            null(
                "vibe_score",
                REAL,
                "1 awful to 10 superb: 5.5 + 4.5 * sentiment * vibe_weight; null under 3 documents or 2 authors",
                low=1,
                high=10,
            ),
            col("too_little", FLAG, "too little to say: no summary, tags and genres"),
            col("vibe_tags", TEXTS, "at most 5 tags of the controlled vocabulary, each carried by at least 3 voices"),
            null("primary_genre", TEXT, "genre that the LLM names first; TMDb's, or carried by at least 3 voices"),
            null("secondary_genre", TEXT, "genre that the LLM names second; likewise"),
            col("summary", CITED, "at most 60 words; every sentence cites documents"),
            *GUARDED,
            null("model", TEXT, "model that answered; null where none did"),
            null("prompt_version", TEXT, "version of the prompt file"),
            null("request_key", TEXT, "cache key of the answer"),
            count("tokens_in", "prompt tokens"),
            count("tokens_out", "completion tokens"),
        ),
    ),
    Table(
        "scoring/ledger",
        "Every LLM call that was made for the day, and what became of it: tokens and cost.",
        ("call_id",),
        (
            col("call_id", TEXT, "id of the call"),
            col("request_key", TEXT, "hash of model, prompt version, schema version and input: the cache key"),
            col("task", TEXT, "what was asked: document_score, title_digest"),
            col("model", TEXT, "model that was asked"),
            col("answered_by", TEXT, "model that the answer names"),
            col("prompt_version", TEXT, "version of the prompt file"),
            col("mode", TEXT, "realtime or batch", values=("realtime", "batch")),
            null(
                "paid_on",
                DAY,
                "day (UTC) whose budget the call counted against; null for a free one, or where that was lost",
            ),
            col("state", TEXT, "answered and failed calls were paid for", values=("answered", "failed", "unpaid")),
            col("kind", TEXT, "how it failed; empty for an answer"),
            col("detail", TEXT, "the failure in a sentence; empty for an answer"),
            col("tokens_in", BIG, "prompt tokens", low=0),
            col("tokens_cached", BIG, "those of them that the provider had cached", low=0),
            col("tokens_out", BIG, "completion tokens", low=0),
            null("cost_usd", REAL, "US dollars by prices.yaml on the day of the call; null: price unknown", low=0),
            col("response", TEXT, "a bad answer as it came; empty for a good one, which the cache holds"),
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
            col(
                "labels",
                TEXT,
                "gold: labelled by hand; ratings: the authors' own, hidden from the model",
                values=LABELS,
            ),
            col("metric", TEXT, "what is measured; score is the headline, 0 to 1"),
            col("value", REAL, "the figure"),
            col("low", REAL, "lower end of its 95% bootstrap interval over documents or titles"),
            col("high", REAL, "upper end of that interval"),
            count("n", "documents or titles that the figure rests on"),
        ),
        daily=False,
    ),
    Table(
        "scoring/prompts",
        "Decisions on prompt versions, one row each; what is in use is the last row of a task and model.",
        ("task", "model", "decision"),
        (
            *_JUDGED,
            col("decision", INT, "1 for the first of the task and model, then counted on", low=1),
            col("verdict", TEXT, "what was decided on prompt_version", values=VERDICTS),
            col("reason", TEXT, "one sentence on the decision"),
            col("in_use", TEXT, "prompt version in use from this decision on"),
            col("text", TEXT, "that version's system message, vocabularies filled in"),
            null("against", TEXT, "prompt version that it was compared with"),
            null("difference", REAL, "mean score less that of `against` on the same documents", low=-1, high=1),
            null("low", REAL, "lower end of the difference's 95% paired bootstrap interval", low=-1, high=1),
            null("high", REAL, "upper end of that interval", low=-1, high=1),
            count("n", "documents or titles that were compared"),
        ),
        daily=False,
    ),
    Table(
        "scoring/evaluation_answers",
        "LLM answers that scoring/evaluation rests on: a version that was asked is not asked again.",
        ("task", "model", "prompt_version", "labels", "item", "variant"),
        (
            *_JUDGED[:-1],
            col("labels", TEXT, "gold or ratings", values=LABELS),
            col("item", TEXT, "first 16 hex digits of the SHA-256 of the request's data"),
            col("variant", TEXT, "number of the repetition, or reordered: the same data in another order"),
            share("rating", "the author's rating / best rating, which the request did not hold", nullable=True),
            col("request_key", TEXT, "hash of model, prompt version, schema version, variant and input"),
            col("answered_by", TEXT, "model that answered"),
            count("tokens_in", "prompt tokens of the answer that was paid for"),
            count("tokens_out", "completion tokens of that answer"),
            null("response", TEXT, "the model's JSON; null where there is no usable answer"),
            null("failure", TEXT, "why there is none"),
        ),
        daily=False,
        asset=False,
    ),
)
