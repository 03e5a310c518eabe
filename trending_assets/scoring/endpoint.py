"""Which LLM answers: the configured endpoint, or the embedded scorer where no key is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure
from trending_assets.settings import Settings

EMBEDDED_MODEL = "sandbox-linear-1"
"""The embedded scorer's name where no sentiment encoder was trained."""
MAX_RETRIES = 3
"""Further tries after a 429, a 5xx or a lost connection that cost nothing."""


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible endpoint. `url` ends in /v1; the key is never shown. Times are in seconds.

    `grace` is how long after its timeout a call's answer may still turn up. `budget_usd` is the most that a UTC day may cost
    (None: no bound). `batch` asks by the Batch API and waits for at most `batch_wait`.
    """

    url: str
    key: str = field(repr=False)
    model: str
    concurrency: int = 16
    timeout: float = 60.0
    max_retries: int = MAX_RETRIES
    grace: float = 30.0
    budget_usd: float | None = None
    batch: bool = False
    batch_wait: float = 3600.0


def is_embedded(settings: Settings) -> bool:
    """True where no key is set and the address is still OpenAI's, which takes none without a key."""
    return settings.llm_api_key is None and settings.llm_url == Settings.model_fields["llm_url"].default


def model_of(settings: Settings) -> str:
    """The model that will be asked for; known before anything is started."""
    return embedded_model(settings) if is_embedded(settings) else settings.llm_model


def encoder_folder(settings: Settings) -> Path | None:
    """The folder of the trained sentiment encoder, None where there is none or onnxruntime is not installed.

    Raises PermanentFailure where TRENDING_SENTIMENT_MODEL names a folder that cannot be used.
    """
    from sandbox.sentiment.encoder import is_there, missing_parts

    named = settings.sentiment_model
    folder = named or settings.state_dir / "models" / "sentiment"
    absent = missing_parts()
    if is_there(folder) and not absent:
        return folder
    if named is None:
        return None
    wrong = f"needs {' and '.join(absent)}: pip install -r requirements/bert.txt" if absent else "holds no encoder"
    raise PermanentFailure(f"TRENDING_SENTIMENT_MODEL: {named} {wrong}.")


def embedded_model(settings: Settings) -> str:
    """The name that the embedded scorer answers under."""
    from sandbox.sentiment.encoder import name_of

    folder = encoder_folder(settings)
    return name_of(folder) if folder else EMBEDDED_MODEL


@contextmanager
def endpoint(settings: Settings) -> Iterator[Endpoint]:
    """The endpoint of these settings, for the length of a `with` block.

    With a key, or with an address of one's own (a local server may need no key): that one. Otherwise the sandbox's scorer
    as a process on loopback, which ends with the block; its answers carry the name of `embedded_model`. Raises
    PermanentFailure when it does not come up.
    """
    limits: dict[str, Any] = {
        "concurrency": settings.llm_concurrency,
        "timeout": settings.llm_timeout,
        "grace": settings.llm_grace,
        "budget_usd": settings.llm_daily_budget_usd,
    }
    if not is_embedded(settings):
        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else "none"
        batch: dict[str, Any] = {"batch": settings.llm_mode == "batch", "batch_wait": settings.llm_batch_wait}
        yield Endpoint(settings.llm_url, key, settings.llm_model, **limits, **batch)
        return
    from sandbox.process import running

    process = running(None, sentiment=encoder_folder(settings))
    try:
        started = process.__enter__()
    except RuntimeError as error:
        raise PermanentFailure(f"The embedded scorer did not start: {' '.join(str(error).split())[:300]}") from error
    try:
        yield Endpoint(f"{started.url}/v1", "sandbox", embedded_model(settings), **limits)
    finally:
        process.__exit__(None, None, None)
