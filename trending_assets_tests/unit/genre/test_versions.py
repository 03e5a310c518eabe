"""Training sets under DVC: what a past model saw comes back byte for byte, or a sentence says why not."""

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from trending_assets.cli import app
from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import POINTER, Meta, pack, read_folder, write_folder
from trending_assets.genre.data_command import bring_back
from trending_assets.genre.models import FILES, GenreModel, train
from trending_assets.genre.training import build_training_set
from trending_assets.genre.versions import fetch_version, keep, keep_version, pointer_key, remote_of
from trending_assets.lake import Lake, open_lake
from trending_assets.settings import get_settings
from trending_assets_tests.unit.genre.worlds import DAY, titles


def _trained(lake: Lake, rows: pl.DataFrame) -> tuple[GenreModel, bytes]:
    """A model of the titles, in the lake as the registry puts it, and the bytes of its training set."""
    lake.write("genre/training_set", build_training_set(rows, DAY))
    data = lake.store.get(lake.key("genre/training_set"))
    assert data is not None
    pointer = keep_version(lake, data, get_settings())
    version = hashlib.sha256(data).hexdigest()
    model = train("xgboost", lake.read("genre/training_set"), version, extra_files={POINTER: pointer.encode()}).model
    lake.store.put(f"genre/models/xgboost/{model.id}.zip", pack(model.files))
    return model, data


def _objects(remote: str) -> list[Path]:
    return [path for path in Path(remote).rglob("*") if path.is_file()]


def test_the_data_of_a_past_model_comes_back(lake: Lake, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first, data = _trained(lake, titles(60))
    second, other = _trained(lake, titles(60).with_columns(overview=pl.col("overview") + " Again."))
    assert data != other and first.id != second.id
    lake.store.delete(lake.key("genre/training_set"))
    capfd.readouterr()

    write_folder(first.files, tmp_path / "model")
    assert GenreModel(read_folder(tmp_path / "model", FILES)).id == first.id  # the pointer is part of a model
    ways: list[tuple[str | None, str | None]] = [(first.id, None), (str(tmp_path / "model"), None)]
    for number, (model, version) in enumerate([*ways, (None, first.meta.data_version)]):
        out = tmp_path / "out" / f"{number}.parquet"
        assert first.meta.data_version in bring_back(model, version, lake.uri, out)
        assert out.read_bytes() == data
    words = ["genre", "data", "--model", second.id, "--lake", lake.uri, "--out", str(tmp_path / "second.parquet")]
    assert second.meta.data_version in CliRunner().invoke(app, words).stdout
    assert (tmp_path / "second.parquet").read_bytes() == other
    assert capfd.readouterr() == ("", "")  # DVC is silent
    assert list((get_settings().state_dir / "dvc").iterdir()) == []


def test_keeping_again_changes_nothing(lake: Lake) -> None:
    texts = {keep_version(lake, b"one and the same", get_settings()) for _ in range(2)}
    assert len(texts) == 1
    assert len(_objects(remote_of(lake.uri, get_settings()))) == 1
    keys = lake.store.list("genre/data")
    assert keys == [pointer_key(hashlib.sha256(b"one and the same").hexdigest())]


def test_plain_dvc_brings_it_back_too(lake: Lake, tmp_path: Path) -> None:
    """The way that docs/genre.md shows to people who have DVC and no platform."""
    pointer = keep_version(lake, b"rows", get_settings())
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / POINTER).write_text(pointer)
    quiet = {"DVC_NO_ANALYTICS": "true", "DVC_SITE_CACHE_DIR": str(tmp_path / "site")}
    for words in (["init", "--no-scm"], ["remote", "add", "-d", "lake", f"{lake.uri}/genre/dvc"], ["pull"]):
        done = subprocess.run([sys.executable, "-m", "dvc", *words, "-q"], cwd=folder, env=os.environ | quiet, check=False,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert (folder / "training_set.parquet").read_bytes() == b"rows"


def test_a_remote_of_its_own(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_DVC_REMOTE", str(tmp_path / "elsewhere"))
    keep_version(lake, b"rows", get_settings())
    assert len(_objects(str(tmp_path / "elsewhere"))) == 1
    assert lake.store.list("genre/dvc") == []
    assert fetch_version(lake, hashlib.sha256(b"rows").hexdigest(), get_settings()) == b"rows"


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_data_that_is_not_what_it_was_is_told(lake: Lake, harm: str) -> None:
    keep_version(lake, b"the rows of a set", get_settings())
    (kept,) = _objects(remote_of(lake.uri, get_settings()))
    kept.chmod(stat.S_IRUSR | stat.S_IWUSR)
    kept.unlink() if harm == "gone" else kept.write_bytes(b"the rows of a SET")
    with pytest.raises(PermanentFailure, match="not there, or its bytes were changed") as caught:
        fetch_version(lake, hashlib.sha256(b"the rows of a set").hexdigest(), get_settings())
    assert "\n" not in str(caught.value)


def test_a_pointer_to_other_data_is_told(lake: Lake) -> None:
    pointer = keep_version(lake, b"other rows", get_settings())
    with pytest.raises(PermanentFailure, match="not the one of data version"):
        fetch_version(lake, "0" * 64, get_settings(), pointer)


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "outs: 7",
        "{{{",
        "outs:\n- md5: 4957b1b01722c25519ffde562c348c11\n  path: ../../elsewhere\n",
        "outs:\n- md5: 4957b1b01722c25519ffde562c348c11\n  path: training_set.parquet\ncmd: touch here\n",
    ],
)
def test_a_strangers_pointer_is_not_followed(lake: Lake, pointer: str) -> None:
    with pytest.raises(PermanentFailure, match="no DVC pointer"):
        fetch_version(lake, "0" * 64, get_settings(), pointer)


