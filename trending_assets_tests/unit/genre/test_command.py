"""`trending genre train` and `predict` on files, and the W&B run that a training leaves."""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.genre.command import predict, train
from trending_assets_tests.unit.genre.worlds import titles


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TRENDING_WANDB_MODE", "offline")
    return tmp_path / "state"


def _file(tmp_path: Path, count: int) -> Path:
    """A file in the shape of a world: no title_id, some titles without a tmdb_id."""
    frame = (
        titles(count).drop("title_id").with_columns(source=pl.lit("other"), source_id=pl.col("tmdb_id").cast(pl.String))
    )
    frame = frame.with_columns(tmdb_id=pl.when(pl.col("tmdb_id") > 2).then("tmdb_id"))
    frame.write_parquet(tmp_path / "titles.parquet")
    return tmp_path / "titles.parquet"


def test_train_then_predict(tmp_path: Path, state: Path) -> None:
    source, folder = _file(tmp_path, 120), tmp_path / "model"
    assert "Macro F1" in train("xgboost", source, folder)
    meta = json.loads((folder / "model.json").read_bytes())
    assert meta["data_version"] == hashlib.sha256((folder / "training_set.parquet").read_bytes()).hexdigest()
    slices = pl.read_parquet(folder / "evaluation.parquet")["slice"].unique().to_list()
    assert {"test", "masked", "later", "film"} <= set(slices)
    assert "| Western |" in (folder / "README.md").read_text()

    bare = pl.DataFrame({"source": ["x", "x", "x"], "source_id": ["1", "2", "3"], "title": ["Alone", None, " "]})
    bare.with_columns(overview=pl.Series([None, "A sheriff and an outlaw ride to the saloon.", None])).write_parquet(
        source
    )
    assert predict(folder, source, tmp_path / "out.parquet") == 8
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.columns == ["title_id", "genre", "probability", "predicted"]
    assert found["title_id"].unique().sort().to_list() == ["x-1", "x-2"]
    western = found.filter((pl.col("title_id") == "x-2") & (pl.col("genre") == "Western")).to_dicts()[0]
    assert western["predicted"] and western["probability"] > 0.5

    runs = list((state / "wandb").rglob("run-*.wandb"))
    assert len(runs) == 1
    assert runs[0].stat().st_size > 1_000
    assert b"trained_through" in runs[0].read_bytes()


@pytest.mark.parametrize(
    ("frame", "complaint"),
    [
        (pl.DataFrame({"name": ["x"]}), "neither a column title nor overview"),
        (pl.DataFrame({"title": ["x"]}), "does not say which title"),
        (pl.DataFrame({"title": ["x"], "title_id": ["movie-1"]}), "names no genre"),
        (pl.DataFrame({"title": ["x"], "title_id": ["movie-1"], "genres": [7]}), "wrong type"),
        (pl.DataFrame({"title": ["x"], "title_id": ["movie-1"], "genres": [["Drama"]]}), "no title with both"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, frame: pl.DataFrame, complaint: str) -> None:
    frame.write_parquet(tmp_path / "titles.parquet")
    with pytest.raises(PermanentFailure, match=complaint) as caught:
        train("xgboost", tmp_path / "titles.parquet", tmp_path / "model")
    assert "\n" not in str(caught.value)


def test_what_is_no_model_and_no_parquet_is_said(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="no genre model"):
        predict(tmp_path, tmp_path / "titles.parquet", tmp_path / "out.parquet")
    (tmp_path / "text.parquet").write_text("hello")
    with pytest.raises(PermanentFailure, match="no Parquet file"):
        train("xgboost", tmp_path / "text.parquet", tmp_path / "model")
    with pytest.raises(PermanentFailure, match="There is no file"):
        train("xgboost", tmp_path / "none.parquet", tmp_path / "model")
