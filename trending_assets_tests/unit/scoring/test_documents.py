"""Documents are scored once, whatever happens in between; a re-run asks nothing and writes the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import SecretStr

from trending_assets import quarantine
from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.documents import TABLE, linked_documents, score_documents
from trending_assets.scoring.record import record
from trending_assets.scoring.schema import Task, document_task
from trending_assets.scoring.tally import Tally
from trending_assets.settings import Settings
from trending_assets_tests.unit.scoring.frames import DAY, documents, mentions, table, titles
from trending_assets_tests.unit.scoring.tiny_llm import GOOD, Reply, TinyLlm, completion, data_of, error, tiny_llm

NEXT = DAY + timedelta(days=1)
TEXTS = {"d1": "Wonderful.", "d2": "Dull.", "d3": "Wonderful.", "d4": "Unlinked."}
LINKS = {"d1": "movie-1", "d2": "movie-1", "d3": "movie-1", "d4": None}
CACHE, LEDGER = "scoring/document_cache", "scoring/ledger"

Run = Callable[..., tuple[pl.DataFrame, Tally]]


def settings(url: str) -> Settings:
    return Settings(llm_url=url, llm_api_key=SecretStr("k"), llm_model="gpt-5-mini", llm_concurrency=2)


@pytest.fixture
def server() -> Iterator[TinyLlm]:
    with tiny_llm() as started:
        yield started


@pytest.fixture
def run(lake: Lake, server: TinyLlm) -> Run:
    def go(
        days: list[date] | None = None,
        texts: dict[str, str] = TEXTS,
        task: Task | None = None,
        docs: pl.DataFrame | None = None,
        links: pl.DataFrame | None = None,
    ) -> tuple[pl.DataFrame, Tally]:
        days = days or [DAY]
        if docs is None:
            docs, links = documents(texts), mentions({d: LINKS.get(d, "movie-1") for d in texts})
        assert links is not None
        with LlmAsker(settings(server.url), lake=lake) as asker:
            names = titles({"movie-1": "Dune"}, *days)
            return score_documents(lake, days, docs, links, names, asker, task or document_task())

    return go


def test_linked_documents_are_scored_and_equal_ones_are_asked_once(run: Run, server: TinyLlm) -> None:
    frame, tally = run()
    assert frame["doc_id"].to_list() == ["d1", "d2", "d3"] and len(server.requests) == 2
    assert validate(conform(frame, TABLES[TABLE]), TABLES[TABLE]) == []
    assert frame["genres"].to_list() == [["Drama"]] * 3  # repeats are folded
    assert frame["model"].unique().to_list() == ["gpt-5-mini"]
    assert tally.metadata() == {
        "llm_calls": 2,
        "llm_cache_hits": 0,
        "llm_models": "gpt-5-mini",
        "tokens_in": 200,
        "tokens_cached": 80,
        "tokens_out": 20,
        "cost_usd": pytest.approx((120 * 0.25 + 80 * 0.025 + 20 * 2) / 1e6),
        "failures": {},
        "failed_before": {},
        "waiting": {},
        "retries": {},
        "notes": {"equal_inputs": 1, "quarantined": 0, "texts_cut": 0},
    }


def test_the_linked_title_goes_into_the_request(run: Run, server: TinyLlm) -> None:
    run()
    assert all(data_of(body)["document"]["title"] == "Dune" for body in server.requests)


def test_a_rerun_asks_nothing_and_writes_the_same_bytes(run: Run, server: TinyLlm, lake: Lake) -> None:
    first, _ = run()
    before = lake.sha256(CACHE, DAY)
    again, tally = run()
    assert len(server.requests) == 2 and tally.calls == 0 and tally.cache_hits == 2
    assert lake.sha256(CACHE, DAY) == before is not None and again.equals(first)


def test_a_new_prompt_version_scores_anew_and_the_cache_holds_only_that(run: Run, server: TinyLlm, lake: Lake) -> None:
    run()
    task = document_task()
    changed = replace(task, prompt=replace(task.prompt, version="2-new"))
    frame, tally = run(task=changed)
    assert tally.calls == 2 and frame["prompt_version"].unique().to_list() == ["2-new"]
    assert lake.read(CACHE, [DAY])["prompt_version"].unique().to_list() == ["2-new"]


def test_a_document_is_paid_for_once_whatever_day_comes_first(run: Run, server: TinyLlm, lake: Lake) -> None:
    far = DAY + timedelta(days=400)
    docs = pl.concat([documents({"d1": "Same."}), documents({"e1": "Same."}, far)])
    links = pl.concat([mentions({"d1": "movie-1"}), mentions({"e1": "movie-1"}, far)])
    late, tally = run([far], docs=docs, links=links)
    assert tally.calls == 1
    both, tally = run([DAY, far], docs=docs, links=links)
    assert tally.calls == 0 and tally.cache_hits == 2 and len(server.requests) == 1
    assert late.equals(both.filter(pl.col("date") == far))
    assert lake.read(CACHE, [far]).drop("date").equals(lake.read(CACHE, [DAY]).drop("date"))


def test_a_lost_ledger_is_filled_again_from_the_lake(
    run: Run, server: TinyLlm, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        dull = data_of(body)["document"]["text"] == "Dull."
        return completion(None, refusal="No, thanks.") if dull else completion(GOOD)

    server.reply = answer
    first, _ = run()
    with LlmAsker(settings(server.url), lake=lake) as asker:
        lake.write(LEDGER, record(asker.ledger, lake, [DAY]), DAY)
        spent = asker.ledger.spend()
    kept, before = quarantine.read(lake, TABLE, [DAY]), lake.sha256(LEDGER, DAY)
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path / "another machine"))
    again, tally = run()
    assert tally.calls == 0 and len(server.requests) == 2 and again.equals(first)
    assert quarantine.read(lake, TABLE, [DAY]).equals(kept) and kept.height == 1
    with LlmAsker(settings(server.url), lake=lake) as asker:
        assert asker.ledger.spend() == spent and spent.spent_usd > 0
        lake.write(LEDGER, record(asker.ledger, lake, [DAY]), DAY)
    assert lake.sha256(LEDGER, DAY) == before


def test_a_bad_answer_quarantines_its_rows(run: Run, server: TinyLlm, lake: Lake) -> None:
    def answer(body: dict[str, Any]) -> Reply:
        wonderful = data_of(body)["document"]["text"] == "Wonderful."
        return completion(None, refusal="No, thanks.") if wonderful else completion(GOOD)

    server.reply = answer
    frame, tally = run()
    kept = quarantine.read(lake, TABLE, [DAY])
    assert frame["doc_id"].to_list() == ["d2"] and tally.failures == {"refusal": 1}
    assert kept["url"].to_list() == ["http://a.example/d1", "http://a.example/d3"]
    assert kept["detail"].to_list()[1] == "refusal: the model refused: No, thanks."
    assert lake.read(CACHE, [DAY]).height == 1
    # A refusal is paid for, too: it is not asked again by itself, and the day keeps its bytes.
    server.reply = lambda _: completion(GOOD)
    frame, tally = run()
    assert (
        tally.calls == 0 and tally.failed_before == {"refusal": 1} and quarantine.read(lake, TABLE, [DAY]).equals(kept)
    )
    # Where a person lets it be asked again: only what is missing, and the quarantine is cleared.
    with LlmAsker(settings(server.url)) as asker:
        assert asker.ledger.release(["refusal"]) == 1
    frame, tally = run()
    assert frame.height == 3 and tally.calls == 1
    assert quarantine.read(lake, TABLE, [DAY]).is_empty()


def test_what_was_answered_before_the_endpoint_died_is_never_paid_twice(run: Run, server: TinyLlm, lake: Lake) -> None:
    texts = {f"d{n:02}": f"Text {n}." for n in range(20)}
    server.reply = lambda _: completion(GOOD) if len(server.requests) <= 7 else error(401)
    with pytest.raises(PermanentFailure, match="refuses the key"):
        run(texts=texts)
    paid = lake.read(CACHE, [DAY]).height
    assert paid == 7
    server.requests.clear()
    server.reply = lambda _: completion(GOOD)
    frame, tally = run(texts=texts)
    assert frame.height == 20 and tally.calls == len(server.requests) == 13 and tally.cache_hits == 7


def test_a_failed_rescore_keeps_the_answers_of_the_old_prompt(run: Run, server: TinyLlm, lake: Lake) -> None:
    run()
    before = lake.read(CACHE, [DAY])
    task = document_task()
    server.reply = lambda _: error(401)
    with pytest.raises(PermanentFailure):
        run(task=replace(task, prompt=replace(task.prompt, version="2-new")))
    assert lake.read(CACHE, [DAY]).equals(before)


def test_the_surest_link_names_the_title() -> None:
    rows: list[dict[str, Any]] = [
        {"doc_id": "d1", "title_id": "movie-1", "confidence": 0.6},
        {"doc_id": "d1", "title_id": "movie-2", "confidence": 0.9},
        {"doc_id": "d2", "title_id": "movie-9", "confidence": 0.9},
    ]
    docs = documents({"d1": "a", "d2": "b"}, rating=0.8)
    names = titles({"movie-1": "One", "movie-2": "Two"})
    found = linked_documents(docs, table("linking/mentions", rows), names)
    assert found["title"].to_list() == ["Two", None] and found["rating_max"].to_list() == [1.0, 1.0]
    assert linked_documents(documents({"d1": "a"}, rating=None), table("linking/mentions", rows), names)[
        "rating_max"
    ].to_list() == [None]
