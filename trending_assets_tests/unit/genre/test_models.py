"""Training, reading back and thresholds."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import NEVER, pack, read_folder, unpack, write_folder
from trending_assets.genre.evaluation import evaluate, label_matrix, tune_thresholds
from trending_assets.genre.models import FILES, GenreModel, Trained, train
from trending_assets_tests.unit.genre.worlds import training_set


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train("xgboost", training_set(160), "a" * 64)


def test_xgboost_learns_what_the_words_say(trained: Trained) -> None:
    assert trained.macro_f1 > 0.9
    assert validate(trained.evaluation, TABLES["genre/xgboost"]) == []
    assert trained.evaluation["genre"].to_list() == ["Comedy", "Horror", "Talk", "Western", "macro"]
    assert set(trained.evaluation["model_id"]) == {trained.model.id}


def test_training_again_gives_the_same_bytes(trained: Trained) -> None:
    again = train("xgboost", training_set(160).reverse().sort("title_id"), "a" * 64)
    assert pack(again.model.files) == pack(trained.model.files)


def test_a_model_read_back_predicts_the_same(trained: Trained, tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = training_set(30).select("title_id", "text", "media_type")
    expected = trained.model.predict(rows)
    write_folder(trained.model.files, tmp_path)
    for files in (read_folder(tmp_path, FILES), unpack(pack(trained.model.files))):
        assert GenreModel(files).id == trained.model.id
        assert GenreModel(files).predict(rows).equals(expected)
    alone = pl.concat(trained.model.predict(rows[n]) for n in range(rows.height))
    assert alone.equals(expected)
    (tmp_path / "idf.npy").unlink()
    with pytest.raises(PermanentFailure, match=r"idf\.npy is missing"):
        read_folder(tmp_path, FILES)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_thin_world_gives_a_model_that_predicts_nothing(count: int, caplog: pytest.LogCaptureFixture) -> None:
    result = train("xgboost", training_set(count), "b" * 64)
    assert result.evaluation["genre"].to_list() == ["macro"]
    assert result.macro_f1 == 0.0
    assert "predicts nothing" in caplog.text
    assert result.model.predict(training_set(8).select("title_id", "text", "media_type")).is_empty()
    assert result.model.meta.trained_through == (NEVER if count == 0 else date(2026, 2, 11))


@pytest.mark.parametrize("count", [12, 25])
def test_a_small_world_trains_on_what_is_there(count: int) -> None:
    result = train("xgboost", training_set(count), "b" * 64)
    assert validate(result.evaluation, TABLES["genre/xgboost"]) == []
    assert "macro" in result.evaluation["genre"].to_list()


def test_thresholds_are_the_best_cut() -> None:
    truth = np.array([[1], [1], [1], [0], [0], [0]], bool)
    scores = np.array([[0.30], [0.25], [0.22], [0.18], [0.1], [0.05]])
    (cut,) = tune_thresholds(scores, truth)
    assert 0.18 < cut <= 0.22
    assert tune_thresholds(scores, ~truth[:, [0, 0]] & False) == (0.5, 0.5)


def test_a_genre_that_was_never_learned_counts_as_missed() -> None:
    actual = pl.Series([["Drama"], ["War"], ["Drama", "War"]])
    rows = {r["genre"]: r for r in evaluate(np.array([[0.9], [0.2], [0.1]]), (0.5,), ("Drama",), actual)}
    assert (rows["Drama"]["precision"], rows["Drama"]["recall"]) == (1.0, 0.5)
    assert (rows["War"]["threshold"], rows["War"]["f1"], rows["War"]["support"]) == (1.0, 0.0, 2)
    assert rows["macro"]["f1"] == pytest.approx(rows["Drama"]["f1"] / 2)
    assert label_matrix(actual, ("War",)).ravel().tolist() == [False, True, True]
