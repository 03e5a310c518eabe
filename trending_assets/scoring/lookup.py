"""Looks up what the LLM answered to a call of which we heard no answer: OpenAI's stored chat completions."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from trending_assets.failures import TransientFailure
from trending_assets.scoring.client import LOOK_UP, Reply, read_answer
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.schema import Task

if TYPE_CHECKING:
    from openai import AsyncOpenAI


async def can_look_up(client: "AsyncOpenAI") -> bool:
    """Whether the endpoint lists stored completions. Many OpenAI-compatible servers do not.

    An endpoint that does not say (no connection, 5xx) is asked three times, and then taken as one that does not.
    """
    from openai import APIStatusError, OpenAIError

    for pause in (0.2, 1.0, 0.0):
        try:
            raw = await client.chat.completions.with_raw_response.list(limit=1)
            found = orjson.loads(raw.content)
            return isinstance(found, dict) and found.get("object") == "list"
        except APIStatusError as error:
            if error.status_code < 500 or error.status_code == 501:
                return False
        except orjson.JSONDecodeError:
            return False
        except OpenAIError:
            pass
        await asyncio.sleep(pause)
    return False


@dataclass(frozen=True)
class Lookup:
    """Stored completions of one task."""

    client: "AsyncOpenAI"
    endpoint: Endpoint
    task: Task

    async def find(self, call_id: str) -> Reply | None:
        """The reply that was stored for a call, None where there is none. Raises TransientFailure where it does not say."""
        from openai import OpenAIError

        try:
            raw = await self.client.chat.completions.with_raw_response.list(metadata={LOOK_UP: call_id}, limit=1)
            found = orjson.loads(raw.content)["data"]
        except (OpenAIError, orjson.JSONDecodeError, KeyError, TypeError) as error:
            said = f"{type(error).__name__}: {error}"[:200]
            raise TransientFailure(f"The LLM at {self.endpoint.url} does not list its answers: {said}") from None
        if not found:
            return None
        result = read_answer(orjson.dumps(found[0]), self.task, self.endpoint.model)
        return Reply(result, paid=True, used=result.tokens_in > 0)
