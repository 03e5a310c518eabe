"""BERT: the all-MiniLM-L6-v2 encoder, fine-tuned with a head of one logit a genre. Needs the extra of requirements/bert.txt."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import Files
from trending_assets.genre.evaluation import Flags, Matrix
from trending_assets.genre.extra import ENCODER_PACKAGE, missing_parts

FILES = ("weights.safetensors", "encoder.json", "tokenizer.json")
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as its hub publishes it."""
CONFIG: dict[str, Any] = {
    "encoder": "all-MiniLM-L6-v2",
    "encoder_sha256": ENCODER_SHA256,
    "max_train_rows": 2_000,
    "max_tokens": 128,
    "batch": 32,
    "frozen_layers": 2,
    "epochs": 1,
    "head_decay": 1e-3,
    "encoder_rate": 1e-4,
    "head_rate": 1e-3,
    "warmup_share": 0.1,
    "weight_decay": 0.01,
    "seed": 0,
}
THREADS = 1
"""As in xgboost_model: beside other work, threads that wait for each other in a busy loop are slower than one."""
_HEAD = "head."
_ENCODER = "encoder."


def fit(train: pl.DataFrame, truth: Flags, progress: Callable[[str], None]) -> tuple[Files, list[dict[str, float]]]:
    """Fine-tune on rows (title_id, text, media_type) and labels, shape (rows, genres): files, and the loss by step.

    Of more than CONFIG["max_train_rows"] rows those with the smallest hash of their title_id are taken. Embeddings and the
    lowest layers stay as they are. The head is first fitted alone, so that tuning starts from
    a model and not from noise. AdamW, linear warm-up and decay, binary cross-entropy. Weights are kept as float16.
    On a CPU the same rows give the same bytes on one machine.
    Raises PermanentFailure where the extra is missing or the encoder's weights are not the published ones.
    """
    if absent := missing_parts():
        raise PermanentFailure(f"BERT needs {', '.join(absent)}: pip install -r requirements/bert.txt")
    import torch
    from safetensors.torch import load, save

    source = _encoder_folder()
    chosen = _smallest_hashes(train["title_id"], CONFIG["max_train_rows"])
    texts, truth = _texts(train[chosen]), truth[chosen]
    tokenizer_json = (source / "tokenizer.json").read_bytes()
    config_json = (source / "config.json").read_bytes()
    history: list[dict[str, float]] = []
    with _settled() as device:
        torch.manual_seed(CONFIG["seed"])
        encoder = _encoder(config_json)
        encoder.load_state_dict(load((source / "model.safetensors").read_bytes()), strict=False)
        head = torch.nn.Linear(encoder.config.hidden_size, truth.shape[1])
        for part in (encoder.embeddings, *encoder.encoder.layer[: CONFIG["frozen_layers"]]):
            part.requires_grad_(False)  # half of the weights are embeddings: leaving them be saves a third of the time
        encoder, head = encoder.to(device), head.to(device)
        learning = [p for p in encoder.parameters() if p.requires_grad]
        tokens = _tokenize(tokenizer_json, texts)
        labels = torch.tensor(truth, dtype=torch.float32)
        progress(f"bert: fitting the head on {len(tokens)} titles")
        _fit_head(head, _embed(encoder, tokens, device), labels.to(device))
        batches_an_epoch = -(-len(tokens) // CONFIG["batch"])
        steps = batches_an_epoch * CONFIG["epochs"]
        optimiser = torch.optim.AdamW(
            [
                {"params": learning, "lr": CONFIG["encoder_rate"]},
                {"params": head.parameters(), "lr": CONFIG["head_rate"]},
            ],
            weight_decay=CONFIG["weight_decay"],
        )
        warmup = max(1, round(steps * CONFIG["warmup_share"]))
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min((step + 1) / warmup, (steps - step) / max(1, steps - warmup))
        )
        order = np.random.default_rng(CONFIG["seed"])
        encoder.train()
        for epoch in range(CONFIG["epochs"]):
            losses: list[float] = []
            for rows in _batches(order.permutation(len(tokens)), [len(t) for t in tokens]):
                ids, mask = _padded([tokens[r] for r in rows], device)
                logits = head(_pool(encoder(input_ids=ids, attention_mask=mask).last_hidden_state, mask))
                loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels[rows].to(device))
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_([*learning, *head.parameters()], 1.0)
                optimiser.step()
                schedule.step()
                losses.append(float(loss.detach()))
                history.append({"step": len(history) + 1.0, "loss": losses[-1]})
            progress(f"bert: epoch {epoch + 1} of {CONFIG['epochs']}, mean loss {np.mean(losses):.4f}")
        state = {_ENCODER + k: v for k, v in encoder.state_dict().items()}
        state |= {_HEAD + k: v for k, v in head.state_dict().items()}
        weights = save({k: v.detach().cpu().half().contiguous() for k, v in sorted(state.items())})
    return {"weights.safetensors": weights, "encoder.json": config_json, "tokenizer.json": tokenizer_json}, history


