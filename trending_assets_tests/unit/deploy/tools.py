"""The checkers of .venv/tools (make setup EXTRAS=tools), started as programs."""

import os
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[3]


def tool(name: str) -> str:
    """A program's path. Skips with a reason where the extra is not installed."""
    path = REPO / ".venv" / "tools" / "bin" / name
    if not path.exists():
        pytest.skip(f"there is no {name} in .venv/tools (make setup EXTRAS=tools)")
    return str(path)


def run(name: str, *arguments: str, cwd: Path = REPO) -> subprocess.CompletedProcess[str]:
    """One of them to its end, with the environment's other programs (shellcheck) found or not as they are."""
    environment = {**os.environ, "PATH": f"{REPO / '.venv/tools/bin'}:{os.environ['PATH']}", "NO_COLOR": "1"}
    return subprocess.run(
        [tool(name), *arguments], cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )
