"""Prompt versions in Dagster and on the command line; a changed version re-scores what it must and nothing else."""

from datetime import timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from typer.testing import CliRunner

from trending_assets.cli import app
from trending_assets.failures import PermanentFailure
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake
from trending_assets.partitions import DAILY
from trending_assets.scoring.assets import ASSETS as SCORING
from trending_assets.scoring.command import score_files
from trending_assets.scoring.evaluation import in_use, run
from trending_assets.scoring.evaluation.assets import ASSETS as PROMPTS
from trending_assets.scoring.evaluation.items import gold_digests, gold_documents
from trending_assets.scoring.prompts import newest_prompt
from trending_assets.scoring.schema import digest_task, document_task
from trending_assets.settings import get_settings
from trending_assets_tests.e2e.running import digests as hashes_of
from trending_assets_tests.unit.scoring import oracle
from trending_assets_tests.unit.scoring.frames import DAY, documents, mentions, titles
from trending_assets_tests.unit.scoring.test_digests import good
from trending_assets_tests.unit.scoring.tiny_llm import GOOD, Reply, TinyLlm, completion, data_of, tiny_llm

DAYS = [DAY, DAY + timedelta(days=1)]
LATER = DAY + timedelta(days=2)
MODEL = "gpt-5-mini"
TEXTS = {"a": "Wonderful.", "b": "Dull.", "c": "Fine.", "d": "Wonderful."}
UPSTREAM = [
    dg.AssetSpec(["staging", "documents"], partitions_def=DAILY),
    dg.AssetSpec(["linking", "mentions"], partitions_def=DAILY),
    dg.AssetSpec(["staging", "clusters"], partitions_def=DAILY),
    dg.AssetSpec(["staging", "titles"], partitions_def=DAILY),
]


