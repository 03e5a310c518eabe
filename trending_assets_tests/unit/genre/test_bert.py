"""BERT, where its extra is installed: learns, repeats itself, is asked without torch. Skipped with the reason elsewhere."""

import hashlib
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.genre import bert_model, encoder
from trending_assets.genre.bundle import pack, write_folder
from trending_assets.genre.models import Trained, train
from trending_assets_tests.unit.genre.worlds import training_set

pytestmark = [
    pytest.mark.slow,
    pytest.mark.bert,
    pytest.mark.skipif(
        bool(bert_model.missing_parts()), reason=f"the extra requirements/bert.txt lacks {bert_model.missing_parts()}"
    ),
]


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train("bert", training_set(200), "c" * 64)


def test_bert_learns_and_repeats_itself(trained: Trained) -> None:
    second = train("bert", training_set(200), "c" * 64)
    assert pack(trained.model.files) == pack(second.model.files)
    rate = 1 / 4  # four genres in turn: what guessing by their shares would lose
    guessing = -(rate * math.log(rate) + (1 - rate) * math.log(1 - rate))
    assert trained.history[-1]["loss"] < guessing / 2
    assert trained.history[-1]["valid_loss"] < guessing
    assert trained.macro_f1 > 0.8
    rows = training_set(20).select("title_id", "text", "media_type")
    assert trained.model.predict(rows).equals(second.model.predict(rows))


def test_a_title_gets_the_same_answer_alone_and_beside_others(trained: Trained) -> None:
    rows = training_set(12).select("title_id", "text", "media_type")
    together = trained.model.probabilities(rows)
    alone = np.concatenate([trained.model.probabilities(rows[n : n + 1]) for n in range(rows.height)])
    assert (together == alone).all()
    assert trained.model.probabilities(rows[:0]).shape == (0, len(trained.model.meta.genres))


def test_it_is_small_and_asked_without_torch(trained: Trained, tmp_path: Path) -> None:
    assert len(pack(trained.model.files)) <= 40_000_000
    write_folder(trained.model.files, tmp_path / "model")
    training_set(12).select("title_id", "title", "overview", "media_type").write_parquet(tmp_path / "titles.parquet")
    code = (
        "import sys; from pathlib import Path; from trending_assets.genre.command import predict; folder = Path(sys.argv[1]); "
        "predict(folder / 'model', folder / 'titles.parquet', folder / 'out.parquet'); "
        "print([name for name in ('torch', 'transformers', 'onnx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
    assert pl.read_parquet(tmp_path / "out.parquet").height == 12 * len(trained.model.meta.genres)


def test_an_encoder_that_is_not_the_published_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = encoder.find(encoder.PACKAGED)
    assert hashlib.sha256(found.weights.read_bytes()).hexdigest() == encoder.PACKAGED_SHA256
    monkeypatch.setattr(encoder, "PACKAGED_SHA256", "0" * 64)  # as if the package's bytes had changed
    with pytest.raises(PermanentFailure, match="not the published|published ones"):
        encoder.find(encoder.PACKAGED)


def test_an_encoder_that_the_hub_does_not_give_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(PermanentFailure, match="no-such-owner/no-such-encoder cannot be had") as caught:
        encoder.find("no-such-owner/no-such-encoder")
    assert "\n" not in str(caught.value)
