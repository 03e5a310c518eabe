"""What a run of ours becomes on a W&B server: `wandb sync` takes an offline one whole, and an online one arrives by itself."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trending_assets.genre.bundle import POINTER
from trending_assets.genre.tracking import track
from trending_assets.settings import get_settings
from trending_assets_tests.unit.genre.test_tracking import KEY, _trained
from trending_assets_tests.unit.genre.tiny_wandb import Received, tiny_wandb
from trending_assets_tests.unit.genre.worlds import training_set

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Received]:
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    with tiny_wandb() as got:
        monkeypatch.setenv("WANDB_BASE_URL", got.url)
        yield got


def _arrived_whole(got: Received) -> None:
    trained = _trained()
    model = next(number for number, asked in got.artifacts.items() if asked["artifactTypeName"] == "model")
    data = next(number for number, asked in got.artifacts.items() if asked["artifactTypeName"] == "dataset")
    assert got.uploads[f"{model}/model.onnx"] == trained.model.files["model.onnx"]
    assert got.uploads[f"{model}/README.md"].startswith(b"# Genre model: bert")
    assert got.uploads[f"{data}/{POINTER}"] == trained.model.files[POINTER]
    aliases = {alias["alias"] for alias in got.artifacts[model]["aliases"]}
    assert {"candidate", trained.model.id} <= aliases
    assert json.loads(got.artifacts[model]["metadata"])["data_version"] == "v" * 64
    assert got.used[0] == (data, got.artifacts[model]["runName"])  # lineage: data in, model out of one run
    committed = {call["artifactID"] for call in got.operations("CommitArtifact")}
    assert {model, data} <= committed
    rows = [json.loads(line) for line in got.streamed]
    assert [row["train/loss"] for row in rows if "train/loss" in row] == [0.9, 0.5, 0.4]
    first = got.operations("UpsertBucket")[0]
    assert (first["jobType"], first["groupName"]) == ("train", "bert")


def test_wandb_sync_takes_an_offline_run(server: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_WANDB_MODE", "offline")
    folder = track(_trained(), get_settings(), training_set(40))
    assert server.asked == []
    done = subprocess.run(
        [sys.executable, "-m", "wandb", "sync", str(folder)],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Finished syncing" in done.stderr
    _arrived_whole(server)
    config = json.loads(server.operations("UpsertBucket")[-1]["config"])
    assert config["data_version"]["value"] == "v" * 64
    tables = [data for name, data in server.uploads.items() if name.startswith("run/media/table/test/confusion")]
    assert json.loads(tables[0])["columns"] == ["actual", "predicted", "titles"]


_ONLINE = """
from trending_assets.genre.tracking import track, track_promotion
from trending_assets.settings import get_settings
from trending_assets_tests.unit.genre.test_tracking import _trained
from trending_assets_tests.unit.genre.worlds import training_set
track(_trained(), get_settings(), training_set(40))
verdict = {"model": "bert", "candidate_id": _trained().model.id, "champion_id": _trained().model.id, "production": True}
track_promotion(verdict, get_settings())
"""


def test_an_online_run_arrives_and_its_promotion_links_the_registry(
    server: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own: W&B reads its server's address once a process."""
    monkeypatch.setenv("TRENDING_WANDB_MODE", "online")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    done = subprocess.run([sys.executable, "-c", _ONLINE], env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    _arrived_whole(server)
    (link,) = (call["input"] for call in server.operations("LinkArtifact"))
    assert (link["projectName"], link["artifactPortfolioName"]) == ("wandb-registry-model", "genre-bert")
    assert server.artifacts[link["artifactID"]]["artifactCollectionName"] == "genre-bert"
    assert [alias["alias"] for alias in link["aliases"]] == ["champion", "production"]
