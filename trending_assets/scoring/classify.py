"""The genres of one title by the LLM, for somebody who waits: no table of the lake keeps the answer, the ledger does."""

from typing import Any

from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.client import Request, Result, request_key
from trending_assets.scoring.prompts import clean
from trending_assets.scoring.schema import Task, classify_task
from trending_assets.settings import Settings

MAX_NAME, MAX_OVERVIEW, MAX_TAGLINE = 300, 5000, 500
"""Characters that are sent."""


def classify_payload(title: str, overview: str, tagline: str | None, media_type: str) -> dict[str, Any]:
    """The request's data: what is said of the title."""
    return {
        "task": "classify",
        "title": {
            "name": clean(title, MAX_NAME),
            "media_type": media_type,
            "overview": clean(overview, MAX_OVERVIEW),
            "tagline": clean(tagline, MAX_TAGLINE),
        },
    }


def ask(settings: Settings, title: str, overview: str, tagline: str | None, media_type: str) -> tuple[Result, Task]:
    """What the LLM of the settings says, and what it was asked. Raises PermanentFailure or TransientFailure where it is dead."""
    task, results = classify_task(), list[Result]()
    with LlmAsker(settings) as asker:
        payload = classify_payload(title, overview, tagline, media_type)
        request = Request(request_key(asker.model, task, payload), payload)
        asker.ask(task, [request], lambda _, result: results.append(result))
    return results[0], task
