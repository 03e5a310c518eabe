"""BERT: an encoder fine-tuned with a logit a genre, asked as int8 ONNX, beside a logistic regression of the words.

Wide and deep (Cheng et al. 2016): the encoder reads what a plot means, the words what its keywords say. Training needs the extra
of requirements/bert.txt, asking does not.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.genre import words
from trending_assets.genre.arrays import Flags
from trending_assets.genre.bundle import Files
from trending_assets.genre.calibration import Scores
from trending_assets.genre.encoder import PACKAGED
from trending_assets.genre.extra import missing_parts
from trending_assets.genre.words import Words, from_npy, npy

MODEL_ONNX, TOKENIZER_JSON, LINEAR_NPY = "model.onnx", "tokenizer.json", "linear.npy"
FILES = (MODEL_ONNX, TOKENIZER_JSON, LINEAR_NPY, *words.FILES)
CONFIG: dict[str, Any] = {
    "max_tokens": 96,
    "batch": 32,
    "epochs": 2,
    "encoder_rate": 8e-5,
    "head_rate": 1e-3,
    "head_decay": 1e-3,
    "warmup_share": 0.1,
    "weight_decay": 0.01,
    "without_details": 0.4,
    "catalogue_rows": 6_000,
    "catalogue_tokens": 64,
    "catalogue_label_titles": 60,
    "catalogue_rate": 1e-4,
    "seed": 0,
}
"""`without_details` of the titles are read without tagline and keywords in an epoch, so that such a title is understood, too."""
PARTS = 2
"""What is calibrated together: the encoder's log odds and those of the words."""


def fit(
    train: pl.DataFrame,
    truth: Flags,
    catalogue: pl.DataFrame,
    progress: Callable[[str], None],
    encoder: str = PACKAGED,
    valid: tuple[pl.DataFrame, Flags] | None = None,
    epochs: int | None = None,
) -> tuple[Files, list[dict[str, float]]]:
    """Fine-tune on rows (text, title, overview, media_type) and labels, shape (rows, genres): files, and the loss by step.

    First one epoch over up to CONFIG["catalogue_rows"] titles of other catalogues and their own labels, then `epochs` (by
    default CONFIG["epochs"]) over the training rows; the word embeddings stay as they are. `valid` is only looked at: its
    loss stands in the history after each epoch. On one machine the same rows give the same bytes.
    Raises PermanentFailure where the extra is missing or the encoder is not to be had.
    """
    if absent := missing_parts():
        raise PermanentFailure(f"BERT needs {', '.join(absent)}: pip install -r requirements/bert.txt")
    from trending_assets.genre import encoder as encoders
    from trending_assets.genre.finetune import Tuning, fine_tune, settled, to_onnx

    start = encoders.find(encoder)
    tokenize = _tokenizer(start.tokenizer)
    rows = train.with_columns(words.plain_text())
    whole, plain = tokenize(_texts(rows, "text")), tokenize(_texts(rows, "plain"))
    chance = np.random.default_rng(CONFIG["seed"])

    def epoch_tokens(epoch: int | None) -> list[list[int]]:
        if epoch is None:
            return whole
        bare = chance.random(len(whole)) < CONFIG["without_details"]
        return [plain[n] if bare[n] else whole[n] for n in range(len(whole))]

    with settled(CONFIG["seed"]) as device:
        module = start.module().to(device)
        names, flags, chosen = _catalogue(catalogue)
        if names:
            progress(f"bert: one epoch over {chosen.height:,} titles of other catalogues, {len(names)} labels")
            cut = CONFIG["catalogue_tokens"]
            foreign = [
                ids if len(ids) <= cut else [*ids[: cut - 1], ids[-1]] for ids in tokenize(_texts(chosen, "plain"))
            ]
            fine_tune(module, lambda epoch: foreign, flags, Tuning(1, CONFIG["catalogue_rate"], **_same()), progress)
        held = None
        if valid is not None and valid[0].height:
            held = tokenize(_texts(valid[0], "text")), valid[1]
        epochs = epochs or CONFIG["epochs"]
        progress(f"bert: {epochs} epoch{'s' * (epochs > 1)} over {len(whole):,} titles, {truth.shape[1]} genres")
        tuning = Tuning(epochs, CONFIG["encoder_rate"], **_same())
        head, history = fine_tune(module, epoch_tokens, truth, tuning, progress, held)
        onnx = to_onnx(module, head)
    vocabulary = Words.fit([*words.texts_of(rows), *words.texts_of(rows, "plain")])
    linear = words.fit_logistic(_twice(vocabulary, rows), np.concatenate([truth, truth]))
    files = {MODEL_ONNX: onnx, TOKENIZER_JSON: start.tokenizer, LINEAR_NPY: npy(linear.astype(np.float16))}
    return files | vocabulary.files, history


