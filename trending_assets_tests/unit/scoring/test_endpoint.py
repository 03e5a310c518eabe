"""Which model the embedded scorer answers with, known before it is started."""

from pathlib import Path

import pytest

from sandbox.sentiment.encoder import missing_parts
from trending_assets.failures import PermanentFailure
from trending_assets.scoring.endpoint import EMBEDDED_MODEL, embedded_model, encoder_folder, endpoint, model_of
from trending_assets.settings import Settings


def _settings(tmp_path: Path, **more: object) -> Settings:
    given = {"llm_api_key": None, "state_dir": tmp_path / "state"} | more
    return Settings(_env_file=None, **given)  # type: ignore[arg-type,call-arg]


def _encoder(folder: Path, content: bytes = b"x") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(content)
    (folder / "tokenizer.json").write_text("{}")
    return folder


def test_without_an_encoder_the_linear_model_answers(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    assert encoder_folder(settings) is None
    assert model_of(settings) == embedded_model(settings) == EMBEDDED_MODEL
    (tmp_path / "state" / "models" / "sentiment").mkdir(parents=True)
    assert encoder_folder(settings) is None


@pytest.mark.skipif(bool(missing_parts()), reason=f"not installed: {', '.join(missing_parts())}")
def test_an_encoder_is_named_by_its_bytes(tmp_path: Path) -> None:
    folder = _encoder(tmp_path / "state" / "models" / "sentiment")
    settings = _settings(tmp_path)
    assert encoder_folder(settings) == folder
    assert model_of(settings) == "sandbox-minilm-2d711642"
    _encoder(folder, b"other bytes")
    assert model_of(settings) == "sandbox-minilm-a3ead5ee"
    assert model_of(_settings(tmp_path, llm_api_key="k", llm_model="gpt-5-mini")) == "gpt-5-mini"
    with pytest.raises(PermanentFailure, match="no sentiment encoder that can be loaded"), endpoint(settings):
        pass


@pytest.mark.skipif(not missing_parts(), reason="onnxruntime and tokenizers are installed")
def test_an_encoder_without_its_packages_is_left_alone_unless_it_was_asked_for(tmp_path: Path) -> None:
    folder = _encoder(tmp_path / "state" / "models" / "sentiment")
    assert model_of(_settings(tmp_path)) == EMBEDDED_MODEL
    with pytest.raises(PermanentFailure, match="needs onnxruntime.*bert.txt"):
        model_of(_settings(tmp_path, sentiment_model=folder))


def test_a_named_folder_without_an_encoder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="TRENDING_SENTIMENT_MODEL"):
        model_of(_settings(tmp_path, sentiment_model=tmp_path))
