"""The packaged S3 server (SeaweedFS), for trying and testing s3:// lakes on one machine."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from trending_assets.failures import PermanentFailure

ACCESS_KEY, SECRET_KEY = "test", "hush-hush-local"


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    return free_ports(1)[0]


def free_ports(number: int) -> list[int]:
    """As many ports of loopback that nobody listens on, no two alike."""
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _command(folder: Path, port: int) -> list[str]:
    config = folder / "s3.json"
    identity = {"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}
    config.write_text(json.dumps({"identities": [{"name": "local", "credentials": [identity], "actions": ["Admin"]}]}))
    return [
        str(Path(sys.executable).parent / "weed"),
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.port={port}",
        f"-s3.config={config}",
        "-admin.ui=false",
        *inner_ports(),
    ]


def inner_ports() -> list[str]:
    """Options that put what is behind the server's S3 on free ports, so that several may run side by side."""
    names = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"]
    names += ["s3.port.grpc", "admin.port", "admin.port.grpc", "webdav.port"]
    return ["-s3.port.iceberg=0", "-s3.port.lance=0", *map("-{}={}".format, names, free_ports(len(names)))]


def environment(port: int) -> dict[str, str]:
    """AWS's own variables for a client of the server on that port."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@contextmanager
def s3_server(folder: Path, port: int) -> Iterator[str]:
    """Serve S3 from a folder on 127.0.0.1; yields its address. Raises PermanentFailure when it does not start."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(_command(folder, port), stdout=output, stderr=output, start_new_session=True)
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
    raise PermanentFailure(f"The S3 server did not start: {lines[-1]} (see {log})")
