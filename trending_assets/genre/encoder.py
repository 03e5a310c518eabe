"""The encoder that BERT starts from: the packaged all-MiniLM-L6-v2, or any BERT of the Hugging Face hub by its name."""

import hashlib
import importlib.util
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure
from trending_assets.genre.extra import ENCODER_PACKAGE

PACKAGED = "all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as its hub publishes it."""
WEIGHTS, CONFIG_JSON, TOKENIZER_JSON = "model.safetensors", "config.json", "tokenizer.json"


@dataclass(frozen=True)
class Encoder:
    """A BERT's files: its configuration and tokenizer, and where its weights are. `sha256` is that of the weights."""

    name: str
    sha256: str
    config: bytes
    tokenizer: bytes
    weights: Path

    def module(self) -> Any:
        """The torch module with its weights, without a pooling layer. Raises PermanentFailure where it is no BERT."""
        from safetensors.torch import load_file
        from transformers import BertConfig, BertModel

        config = json.loads(self.config)
        if config.get("model_type") != "bert":
            raise PermanentFailure(f"{self.name} is a {config.get('model_type')}, not a bert. Name another encoder.")
        module = BertModel(BertConfig(**config), add_pooling_layer=False)
        module.set_attn_implementation("eager")  # plain operations: half the time in bfloat16, and exportable
        state = {key.removeprefix("bert."): value for key, value in load_file(self.weights).items()}
        absent, _ = module.load_state_dict(state, strict=False)
        if missing := [key for key in absent if "position_ids" not in key]:
            raise PermanentFailure(f"The weights of {self.name} lack {missing[0]} and {len(missing) - 1} more.")
        return module


def find(name: str) -> Encoder:
    """The encoder of that name: PACKAGED from its package, its weights verified; another one from the Hugging Face hub.

    Raises PermanentFailure where it cannot be had, or is not the published one.
    """
    if name != PACKAGED:
        return _from_hub(name)
    spec = importlib.util.find_spec(ENCODER_PACKAGE)
    folder = Path((spec.origin if spec else None) or "").parent / "model"
    found = _read(name, folder)
    if found.sha256 != PACKAGED_SHA256:
        raise PermanentFailure(
            f"The weights of {ENCODER_PACKAGE} have SHA-256 {found.sha256}, the published ones {PACKAGED_SHA256}. "
            "Install the package again from a source you trust."
        )
    return found


def _from_hub(name: str) -> Encoder:
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        folder = snapshot_download(name, allow_patterns=[WEIGHTS, CONFIG_JSON, TOKENIZER_JSON])
        return _read(name, Path(folder))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise PermanentFailure(
            f"The encoder {name} cannot be had from the Hugging Face hub ({type(error).__name__}). Check the name and the "
            f"connection, or use {PACKAGED}, which comes with the extra bert."
        ) from None


def _read(name: str, folder: Path) -> Encoder:
    weights = folder / WEIGHTS
    with weights.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    return Encoder(name, actual, (folder / CONFIG_JSON).read_bytes(), (folder / TOKENIZER_JSON).read_bytes(), weights)
