"""The smoke test and Locust against a real server over a made lake, as main.yml starts them against staging."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.made_lake import DAY, days_until, made_lake
from bench.server_process import server, trending_serve
from deploy import smoke
from trending_assets.s3 import free_port
from trending_assets_tests.unit.deploy.dockerfiles import REPO


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that serves three made days."""
    folder = tmp_path_factory.mktemp("smoke")
    lake, port = made_lake(folder / "lake", days_until(DAY, 3), titles=30, documents=80), free_port()
    with server(trending_serve(lake.uri, port), port, env={"TRENDING_STATE_DIR": str(folder / "state")}) as one:
        yield one.url


def failed(said: str) -> list[str]:
    """Names of the checks that failed."""
    return [line[6:].split(":")[0] for line in said.splitlines() if line.startswith("FAIL")]


def test_a_sound_api_passes_every_check(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.main(["--api", f"{url}/", "--wait", "5"]) == 0
    said = capsys.readouterr().out
    assert failed(said) == [] and said.count("ok  ") == 8
    assert "3 days, newest 2026-11-20" in said and "all is well" in said


def test_an_old_day_and_another_contract_are_found(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoke, "CONTRACT", ("/v1/days", "/v1/none"))
    assert smoke.main(["--api", url, "--wait", "5", "--most-days", "-1"]) == 1
    assert failed(capsys.readouterr().out) == ["a fresh day", "answers as described"]


class Wrong(BaseHTTPRequestHandler):
    """Is ready, and says something else than this project's API."""

    def do_GET(self) -> None:
        body = b'{"openapi": "3.1.0", "info": {"version": "1"}, "paths": {}, "components": {}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def test_what_is_not_this_api_fails_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Wrong) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        assert smoke.main(["--api", f"http://127.0.0.1:{other.server_port}", "--wait", "5"]) == 1
        other.shutdown()
    wrong = ["this code's contract", "a fresh day", "answers as described", "cached", "errors", "page"]
    assert failed(capsys.readouterr().out) == wrong


def test_nobody_there_is_one_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke.main(["--api", f"http://127.0.0.1:{free_port()}", "--wait", "0"]) == 1
    assert failed(capsys.readouterr().out) == ["ready"]


@pytest.mark.slow
def test_locust_against_an_address(url: str) -> None:
    options = ["--host", url, "--minutes", "0.12", "--rate", "10", "--most-p99", "0.001"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.locust_run", *options], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert ", 0 errors" in done.stdout and "/v1/trends" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1 and "is above 0.001 ms" in done.stdout