@pytest.fixture
def filled(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    for n, day in enumerate([*DAYS, LATER]):
        texts = {f"{name}{n}": text for name, text in TEXTS.items()}
        lake.write("staging/documents", documents(texts, day), day)
        lake.write("linking/mentions", mentions(dict.fromkeys(texts, "movie-1"), day), day)
        lake.write("staging/titles", titles({"movie-1": "Dune"}, day), day)
    monkeypatch.setenv("TRENDING_LAKE", lake.uri)
    monkeypatch.setenv("TRENDING_LLM_MODEL", MODEL)
    monkeypatch.setenv("TRENDING_EVALUATION_REPLICATES", "2")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    return lake


def use(monkeypatch: pytest.MonkeyPatch, server: TinyLlm) -> None:
    monkeypatch.setenv("TRENDING_LLM_URL", server.url)


def resources(lake: Lake) -> dict[str, object]:
    resource = LakeResource(uri=lake.uri)
    return {"lake": resource, "io_manager": LakeIOManager(lake=resource)}


def score(lake: Lake, first: object = DAYS[0], last: object = DAYS[1]) -> None:
    tags = {"dagster/asset_partition_range_start": str(first), "dagster/asset_partition_range_end": str(last)}
    dg.materialize([*SCORING, *PROMPTS, *UPSTREAM], selection=SCORING, tags=tags, resources=resources(lake))


def judge(lake: Lake, fails: bool = False, only: str | None = None) -> dg.ExecuteInProcessResult:
    selection = [asset for asset in PROMPTS if only in (None, asset.key.to_user_string())]
    return dg.materialize(
        [*PROMPTS, *UPSTREAM], selection=selection, resources=resources(lake), raise_on_error=not fails
    )


def answer(body: dict[str, object]) -> Reply:
    return good(body) if "documents" in data_of(body) else completion(GOOD)


def asked(server: TinyLlm) -> list[str]:
    """The tasks of the requests since the last look."""
    tasks = [data_of(body)["task"] for body in server.requests]
    server.requests.clear()
    return sorted(tasks)


def changed(lake: Lake, before: dict[str, str]) -> set[str]:
    after = hashes_of(Path(lake.uri))
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def partitions(*tables: str) -> set[str]:
    return {f"{table}/date={day}/data.parquet" for table in tables for day in DAYS}


def test_a_changed_prompt_rescores_what_it_must_and_nothing_else(
    filled: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tiny_llm(answer) as server:
        use(monkeypatch, server)
        score(filled, last=LATER)
        # Four documents a day in three distinct texts, the same every day: 3 requests. A digest a day.
        assert asked(server) == ["document_score"] * 3 + ["title_digest"] * 3
        judge(filled, only="scoring/prompts")
        documents_1, digests_1 = newest_prompt("document_score").version, newest_prompt("title_digest").version

        new = oracle.new_version(folder, "document_score", "Be careful.")
        before = hashes_of(Path(filled.uri))
        score(filled)
        assert asked(server) == [] and changed(filled, before) == set()  # a file alone changes nothing
        in_use.use(filled, document_task(), MODEL, new)
        before = hashes_of(Path(filled.uri))
        score(filled)
        assert asked(server) == ["document_score"] * 3
        # The ledger writes a call down for the day that it was made for; the second day's texts are the first's.
        ledger = {f"scoring/ledger/date={DAYS[0]}/data.parquet"}
        assert changed(filled, before) == partitions("scoring/document_scores", "scoring/document_cache") | ledger
        assert set(filled.read("scoring/document_scores", DAYS)["prompt_version"]) == {new}
        assert set(filled.read("scoring/document_scores", [LATER])["prompt_version"]) == {documents_1}

        new = oracle.new_version(folder, "title_digest", "Be careful.")
        in_use.use(filled, digest_task(), MODEL, new)
        before = hashes_of(Path(filled.uri))
        score(filled)
        assert asked(server) == ["title_digest"] * 2
        assert changed(filled, before) == partitions("scoring/title_digests", "scoring/digest_cache", "scoring/ledger")
        assert set(filled.read("scoring/title_digests", DAYS)["prompt_version"]) == {new}
        assert set(filled.read("scoring/title_digests", [LATER])["prompt_version"]) == {digests_1}


def test_a_fresh_lake_records_the_newest_version_and_asks_nobody(
    filled: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tiny_llm() as server:
        use(monkeypatch, server)
        judge(filled, only="scoring/prompts")
        assert not server.requests
    rows = filled.read(in_use.TABLE)
    assert rows["task"].to_list() == ["document_score", "title_digest"]
    assert rows["in_use"].to_list() == [newest_prompt(task).version for task in rows["task"]]
    assert set(rows["verdict"]) == {"first"} and rows["text"][0] == newest_prompt("document_score").text


def test_the_command_for_files_scores_with_the_prompt_of_the_lake(
    filled: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = newest_prompt("document_score").version
    second = oracle.new_version(folder, "document_score", "Be careful.")
    pl.DataFrame({"url": ["u"], "text": ["Wonderful."]}).write_parquet(tmp_path / "in.parquet")
    with tiny_llm(answer) as server:
        use(monkeypatch, server)
        out = tmp_path / "out.parquet"
        score_files(tmp_path / "in.parquet", out, get_settings())
        assert pl.read_parquet(out)["prompt_version"].item() == second  # nothing is recorded: the newest
        in_use.use(filled, document_task(), MODEL, first)
        score_files(tmp_path / "in.parquet", out, get_settings())
        assert pl.read_parquet(out)["prompt_version"].item() == first


def test_a_dead_endpoint_fails_the_evaluation_with_one_sentence(filled: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with tiny_llm(lambda _: (401, {"error": {"message": "no"}})) as server:
        use(monkeypatch, server)
        result = judge(filled, fails=True)
    failure = result.failure_data_for_node("scoring__evaluation")
    assert failure is not None and failure.user_failure_data is not None
    assert "refuses the key" in str(failure.user_failure_data.description)
    assert filled.sha256(run.TABLE) is None and filled.sha256(in_use.TABLE) is None


@pytest.mark.slow
def test_versions_are_measured_decided_and_shown_side_by_side(
    filled: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 3 * (len(gold_documents()) + len(gold_digests()))
    with tiny_llm(oracle.reply) as server:
        use(monkeypatch, server)
        first = judge(filled)
        facts = first.asset_materializations_for_node("scoring__evaluation")[0].metadata
        assert facts["llm_calls"].value == calls == len(server.requests)
        old, new = newest_prompt("title_digest").version, oracle.new_version(folder, "title_digest", oracle.WRONG)
        second = judge(filled)
        assert len(server.requests) == calls + 3 * len(gold_digests())
        shown = second.asset_materializations_for_node("scoring__evaluation")[0].metadata["title_digest"].value
        assert f"| labels | metric | n | {old} | {new} |" in str(shown)
        told = second.asset_materializations_for_node("scoring__prompts")[0].metadata
        assert told["title_digest_in_use"].value == old and f"{new} refused" in str(told["title_digest_verdict"].value)
        before, made = hashes_of(Path(filled.uri)), len(server.requests)
        judge(filled)
        assert changed(filled, before) == set() and len(server.requests) == made

        listed = command("--evaluate")
        assert listed.startswith("0 calls") and changed(filled, before) == set()
        assert f"{old:<12} in use     first." in listed and f"{new:<12}            refused. Score" in listed
        assert "order_primary_genre_changed" in listed
        assert f"title_digest is scored with {new} from now on" in command("--use", f"title_digest={new}")
        assert in_use.prompt_in_use(filled, digest_task(), MODEL).version == new
        assert command().count("in use     by hand. Put into use by hand.") == 1


def command(*arguments: str) -> str:
    """What `trending prompts` prints, in this process."""
    done = CliRunner().invoke(app, ["prompts", "--lake", get_settings().lake, *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_a_wrong_choice_is_one_sentence(filled: Lake) -> None:
    with pytest.raises(PermanentFailure, match="is not TASK=VERSION; the tasks are document_score and title_digest"):
        command("--use", "digest")
    with pytest.raises(PermanentFailure, match="document_score has no prompt version 99"):
        command("--use", "document_score=99")
