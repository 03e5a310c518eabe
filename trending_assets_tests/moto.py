"""A stand-in for AWS's API as a process of its own (moto's server of the extra tools)."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

REPO = Path(__file__).resolve().parent.parent
SERVER = REPO / ".venv" / "tools" / "bin" / "moto_server"
ACCOUNT = "123456789012"
REGION = "eu-central-1"


def installed() -> bool:
    """Whether `make setup EXTRAS=tools` ran."""
    return SERVER.exists()


@contextmanager
def moto(port: int, log: Path) -> Iterator[dict[str, str]]:
    """Serve on 127.0.0.1 until the block ends; yields AWS's variables for it. Raises RuntimeError where it does not start."""
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with log.open("wb") as output:
        command = [str(SERVER), "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, env=kept, stdout=output, stderr=output, start_new_session=True)
        try:
            _wait(process, url, log)
            yield {
                "AWS_ENDPOINT_URL": url,
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
            }
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(f"{url}/moto-api/data.json", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"moto's server did not start: {log.read_text(errors='replace')[-500:]}")
