"""One request to the LLM through the openai package, and every way in which it can fail told apart."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from trending_assets import quarantine
from trending_assets.failures import PermanentFailure, Reason, is_transient_status
from trending_assets.raw.retrying import retry_after
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.prompts import messages
from trending_assets.scoring.schema import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai import AsyncOpenAI, OpenAIError

BAD_ANSWERS = ("refusal", "content_filter", "truncated", "empty", "invalid_json", "schema")
"""An answer came and is of no use."""
NO_ANSWERS = ("timeout", "connection", "rate_limit", "quota", "server_error", "bad_request")
"""No answer came."""
WAITING = ("budget", "batch", "in_doubt")
"""Not asked in this run: the budget is used up, a batch is under way, or an earlier call's outcome is not known."""
RETRIED = frozenset({"connection", "rate_limit", "server_error", "timeout"})
_MAY_HAVE_BEEN_PAID = frozenset({408, 504, 524})  # a gateway gave up waiting: the model may have answered

LOOK_UP = "call_id"
"""Name of the metadata that a stored completion is found again by: the id of the call in the ledger."""


@dataclass(frozen=True)
class Request:
    """What is asked: the payload of the user message. `key` is the cache key."""

    key: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A checked answer: `response` is its JSON with sorted keys. `tokens_cached` is the cached part of `tokens_in`.

    `cost` is in nano-dollars, None where the price is unknown. `fresh` is False for what was paid for before.
    """

    model: str
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    response: str
    cost: int | None = 0
    fresh: bool = True


@dataclass(frozen=True)
class Failure:
    """A request without a usable answer: its kind, and what came back, for the quarantine."""

    kind: str
    reason: str
    payload: str
    model: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost: int | None = 0
    fresh: bool = True

    @property
    def waits(self) -> bool:
        """True where nothing went wrong with the request: a later run will ask or find it."""
        return self.kind in WAITING

    def quarantined(self, url: str) -> quarantine.Row:
        """Its row in the quarantine of what was asked about."""
        reason = Reason.LLM_WAITS if self.waits else Reason.LLM
        return quarantine.row(self.model, url, reason, f"{self.kind}: {self.reason}", self.payload.encode())


Result = Answer | Failure
OnResult = Callable[[Request, Result], None]


@dataclass(frozen=True)
class Reply:
    """What one try brought. `in_doubt`: the endpoint may have answered, and been paid, without our hearing of it.

    `used` says whether the endpoint told the tokens; `wait` is in seconds, None where it named none.
    """

    result: Result
    paid: bool
    in_doubt: bool = False
    used: bool = True
    wait: float | None = None
    headers: "Mapping[str, str] | None" = None


def request_key(model: str, task: Task, payload: dict[str, Any], replicate: int | str = 0) -> str:
    """Cache key: SHA-256 over model, prompt version, schema version and the canonical JSON of the input.

    `replicate` tells apart answers to equal inputs that an evaluation asks for: 0 is the one that everything else rests on.
    """
    head = f"{model}\n{task.name}\n{task.prompt.version}\n{task.schema_version}\n"
    head += f"replicate {replicate}\n" if replicate else ""
    return hashlib.sha256(head.encode() + orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()


def open_client(endpoint: Endpoint) -> "AsyncOpenAI":
    """The openai package's client. It never tries again by itself: a second try may be a second payment."""
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    address = urlsplit(endpoint.url)
    # A proxy of the environment must not catch what goes to this machine itself.
    loopback = address.hostname in ("127.0.0.1", "localhost", "::1")
    return AsyncOpenAI(
        base_url=endpoint.url,
        api_key=endpoint.key,
        timeout=endpoint.timeout,
        max_retries=0,
        # Without TLS there are no certificates to load, which takes longer than a request to this machine.
        http_client=DefaultAsyncHttpxClient(trust_env=not loopback, verify=address.scheme != "http"),
    )


