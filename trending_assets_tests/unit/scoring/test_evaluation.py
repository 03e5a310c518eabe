"""Prompt versions are measured once, gated like a model, and what is in use stands in the lake."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.lake import Lake
from trending_assets.scoring import prompts
from trending_assets.scoring.asker import LlmAsker
from trending_assets.scoring.client import request_key
from trending_assets.scoring.evaluation import gate, in_use, run
from trending_assets.scoring.evaluation.items import gold_digests, gold_documents
from trending_assets.scoring.prompts import newest_prompt
from trending_assets.scoring.schema import Task, digest_task, document_task
from trending_assets.scoring.tally import Tally
from trending_assets_tests.unit.scoring import oracle
from trending_assets_tests.unit.scoring.frames import DAY, documents
from trending_assets_tests.unit.scoring.test_documents import settings
from trending_assets_tests.unit.scoring.tiny_llm import TinyLlm, completion, data_of, tiny_llm

EFFORT = run.Effort(replicates=2, rated=5)
MODEL = "gpt-5-mini"
RATED = {f"r{n}": f"A {'good' if n % 2 else 'bad'} film, number {n}, seen at home with friends." for n in range(8)}
DIGEST_CALLS = 3 * len(gold_digests())
DOCUMENT_CALLS = 3 * len(gold_documents()) + 5


@pytest.fixture
def server() -> Iterator[TinyLlm]:
    with tiny_llm(oracle.reply) as started:
        yield started


@pytest.fixture
def filled(lake: Lake) -> Lake:
    ratings = pl.Series([0.9 if n % 2 else 0.1 for n in range(8)])
    lake.write("staging/documents", documents(RATED).with_columns(rating=ratings), DAY)
    return lake


def evaluate(lake: Lake, server: TinyLlm, *tasks: Task) -> Tally:
    """One round of the two assets."""
    tally = Tally()
    with LlmAsker(settings(server.url)) as asker:
        lake.write(run.TABLE, run.evaluate(lake, asker, tasks, EFFORT, tally))
        lake.write(in_use.TABLE, gate.decide(lake, tasks, asker.model))
    return tally


def figures(lake: Lake, version: str, labels: str = "gold") -> dict[str, float]:
    rows = lake.read(run.TABLE).filter((pl.col("prompt_version") == version) & (pl.col("labels") == labels))
    return dict(rows.select("metric", "value").iter_rows())


def verdicts(lake: Lake) -> list[tuple[str, str]]:
    rows = lake.read(in_use.TABLE).sort("task", "decision")
    return list(rows.select("verdict", "in_use").iter_rows())


def hashes(lake: Lake) -> list[str | None]:
    return [lake.sha256(table) for table in (run.TABLE, run.ANSWERS, in_use.TABLE)]


def test_replicate_0_has_the_key_that_every_cached_answer_has() -> None:
    """The digest is of a key made before replicates were known: an answer that was paid for stays known."""
    task = Task("t", "a/b", "a/c", prompts.Prompt("t", "1-x", "Score."), {"type": "object"}, 10)
    assert request_key("m", task, {"b": 1, "a": [2]}) == request_key("m", task, {"a": [2], "b": 1}, 0)
    assert request_key("m", task, {"b": 1, "a": [2]}) == KEY
    keys = {request_key("m", task, {"a": 1}, replicate) for replicate in (0, 1, "2", "reordered")}
    assert len(keys) == 4


KEY = "351f8f1dce434d075648f794d5639e20270b71bb2378fc8f18656bf1118a58a5"


@pytest.mark.slow
def test_an_evaluation_asks_a_bounded_number_of_times_and_a_rerun_asks_nothing(
    filled: Lake, server: TinyLlm, folder: Path
) -> None:
    task = document_task()
    with LlmAsker(settings(server.url)) as asker:
        assert run.calls_for(run.items_of(filled, task, EFFORT), EFFORT) == DOCUMENT_CALLS
        assert asker.model == MODEL
    tally = evaluate(filled, server, task)
    assert tally.calls == len(server.requests) == DOCUMENT_CALLS
    found = figures(filled, task.prompt.version)
    assert found["score"] == found["repeatability"] == found["order"] == found["spam_kappa"] == 1.0
    rated = figures(filled, task.prompt.version, "ratings")
    assert rated["sentiment_class"] == 1.0 and rated["sentiment_spearman"] == 1.0 and "order" not in rated
    shown = [data_of(body)["document"] for body in server.requests]
    assert all(document["rating"] is None for document in shown)
    for name in (run.TABLE, run.ANSWERS, in_use.TABLE):
        assert validate(conform(filled.read(name), TABLES[name]), TABLES[name]) == []

    before = hashes(filled)
    assert evaluate(filled, server, task).calls == 0
    assert hashes(filled) == before and len(server.requests) == DOCUMENT_CALLS


def test_a_lost_table_is_made_again_from_the_answers_that_were_kept(
    filled: Lake, server: TinyLlm, folder: Path
) -> None:
    evaluate(filled, server, digest_task())
    before = hashes(filled)
    filled.store.delete(filled.key(run.TABLE))
    tally = evaluate(filled, server, digest_task())
    assert (tally.calls, tally.cache_hits) == (0, DIGEST_CALLS) and hashes(filled) == before


@pytest.mark.slow
def test_a_better_prompt_goes_into_use_and_a_worse_one_does_not(filled: Lake, server: TinyLlm, folder: Path) -> None:
    task, first = digest_task(), newest_prompt("title_digest").version
    evaluate(filled, server, task)
    assert verdicts(filled) == [("first", first)]
    old_rows = filled.read(run.TABLE)

    worse = oracle.new_version(folder, "title_digest", oracle.WRONG)
    assert in_use.prompt_in_use(filled, digest_task(), MODEL).version == first  # a candidate until the gate accepts it
    assert evaluate(filled, server, digest_task()).calls == DIGEST_CALLS
    assert verdicts(filled) == [("first", first), ("refused", first)]
    row = filled.read(in_use.TABLE).row(-1, named=True)
    assert (
        row["prompt_version"] == worse
        and row["against"] == first
        and row["high"] < 0
        and row["n"] == len(gold_digests())
    )
    assert filled.read(run.TABLE).join(old_rows, on=old_rows.columns).height == old_rows.height  # they stay
    before = hashes(filled)
    assert evaluate(filled, server, digest_task()).calls == 0 and hashes(filled) == before  # refused for good

    oracle.new_version(folder, "title_digest", "Be careful.")
    newest = max((folder / "title_digest").glob("*.md"), key=lambda path: int(path.stem))
    newest.write_text(newest.read_text().replace(oracle.WRONG, ""))  # a new version begins as a copy of the newest
    better = newest_prompt("title_digest").version
    evaluate(filled, server, digest_task())
    assert verdicts(filled)[-1] == ("accepted", better)
    assert in_use.prompt_in_use(filled, digest_task(), MODEL) == newest_prompt("title_digest")


def test_an_unsteady_prompt_is_refused(filled: Lake, server: TinyLlm, folder: Path) -> None:
    evaluate(filled, server, digest_task())
    moody = oracle.new_version(folder, "title_digest", oracle.MOODY)
    evaluate(filled, server, digest_task())
    assert verdicts(filled)[-1][0] == "refused"
    assert "reordered requests falls" in filled.read(in_use.TABLE)["reason"][-1]
    found = figures(filled, moody)
    assert found["score"] == 1.0 and found["order_primary_genre_changed"] == 1.0 and found["order_cited"] == 1.0


def test_the_one_in_use_does_not_change_with_its_file(filled: Lake, server: TinyLlm, folder: Path) -> None:
    filled.write(in_use.TABLE, gate.decide(filled, [digest_task()], MODEL))
    used = newest_prompt("title_digest")
    (path,) = [p for p in (folder / "title_digest").glob("*.md") if int(p.stem) == used.number]
    path.write_text(path.read_text() + "\nBe brief.\n")
    edited = newest_prompt("title_digest")
    assert edited.number == used.number and edited.version != used.version
    assert in_use.prompt_in_use(filled, digest_task(), MODEL) == used  # the text is that of the lake
    assert in_use.candidate(filled, digest_task(), MODEL) == edited
    evaluate(filled, server, digest_task())
    assert verdicts(filled)[-1] == ("accepted", edited.version)


def test_a_record_is_of_one_model_and_one_schema(lake: Lake, folder: Path) -> None:
    task = digest_task()
    lake.write(in_use.TABLE, gate.decide(lake, [task], "one"))
    used = task.prompt
    new = oracle.new_version(folder, "title_digest", "Be brief.")
    assert in_use.prompt_in_use(lake, task, "one") == used
    assert in_use.prompt_in_use(lake, task, "other").version == new
    reshaped = replace(task, schema=task.schema | {"description": "another shape"})
    assert in_use.prompt_in_use(lake, reshaped, "one").version == new
    lake.write(in_use.TABLE, gate.decide(lake, [reshaped], "one"))
    assert verdicts(lake) == [("first", used.version), ("first", new)]
    assert "new schema" in lake.read(in_use.TABLE)["reason"][-1]


def test_a_version_is_put_into_use_by_hand_and_not_changed_back(filled: Lake, server: TinyLlm, folder: Path) -> None:
    first = newest_prompt("title_digest")
    evaluate(filled, server, digest_task())
    second = oracle.new_version(folder, "title_digest", "Be brief.")
    evaluate(filled, server, digest_task())
    assert verdicts(filled)[-1] == ("accepted", second)
    assert in_use.use(filled, digest_task(), MODEL, str(first.number)) == first
    asked, before = len(server.requests), verdicts(filled)
    assert before[-1] == ("by hand", first.version)
    evaluate(filled, server, digest_task())
    assert verdicts(filled) == before and len(server.requests) == asked
    in_use.use(filled, digest_task(), MODEL, first.version)  # already so
    assert verdicts(filled) == before
    with pytest.raises(PermanentFailure, match="title_digest has no prompt version 77; it has"):
        in_use.use(filled, digest_task(), MODEL, "77")


def test_an_endpoint_that_leaves_requests_open_decides_nothing_and_loses_nothing(
    filled: Lake, server: TinyLlm, folder: Path
) -> None:
    task, failing = digest_task(), 10
    answer = server.reply

    def hiccup(body: dict[str, object]) -> tuple[int, dict[str, object] | bytes]:
        return (400, {"error": {"message": "no", "code": None}}) if len(server.requests) <= failing else answer(body)

    server.reply = hiccup  # type: ignore[assignment]
    with pytest.raises(TransientFailure, match=f"10 of {DIGEST_CALLS} requests of the evaluation got no answer"):
        evaluate(filled, server, task)
    assert filled.sha256(run.TABLE) is None and filled.read(run.ANSWERS).height == DIGEST_CALLS - failing
    server.reply = answer
    tally = evaluate(filled, server, task)
    assert (tally.calls, tally.cache_hits) == (failing, DIGEST_CALLS - failing)
    assert figures(filled, task.prompt.version)["score"] == 1.0


def test_a_bad_answer_is_kept_as_one_and_counts_against_the_version(
    filled: Lake, server: TinyLlm, folder: Path
) -> None:
    task = digest_task()
    answer = server.reply
    refused = gold_digests()[0].payload["title"]["name"]
    server.reply = lambda body: (
        completion(None, refusal="I will not.") if data_of(body)["title"]["name"] == refused else answer(body)
    )
    tally = evaluate(filled, server, task)
    found = figures(filled, task.prompt.version)
    assert tally.failures == {"refusal": 3}
    assert found["score"] == found["answered"] == pytest.approx(1 - 1 / len(gold_digests()), abs=1e-6)
    kept = filled.read(run.ANSWERS).filter(pl.col("response").is_null())
    assert kept.height == 3 and kept["failure"].str.contains("refusal").all()
    assert evaluate(filled, server, task).calls == 0