def test_no_password_is_told(tmp_path: Path) -> None:
    for remote in ("https://me:hush-hush@127.0.0.1:9/x", "gs://me:hush-hush@bucket/x"):
        with pytest.raises(PermanentFailure, match="was not taken by the DVC remote") as caught:
            keep(b"rows", remote, tmp_path)
        assert "hush" not in str(caught.value) and "TRENDING_DVC_REMOTE" in str(caught.value)


def test_what_is_not_there_is_told(lake: Lake, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    with pytest.raises(PermanentFailure, match="neither a model's folder nor the id"):
        bring_back("abc", None, lake.uri, out)
    with pytest.raises(PermanentFailure, match="knows no data version 00"):
        bring_back(None, "00", lake.uri, out)
    for model, version in ((None, None), ("a", "b")):
        with pytest.raises(PermanentFailure, match="Name either"):
            bring_back(model, version, lake.uri, out)


def test_a_model_without_a_pointer_is_found_by_its_data_version(lake: Lake, tmp_path: Path) -> None:
    version = hashlib.sha256(b"rows").hexdigest()
    keep_version(lake, b"rows", get_settings())
    write_folder({"model.json": Meta("xgboost", (), (), version, DAY, {}).to_json()}, tmp_path / "model")
    bring_back(str(tmp_path / "model"), None, lake.uri, tmp_path / "out.parquet")
    assert (tmp_path / "out.parquet").read_bytes() == b"rows"


@pytest.mark.s3
def test_a_lake_in_s3_keeps_versions(s3_env: None) -> None:
    lake = open_lake("s3://lake/versions")
    keep_version(lake, b"rows in S3", get_settings())
    assert fetch_version(lake, hashlib.sha256(b"rows in S3").hexdigest(), get_settings()) == b"rows in S3"
    (kept,) = lake.store.list("genre/dvc")
    lake.store.put(kept, b"ROWS in S3")
    with pytest.raises(PermanentFailure, match="bytes were changed"):
        fetch_version(lake, hashlib.sha256(b"rows in S3").hexdigest(), get_settings())
