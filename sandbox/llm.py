"""The LLM face: OpenAI's chat completions and responses with json_schema, answered by the scorer."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import json_answer, tokens
from sandbox.rehearsal import Rehearsal
from sandbox.scorer import classify_title, digest_title, score_document
from sandbox.sentiment.encoder import Encoder
from sandbox.sentiment.linear import NAME, Linear
from sandbox.sentiment.prose import Model

MODEL = NAME
"""Who answers by default; the models differ in the sentiment of English prose alone."""
LEXICON_MODEL = "sandbox-lexicon-1"
_MOST_NODES = 200
"""Parts of a schema that are looked at for the words of a field: a schema may hold itself."""


class LlmError(Exception):
    """An error in OpenAI's own shape."""

    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        kind = "authentication_error" if self.status == 401 else "invalid_request_error"
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}


def check_key(request: Request) -> None:
    """A Bearer token that is not empty. Raises LlmError 401."""
    bearer = request.headers.get("authorization", "")
    if bearer[:7].lower() != "bearer " or not bearer[7:].strip():
        raise LlmError(401, "You didn't provide an API key; send 'Authorization: Bearer ...'.", "invalid_api_key")


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def find_task(text: str) -> dict[str, Any]:
    """The first JSON object with a `task` in a message, with or without fences around it. Raises LlmError."""
    decoder_start = text.find("{")
    inner = text.split("<<<DATA", 1)[-1].rsplit("DATA>>>", 1)[0]
    for candidate in (inner, text):
        low, high = candidate.find("{"), candidate.rfind("}")
        if 0 <= low < high:
            try:
                found = orjson.loads(candidate[low : high + 1])
            except orjson.JSONDecodeError:
                continue
            if isinstance(found, dict) and "task" in found:
                return found
    where = "no JSON object" if decoder_start < 0 else "no JSON object with a 'task'"
    raise LlmError(
        400,
        f"{MODEL} answers only the tasks document_score, title_digest and classify, given as JSON in the last user "
        f"message; it found {where}.",
        "unsupported_task",
        "messages",
    )


class _Schema:
    """A compiled answer schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            raise LlmError(400, f"Invalid schema: {error.message}", "invalid_schema", "response_format") from error
        self.schema = schema
        self.validator = Draft202012Validator(schema)
        self.properties = self._resolve(schema).get("properties") or {}
        self.closed = self._resolve(schema).get("additionalProperties") is False
        self.vibes = self._enum("vibe_tags")
        self.genres = self._enum("genres") or self._enum("primary_genre")

    def _resolve(self, node: Any) -> dict[str, Any]:
        for _ in range(8):
            if not isinstance(node, dict) or "$ref" not in node:
                break
            target: Any = self.schema
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target.get(part, {}) if isinstance(target, dict) else {}
            node = target
        return node if isinstance(node, dict) else {}

    def _enum(self, field: str) -> tuple[str, ...] | None:
        """The strings that a field allows: its enum, its items' enum (of one of their properties), or that of an anyOf."""
        todo = [self._resolve(self.properties.get(field))]
        for _ in range(_MOST_NODES):
            if not todo:
                break
            node = todo.pop()
            if isinstance(node.get("enum"), list):
                return tuple(value for value in node["enum"] if isinstance(value, str))
            inner = [*node.get("anyOf", []), node.get("items"), *node.get("properties", {}).values()]
            todo += [self._resolve(branch) for branch in inner if branch]
        return None

    def allows(self, field: str, value: Any) -> bool:
        """Whether a value passes the schema of its field alone."""
        return bool(self.validator.evolve(schema=self.properties.get(field, True)).is_valid(value))


def _facts(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "sandbox"}


