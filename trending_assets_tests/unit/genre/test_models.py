"""Training, reading back, thresholds and the choice between models."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import TABLES, validate
from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import NEVER, pack, read_folder, unpack, write_folder
from trending_assets.genre.champion import choose_champion
from trending_assets.genre.evaluation import evaluate, label_matrix, tune_thresholds
from trending_assets.genre.models import FILES, GenreModel, Trained, train
from trending_assets.genre.registry import choose
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


def _evaluation(name: str, f1: float, version: str) -> pl.DataFrame:
    row = {"genre": "macro", "threshold": 0.5, "precision": f1, "recall": f1, "f1": f1, "support": 50}
    row |= {"model_id": name, "data_version": version, "trained_through": date(2026, 1, 1)}
    return pl.DataFrame([row], schema=TABLES[f"genre/{name}"].schema)


def test_the_champion_is_the_better_one_on_the_same_data() -> None:
    xgboost = _evaluation("xgboost", 0.5, "v1")
    chosen = choose_champion({"xgboost": xgboost, "bert": _evaluation("bert", 0.6, "v1")})
    assert (chosen["model"][0], chosen["macro_f1"][0]) == ("bert", 0.6)
    assert validate(chosen, TABLES["genre/champion"]) == []
    stale = choose_champion({"xgboost": xgboost, "bert": _evaluation("bert", 0.6, "v0")})
    assert stale["model"][0] == "xgboost"
    assert "bert saw another data version" in stale["reason"][0]
    assert choose_champion({"xgboost": xgboost})["reason"][0].endswith("trained on this data.")


def test_a_day_is_scored_by_the_newest_model_that_knew_nothing_after_it() -> None:
    known = [date(2026, 1, 5), date(2026, 1, 12)]
    assert choose(known, "xgboost", date(2026, 1, 11), False) == known[0]
    assert choose(known, "xgboost", date(2026, 1, 12), False) == known[1]
    assert choose(known, "xgboost", date(2026, 1, 1), True) == known[0]
    with pytest.raises(PermanentFailure, match="allow_newer_model"):
        choose(known, "xgboost", date(2026, 1, 4), False)
    with pytest.raises(PermanentFailure, match="Materialize genre/bert"):
        choose([], "bert", date(2026, 1, 4), True)