def load(files: Files, genres: Sequence[str]) -> Callable[[pl.DataFrame], Matrix]:
    """The model, ready to be asked many times: rows (text, media_type) to probabilities, shape (rows, genres).

    A CPU is asked text by text, for sums differ in the last bit with what else is in a batch: a day has to get the same bytes
    alone and in a range. Raises PermanentFailure where the extra is missing.
    """
    if absent := missing_parts():
        raise PermanentFailure(f"This is a BERT model, which needs {', '.join(absent)}: "
                               "pip install -r requirements/bert.txt")  # fmt: skip
    import torch
    from safetensors.torch import load as read

    with _settled() as device:
        state = {k: v.float() for k, v in read(files["weights.safetensors"]).items()}
        encoder = _encoder(files["encoder.json"])
        encoder.load_state_dict({k.removeprefix(_ENCODER): v for k, v in state.items() if k.startswith(_ENCODER)})
        head = torch.nn.Linear(encoder.config.hidden_size, len(genres))
        head.load_state_dict({k.removeprefix(_HEAD): v for k, v in state.items() if k.startswith(_HEAD)})
        encoder, head = encoder.to(device).eval(), head.to(device).eval()

    def probabilities(rows: pl.DataFrame) -> Matrix:
        found = np.zeros((rows.height, len(genres)))
        with _settled() as device, torch.inference_mode():
            tokens = _tokenize(files["tokenizer.json"], _texts(rows))
            by_length = sorted(range(len(tokens)), key=lambda n: (len(tokens[n]), n))
            size = 1 if device.type == "cpu" else CONFIG["batch"]
            for start in range(0, len(by_length), size):
                chunk = by_length[start : start + size]
                ids, mask = _padded([tokens[n] for n in chunk], device)
                logits = head(_pool(encoder(input_ids=ids, attention_mask=mask).last_hidden_state, mask))
                found[chunk] = torch.sigmoid(logits.double()).cpu().numpy()
        return found

    return probabilities


def _encoder_folder() -> Path:
    """Folder of the packaged encoder. Raises PermanentFailure where its weights are not the published ones."""
    spec = importlib.util.find_spec(ENCODER_PACKAGE)
    origin = spec.origin if spec else None
    folder = Path(origin or "").parent / "model"
    with (folder / "model.safetensors").open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != ENCODER_SHA256:
        raise PermanentFailure(
            f"The weights of {ENCODER_PACKAGE} have SHA-256 {actual}, the published ones {ENCODER_SHA256}. "
            "Install the package again from a source you trust."
        )
    return folder


def _encoder(config_json: bytes) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing here may ask the hub
    from transformers import BertConfig, BertModel

    return BertModel(BertConfig(**json.loads(config_json)), add_pooling_layer=False)


@contextmanager
def _settled() -> Iterator[Any]:
    """The device to use (a GPU if there is one), with threads and algorithms fixed and put back afterwards."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what CUDA needs to be deterministic
    import torch

    threads, deterministic = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield torch.device("cuda" if torch.cuda.is_available() else "cpu")
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic)


def _texts(rows: pl.DataFrame) -> list[str]:
    """Text as the encoder reads it: the medium first, for some genres are TV's alone."""
    lead = pl.when(pl.col("media_type") == "tv").then(pl.lit("TV show. ")).otherwise(pl.lit("Film. "))
    return rows.select(pl.concat_str([lead, pl.col("text")]))["literal"].to_list()


def _smallest_hashes(ids: pl.Series, most: int) -> list[int]:
    ranked = sorted(range(len(ids)), key=lambda n: hashlib.sha256(str(ids[n]).encode()).digest())
    return sorted(ranked[:most])


def _tokenize(tokenizer_json: bytes, texts: list[str]) -> list[list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(tokenizer_json.decode())
    tokenizer.enable_truncation(CONFIG["max_tokens"])
    tokenizer.no_padding()
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def _batches(shuffled: Any, lengths: list[int]) -> list[list[int]]:
    """Batches of like lengths out of shuffled blocks of 16 batches: little padding, still a random order."""
    size, block = CONFIG["batch"], CONFIG["batch"] * 16
    found: list[list[int]] = []
    for start in range(0, len(shuffled), block):
        rows = sorted((int(r) for r in shuffled[start : start + block]), key=lambda r: lengths[r])
        batches = [rows[n : n + size] for n in range(0, len(rows), size)]
        # A fixed stride mixes short and long batches.
        found += [batches[n] for k in range(3) for n in range(k, len(batches), 3)]
    return found


def _padded(tokens: list[list[int]], device: Any) -> tuple[Any, Any]:
    import torch

    longest = max(len(t) for t in tokens)
    ids = torch.tensor([t + [0] * (longest - len(t)) for t in tokens], device=device)
    mask = torch.tensor([[1] * len(t) + [0] * (longest - len(t)) for t in tokens], device=device)
    return ids, mask


def _embed(encoder: Any, tokens: list[list[int]], device: Any) -> Any:
    """Pooled states of every text, shape (texts, hidden), without dropout or gradients."""
    import torch

    encoder.eval()
    by_length = sorted(range(len(tokens)), key=lambda n: (len(tokens[n]), n))
    found = torch.zeros(len(tokens), encoder.config.hidden_size, device=device)
    with torch.no_grad():
        for start in range(0, len(by_length), CONFIG["batch"]):
            chunk = by_length[start : start + CONFIG["batch"]]
            ids, mask = _padded([tokens[n] for n in chunk], device)
            found[chunk] = _pool(encoder(input_ids=ids, attention_mask=mask).last_hidden_state, mask)
    return found


def _fit_head(head: Any, states: Any, labels: Any) -> None:
    """Logistic regression of the labels on frozen states, into the head's weights (L-BFGS, small L2 penalty)."""
    import torch

    optimiser = torch.optim.LBFGS(head.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def step() -> Any:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(head(states), labels)
        loss = loss + CONFIG["head_decay"] * head.weight.square().sum() / labels.shape[1]
        loss.backward()
        return loss

    optimiser.step(step)


def _pool(states: Any, mask: Any) -> Any:
    """Mean over the real tokens, as the encoder was trained to be read."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1)
