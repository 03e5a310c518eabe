"""BERT, where its extra is installed: learns, repeats itself, and is read back. Skipped with the reason elsewhere."""

import math

import pytest

from trending_assets.genre import bert_model
from trending_assets.genre.bundle import pack
from trending_assets.genre.models import train
from trending_assets_tests.unit.genre.worlds import training_set

pytestmark = [
    pytest.mark.slow,
    pytest.mark.bert,
    pytest.mark.skipif(
        bool(bert_model.missing_parts()), reason=f"the extra requirements/bert.txt lacks {bert_model.missing_parts()}"
    ),
]


def test_bert_learns_and_repeats_itself() -> None:
    first, second = (train("bert", training_set(200), "c" * 64) for _ in range(2))
    assert pack(first.model.files) == pack(second.model.files)
    rate = 1 / 4  # four genres in turn: what guessing by their shares would lose
    guessing = -(rate * math.log(rate) + (1 - rate) * math.log(1 - rate))
    assert first.history[-1]["loss"] < guessing / 2
    assert first.macro_f1 > 0.8
    rows = training_set(20).select("title_id", "text", "media_type")
    assert first.model.predict(rows).equals(second.model.predict(rows))