class Llm:
    """The scorer behind its two endpoints."""

    def __init__(self, encoder: Encoder | None = None, rehearsal: Rehearsal | None = None) -> None:
        self.schemas: dict[bytes, _Schema] = {}
        self.scorers: dict[str, Model | None] = {MODEL: Linear(), LEXICON_MODEL: None}
        if encoder is not None:
            self.scorers = {encoder.name: encoder, **self.scorers}
        self.slow = encoder.name if encoder else None
        self.rehearsal = rehearsal
        if rehearsal is not None:
            self.scorers = {rehearsal.model: encoder or Linear(), **self.scorers}

    def routes(self) -> list[Route]:
        """Starlette routes of this face."""
        return [
            Route("/v1/chat/completions", self._endpoint("/v1/chat/completions"), methods=["POST"]),
            *([Route("/v1/chat/completions", self.stored)] if self.rehearsal else []),
            Route("/v1/responses", self._endpoint("/v1/responses"), methods=["POST"]),
            Route("/v1/models", self.models),
            Route("/v1/models/{name}", self.model),
        ]

    def _endpoint(self, url: str) -> Any:
        async def answer(request: Request) -> Response:
            try:
                check_key(request)
                body = await request.body()
                # A digest of many documents or the encoder would hold the event loop; else a document takes about 1 ms.
                if len(body) > 65_536 or self.slow:
                    return json_answer(await run_in_threadpool(self.call, url, body))
                return json_answer(self.call(url, body))
            except LlmError as error:
                return json_answer(error.body(), error.status)

        return answer

    async def stored(self, request: Request) -> Response:
        assert self.rehearsal is not None
        try:
            check_key(request)
        except LlmError as error:
            return json_answer(error.body(), error.status)
        return self.rehearsal.listing(request)

    async def models(self, request: Request) -> Response:
        try:
            check_key(request)
        except LlmError as error:
            return json_answer(error.body(), error.status)
        return json_answer({"object": "list", "data": [_facts(name) for name in self.scorers]})

    async def model(self, request: Request) -> Response:
        try:
            check_key(request)
            self._check_model(request.path_params["name"])
        except LlmError as error:
            return json_answer(error.body(), error.status)
        return json_answer(_facts(request.path_params["name"]))

    def _check_model(self, name: Any) -> None:
        if not isinstance(name, str) or name not in self.scorers:
            known = " or ".join(map(repr, self.scorers))
            raise LlmError(404, f"The model {name!r} does not exist here; use {known}.", "model_not_found", "model")

    def call(self, url: str, body: bytes) -> dict[str, Any]:
        """Answer a request body of /v1/chat/completions or /v1/responses. Raises LlmError."""
        try:
            request = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise LlmError(400, f"The body is not JSON: {error}.") from error
        if not isinstance(request, dict):
            raise LlmError(400, "The body must be a JSON object.")
        self._check_model(request.get("model"))
        if request.get("stream"):
            raise LlmError(400, "The sandbox does not stream; leave 'stream' out.", "unsupported_parameter", "stream")
        number = sha256(orjson.dumps([url, request], option=orjson.OPT_SORT_KEYS)).hexdigest()[:24]
        if url == "/v1/responses":
            return self._responses(request, number)
        return self._chat(request, number)

    def _chat(self, request: dict[str, Any], number: str) -> dict[str, Any]:
        messages = request.get("messages")
        if not isinstance(messages, list) or not messages:
            raise LlmError(400, "'messages' must be a list with at least one message.", None, "messages")
        form = request.get("response_format") or {}
        schema = (form.get("json_schema") or {}).get("schema") if form.get("type") == "json_schema" else None
        text = self._answer(messages, schema, request["model"])
        used_in = sum(tokens(_text(message.get("content"))) + 4 for message in messages if isinstance(message, dict))
        cached, rehearsed = 0, self.rehearsal is not None and request["model"] == self.rehearsal.model
        if self.rehearsal is not None and rehearsed:
            used_in, cached = self.rehearsal.usage([m for m in messages if isinstance(m, dict)], schema)
        limit = request.get("max_completion_tokens") or request.get("max_tokens")
        text, cut = _cut(text, limit)
        used_out = tokens(text)
        completion = {
            "id": f"chatcmpl-sb{number}",
            "object": "chat.completion",
            "created": 0,
            "model": request["model"],
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text, "refusal": None, "annotations": []},
                    "logprobs": None,
                    "finish_reason": "length" if cut else "stop",
                }
            ],
            "usage": {
                "prompt_tokens": used_in,
                "completion_tokens": used_out,
                "total_tokens": used_in + used_out,
                "prompt_tokens_details": {"cached_tokens": cached},
                "completion_tokens_details": {"reasoning_tokens": 0},
            },
            "service_tier": "default",
            "system_fingerprint": "sandbox-ceil-len-4-tokens",
        }
        if self.rehearsal is not None and rehearsed:
            self.rehearsal.keep(request, completion)
        return completion

    def _responses(self, request: dict[str, Any], number: str) -> dict[str, Any]:
        given = request.get("input")
        messages = [{"role": "user", "content": given}] if isinstance(given, str) else given
        if not isinstance(messages, list) or not messages:
            raise LlmError(400, "'input' must be a text or a list with at least one message.", None, "input")
        form = (request.get("text") or {}).get("format") or {"type": "text"}
        schema = form.get("schema") if form.get("type") == "json_schema" else None
        text = self._answer(messages, schema, request["model"])
        used_in = sum(tokens(_text(message.get("content"))) + 4 for message in messages if isinstance(message, dict))
        used_in += tokens(_text(request.get("instructions")))
        text, cut = _cut(text, request.get("max_output_tokens"))
        used_out = tokens(text)
        status = "incomplete" if cut else "completed"
        return {
            "id": f"resp_sb{number}",
            "object": "response",
            "created_at": 0,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "instructions": request.get("instructions"),
            "max_output_tokens": request.get("max_output_tokens"),
            "model": request["model"],
            "output": [
                {
                    "type": "message",
                    "id": f"msg_sb{number}",
                    "status": status,
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": text, "annotations": []}],
                }
            ],
            "parallel_tool_calls": False,
            "previous_response_id": None,
            "temperature": request.get("temperature"),
            "text": {"format": form},
            "tool_choice": "auto",
            "tools": [],
            "top_p": request.get("top_p"),
            "usage": {
                "input_tokens": used_in,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": used_out,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": used_in + used_out,
            },
            "metadata": request.get("metadata") or {},
        }

    def _compiled(self, schema: Any) -> _Schema:
        if schema is None:
            schema = {"type": "object"}
        if not isinstance(schema, dict):
            raise LlmError(400, "The json_schema's 'schema' must be an object.", "invalid_schema", "response_format")
        key = sha256(orjson.dumps(schema)).digest()
        found = self.schemas.get(key)
        if found is None:
            if len(self.schemas) > 256:
                self.schemas.clear()
            found = self.schemas[key] = _Schema(schema)
        return found

    def _answer(self, messages: list[Any], schema: Any, model: str) -> str:
        """The answer's JSON text for the last user message, valid under the schema. Raises LlmError."""
        compiled = self._compiled(schema)
        last = next((m for m in reversed(messages) if isinstance(m, dict) and m.get("role", "user") == "user"), None)
        task = find_task(_text(last.get("content")) if last else "")
        if task["task"] == "document_score":
            document = task.get("document")
            if not isinstance(document, dict):
                raise LlmError(400, "document_score needs a 'document' object.", None, "messages")
            full = score_document(document, compiled.vibes, compiled.genres, self.scorers[model])
        elif task["task"] == "title_digest":
            title, documents = task.get("title"), task.get("documents")
            if not isinstance(title, dict) or not isinstance(documents, list):
                raise LlmError(400, "title_digest needs a 'title' object and a 'documents' list.", None, "messages")
            rows = [row for row in documents if isinstance(row, dict)]
            full = digest_title(title, rows, compiled.vibes, compiled.genres, self.scorers[model])
            if full["vibe_score"] is None and not compiled.allows("vibe_score", None):
                full["vibe_score"] = 5.5  # the middle of the scale; too_little says what it is worth
        elif task["task"] == "classify":
            title = task.get("title")
            if not isinstance(title, dict):
                raise LlmError(400, "classify needs a 'title' object.", None, "messages")
            full = classify_title(title, compiled.genres)
        else:
            raise LlmError(400, f"{model} does not know the task {task['task']!r}.", "unsupported_task", "messages")
        if compiled.closed:
            full = {name: value for name, value in full.items() if name in compiled.properties}
        error = best_match(compiled.validator.iter_errors(full))
        if error is not None:
            where = "/".join(str(part) for part in error.absolute_path) or "the answer"
            message = f"{model} cannot answer in this schema: {where}: {error.message}"
            raise LlmError(400, message, "schema_not_supported", "response_format")
        return orjson.dumps(full).decode()


def _cut(text: str, limit: Any) -> tuple[str, bool]:
    """The text within a limit of output tokens, and whether it was cut."""
    if not isinstance(limit, int) or tokens(text) <= limit:
        return text, False
    return text[: 4 * max(limit, 0)], True
