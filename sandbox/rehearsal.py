"""A dress rehearsal: the scorer answers under another model's name, counts tokens and caches prefixes as such a model would.

The ledger then tells what a run would cost at that model's prices, without a call to it. Tokens are the sandbox's estimate
of one for every four characters.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sandbox.answers import json_answer, tokens

LEAST_PREFIX, STEP = 1024, 128
"""Tokens: a prefix is cached from here on, in such steps (OpenAI's prompt caching)."""
MOST_STORED = 50_000


class Rehearsal:
    """Usage and stored completions of one rehearsed model."""

    def __init__(self, model: str, prompt_cache: bool = True) -> None:
        self.model, self.prompt_cache = model, prompt_cache
        self._seen: set[bytes] = set()
        self._stored: dict[str, dict[str, Any]] = {}

    def usage(self, messages: list[dict[str, Any]], schema: Any) -> tuple[int, int]:
        """Prompt tokens, schema included, and those of them that were cached: the system message and the schema, once seen."""
        said = [str(message.get("content") or "") for message in messages]
        shape = orjson.dumps(schema).decode() if schema else ""
        whole = sum(tokens(text) + 4 for text in said) + tokens(shape)
        shared = [text for text, message in zip(said, messages, strict=True) if message.get("role") == "system"]
        prefix = sum(tokens(text) + 4 for text in shared) + tokens(shape)
        key = sha256("\0".join([*shared, shape]).encode()).digest()
        hit = self.prompt_cache and prefix >= LEAST_PREFIX and key in self._seen
        self._seen.add(key)
        return whole, prefix // STEP * STEP if hit else 0

    def keep(self, request: dict[str, Any], completion: dict[str, Any]) -> None:
        """Store a completion that asks for it; the oldest go where there are too many."""
        if request.get("store") is True:
            self._stored[completion["id"]] = completion | {"metadata": request.get("metadata") or {}}
            if len(self._stored) > MOST_STORED:
                self._stored.pop(next(iter(self._stored)))

    def listing(self, request: Request) -> Response:
        """GET /v1/chat/completions: stored completions that carry the asked metadata, the oldest first."""
        asked = {k[9:-1]: v for k, v in request.query_params.items() if k.startswith("metadata[") and k.endswith("]")}
        limit = request.query_params.get("limit", "20")
        found = [c for c in self._stored.values() if asked.items() <= c["metadata"].items()]
        page = found[: int(limit) if limit.isdigit() else 20]
        ends = {"first_id": page[0]["id"] if page else None, "last_id": page[-1]["id"] if page else None}
        return json_answer({"object": "list", "data": page, "has_more": len(found) > len(page), **ends})
