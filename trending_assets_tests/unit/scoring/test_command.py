"""`trending score` on a file: one row a document, costs that add up, one sentence on bad input."""

from pathlib import Path

import polars as pl
import pytest
from pydantic import SecretStr

from trending_assets.failures import PermanentFailure
from trending_assets.scoring.command import COLUMNS, score_files
from trending_assets.settings import Settings
from trending_assets_tests.unit.scoring.tiny_llm import GOOD, completion, data_of, error, tiny_llm


def settings(url: str) -> Settings:
    return Settings(llm_url=url, llm_api_key=SecretStr("k"), llm_model="gpt-5-mini", llm_concurrency=1)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "documents.parquet"
    texts = ["Great.", "Bad.", "Great.", None]
    frame = pl.DataFrame({"url": ["u1", "u2", "u3", "u4"], "text": texts, "rating": [8.0, None, 8.0, float("nan")]})
    frame.with_columns(headline=pl.lit("Head"), rating_max=10.0, extra=1).write_parquet(path)
    return path


def test_rows_come_in_the_inputs_order_and_costs_add_up(documents: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    out = tmp_path / "new" / "scores.parquet"
    with tiny_llm() as server:
        summary = score_files(documents, out, settings(server.url), lambda done, total: seen.append((done, total)))
        sent = [data_of(body)["document"] for body in server.requests]
    frame = pl.read_parquet(out)
    assert dict(frame.schema) == COLUMNS and frame["url"].to_list() == ["u1", "u2", "u3", "u4"]
    assert (summary.documents, summary.scored, summary.tally.calls, summary.tally.failures) == (4, 4, 3, {})
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert frame["cost_usd"].sum() == pytest.approx(summary.tally.cost_usd) and frame["cost_usd"][2] == 0
    assert sent[0] == {"text": "Great.", "headline": "Head", "title": None, "rating": 8.0, "rating_max": 10.0}
    assert sent[2]["text"] == "Head" and sent[2]["rating"] is None


def test_failures_are_told_and_the_others_are_written(documents: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.parquet"
    with tiny_llm() as server:
        server.reply = lambda body: completion(None, refusal="No") if "Bad" in str(body) else completion(GOOD)
        summary = score_files(documents, out, settings(server.url))
    assert summary.tally.failures == {"refusal": 1} and pl.read_parquet(out)["url"].to_list() == ["u1", "u3", "u4"]


def test_what_was_answered_before_the_end_is_written(documents: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.parquet"
    with tiny_llm() as server:
        server.reply = lambda _: completion(GOOD) if len(server.requests) == 1 else error(401)
        with pytest.raises(PermanentFailure, match="The 2 documents that were scored before"):
            score_files(documents, out, settings(server.url))
    assert pl.read_parquet(out)["url"].to_list() == ["u1", "u3"]


def test_bad_input_is_one_clear_sentence(tmp_path: Path) -> None:
    where, out = settings("http://127.0.0.1:9/v1"), tmp_path / "out.parquet"
    with pytest.raises(PermanentFailure, match="There is no file"):
        score_files(tmp_path / "none.parquet", out, where)
    (tmp_path / "text.parquet").write_text("not parquet")
    with pytest.raises(PermanentFailure, match="no Parquet file"):
        score_files(tmp_path / "text.parquet", out, where)
    pl.DataFrame({"url": ["u"]}).write_parquet(tmp_path / "short.parquet")
    with pytest.raises(PermanentFailure, match="lacks the column text"):
        score_files(tmp_path / "short.parquet", out, where)
    pl.DataFrame({"url": ["u"], "text": ["t"], "rating": ["ten"]}).write_parquet(tmp_path / "typed.parquet")
    with pytest.raises(PermanentFailure, match="wrong type"):
        score_files(tmp_path / "typed.parquet", out, where)
    pl.DataFrame({"url": ["u"], "text": ["t"]}).write_parquet(tmp_path / "good.parquet")
    with pytest.raises(PermanentFailure, match="is a folder"):
        score_files(tmp_path / "good.parquet", tmp_path, where)
    assert not out.exists()
