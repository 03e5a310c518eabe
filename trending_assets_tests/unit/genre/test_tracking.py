"""W&B runs: what a training and a promotion write, read back; nothing secret in them; a card that says what holds."""

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from trending_assets.cli import app
from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import MODEL_JSON, POINTER, Meta
from trending_assets.genre.card import card
from trending_assets.genre.models import GenreModel, Trained
from trending_assets.genre.runs import RunFile, find_runs, read_run
from trending_assets.genre.runs_command import list_runs, show_run
from trending_assets.genre.tracking import track, track_promotion
from trending_assets.settings import Settings, get_settings
from trending_assets_tests.unit.genre.worlds import DAY, training_set

KEY = "0123456789abcdef" * 2 + "deadbeef"


def _evaluation() -> pl.DataFrame:
    figures = {"threshold": 0.4, "precision": 0.75, "recall": 0.5, "f1": 0.6, "ece": 0.021, "support": 40}
    names = [("test", "Drama"), ("test", "War"), ("test", "macro"), ("test", "micro"), ("masked", "Drama")]
    names += [("masked", "macro"), ("masked", "micro"), ("1980s", "macro")]
    rows = [
        {"slice": where, "genre": genre} | figures | {"f1": 0.6 if where == "test" else 0.25} for where, genre in names
    ]
    identity = {"model_id": "x", "data_version": "v", "trained_through": DAY}
    return pl.DataFrame([row | identity for row in rows])


def _trained() -> Trained:
    """A training as the models give it, with curves of loss by step and measures by epoch, and a table of confusions."""
    meta = Meta("bert", ("Drama", "War"), (0.4, 0.5), "v" * 64, DAY, {"epochs": 2, "rate": 1e-4})
    files = {MODEL_JSON: meta.to_json(), "model.onnx": b"weights" * 99, POINTER: b"outs:\n- md5: 0\n"}
    history = [{"step": 1.0, "loss": 0.9}, {"step": 2.0, "loss": 0.5}, {"step": 3.0, "loss": 0.4}]
    history += [{"step": 2.0, "valid_loss": 0.7, "valid_macro_f1": 0.3}, {"step": 3.0, "valid_loss": 0.6}]
    confusion = pl.DataFrame({"actual": ["Drama", "War"], "predicted": ["War", "War"], "titles": [3, 8]})
    return Trained(GenreModel(files), _evaluation(), history, confusion)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TRENDING_WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    return get_settings()


def _only_run(settings: Settings) -> RunFile:
    (path,) = find_runs(settings.state_dir / "wandb")
    return read_run(path)


