"""A lake's address decides dbt's target and what its process is told."""

import os
from pathlib import Path

import duckdb
import pytest

from trending_assets.staging.dbt_target import environment, extension_directory, target_environment, target_of


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    return monkeypatch


def test_a_folder_needs_no_extension() -> None:
    assert target_of("/lake") == "local"
    assert target_environment("/lake") == {}


def test_a_local_server_is_spoken_to_in_path_style_without_tls(aws: pytest.MonkeyPatch) -> None:
    aws.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:8333/")
    told = target_environment("s3://bucket/x")
    assert told["TRENDING_S3_ENDPOINT"] == "127.0.0.1:8333"
    assert (told["TRENDING_S3_URL_STYLE"], told["TRENDING_S3_USE_SSL"]) == ("path", "false")
    assert told["TRENDING_S3_SECRET"] == "very-secret"
    assert [name for name, value in told.items() if value == "very-secret"] == ["TRENDING_S3_SECRET"]


def test_on_aws_the_region_is_part_of_the_address(aws: pytest.MonkeyPatch) -> None:
    told = target_environment("s3://bucket")
    assert told["TRENDING_S3_ENDPOINT"] == "s3.eu-north-1.amazonaws.com"
    assert "TRENDING_S3_USE_SSL" not in told


def test_the_packaged_extension_loads_without_the_network(aws: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = {"extension_directory": str(extension_directory()), "autoinstall_known_extensions": "false"}
    assert str(tmp_path) in config["extension_directory"]
    with duckdb.connect(config=config) as connection:  # type: ignore[arg-type]
        connection.install_extension("httpfs")
        connection.load_extension("httpfs")
        loaded = connection.execute("select loaded from duckdb_extensions() where extension_name = 'httpfs'").fetchall()
    assert loaded == [(True,)]


def test_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_A", "before")
    with environment({"TRENDING_A": "during", "TRENDING_B": "new"}):
        assert (os.environ["TRENDING_A"], os.environ["TRENDING_B"]) == ("during", "new")
    assert os.environ["TRENDING_A"] == "before"
    assert "TRENDING_B" not in os.environ