def body_of(endpoint: Endpoint, task: Task, request: Request, stored_as: str | None = None) -> dict[str, Any]:
    """The body of a chat completion; what all requests of a task share comes first, so that providers can cache it.

    `stored_as` asks the endpoint to keep its answer under that call id.
    """
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": messages(task.prompt, request.payload),
        "max_completion_tokens": task.max_tokens,
        "response_format": task.response_format,
    }
    if stored_as:  # OpenAI's own parameters, which stricter servers refuse
        body |= {"store": True, "metadata": {LOOK_UP: stored_as}}
        body |= {"prompt_cache_key": f"{task.name}-{task.prompt.version}"}
    return body


def most_tokens(body: dict[str, Any]) -> tuple[int, int]:
    """The most tokens that a request can take in and give out: no tokenizer makes more tokens than there are bytes."""
    return len(orjson.dumps(body)) + 1000, int(body["max_completion_tokens"])


async def send(client: "AsyncOpenAI", endpoint: Endpoint, task: Task, body: dict[str, Any]) -> Reply:
    """Send one request, once. Raises PermanentFailure where every other request would fail, too."""
    from openai import OpenAIError

    extra = {name: value for name, value in body.items() if name not in ("model", "messages")}
    try:
        # As extra_body the package sends the schema as it is; as an argument it walks every tag of it in each call.
        raw = await client.chat.completions.with_raw_response.create(
            model=body["model"], messages=body["messages"], extra_body=extra
        )
    except OpenAIError as error:
        return _no_answer(endpoint, error)
    result = read_answer(raw.content, task, endpoint.model)
    return Reply(result, paid=True, used=result.tokens_in > 0, headers=raw.headers)


def _no_answer(endpoint: Endpoint, error: "OpenAIError") -> Reply:
    import openai

    where = f"The LLM at {endpoint.url}"

    def failed(kind: str, reason: str, payload: str = "", **more: Any) -> Reply:
        return Reply(Failure(kind, reason, payload, endpoint.model), paid=False, **more)

    if isinstance(error, openai.APITimeoutError):
        connected = type(error.__cause__).__name__ != "ConnectTimeout"
        return failed("timeout", f"no answer within {endpoint.timeout:g} seconds", in_doubt=connected)
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__
        if type(cause).__name__ == "ConnectError":
            raise PermanentFailure(f"{where} cannot be reached ({cause}). Check TRENDING_LLM_URL.") from None
        return failed("connection", f"the connection broke: {type(cause).__name__}: {cause}", in_doubt=True)
    if not isinstance(error, openai.APIStatusError):
        return failed("connection", f"{type(error).__name__}: {error}"[:300], in_doubt=True)
    status, said = error.status_code, _said(error)
    if status in (401, 403):
        # What the endpoint says of a wrong key may repeat a part of it, so it is not passed on.
        raise PermanentFailure(f"{where} refuses the key (HTTP {status}). Check OPENAI_API_KEY.") from None
    if status == 404:
        raise PermanentFailure(
            f"{where} does not know the model {endpoint.model} or the path (HTTP 404: {said}). "
            "Check TRENDING_LLM_URL and TRENDING_LLM_MODEL."
        ) from None
    if error.code == "insufficient_quota":
        return failed("quota", f"the endpoint says that the quota is used up (HTTP {status}: {said})", said)
    if error.code == "content_filter":
        return failed("content_filter", f"the endpoint's filter refused the input: {said}", said)
    kind = "rate_limit" if status == 429 else "server_error" if _may_pass(status) else "bad_request"
    return failed(
        kind,
        f"HTTP {status}: {said}",
        said,
        in_doubt=status in _MAY_HAVE_BEEN_PAID,
        wait=_wait(error.response.headers),
        headers=error.response.headers,
    )


def _may_pass(status: int) -> bool:
    return status >= 500 or is_transient_status(status)


def _wait(headers: "Mapping[str, str]") -> float | None:
    """Seconds of Retry-After, or of OpenAI's finer retry-after-ms."""
    try:
        return float(headers["retry-after-ms"]) / 1000
    except (KeyError, ValueError):
        return retry_after(headers)


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
