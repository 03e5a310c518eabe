"""`trending genre`: what is asked for on the command line reaches the function that does it."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trending_assets.cli import app
from trending_assets.genre import command


def test_the_encoder_that_is_named_is_the_one_that_bert_starts_from(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def train(*given: Any) -> str:
        asked.append(given)
        return "Trained."

    monkeypatch.setattr(command, "train", train)
    line = ["genre", "train", "--model", "bert", "--titles", "t.parquet", "--out", "m", "--encoder", "other/encoder"]
    done = CliRunner().invoke(app, line)
    assert (done.exit_code, done.output) == (0, "Trained.\n")
    assert asked == [("bert", Path("t.parquet"), Path("m"), "other/encoder")]
