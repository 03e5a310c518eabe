"""Faults come when asked for, the same ones each time, in the shape of the face."""

from __future__ import annotations

from typing import Any

import feedparser
import httpx
import pytest

from sandbox.faults import Faults, Plan
from trending_assets_tests.unit.sandbox.test_llm import FORMAT, MODEL, _task

FEED = "http://screenchat.example/feed.xml"


def _plan(api: httpx.Client, *rules: dict[str, Any], seed: int = 1) -> None:
    assert api.post("/sandbox/faults", json={"seed": seed, "rules": list(rules)}).status_code == 200


def _statuses(api: httpx.Client) -> list[int]:
    paths = [f"/3/discover/movie?page={page}" for page in range(1, 11)]
    return [api.get(path).status_code for path in paths for _ in range(3)]


def test_same_seed_same_faults(api: httpx.Client) -> None:
    rule = {"match": "/3/discover", "kind": "http_500", "rate": 0.4}
    runs = []
    for seed in (1, 1, 2):
        _plan(api, rule, seed=seed)
        runs.append(_statuses(api))
    assert runs[0] == runs[1] != runs[2]
    assert 3 <= runs[0].count(500) <= 20
    assert api.get("/3/configuration").status_code == 200
    api.delete("/sandbox/faults")
    assert set(_statuses(api)) == {200}


def test_order_of_requests_does_not_matter() -> None:
    plan = Plan.model_validate({"seed": 5, "rules": [{"kind": "slow", "rate": 0.5}]})
    one, two = Faults(plan), Faults(plan)
    targets = [f"/3/movie/{at}" for at in range(40)]
    first = {target: one.decide(target) is not None for target in targets}
    second = {target: two.decide(target) is not None for target in reversed(targets)}
    assert first == second and set(first.values()) == {True, False}
    assert Faults(plan).decide("/v1/x", b"a") == Faults(plan).decide("/v1/x", b"a")


def test_too_many_requests_in_each_shape(api: httpx.Client, web: httpx.Client) -> None:
    _plan(api, {"kind": "http_429", "retry_after": 7, "limit": 3})
    tmdb = api.get("/3/configuration")
    site = web.get(FEED)
    llm = api.post("/v1/chat/completions", json={"model": MODEL, "messages": _task("x")})
    assert [answer.status_code for answer in (tmdb, site, llm)] == [429] * 3
    assert {answer.headers["retry-after"] for answer in (tmdb, site, llm)} == {"7"}
    assert tmdb.json()["status_code"] == 25 and llm.json()["error"]["code"] == "rate_limit_exceeded"
    assert api.get("/3/configuration").status_code == 200
    assert api.get("/sandbox/stats").json()["faults"] == {"http_429": 3}


def test_spoiled_bodies(api: httpx.Client, web: httpx.Client) -> None:
    whole = web.get(FEED).content
    _plan(api, {"match": FEED, "kind": "bad_charset"})
    with pytest.raises(UnicodeDecodeError):
        web.get(FEED).content.decode("utf-8")
    _plan(api, {"match": FEED, "kind": "broken_html"})
    assert feedparser.parse(web.get(FEED).content).bozo
    _plan(api, {"match": FEED, "kind": "cut_body"})
    with pytest.raises(httpx.RemoteProtocolError):
        web.get(FEED)
    _plan(api, {"match": FEED, "kind": "slow", "seconds": 0.3})
    slow = web.get(FEED)
    assert slow.content == whole and slow.elapsed.total_seconds() >= 0.3


def test_refusal_and_cut_json(api: httpx.Client) -> None:
    key = {"Authorization": "Bearer k"}
    body = {"model": MODEL, "messages": _task("great film"), "response_format": FORMAT}
    _plan(api, {"match": "/v1/", "kind": "refusal", "limit": 1}, {"match": "/v1/", "kind": "cut_json", "limit": 1})
    refused, cut, whole = (
        api.post("/v1/chat/completions", json=body, headers=key).json()["choices"][0] for _ in range(3)
    )
    assert refused["message"]["content"] is None and refused["message"]["refusal"]
    assert cut["finish_reason"] == "length"
    assert whole["message"]["content"].startswith(cut["message"]["content"]) and whole["finish_reason"] == "stop"


def test_bad_plan_is_refused(api: httpx.Client) -> None:
    answer = api.post("/sandbox/faults", json={"rules": [{"kind": "earthquake"}]})
    assert answer.status_code == 422 and "kind" in answer.text