def load(files: Files, genres: Sequence[str]) -> Callable[[pl.DataFrame], Scores]:
    """The model, ready to be asked many times: rows (text, media_type) to log odds, shape (rows, 2, genres).

    Texts are asked one by one: int8 scales what it reads by all of a batch, and a day has to get the same bytes alone and in
    a range. One thread.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(files[MODEL_ONNX], options, providers=["CPUExecutionProvider"])
    tokenize = _tokenizer(files[TOKENIZER_JSON])
    vocabulary, linear = Words.from_files(files), from_npy(files[LINEAR_NPY]).astype(np.float64)

    def scores(rows: pl.DataFrame) -> Scores:
        found = np.zeros((rows.height, PARTS, len(genres)))
        if rows.is_empty():
            return found
        for n, ids in enumerate(tokenize(_texts(rows, "text"))):
            row = np.array([ids], np.int64)
            found[n, 0] = session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})[0][0]
        found[:, 1] = words.log_odds(linear, vocabulary.rows(words.texts_of(rows)))
        return found

    return scores


def _same() -> dict[str, Any]:
    return {name: CONFIG[name] for name in ("batch", "head_rate", "head_decay", "warmup_share", "weight_decay", "seed")}


def _twice(vocabulary: Words, rows: pl.DataFrame) -> Any:
    from scipy import sparse

    views = [vocabulary.rows(words.texts_of(rows, column)) for column in ("text", "plain")]
    return sparse.vstack(views, format="csr")


def _catalogue(catalogue: pl.DataFrame) -> tuple[list[str], Flags, pl.DataFrame]:
    """The catalogue's labels that are frequent enough to learn, the labels of the rows that are learned from, and those rows."""
    from collections import Counter

    from trending_assets.genre.evaluation import label_matrix

    kept = _smallest_hashes(catalogue["title_id"], CONFIG["catalogue_rows"])
    chosen = catalogue[kept].with_columns(words.plain_text())
    counts = Counter(label for row in chosen["labels"].to_list() for label in set(row))
    names = sorted(label for label, titles in counts.items() if titles >= CONFIG["catalogue_label_titles"])
    return names, label_matrix(chosen["labels"], names), chosen


def _smallest_hashes(ids: pl.Series, most: int) -> list[int]:
    ranked = sorted(range(len(ids)), key=lambda n: hashlib.sha256(str(ids[n]).encode()).digest())
    return sorted(ranked[:most])


def _texts(rows: pl.DataFrame, column: str) -> list[str]:
    """Text as the encoder reads it: the medium first, for some genres are TV's alone."""
    lead = pl.when(pl.col("media_type") == "tv").then(pl.lit("TV show. ")).otherwise(pl.lit("Film. "))
    found: list[str] = rows.select(pl.concat_str([lead, pl.col(column)]).alias("found"))["found"].to_list()
    return found


def _tokenizer(tokenizer_json: bytes) -> Callable[[list[str]], list[list[int]]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(tokenizer_json.decode())
    tokenizer.enable_truncation(CONFIG["max_tokens"])
    tokenizer.no_padding()
    return lambda texts: [encoding.ids for encoding in tokenizer.encode_batch(texts)]
