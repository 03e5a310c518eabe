"""What the API asks: a real Dagster webserver over a small graph with a few runs, and a server that answers as told."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import orjson

_REPO = """
import os
import dagster as dg
daily = dg.DailyPartitionsDefinition("2026-11-10", end_date="2026-12-20")
@dg.asset(key=["marts", "trends"], partitions_def=daily)
def trends() -> None: ...
@dg.asset(key=["marts", "titles"], partitions_def=daily)
def titles() -> None:
    if os.environ.get("FAIL"):
        raise RuntimeError("told to")
@dg.asset(key=["marts", "other"], partitions_def=daily)
def other() -> None: ...
@dg.asset(key=["genre", "champion"])
def champion() -> None: ...
defs = dg.Definitions(assets=[trends, titles, other, champion])
"""
# trends: a hole on the 19th, and a backfill of an old day that was run last. titles: their newest day failed when made anew.
_RUN = """
import json, os
import dagster as dg, repo
instance, runs = dg.DagsterInstance.get(), {}
def run(asset, day=None):
    done = dg.materialize([asset], partition_key=day, instance=instance, raise_on_error=False)
    runs[" ".join(filter(None, [asset.key.to_user_string(), day]))] = done.run_id
for day in ("2026-11-18", "2026-11-20", "2026-11-17"):
    run(repo.trends, day)
for day in ("2026-11-19", "2026-11-20"):
    run(repo.titles, day)
run(repo.champion)
made = dict(runs)
os.environ["FAIL"] = "yes"
run(repo.titles, "2026-11-20")
print(json.dumps(made))
"""


@dataclass(frozen=True)
class Dagit:
    """The server's address, and the runs by "asset day" (or "asset" where it has no days)."""

    url: str
    runs: Mapping[str, str]


@contextmanager
def webserver(home: Path) -> Iterator[Dagit]:
    """The server for the length of a `with` block, with `home` as its DAGSTER_HOME."""
    (home / "repo.py").write_text(_REPO)
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    env = {**os.environ, "DAGSTER_HOME": str(home)}
    ran = subprocess.run(
        [sys.executable, "-c", _RUN], cwd=home, env=env, capture_output=True, text=True, check=True, timeout=180
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "dagster-webserver"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-f",
        "repo.py",
    ]
    server = subprocess.Popen(command, cwd=home, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/server_info", server)
        yield Dagit(f"http://127.0.0.1:{port}", json.loads(ran.stdout.splitlines()[-1]))
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        assert server.poll() is None, "dagster-webserver ended"
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise AssertionError("dagster-webserver did not start within 180 s")


@contextmanager
def answering(status: int, body: bytes, wait: float = 0.0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An HTTP server on loopback that answers every POST alike; gives its address and the bodies that it was sent."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(wait)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the client that is tried may have given up
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
