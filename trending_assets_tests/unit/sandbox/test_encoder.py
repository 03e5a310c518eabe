"""The sentiment encoder, where its extra is installed: trained small, exported, asked through the endpoint."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openai
import pytest

from sandbox.process import running
from sandbox.sentiment import finetune
from sandbox.sentiment.data import Rows, Split
from sandbox.sentiment.encoder import MODEL_FILE, Encoder, is_there, name_of
from sandbox.sentiment.prose import learned_sentiment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.bert,
    pytest.mark.skipif(
        bool(finetune.missing_parts()), reason=f"the extra requirements/bert.txt lacks {finetune.missing_parts()}"
    ),
]
WORDS = (("awful", "dull", "boring", "bad"), ("great", "lovely", "brilliant", "good"))


def _rows(count: int, start: int) -> Rows:
    labels = [n % 2 for n in range(count)]
    return Rows([f"a {WORDS[n % 2][n % 4]} film about number {start + n}" for n in range(count)], labels)


def test_encoder_learns_is_exported_and_answers_under_its_name(tmp_path: Path) -> None:
    split = Split(_rows(128, 0), _rows(32, 1000), Rows([], []), Rows([], []), Rows([], []))
    module = finetune.fine_tune(split, lambda line: None, 4)
    name = finetune.write_encoder(module, tmp_path, lambda line: None)
    assert is_there(tmp_path) and name_of(tmp_path) == name and name.startswith("sandbox-minilm-")
    encoder = Encoder(tmp_path)
    texts = _rows(40, 5000)
    found = np.array(encoder.logits(texts.texts))
    assert ((found > 0) == np.array(texts.labels, bool)).all()
    exact = finetune.logits_of(module, encoder.tokenizer, texts.texts)
    assert np.abs(1 / (1 + np.exp(-found)) - 1 / (1 + np.exp(-exact))).max() < 0.15
    long = " ".join(["a lovely and brilliant film ."] * 300)
    assert encoder.logits([long])[0] > 0 and len(encoder._pieces(long)) == 8
    with running(None, sentiment=tmp_path) as sandbox, openai.DefaultHttpxClient(trust_env=False) as http:
        client = openai.OpenAI(base_url=f"{sandbox.url}/v1", api_key="k", http_client=http)
        data = {"task": "document_score", "document": {"text": "it is a lovely film about number 7"}}
        messages = [{"role": "user", "content": json.dumps(data)}]
        answer = client.chat.completions.create(model=name, messages=messages)  # type: ignore[arg-type]
        assert answer.model == name
        feeling = json.loads(answer.choices[0].message.content or "")["sentiment"]
        assert feeling == pytest.approx(learned_sentiment(encoder, "it is a lovely film about number 7"), abs=1e-4)
    (tmp_path / MODEL_FILE).write_bytes(b"no model")
    with (
        pytest.raises(RuntimeError, match="no sentiment encoder that can be loaded"),
        running(None, sentiment=tmp_path),
    ):
        pass
