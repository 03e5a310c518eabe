"""A real Postgres for tests, in a folder of its own on loopback."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def _program(name: str) -> str | None:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(debian[-1]) if debian else shutil.which(name)


def installed() -> bool:
    """Whether this machine has the server's programs."""
    return _program("initdb") is not None and _program("pg_ctl") is not None


@contextmanager
def postgres(port: int) -> Iterator[str]:
    """Serve Postgres on 127.0.0.1:port for the length of a `with` block; yields its address."""
    # pytest's own folders are closed to other users
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder, _serving(Path(folder), port):
        yield f"postgresql+psycopg://test@127.0.0.1:{port}/postgres"


@contextmanager
def _serving(folder: Path, port: int) -> Iterator[None]:
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = {"user": "postgres", "group": "postgres"}
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"

    def call(name: str, *options: str) -> None:
        command = [str(_program(name)), *options]
        done = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **as_user
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stdout}\n{log.read_text() if log.exists() else ''}")

    call("initdb", "-D", str(data), "-U", "test", "--auth=trust", "--no-sync", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    call("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    try:
        yield
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
