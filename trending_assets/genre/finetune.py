"""Fine-tuning of an encoder with a head of one logit a genre, and its export to int8 ONNX. Imports torch in its functions."""

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from trending_assets.genre.arrays import Flags

THREADS = 2
"""Always as many: with another number sums come in another order, and a training is not repeated to the last bit."""
Tokens = list[list[int]]


@dataclass(frozen=True)
class Tuning:
    """How long and how fast: AdamW with linear warm-up and decay, binary cross-entropy."""

    epochs: int
    encoder_rate: float
    batch: int
    head_rate: float
    head_decay: float
    warmup_share: float
    weight_decay: float
    seed: int


@contextmanager
def settled(seed: int) -> Iterator[Any]:
    """The device to use (a GPU if there is one), with seed, threads and algorithms fixed and put back afterwards."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what CUDA needs to be deterministic
    import torch

    threads, deterministic = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.manual_seed(seed)
    try:
        yield torch.device("cuda" if torch.cuda.is_available() else "cpu")
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic)


def fine_tune(
    encoder: Any,
    tokens_of: Callable[[int | None], Tokens],
    truth: Flags,
    tuning: Tuning,
    progress: Callable[[str], None],
    held: tuple[Tokens, Flags] | None = None,
) -> tuple[Any, list[dict[str, float]]]:
    """Tune the encoder in place on labels of shape (texts, genres); gives the head, and the loss by step, untrained at 0.

    `tokens_of(epoch)` are the texts as that epoch reads them, of None as they come. The head is first fitted alone, so that
    tuning starts from a model and not from noise; word embeddings stay as they are, which saves a third of the time.
    `held` is only looked at, after each epoch.
    """
    import torch

    device = next(encoder.parameters()).device
    head = torch.nn.Linear(encoder.config.hidden_size, truth.shape[1]).to(device)
    labels = torch.tensor(truth, dtype=torch.float32, device=device)
    states = _embed(encoder, tokens_of(None), tuning.batch)
    with torch.no_grad():
        untrained = float(torch.nn.functional.binary_cross_entropy_with_logits(head(states), labels))
    _fit_head(head, states, labels, tuning.head_decay)
    encoder.embeddings.requires_grad_(False)
    learning = [p for p in encoder.parameters() if p.requires_grad]
    groups = [
        {"params": learning, "lr": tuning.encoder_rate},
        {"params": list(head.parameters()), "lr": tuning.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=tuning.weight_decay)
    steps = -(-len(truth) // tuning.batch) * tuning.epochs
    warmup = max(1, round(steps * tuning.warmup_share))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warmup, (steps - step) / max(1, steps - warmup))
    )
    order, history = np.random.default_rng(tuning.seed), [{"step": 0.0, "loss": untrained}]
    for epoch in range(tuning.epochs):
        encoder.train()
        tokens, losses = tokens_of(epoch), list[float]()
        for rows in _batches(order.permutation(len(tokens)), [len(ids) for ids in tokens], tuning.batch):
            logits = head(_pooled(encoder, [tokens[row] for row in rows]))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels[rows])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*learning, *head.parameters()], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
            history.append({"step": float(len(history)), "loss": losses[-1]})
            if (len(history) - 1) % 50 == 0:
                progress(f"bert: step {len(history) - 1} of {steps}, mean loss {np.mean(losses[-50:]):.4f}")
        said = f"bert: epoch {epoch + 1} of {tuning.epochs}, mean loss {np.mean(losses):.4f}"
        if held is not None:
            history[-1]["valid_loss"] = _loss(encoder, head, *held, tuning.batch)
            said += f", on the validation split {history[-1]['valid_loss']:.4f}"
        progress(said)
    return head, history


def to_onnx(encoder: Any, head: Any) -> bytes:
    """The encoder with its head as ONNX, weights as int8: (input_ids, attention_mask) to log odds of shape (texts, genres)."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.head = encoder, head

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return self.head(_mean(states, attention_mask))

    example = torch.ones((2, 8), dtype=torch.int64), torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    with TemporaryDirectory() as folder, _quiet():
        whole, small = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        torch.onnx.export(
            Whole().cpu().eval(),
            example,
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["log_odds"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "log_odds": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        # Seven bits: without VNNI, eight-bit products overflow their 16-bit sums.
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return small.read_bytes()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the exporters warn of: shapes that are traced are the ones that we have."""
    root, level = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)


def _loss(encoder: Any, head: Any, tokens: Tokens, truth: Flags, batch: int) -> float:
    import torch

    with torch.inference_mode():
        logits = head(_embed(encoder, tokens, batch))
        labels = torch.tensor(truth, dtype=torch.float32, device=logits.device)
        return float(torch.nn.functional.binary_cross_entropy_with_logits(logits, labels))


def _embed(encoder: Any, tokens: Tokens, batch: int) -> Any:
    """Pooled states of every text, shape (texts, hidden), without dropout or gradients."""
    import torch

    encoder.eval()
    by_length = sorted(range(len(tokens)), key=lambda n: (len(tokens[n]), n))
    found = torch.zeros(len(tokens), encoder.config.hidden_size, device=next(encoder.parameters()).device)
    with torch.no_grad():
        for start in range(0, len(by_length), batch):
            chunk = by_length[start : start + batch]
            found[chunk] = _pooled(encoder, [tokens[n] for n in chunk])
    return found


def _fit_head(head: Any, states: Any, labels: Any, decay: float) -> None:
    """Logistic regression of the labels on frozen states, into the head's weights (L-BFGS, small L2 penalty)."""
    import torch

    optimiser = torch.optim.LBFGS(head.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def step() -> Any:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(head(states), labels)
        loss = loss + decay * head.weight.square().sum() / labels.shape[1]
        loss.backward()
        return loss

    optimiser.step(step)


def _pooled(encoder: Any, tokens: Tokens) -> Any:
    """Mean states of texts, float32 (texts, hidden). In bfloat16 where the processor has it: half the time."""
    import torch

    device = next(encoder.parameters()).device
    half = device.type == "cuda" or torch.backends.cpu.get_cpu_capability() == "AVX512"
    longest = max(len(ids) for ids in tokens)
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in tokens], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in tokens], device=device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        states = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return _mean(states, mask).float()


def _mean(states: Any, mask: Any) -> Any:
    """Mean over the real tokens, as the encoder was trained to be read."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1)


def _batches(shuffled: Any, lengths: Sequence[int], size: int) -> list[list[int]]:
    """Batches of like lengths out of shuffled blocks of 16 batches: little padding, still a random order."""
    block, found = size * 16, list[list[int]]()
    for start in range(0, len(shuffled), block):
        rows = sorted((int(row) for row in shuffled[start : start + block]), key=lambda row: lengths[row])
        batches = [rows[n : n + size] for n in range(0, len(rows), size)]
        # A fixed stride mixes short and long batches.
        found += [batches[n] for first in range(3) for n in range(first, len(batches), 3)]
    return found
