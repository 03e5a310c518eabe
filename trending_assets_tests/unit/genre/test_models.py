"""Training, reading back and thresholds."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.failures import PermanentFailure
from trending_assets.genre import xgboost_model
from trending_assets.genre.bundle import NEVER, pack, read_folder, unpack, write_folder
from trending_assets.genre.evaluation import confusion, evaluate, label_matrix, slices, tune_thresholds
from trending_assets.genre.models import FILES, GenreModel, Trained, train
from trending_assets_tests.unit.genre.worlds import training_set


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train("xgboost", training_set(160), "a" * 64)


def test_xgboost_learns_what_the_words_say(trained: Trained) -> None:
    assert trained.macro_f1 > 0.9
    assert validate(trained.evaluation, TABLES["genre/xgboost"]) == []
    test = trained.evaluation.filter(pl.col("slice") == "test")
    assert sorted(test["genre"]) == ["Comedy", "Horror", "Talk", "Western", "macro", "micro"]
    tv = trained.evaluation.filter(pl.col("slice") == "tv")
    assert sorted(tv["genre"]) == ["macro", "micro"], "of a part of the test titles the means alone"
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
    assert set(result.evaluation["genre"]) == {"macro", "micro"}
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
    assert rows["micro"]["f1"] == pytest.approx(2 * 1 / (1 + 4))
    assert label_matrix(actual, ("War",)).ravel().tolist() == [False, True, True]


def test_a_rare_genre_does_not_move_the_macro_mean() -> None:
    actual = pl.Series([["Drama"]] * 12 + [["War"]])
    said = np.zeros((13, 2))
    said[:12, 0] = 0.9
    rows = {r["genre"]: r for r in evaluate(said, (0.5, 0.5), ("Drama", "War"), actual)}
    assert (rows["War"]["f1"], rows["macro"]["f1"]) == (0.0, 1.0)
    assert rows["Drama"]["ece"] == pytest.approx(12 / 13 * 0.1)


def test_slices_hold_what_their_names_say() -> None:
    titles = pl.DataFrame(
        {"media_type": ["movie", "tv", "movie"], "year": [1984, None, 2013], "language": ["en", "ko", None]}
        | {"overview": ["x" * 50, "y" * 500, "z" * 399]}
    )
    sizes = {name: flags.sum() for name, flags in slices(titles)}
    assert sizes == {"film": 2, "tv": 1, "1980s": 1, "2010s": 1, "en": 1, "other languages": 1, "short": 2, "long": 1}


def test_confusion_counts_what_was_taken_for_what() -> None:
    truth = np.array([[1, 0], [1, 1], [0, 1]], bool)
    found = np.array([[1, 1], [1, 0], [1, 1]], bool)
    table = {(r["actual"], r["predicted"]): r["titles"] for r in confusion(found, truth, ("A", "B")).to_dicts()}
    assert table == {("A", "A"): 2, ("A", "B"): 1, ("B", "A"): 1, ("B", "B"): 1}


def test_a_title_without_details_is_understood_by_its_plot(trained: Trained) -> None:
    rows = training_set(40).filter(pl.col("split") != "train")
    plain = rows.with_columns(text=pl.col("overview"))
    whole, bare = (trained.model.probabilities(part) for part in (rows, plain))
    assert (whole.argmax(axis=1) == bare.argmax(axis=1)).mean() > 0.9


def test_a_catalogue_is_learned_from_but_not_tested_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(xgboost_model.CONFIG, "catalogue_label_titles", 10)
    own = training_set(160)
    foreign = own.filter(pl.col("split") == "train").with_columns(
        title_id="wiki-" + pl.col("title_id"), source=pl.lit("wikipedia"), labels=pl.col("genres"), genres=pl.lit([])
    )
    both = train(
        "xgboost", conform(pl.concat([own, foreign.select(own.columns)]), TABLES["genre/training_set"]), "a" * 64
    )
    alone = train("xgboost", own, "a" * 64)
    assert both.model.meta.genres == alone.model.meta.genres
    assert both.model.files["catalogue.npy"] != alone.model.files["catalogue.npy"]
    assert both.macro_f1 > 0.9
