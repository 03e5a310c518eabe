"""A real Prometheus for tests, with the committed configuration: Debian's package prometheus, which .ci/run installs."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from trending_assets.s3 import free_port

FOLDER = Path(__file__).resolve().parent.parent / "monitoring" / "prometheus"


def installed() -> bool:
    """Whether this machine has a Prometheus with its promtool."""
    return all(map(shutil.which, ("prometheus", "promtool")))


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run promtool in the folder of the configuration."""
    command = ["promtool", *arguments]
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=300)


@contextmanager
def prometheus(folder: Path, moved: Mapping[str, str]) -> Iterator[str]:
    """The server on a port and data of its own, for the length of a `with` block; yields its address.

    The configuration is the committed one but for its pace and the targets of `moved`, which stand elsewhere in a test. The
    rules are the committed files.
    """
    text = (FOLDER / "prometheus.yml").read_text()
    for what, instead in {
        "rules/*.yml": str(FOLDER / "rules" / "*.yml"),
        "interval: 30s": "interval: 1s",
        **moved,
    }.items():
        assert what in text, f"{what} is not in prometheus.yml any more"
        text = text.replace(what, instead)
    config, log, port = folder / "prometheus.yml", folder / "prometheus.log", free_port()
    config.write_text(text)
    command = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=output, stderr=output, cwd=folder
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/-/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