def test_a_training_is_a_whole_run(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    trained = _trained()
    folder = track(trained, settings, training_set(40), "s3://lake/genre/training_set/data.parquet")
    assert capfd.readouterr() == ("", "")
    run = _only_run(settings)
    assert (run.folder, run.job, run.name, run.exit_code) == (folder, "train", f"bert-{trained.model.id}", 0)
    provenance = {"model_id": trained.model.id, "data_version": "v" * 64, "trained_through": "2026-02-11"}
    assert provenance.items() <= run.config.items()
    assert run.config["epochs"] == 2 and run.config["genres"] == ["Drama", "War"]
    assert sum(run.config[f"rows_{split}"] for split in ("train", "valid", "test", "later")) == 40
    curves = [{"step": 1, "train/loss": 0.9}, {"step": 2, "train/loss": 0.5, "valid/loss": 0.7, "valid/macro_f1": 0.3},
              {"step": 3, "train/loss": 0.4, "valid/loss": 0.6}]  # fmt: skip
    assert run.history == curves
    assert run.tables == {"test/genres": (4, 7), "test/slices": (3, 5), "test/confusion": (2, 3)}
    assert run.summary["test/macro_f1"] == 0.6 and run.summary["test/micro_ece"] == 0.021

    data, model = run.artifacts
    assert (data.name, data.type, data.used) == ("genre-training-set", "dataset", True)
    assert data.metadata["data_version"] == "v" * 64 and data.metadata["file"].startswith("s3://lake")
    assert set(data.files) == {POINTER, "data_version.txt"}
    assert (model.name, model.type, model.used) == ("genre-bert", "model", False)
    assert {"candidate", trained.model.id} <= set(model.aliases)
    assert model.metadata == provenance | {"macro_f1": 0.6}
    assert set(model.files) == {MODEL_JSON, "model.onnx", POINTER, "README.md"}
    tables = [json.loads(path.read_text()) for path in run.folder.rglob("*.table.json")]
    assert ["Drama", "War", 3] in next(t["data"] for t in tables if t["columns"] == ["actual", "predicted", "titles"])


def test_what_waits_for_sync_stands_beside_the_runs(settings: Settings) -> None:
    track(_trained(), settings, training_set(4))
    staged = [path for path in (settings.state_dir / "wandb" / "data").rglob("*") if path.is_file()]
    assert any(path.read_bytes() == b"weights" * 99 for path in staged)


def test_no_key_is_in_a_run_or_a_warning(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    track(_trained(), settings, training_set(4))
    track_promotion({"model": "bert", "candidate_id": "c", "champion_id": "c"}, settings)
    for path in settings.state_dir.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
    blocked = settings.state_dir.parent / f"file-{KEY}"
    blocked.write_text("a file where a folder should be")
    with caplog.at_level(logging.WARNING):
        assert track(_trained(), settings.model_copy(update={"state_dir": blocked}), training_set(4)) is None
    assert "W&B did not take the run (offline)" in caplog.text
    assert KEY not in caplog.text


def test_online_without_a_server_is_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    online = settings.model_copy(update={"wandb_mode": "online", "state_dir": tmp_path / "file"})
    (tmp_path / "file").write_text("a file where a folder should be")
    with pytest.raises(PermanentFailure, match="Check WANDB_API_KEY, or set TRENDING_WANDB_MODE=offline") as caught:
        track(_trained(), online, training_set(4))
    assert "\n" not in str(caught.value) and KEY not in str(caught.value)


def test_disabled_writes_nothing(settings: Settings) -> None:
    off = settings.model_copy(update={"wandb_mode": "disabled"})
    assert track(_trained(), off, training_set(4)) is None
    assert track_promotion({"model": "bert"}, off) is None
    assert not (settings.state_dir / "wandb").exists()


@pytest.mark.parametrize(
    ("verdict", "aliases"),
    [
        ({"promoted": True, "champion_id": "c1", "production": True}, {"champion": "bert/c1", "production": "bert/c1"}),
        ({"promoted": False, "champion_id": "c0", "production": False}, {"champion": "bert/c0"}),
        ({"promoted": False, "champion_id": None, "production": False}, {}),
    ],
)
def test_a_verdict_is_a_run_of_its_own(settings: Settings, verdict: dict[str, Any], aliases: dict[str, str]) -> None:
    verdict |= {"model": "bert", "candidate_id": "c1", "difference": 0.04, "trained_through": date(2026, 2, 11)}
    track_promotion(verdict, settings)
    run = _only_run(settings)
    assert (run.job, run.name) == ("promotion", "bert-c1")
    assert run.config["difference"] == 0.04 and run.config["trained_through"] == "2026-02-11"
    assert run.summary.get("aliases", {}) == aliases
    assert run.summary["promoted"] == verdict["promoted"]


def test_runs_are_listed_and_shown(settings: Settings) -> None:
    track(_trained(), settings, training_set(40))
    track_promotion({"model": "bert", "candidate_id": "c", "champion_id": "c"}, settings)
    folder = settings.state_dir / "wandb"
    listed = list_runs(folder)
    assert len(listed) == 3 and "0.600  finished" in listed[1] and "promotion" in listed[2]
    first = next(run for run in map(read_run, find_runs(folder)) if run.job == "train")
    shown = show_run(folder, first.id)
    for line in ("  epochs: 2", "history: 3 steps", "  train/loss: 3 values, first 0.9, last 0.4",
                 "  test/confusion: 2 rows, 3 columns", "  in  genre-training-set (dataset), aliases latest"):  # fmt: skip
        assert line in shown
    assert any(line.startswith("  out genre-bert (model), aliases ") and "candidate" in line for line in shown)
    assert show_run(folder, str(first.folder)) == shown == show_run(folder, first.name)
    by_command = CliRunner().invoke(app, ["genre", "runs", first.id, "--dir", str(folder)])
    assert (by_command.exit_code, by_command.stdout.splitlines()) == (0, shown)
    assert CliRunner().invoke(app, ["genre", "runs"]).stdout.splitlines() == listed
    with pytest.raises(PermanentFailure, match="holds no W&B run other"):
        show_run(folder, "other")
    with pytest.raises(PermanentFailure, match="holds no W&B run"):
        list_runs(settings.state_dir / "nothing")


def test_a_run_file_that_was_changed_or_cut_is_told(settings: Settings, tmp_path: Path) -> None:
    track(_trained(), settings, training_set(40))
    data = find_runs(settings.state_dir / "wandb")[0].read_bytes()
    copy = tmp_path / "run-copy.wandb"
    copy.write_bytes(data[: len(data) // 2])
    assert read_run(copy).exit_code is None  # a run that was killed
    at = data.index(b"genre-training-set")
    copy.write_bytes(data[:at] + b"G" + data[at + 1 :])
    with pytest.raises(PermanentFailure, match="checksum"):
        read_run(copy)
    copy.write_bytes(b"something else")
    with pytest.raises(PermanentFailure, match="no file of a W&B run"):
        read_run(copy)


def test_a_long_history_spans_blocks(settings: Settings) -> None:
    trained = _trained()
    long = [{"step": float(n), "loss": 1 / n} for n in range(1, 1_001)]
    track(Trained(trained.model, trained.evaluation, long), settings, training_set(4))
    run = _only_run(settings)
    assert (run.folder / f"run-{run.id}.wandb").stat().st_size > 2 * 32_768
    assert [row["train/loss"] for row in run.history] == [row["loss"] for row in long]


def test_the_card_says_what_holds() -> None:
    trained = _trained()
    text = card(trained, training_set(40))
    for part in ("# Genre model: bert", trained.model.id, "v" * 64, "of tmdb", "trending genre data",
                 "| War | 0.400 | 0.750 | 0.500 | 0.600 | 0.021 | 40 |",
                 "| masked | 40 | 0.250 | 0.250 | 0.021 |", "| 1980s | 40 | 0.250 | – | 0.021 |"):  # fmt: skip
        assert part in text
    bare = {name: data for name, data in trained.model.files.items() if name != POINTER}
    assert "lies beside this card" in card(Trained(GenreModel(bare), _evaluation(), []), training_set(40))
