"""Sentiment by a fine-tuned MiniLM as int8 ONNX: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

import hashlib
import importlib.util
import math
from functools import lru_cache
from pathlib import Path

from sandbox.sentiment.linear import Linear

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
FACTS = "training.json"
MAX_TOKENS = 64
"""Tokens of one piece of text; a longer text is read in pieces."""
MAX_PIECES = 8
"""Pieces of one text that are read: the first and the last ones, where reviews say what they think."""


@lru_cache
def missing_parts() -> tuple[str, ...]:
    """Packages that an encoder answers with and that are not installed."""
    return tuple(name for name in ("onnxruntime", "tokenizers") if importlib.util.find_spec(name) is None)


def is_there(folder: Path) -> bool:
    """Whether a folder holds the files of an encoder."""
    return (folder / MODEL_FILE).is_file() and (folder / TOKENIZER_FILE).is_file()


def name_of(folder: Path) -> str:
    """The model's name: `sandbox-minilm-` and the first 8 digits of the SHA-256 of its ONNX file."""
    about = (folder / MODEL_FILE).stat()
    return _name(folder / MODEL_FILE, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=8)
def _name(path: Path, size: int, changed: int) -> str:
    with path.open("rb") as file:
        return f"sandbox-minilm-{hashlib.file_digest(file, 'sha256').hexdigest()[:8]}"


class Encoder:
    """An encoder of a folder, loaded. Raises OSError, or what onnxruntime raises, on files that are none."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.name = name_of(folder)
        self.opinion = Linear().opinion  # trained on opinions alone, an encoder takes every text for one
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )

    def logits(self, texts: list[str]) -> list[float]:
        """The logit of `positive` of each text; of a long one the mean over its pieces."""
        return [self._logit(text) for text in texts]

    def _logit(self, text: str) -> float:
        import numpy as np

        found = []
        for ids in self._pieces(text):
            row = np.array([ids], np.int64)
            found.append(float(self.session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})[0][0]))
        return sum(found) / len(found)

    def _pieces(self, text: str) -> list[list[int]]:
        ids = self.tokenizer.encode(text).ids
        first, inner, last = ids[0], ids[1:-1], ids[-1]  # [CLS], the text, [SEP]
        size = MAX_TOKENS - 2
        count = max(1, math.ceil(len(inner) / size))
        pieces = [inner[len(inner) * at // count : len(inner) * (at + 1) // count] for at in range(count)]
        if count > MAX_PIECES:
            pieces = pieces[: MAX_PIECES // 2] + pieces[-MAX_PIECES // 2 :]
        return [[first, *piece, last] for piece in pieces]
