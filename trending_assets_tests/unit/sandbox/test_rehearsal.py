"""The rehearsal answers under a paid model's name, with its tokens, its prompt cache and its stored completions."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.process import running
from sandbox.rehearsal import STEP, Rehearsal
from trending_assets.scoring.asking import Purpose, ask_realtime
from trending_assets.scoring.client import Answer, Request, Result, request_key
from trending_assets.scoring.documents import document_payload
from trending_assets.scoring.endpoint import Endpoint
from trending_assets.scoring.ledger import Ledger
from trending_assets.scoring.prices import price_of
from trending_assets.scoring.schema import document_task

MODEL = "gpt-5-mini"
TASK = document_task()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(None, options=["--rehearse", MODEL]) as sandbox:
        yield sandbox.url


def ask(url: str, ledger: Ledger, *texts: str) -> list[Result]:
    row = {"headline": None, "title": "Dune", "rating": None, "rating_max": None}
    payloads = [document_payload(row | {"text": text}) for text in texts]
    wanted = [Request(request_key(MODEL, TASK, payload), payload) for payload in payloads]
    found: list[Result] = []
    endpoint = Endpoint(f"{url}/v1", "k", MODEL, concurrency=1)
    asyncio.run(ask_realtime(endpoint, TASK, wanted, lambda _, r: found.append(r), ledger, Purpose()))
    return found


def test_the_ledger_counts_the_models_price_and_the_cached_prefix(url: str, tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'llm.sqlite'}")
    first, second = ask(url, ledger, "I loved it.", "I hated it.")
    assert isinstance(first, Answer) and isinstance(second, Answer) and second.model == MODEL
    assert first.tokens_cached == 0 < second.tokens_cached < second.tokens_in and second.tokens_cached % STEP == 0
    price = price_of(MODEL, date.today())
    assert price is not None and second.cost == price.nano(second.tokens_in, second.tokens_cached, second.tokens_out)
    assert ledger.spend().spent == (first.cost or 0) + (second.cost or 0)


def test_a_stored_completion_is_found_by_the_call_that_made_it(url: str, tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'llm.sqlite'}")
    ask(url, ledger, "Found again.")
    (call,) = ledger.calls("", "")

    def listed(**query: str) -> list[dict[str, Any]]:
        headers = {"authorization": "Bearer k"}
        answer = httpx.get(f"{url}/v1/chat/completions", params=query, headers=headers, trust_env=False)
        return list(answer.json()["data"])

    (found,) = listed(**{"metadata[call_id]": call.call_id})
    assert found["choices"][0]["message"]["content"] and listed(**{"metadata[call_id]": "another"}) == []
    assert httpx.get(f"{url}/v1/chat/completions", trust_env=False).status_code == 401


def test_a_short_prefix_or_a_switched_off_cache_gives_nothing() -> None:
    long, short = ({"role": "system", "content": "x" * n} for n in (8000, 400))
    cached, off = Rehearsal(MODEL), Rehearsal(MODEL, prompt_cache=False)
    assert [cached.usage([long], None)[1] for _ in range(2)] == [0, 2004 // STEP * STEP]
    assert [cached.usage([short], None)[1] for _ in range(2)] == [0, 0]
    assert [off.usage([long], None)[1] for _ in range(2)] == [0, 0]
