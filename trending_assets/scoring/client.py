"""One client over the openai package: many requests at once, and every way to fail told apart.

A bad answer costs its own request. An endpoint that answers nobody (refused connection, wrong key, unknown model, used-up
quota, or failures in a row) ends the whole call, after the requests under way were let finish: they are paid for.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from trending_assets import quarantine
from trending_assets.failures import PermanentFailure, Reason, TransientFailure, TrendingError
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.prompts import messages
from trending_assets.scoring.schema import Task

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAIError

BAD_ANSWERS = ("refusal", "content_filter", "truncated", "empty", "invalid_json", "schema")
NO_ANSWERS = ("timeout", "connection", "rate_limit", "server_error", "bad_request")
_TRANSIENT = frozenset({"timeout", "connection", "rate_limit", "server_error"})

BREAKER = 20
"""So many requests in a row without any answer, after their retries, and the endpoint counts as down."""


@dataclass(frozen=True)
class Request:
    """What is asked: the payload of the user message. `key` is the cache key."""

    key: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A checked answer: `response` is its JSON with sorted keys. `tokens_cached` is the cached part of `tokens_in`."""

    model: str
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    response: str


@dataclass(frozen=True)
class Failure:
    """A request without a usable answer: `kind` of BAD_ANSWERS or NO_ANSWERS, and what came back, for the quarantine."""

    kind: str
    reason: str
    payload: str
    model: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0

    def quarantined(self, url: str) -> quarantine.Row:
        """Its row in the quarantine of what was asked about."""
        return quarantine.row(self.model, url, Reason.LLM, f"{self.kind}: {self.reason}", self.payload.encode())


Result = Answer | Failure
OnResult = Callable[[Request, Result], None]


def request_key(model: str, task: Task, payload: dict[str, Any]) -> str:
    """Cache key: SHA-256 over model, prompt version, schema version and the canonical JSON of the input."""
    head = f"{model}\n{task.name}\n{task.prompt.version}\n{task.schema_version}\n".encode()
    return hashlib.sha256(head + orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()


def ask(endpoint: Endpoint, task: Task, requests: Sequence[Request], on_result: OnResult) -> None:
    """Ask everything, `endpoint.concurrency` requests at a time; each result goes to `on_result` as it comes.

    Raises PermanentFailure or TransientFailure, with one sentence that names the endpoint, when it is dead; what was
    answered until then has been passed on.
    """
    if requests:
        asyncio.run(_ask(endpoint, task, requests, on_result))


async def _ask(endpoint: Endpoint, task: Task, requests: Sequence[Request], on_result: OnResult) -> None:
    queue = iter(requests)
    dead: list[TrendingError] = []
    silent: Counter[str] = Counter()

    async def worker(client: "AsyncOpenAI") -> None:
        for request in queue:
            if dead:
                return
            try:
                result = await _one(client, endpoint, task, request)
            except TrendingError as error:
                dead.append(error)
                return
            on_result(request, result)
            if isinstance(result, Failure) and result.kind in NO_ANSWERS:
                silent[result.kind] += 1
                if silent.total() >= BREAKER and not dead:
                    dead.append(_down(endpoint, silent, result))
            else:
                silent.clear()

    async with _client(endpoint) as client:
        await asyncio.gather(*(worker(client) for _ in range(min(endpoint.concurrency, len(requests)))))
    if dead:
        raise dead[0]


def _client(endpoint: Endpoint) -> "AsyncOpenAI":
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    # A proxy of the environment must not catch what goes to this machine itself.
    loopback = urlsplit(endpoint.url).hostname in ("127.0.0.1", "localhost", "::1")
    return AsyncOpenAI(
        base_url=endpoint.url,
        api_key=endpoint.key,
        timeout=endpoint.timeout,
        max_retries=endpoint.max_retries,
        http_client=DefaultAsyncHttpxClient(trust_env=not loopback),
    )


def _down(endpoint: Endpoint, silent: Counter[str], last: Failure) -> TrendingError:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(silent.items()))
    text = f"The LLM at {endpoint.url} gave no answer to {silent.total()} requests in a row ({kinds}): {last.reason}"
    return TransientFailure(text) if _TRANSIENT & silent.keys() else PermanentFailure(text)


