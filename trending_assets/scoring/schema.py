"""The JSON schemas of the answers, made from contracts and the vocabularies, and the tasks that use them."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from trending_assets.contracts import TABLES
from trending_assets.scoring.prompts import Prompt, newest_prompt
from trending_assets.scoring.vocabulary import GENRES, VIBE_TAGS

MAX_TAGS = 5
MAX_SENTENCES = 4

Schema = dict[str, Any]


def _ranged(table: str, column: str, kind: str) -> Schema:
    rules = TABLES[table].column(column)
    limits = {"minimum": rules.low, "maximum": rules.high}
    whole = kind == "integer"
    return {"type": kind} | {k: int(v) if whole else v for k, v in limits.items() if v is not None}


def _some(values: tuple[str, ...]) -> Schema:
    return {"type": "array", "items": {"type": "string", "enum": list(values)}, "maxItems": MAX_TAGS}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def document_schema() -> Schema:
    """Schema of the answer about a document; the ranges are those of scoring/document_scores."""
    table = "scoring/document_scores"
    flags = {name: {"type": "boolean"} for name in ("about_title", "spam", "spoiler")}
    return _object(
        {
            "sentiment": _ranged(table, "sentiment", "number"),
            "enthusiasm": _ranged(table, "enthusiasm", "integer"),
            **flags,
            "genres": _some(GENRES),
            "vibe_tags": _some(VIBE_TAGS),
        }
    )


def digest_schema() -> Schema:
    """Schema of the answer about a title. It has no vibe score: that is no number that an LLM writes (vibe.py)."""
    genre = {"type": ["string", "null"], "enum": [*GENRES, None]}
    cited = _object(
        {
            "sentence": {"type": "string"},
            "doc_ids": {"type": "array", "items": {"type": "string"}},
        }
    )
    return _object(
        {
            "too_little": {"type": "boolean"},
            "vibe_tags": _some(VIBE_TAGS),
            "primary_genre": genre,
            "secondary_genre": genre,
            "summary": {"type": "array", "items": cited},
        }
    )


def classify_schema() -> Schema:
    """Schema of the answer about a title's genres."""
    guess = _object(
        {
            "genre": {"type": "string", "enum": list(GENRES)},
            "probability": {"type": "number", "minimum": 0.0, "maximum": 1.0},
        }
    )
    return _object({"genres": {"type": "array", "items": guess, "maxItems": MAX_TAGS}})


@dataclass(frozen=True)
class Task:
    """What is asked of the LLM: a prompt, a schema and a bound on the answer's tokens (reasoning included).

    `table` and `cache` are empty for a task whose answers stand in the ledger alone.
    """

    name: str
    table: str
    cache: str
    prompt: Prompt
    schema: Schema
    max_tokens: int

    @cached_property
    def schema_version(self) -> str:
        """First 12 hex digits of the SHA-256 of the schema: a changed vocabulary or range is a new version."""
        return hashlib.sha256(orjson.dumps(self.schema, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]

    @cached_property
    def response_format(self) -> Schema:
        """The `response_format` of chat completions."""
        return {"type": "json_schema", "json_schema": {"name": self.name, "strict": True, "schema": self.schema}}

    @cached_property
    def _validator(self) -> Any:
        import jsonschema

        return jsonschema.Draft202012Validator(self.schema)

    def problem(self, answer: object) -> str | None:
        """Why an answer breaks the schema, as a short sentence, or None. We check again what the endpoint promised."""
        error = next(self._validator.iter_errors(answer), None)
        if error is None:
            return None
        return f"{error.json_path}: {error.message}"[:300]


def document_task(prompt: Prompt | None = None) -> Task:
    """Scores of one document, asked for with the newest prompt file unless another is given."""
    prompt = prompt or newest_prompt("document_score")
    return Task("document_score", "scoring/document_scores", "scoring/document_cache", prompt, document_schema(), 4096)


def digest_task(prompt: Prompt | None = None) -> Task:
    """Digest of one title, asked for with the newest prompt file unless another is given."""
    prompt = prompt or newest_prompt("title_digest")
    return Task("title_digest", "scoring/title_digests", "scoring/digest_cache", prompt, digest_schema(), 8192)


def classify_task() -> Task:
    """Genres of one title, asked for by somebody who waits: no table of the lake keeps the answer."""
    return Task("classify", "", "", newest_prompt("classify"), classify_schema(), 2048)
