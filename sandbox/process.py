"""Starts the sandbox as a process of its own and stops it again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

_WAIT_SECONDS = 60.0
_READY = re.compile(r"^sandbox: .* on (http://\S+)", re.MULTILINE)


@dataclass(frozen=True)
class SandboxProcess:
    """A running sandbox. `url` is the base of TMDb and the LLM; `proxy` is what a client of the sites uses."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def proxy(self) -> str:
        """The forward proxy for http://*.example, which is the same address."""
        return self.url

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        _signal(self.process, signal.SIGKILL)
        self.process.wait(10)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) or "(it wrote nothing)"


def _wait(process: subprocess.Popen[bytes], log: Path) -> str:
    """The server's address as soon as it answers. Raises RuntimeError with the end of its log."""
    end, pause, url = time.monotonic() + _WAIT_SECONDS, 0.02, ""
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The sandbox ended with code {process.returncode}:\n{_tail(log)}")
        if not url and (found := _READY.search(log.read_text(errors="replace"))):
            url = found[1]
        if url:
            with suppress(httpx.TransportError):
                if httpx.get(f"{url}/sandbox/stats", trust_env=False).status_code == 200:
                    return url
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)
    raise RuntimeError(f"The sandbox did not answer within {_WAIT_SECONDS:.0f} seconds:\n{_tail(log)}")


@contextmanager
def running(
    world: Path | None, port: int = 0, sentiment: Path | None = None, options: Sequence[str] = ()
) -> Iterator[SandboxProcess]:
    """A sandbox of a world folder (None: the LLM alone), for the length of a `with` block; port 0 takes a free one.

    `sentiment` is the folder of a sentiment encoder that its LLM answers with, `options` are further ones of sandbox.server.

    Raises RuntimeError with the end of the log when it does not come up.
    """
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    named = ["--world", str(world)] if world else []
    named += ["--sentiment", str(sentiment)] if sentiment else []
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        log = Path(folder) / "log.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "sandbox.server", *named, *options, "--port", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )
        try:
            yield SandboxProcess(_wait(process, log), process, log)
        finally:
            _signal(process, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait(5)