async def _one(client: "AsyncOpenAI", endpoint: Endpoint, task: Task, request: Request) -> Result:
    from openai import OpenAIError

    options: dict[str, Any] = {
        "model": endpoint.model,
        "messages": messages(task.prompt, request.payload),
        "max_completion_tokens": task.max_tokens,
        # As extra_body the package sends the schema as it is; as an argument it walks every tag of it in each call.
        "extra_body": {"response_format": task.response_format},
    }
    try:
        raw = await client.chat.completions.with_raw_response.create(**options)
    except OpenAIError as error:
        return _no_answer(endpoint, error)
    return read_answer(raw.content, task, endpoint.model)


def _no_answer(endpoint: Endpoint, error: "OpenAIError") -> Failure:
    """The failure of one request. Raises PermanentFailure where every other request would fail, too."""
    import openai

    where = f"The LLM at {endpoint.url}"
    if isinstance(error, openai.APITimeoutError):
        return Failure("timeout", f"no answer within {endpoint.timeout:g} seconds", "", endpoint.model)
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__
        if type(cause).__name__ == "ConnectError":
            raise PermanentFailure(f"{where} cannot be reached ({cause}). Check TRENDING_LLM_URL.") from None
        return Failure("connection", f"the connection broke: {type(cause).__name__}: {cause}", "", endpoint.model)
    if not isinstance(error, openai.APIStatusError):
        return Failure("connection", f"{type(error).__name__}: {error}"[:300], "", endpoint.model)
    status, said = error.status_code, _said(error)
    if status in (401, 403):
        # What the endpoint says of a wrong key may repeat a part of it, so it is not passed on.
        raise PermanentFailure(f"{where} refuses the key (HTTP {status}). Check OPENAI_API_KEY.") from None
    if status == 404:
        raise PermanentFailure(
            f"{where} does not know the model {endpoint.model} or the path (HTTP 404: {said}). "
            "Check TRENDING_LLM_URL and TRENDING_LLM_MODEL."
        ) from None
    if status == 429 and error.code == "insufficient_quota":
        raise PermanentFailure(f"{where} says that the quota is used up (HTTP 429: {said}).") from None
    if error.code == "content_filter":
        return Failure("content_filter", f"the endpoint's filter refused the input: {said}", said, endpoint.model)
    kind = "rate_limit" if status == 429 else "server_error" if status >= 500 else "bad_request"
    return Failure(kind, f"HTTP {status}: {said}", said, endpoint.model)


def _said(error: Any) -> str:
    body = error.body
    text = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(text or error.message).split())[:200]


def read_answer(content: bytes, task: Task, model: str) -> Result:
    """Make a result of a chat completion's body: an Answer that keeps the schema, or the Failure that it is."""
    try:
        body = orjson.loads(content)
        choice = body["choices"][0]
        message = choice["message"]
        usage = body.get("usage") or {}
        used: dict[str, Any] = {
            "model": str(body.get("model") or model),
            "tokens_in": int(usage.get("prompt_tokens") or 0),
            "tokens_cached": int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0),
            "tokens_out": int(usage.get("completion_tokens") or 0),
        }
        text, refusal, finish = message.get("content"), message.get("refusal"), choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        shown = content[:2000].decode("utf-8", "replace")
        return Failure("invalid_json", f"no chat completion came back: {type(error).__name__}: {error}", shown, model)

    def failed(kind: str, reason: str) -> Failure:
        return Failure(kind, reason, str(text or refusal or ""), **used)

    if finish == "content_filter":
        return failed("content_filter", "the endpoint's filter stopped the answer")
    if refusal:
        return failed("refusal", f"the model refused: {str(refusal)[:200]}")
    if finish == "length":
        return failed("truncated", f"the answer was cut at {used['tokens_out']} tokens")
    if not text:
        return failed("empty", "the answer was empty")
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return failed("invalid_json", f"the answer is not JSON: {error}")
    problem = task.problem(parsed)
    if problem:
        return failed("schema", f"the answer breaks the schema at {problem}")
    return Answer(**used, response=orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS).decode())
