"""gate.py: keys, scopes, limits and CORS together, on a request's scope as the server gives it."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.gate import Gate
from api.problems import ProblemError
from trending_assets.cli import app
from trending_assets.failures import PermanentFailure
from trending_assets.settings import Settings


def scope(path: str = "/v1/trends", peer: str = "192.0.2.1", **headers: str) -> dict[str, Any]:
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "client": (peer, 40000), "headers": fields}


def refused(gate: Gate, asked: dict[str, Any]) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        gate.check(asked)
    return caught.value


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def key(path: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["keys", "add", "--name", "Ana", "--file", str(path), *words])
    assert done.exit_code == 0
    return done.stdout.strip()


def test_without_settings_everybody_is_let_in_and_nothing_is_counted() -> None:
    gate = Gate(Settings())
    assert not gate.closed and gate.check(scope()) == []
    assert gate.check(scope(authorization="Bearer whatever")) == []


def test_a_required_key_is_asked_for_checked_and_held_to_its_scopes(keys: Path) -> None:
    reader = key(keys)
    gate = Gate(Settings(api_keys=keys, api_require_key=True))
    assert gate.closed
    nobody = refused(gate, scope())
    assert (nobody.status, nobody.headers) == (401, {"WWW-Authenticate": 'Bearer realm="trending"'})
    wrong = refused(gate, scope(authorization=f"Bearer {reader}x"))
    assert wrong.status == 401 and "invalid_token" in str(wrong.headers) and reader not in str(vars(wrong))
    assert gate.check(scope(x_api_key=reader)) == []
    lacking = refused(gate, scope("/v1/exports/trends.csv", x_api_key=reader))
    assert lacking.status == 403 and 'scope="export"' in str(lacking.headers)
    for path in ("/healthz", "/readyz", "/metrics"):
        assert gate.check(scope(path)) == []


def test_a_key_that_is_sent_counts_though_none_is_required(keys: Path) -> None:
    reader = key(keys)
    gate = Gate(Settings(api_keys=keys))
    assert gate.check(scope()) == []
    assert refused(gate, scope(x_api_key="tn_00000000_x")).status == 401
    assert refused(gate, scope("/v1/classify", x_api_key=reader)).status == 403


def test_clients_are_limited_by_address_and_keys_by_key(keys: Path) -> None:
    plain, fast = key(keys), key(keys, "--per-minute", "6000")
    gate = Gate(Settings(api_keys=keys, api_rate_per_minute=1, api_rate_burst=2))
    first = dict(gate.check(scope()))
    assert first == {b"ratelimit-policy": b'"default";q=2;w=120', b"ratelimit": b'"default";r=1;t=60'}
    gate.check(scope(x_forwarded_for="198.51.100.1"))
    over = refused(gate, scope(x_forwarded_for="198.51.100.2"))  # no proxy is trusted: the same client
    assert over.status == 429 and over.headers["RateLimit"] == '"default";r=0;t=120'
    assert 0 < int(over.headers["Retry-After"]) <= 60
    assert gate.check(scope(peer="192.0.2.2"))
    for _ in range(2):
        gate.check(scope(x_api_key=plain))  # from the address that is over its limit
    assert refused(gate, scope(x_api_key=plain)).status == 429
    assert dict(gate.check(scope(x_api_key=fast)))[b"ratelimit-policy"] == b'"default";q=2;w=1'
    assert gate.check(scope("/healthz")) == []


def test_behind_a_trusted_proxy_clients_are_told_apart() -> None:
    gate = Gate(Settings(api_rate_per_minute=1, api_rate_burst=1, api_trust_proxy=1))
    gate.check(scope(peer="10.0.0.1", x_forwarded_for="1.1.1.1, 198.51.100.1"))
    gate.check(scope(peer="10.0.0.1", x_forwarded_for="1.1.1.1, 198.51.100.2"))
    assert refused(gate, scope(peer="10.0.0.1", x_forwarded_for="2.2.2.2, 198.51.100.1")).status == 429


def test_requiring_keys_without_a_file_is_refused_at_the_start() -> None:
    with pytest.raises(PermanentFailure, match="TRENDING_API_KEYS"):
        Gate(Settings(api_require_key=True))


@pytest.mark.parametrize(
    ("setting", "origin", "allowed"),
    [
        ("*", b"https://a.example", b"*"),
        ("https://a.example, https://b.example", b"https://b.example", b"https://b.example"),
        ("https://a.example", b"https://evil.example", None),
        ("", b"https://a.example", None),
    ],
)
def test_cors_is_by_setting(setting: str, origin: bytes, allowed: bytes | None) -> None:
    gate = Gate(Settings(api_cors_origins=setting))
    for fields in (gate.cors(origin), gate.preflight(origin)):
        assert dict(fields).get(b"access-control-allow-origin") == allowed
        assert setting == "*" or (b"vary", b"Origin") in fields
