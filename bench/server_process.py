"""A server as a process of its own: on a core, from its start to its first answer, and what it used."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

REPO = Path(__file__).resolve().parent.parent
_WAIT_SECONDS = 120.0


@dataclass(frozen=True)
class Server:
    """A running server. `ready_seconds` and `ready_cpu` are from its start to its first 200."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    ready_seconds: float
    ready_cpu: float
    log: Path

    def cpu_seconds(self) -> float:
        """User and system seconds of the process so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def rss_mib(self) -> float:
        """Resident memory, mapped files that were touched included."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 2**20)

    def own_mib(self) -> float:
        """Resident memory without mapped files: what the process alone holds."""
        info = psutil.Process(self.process.pid).memory_info()
        return float((info.rss - getattr(info, "shared", 0)) / 2**20)


def pinned(command: Sequence[str], core: int | None) -> list[str]:
    """The command, held on one core (Linux)."""
    return [*(["taskset", "-c", str(core)] if core is not None else []), *command]


def trending_serve(lake: str, port: int) -> list[str]:
    """The command that serves a lake, from this folder's code."""
    return [sys.executable, "-m", "trending_assets.cli", "serve", "--lake", lake, "--port", str(port)]


@contextmanager
def server(
    command: Sequence[str],
    port: int,
    ready: str = "/readyz",
    core: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server on loopback until the block ends, then SIGTERM. Raises RuntimeError with the end of its log."""
    path = os.pathsep.join(part for part in (str(REPO), os.environ.get("PYTHONPATH", "")) if part)
    with tempfile.TemporaryDirectory(prefix="server-") as folder:
        log = Path(folder) / "log.txt"
        with log.open("wb") as out:
            started = time.monotonic()
            process = subprocess.Popen(
                pinned(command, core),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": path, **(env or {})},
                start_new_session=True,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(process, url + ready, log)
            seconds = time.monotonic() - started
            times = psutil.Process(process.pid).cpu_times()
            yield Server(url, port, process, seconds, times.user + times.system, log)
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes], seconds: float = 30.0) -> int:
    """SIGTERM, and SIGKILL where that does not end it in time; gives the exit code."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(10)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _WAIT_SECONDS
    with httpx.Client(trust_env=False, timeout=10) as client:
        while time.monotonic() < end:
            if process.poll() is not None:
                raise RuntimeError(f"The server ended with code {process.returncode}:\n{_tail(log)}")
            with suppress(httpx.TransportError):
                if client.get(url).status_code == 200:
                    return
            time.sleep(0.005)
    raise RuntimeError(f"{url} did not answer 200 within {_WAIT_SECONDS:.0f} seconds:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) or "(it wrote nothing)"
