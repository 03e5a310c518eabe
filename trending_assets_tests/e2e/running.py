"""Drives the command line as a person would."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

TRENDING = str(Path(sys.executable).parent / "trending")


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment without settings of this machine, and `extra`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRENDING_", "DAGSTER_", "AWS_"))}
    return kept | extra


def trending(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `trending …` to its end; output as text."""
    return subprocess.run(
        [TRENDING, *arguments], capture_output=True, text=True, check=False, cwd=cwd, env=clean_environment(**env)
    )


def run_world(world: Path, first: str, last: str, lake: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """`trending run` on a world's folder."""
    return trending("run", "--world", str(world), "--from", first, "--to", last, "--lake", lake, cwd=cwd, **env)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every object under a folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
