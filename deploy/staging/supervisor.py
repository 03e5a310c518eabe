"""Processes with what a container engine gives them: a log, a restart where they die, an end to all of them."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

RESTART_SECONDS = 1.0
PATIENCE = 15.0


@dataclass
class _Kept:
    """A process that is kept running. `starts` counts how often it was started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes]"
    starts: int = 1


@dataclass
class Supervisor:
    """Keeps processes running in a folder: `restart: unless-stopped`. A context manager that leaves none behind."""

    folder: Path
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Supervisor":
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        if self._thread:
            self._thread.join()
        below = [process for kept in self._kept.values() for process in _below(kept.process.pid)]
        for kept in reversed(self._kept.values()):
            _signal_group(kept.process, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        for kept in self._kept.values():
            with suppress(subprocess.TimeoutExpired):
                kept.process.wait(max(0.1, end - time.monotonic()))
            _signal_group(kept.process, signal.SIGKILL)  # also what it left in its group
            kept.process.wait()
        for process in below:  # the code server starts its own in sessions of their own
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(below, PATIENCE)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a process in a group of its own and keep it running."""
        log = self.folder / f"{name}.log"
        process = self._open(command, environment, log)
        with self._lock:
            self._kept[name] = _Kept(name, command, environment, log, process)

    def pid(self, name: str) -> int:
        """Of the process as it runs now."""
        return self._kept[name].process.pid

    def kill(self, name: str) -> None:
        """End one process as a crash would (SIGKILL); it is started again."""
        os.kill(self.pid(name), signal.SIGKILL)

    def restarts(self) -> dict[str, int]:
        """How often each process was started again."""
        return {name: kept.starts - 1 for name, kept in self._kept.items()}

    def _open(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environment),
                cwd=self.folder,
                start_new_session=True,
            )

    def _keep(self) -> None:
        while not self._end.wait(0.2):
            with self._lock:
                dead = [kept for kept in self._kept.values() if kept.process.poll() is not None]
            for kept in dead:
                if self._end.wait(RESTART_SECONDS):
                    return
                kept.process = self._open(kept.command, kept.environment, kept.log)
                kept.starts += 1


def _below(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
