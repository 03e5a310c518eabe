"""A real Postgres in a folder of its own on loopback: Debian's programs, for staging and for tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure


def program(name: str) -> str | None:
    """Where a program of Postgres lies, None where the machine has none."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(debian[-1]) if debian else shutil.which(name)


def installed() -> bool:
    """Whether this machine has the server's programs."""
    return program("initdb") is not None and program("pg_ctl") is not None


@contextmanager
def postgres(port: int, user: str = "test", password: str | None = None, database: str = "postgres") -> Iterator[str]:
    """Serve Postgres on 127.0.0.1:port for the length of a `with` block; yields its address, without the password.

    With a password the server asks for it (scram-sha-256). Raises PermanentFailure with what the programs said.
    """
    # pytest's own folders are closed to other users
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder, _serving(Path(folder), port, user, password):
        if database != "postgres":
            environment = {**os.environ, "PGPASSWORD": password or ""}
            command = [str(program("createdb")), "-h", "127.0.0.1", "-p", str(port), "-U", user, database]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise PermanentFailure(f"createdb failed: {done.stderr.strip()}")
        yield f"postgresql+psycopg://{user}@127.0.0.1:{port}/{database}"


@contextmanager
def _serving(folder: Path, port: int, user: str, password: str | None) -> Iterator[None]:
    as_user: dict[str, Any] = {}
    data, log, secret = folder / "data", folder / "log", folder / "password"
    secret.touch(0o600)
    secret.write_text(password or "")
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = {"user": "postgres", "group": "postgres"}
        shutil.chown(folder, "postgres", "postgres")
        shutil.chown(secret, "postgres", "postgres")

    def call(name: str, *options: str) -> None:
        command = [str(program(name)), *options]
        done = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **as_user
        )
        if done.returncode:
            raise PermanentFailure(f"{name} failed: {done.stdout}\n{log.read_text() if log.exists() else ''}")

    asked = [f"--pwfile={secret}", "--auth=scram-sha-256"] if password else ["--auth=trust"]
    call("initdb", "-D", str(data), "-U", user, *asked, "--no-sync", "-E", "UTF8")
    secret.unlink()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    call("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    try:
        yield
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
