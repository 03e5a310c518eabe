"""The paid LLM of bench.llm_endpoint as a process of its own, for the benchmarks and their tests."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bench.load import REPO


@dataclass(frozen=True)
class Paid:
    """Its address without /v1."""

    url: str

    def counts(self) -> dict[str, Any]:
        """What was paid so far."""
        found: dict[str, Any] = httpx.get(f"{self.url}/counts", trust_env=False).json()
        return found

    def reset(self) -> None:
        """Forget all counts."""
        httpx.post(f"{self.url}/reset", trust_env=False).raise_for_status()


@contextmanager
def paid_llm() -> Iterator[Paid]:
    """The endpoint for the length of a `with` block."""
    command = [sys.executable, "-m", "bench.llm_endpoint"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPO) as process:
        try:
            assert process.stdout is not None
            yield Paid(process.stdout.readline().strip())
        finally:
            process.kill()
