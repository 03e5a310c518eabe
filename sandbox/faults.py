"""Faults on demand: which request fails and how. Decided by a hash, so the same seed gives the same faults."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["http_500", "http_429", "slow", "cut_body", "bad_charset", "broken_html", "refusal", "cut_json"]


class Rule(BaseModel):
    """One rule. `match` is a part of the target: `/path?query` of the API, `http://host/path?query` of a site."""

    model_config = ConfigDict(extra="forbid")
    match: str = ""
    kind: Kind
    rate: float = Field(1.0, ge=0, le=1)
    retry_after: int = Field(1, ge=0)
    limit: int | None = Field(None, ge=0, description="at most this many faults; null: no limit")
    seconds: float = Field(2.0, ge=0, le=60, description="how long `slow` waits")


class Plan(BaseModel):
    """What POST /sandbox/faults takes."""

    model_config = ConfigDict(extra="forbid")
    seed: int = 0
    rules: list[Rule] = []


@dataclass
class Faults:
    """The plan in force and what it did so far."""

    plan: Plan = field(default_factory=Plan)
    attempts: Counter[str] = field(default_factory=Counter)
    fired: Counter[int] = field(default_factory=Counter)

    def set(self, plan: Plan) -> None:
        """Put a plan in force and start its counts at zero."""
        self.plan, self.attempts, self.fired = plan, Counter(), Counter()

    def decide(self, target: str, body: bytes = b"") -> Rule | None:
        """The fault of this request, or None.

        A request is known by its target and, where it has one, its body; each further attempt of the same request
        is decided anew by hash(seed, rule, request, attempt), so a retry can pass and a repeated run sees the same.
        """
        if not self.plan.rules:
            return None
        request = target + ("#" + sha256(body).hexdigest() if body else "")
        attempt = self.attempts[request]
        self.attempts[request] += 1
        for number, rule in enumerate(self.plan.rules):
            if rule.match not in target or (rule.limit is not None and self.fired[number] >= rule.limit):
                continue
            digest = sha256(f"{self.plan.seed}|{number}|{request}|{attempt}".encode()).digest()
            if int.from_bytes(digest[:8], "big") < rule.rate * 2**64:
                self.fired[number] += 1
                return rule
        return None


def spoil(kind: str, body: bytes, content_type: str) -> bytes:
    """The spoiled body for the faults that keep status 200."""
    if kind == "bad_charset":
        text = body.decode("utf-8", "replace")
        if "xml" in content_type or "html" in content_type:
            text += "<!-- caf\u00e9 -->\n"
        return text.encode("cp1252", "replace")
    if kind == "broken_html":
        if "xml" in content_type or "opml" in content_type:
            return re.sub(rb"</(channel|feed|body)>", b"<br>&nbsp;", body)
        return re.sub(rb"</(?!script|title|head|html|style)[a-z0-9]+>", b"", body)
    if kind in ("refusal", "cut_json"):
        return _spoil_answer(kind, body)
    return body


def _spoil_answer(kind: str, body: bytes) -> bytes:
    """A refusal or a cut answer in the shapes of chat completions and responses; other JSON is cut in half."""
    try:
        data: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        data = None
    sentence = "I can't help with that."
    if isinstance(data, dict) and data.get("object") == "chat.completion":
        choice = data["choices"][0]
        text = choice["message"]["content"] or ""
        if kind == "refusal":
            choice["message"] |= {"content": None, "refusal": sentence}
        else:
            choice["message"]["content"] = text[: len(text) // 2]
            choice["finish_reason"] = "length"
        return orjson.dumps(data)
    if isinstance(data, dict) and data.get("object") == "response":
        content = data["output"][0]["content"][0]
        if kind == "refusal":
            data["output"][0]["content"] = [{"type": "refusal", "refusal": sentence}]
        else:
            content["text"] = content["text"][: len(content["text"]) // 2]
            data |= {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
            data["output"][0]["status"] = "incomplete"
        return orjson.dumps(data)
    return body if kind == "refusal" else body[: len(body) // 2]
