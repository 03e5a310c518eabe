"""API keys: made by the command, known by their hashes alone, revoked while the API runs, and never shown."""

import json
import logging
import stat
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from typer.testing import CliRunner

from api.keys import Caller, KeyRefused, Keys, admit, scope_of
from trending_assets.cli import app
from trending_assets.failures import PermanentFailure


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def trending(*words: str | Path) -> str:
    done = CliRunner().invoke(app, ["keys", *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def bearer(key: str) -> Headers:
    return Headers({"Authorization": f"Bearer {key}"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "keys.json"


def test_a_key_is_shown_once_and_kept_as_a_hash(path: Path) -> None:
    key = trending("add", "--name", "Ana", "--scope", "export", "--scope", "read", "--per-minute", "90", "--file", path)
    _, key_id, secret = key.split("_", 2)
    kept = path.read_text()
    assert secret not in kept and key_id in kept and len(secret) >= 40
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = trending("list", "--file", path)
    assert "Ana" in listed and "read,export" in listed and "90 a minute" in listed and secret not in listed
    keys = Keys.open(path)
    expected = Caller(key_id, "Ana", ("read", "export"), 90.0)
    assert keys.who(bearer(key)) == keys.who(Headers({"X-API-Key": key})) == expected
    assert keys.who(Headers({"Authorization": f"bearer  {key}"})) == expected
    assert keys.who(Headers({"Authorization": "Basic abc", "x-api-key": key})) == expected
    assert keys.who(Headers({})) is None and keys.who(Headers({"Authorization": "Basic abc"})) is None


def test_a_wrong_key_is_refused_without_being_repeated(path: Path) -> None:
    key = trending("add", "--name", "Ana", "--file", path)
    other = trending("add", "--name", "Bo", "--file", path)
    keys = Keys.open(path)
    wrong = [
        *(key[:-1] + ("A" if key[-1] != "A" else "B"), key[:-1], key + "x", key[4:], "tn__", "tn", "x" * 100_000, "ß€"),
        f"tn_{other.split('_', 2)[1]}_{key.split('_', 2)[2]}",  # one key's secret under another's id
        f"tn_ffffffff_{key.split('_', 2)[2]}",
        json.loads(path.read_text())["keys"][0]["sha256"],  # what a thief of the file has
    ]
    for sent in wrong:
        with pytest.raises(KeyRefused) as caught:
            keys.who(bearer(sent) if sent.isascii() else {"authorization": f"Bearer {sent}"})
        assert caught.value.status == 401
        assert caught.value.headers == {"WWW-Authenticate": 'Bearer realm="trending", error="invalid_token"'}
        assert len(sent) < 3 or sent not in f"{caught.value} {caught.value!r} {vars(caught.value)}"


def test_a_running_api_takes_a_new_key_and_refuses_a_revoked_one(path: Path) -> None:
    first, clock = trending("add", "--name", "Ana", "--file", path), Clock()
    keys = Keys(path, clock)
    second = trending("add", "--name", "Bo", "--file", path)
    trending("revoke", first.split("_")[1], "--file", path)
    assert keys.who(bearer(first)), "within the second the file is not looked at again"
    clock.now += 1
    assert keys.who(bearer(second))
    with pytest.raises(KeyRefused):
        keys.who(bearer(first))
    trending("revoke", second.split("_")[1], "--file", path)
    clock.now += 1
    with pytest.raises(KeyRefused):
        keys.who(bearer(second))
    assert "no key" in trending("list", "--file", path)


def test_a_file_that_breaks_or_goes_leaves_the_known_keys(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, clock = trending("add", "--name", "Ana", "--file", path), Clock()
    whole, keys = path.read_bytes(), Keys(path, clock)
    said = []
    for broken in (b'{"keys": [{"id": "s3cret"', b"", b'{"keys": [{"id": "s3cret"}]}', None):
        path.unlink(missing_ok=True)
        if broken is not None:
            path.write_bytes(broken)
        clock.now += 1
        capsys.readouterr()
        assert keys.who(bearer(key))
        assert keys.who(bearer(key))
        logs = capsys.readouterr().err.splitlines()
        said += logs
        assert len(logs) == 1 and "api keys not read" in logs[0] and "s3cret" not in logs[0]
    path.write_bytes(whole.replace(b'"Ana"', b'"Eve"'))
    clock.now += 1
    assert (found := keys.who(bearer(key))) and found.name == "Eve"
    assert len(said) == 4


def test_no_key_reaches_a_log_or_a_repr(
    path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    key, clock = trending("add", "--name", "Ana", "--file", path), Clock()
    secret = key.split("_", 2)[2]
    keys = Keys(path, clock)
    caller = keys.who(bearer(key))
    path.write_text("broken")
    clock.now += 1
    keys.who(bearer(key))
    with pytest.raises(KeyRefused) as caught:
        keys.who(bearer(key + "x"))
    logs = capsys.readouterr().err
    shown = f"{caller!r} {keys!r} {vars(keys)} {logs} {caplog.text} {caught.value!r} {caught.value.headers}"
    assert "api keys not read" in logs and secret not in shown


def test_scopes_and_requirement(path: Path) -> None:
    reader = Caller("0" * 8, "Ana", ("read",), None)
    admit(reader, "read", required=True)
    admit(None, "classify", required=False)
    with pytest.raises(KeyRefused, match="lacks the scope export; it has read") as caught:
        admit(reader, "export", required=False)
    assert caught.value.status == 403 and 'scope="export"' in caught.value.headers["WWW-Authenticate"]
    with pytest.raises(KeyRefused, match="Send an API key") as caught:
        admit(None, "read", required=True)
    assert (caught.value.status, caught.value.headers) == (401, {"WWW-Authenticate": 'Bearer realm="trending"'})


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("/v1/trends", "read"),
        ("/v1/exports/trends.csv", "export"),
        ("/v1/snapshots/0123456789abcdef/exports/titles.parquet", "export"),
        ("/v1/snapshots/0123456789abcdef/trends", "read"),
        ("/v1/snapshots/exports", "read"),
        ("/v1/classify", "classify"),
        ("/v1/titles/exports", "read"),
    ],
)
def test_an_address_says_its_scope(address: str, scope: str) -> None:
    assert scope_of(address) == scope


def test_without_a_file_nobody_is_known_and_requiring_keys_is_said_to_be_impossible(path: Path) -> None:
    assert Keys.open(None).who(bearer("tn_00000000_x")) is None
    assert Keys.open(path).who(Headers({})) is None, "a file that is not there yet holds no key"
    with pytest.raises(PermanentFailure, match="TRENDING_API_KEYS"):
        Keys.open(None, required=True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "--name", "Ana", "--scope", "write"), "--scope write is unknown"),
        (("add", "--name", ""), "--name"),
        (("add", "--name", "Ana", "--per-minute", "0"), "--per-minute"),
        (("revoke", "00000000"), "has no key 00000000"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_changes_nothing(path: Path, words: tuple[str, ...], complaint: str) -> None:
    trending("add", "--name", "Ana", "--file", path)
    before = path.read_bytes()
    with pytest.raises(PermanentFailure, match=complaint) as caught:
        CliRunner().invoke(app, ["keys", *words, "--file", str(path)], catch_exceptions=False)
    assert "\n" not in str(caught.value) and path.read_bytes() == before


def test_a_broken_file_is_not_overwritten_and_not_quoted(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"keys": [{"id": "s3cret"}]}')
    with pytest.raises(PermanentFailure, match="is no file of API keys") as caught:
        CliRunner().invoke(app, ["keys", "add", "--name", "Ana", "--file", str(path)], catch_exceptions=False)
    assert "s3cret" in path.read_text() and "s3cret" not in str(caught.value)


def test_the_setting_names_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermanentFailure, match="TRENDING_API_KEYS"):
        CliRunner().invoke(app, ["keys", "list"], catch_exceptions=False)
    monkeypatch.setenv("TRENDING_API_KEYS", str(path))
    trending("add", "--name", "Ana")
    assert path.is_file()
