"""API keys: a file of their hashes, who a key belongs to, and what it may be used for.

A key is `tn_<id>_<secret>`. The secret has 256 random bits, so one SHA-256 keeps it: there is nothing to guess. Keys are in no
message, no log line and no repr.
"""

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.access_log import tell
from api.problems import ProblemError
from trending_assets.failures import PermanentFailure

Scope = Literal["read", "export", "classify"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
LOOK_SECONDS = 1.0
"""The file is looked at at most this often: a revoked key is refused a second later."""
LONGEST = 200
"""Characters: no key of ours is longer, and nothing longer is hashed."""
_CHALLENGE = 'Bearer realm="trending"'


class KeyRecord(BaseModel):
    """A key as the file keeps it: everything but the key."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern="^[0-9a-f]{8}$")
    name: str = Field(min_length=1, max_length=100)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    scopes: tuple[Scope, ...] = Field(min_length=1)
    requests_per_minute: float | None = Field(None, gt=0)
    created: datetime


class KeyFile(BaseModel):
    """The file: {"keys": […]}."""

    model_config = ConfigDict(extra="forbid")
    keys: list[KeyRecord] = []


class KeyRefused(ProblemError):
    """401 or 403; `headers` are the answer's, and say what is asked for (RFC 6750)."""

    def __init__(self, status: int, detail: str, challenge: str = "") -> None:
        super().__init__(status, detail)
        self.headers = {"WWW-Authenticate": ", ".join(filter(None, (_CHALLENGE, challenge)))}


@dataclass(frozen=True)
class Caller:
    """Who sent a key. `requests_per_minute` is the key's own rate, None where the common one holds."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    requests_per_minute: float | None


_NOBODY: tuple[str, Caller | None] = ("0" * 64, None)


def read_key_file(path: Path) -> KeyFile:
    """The keys of a file, none where there is no file. Raises PermanentFailure for what is no key file, without quoting it."""
    try:
        return KeyFile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return KeyFile()
    except OSError as error:
        raise PermanentFailure(f"The file of API keys {path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the whole"
        raise PermanentFailure(
            f"{path} is no file of API keys ({where} is wrong). `trending keys` writes one."
        ) from None


class Keys:
    """The keys of a file, which is read anew when it changed. A file that cannot be read any more changes nothing."""

    def __init__(self, path: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._looked = clock()
        self._mark = _mark(path)
        self._known = _by_id(read_key_file(path)) if path else {}

    @classmethod
    def open(cls, path: Path | None, required: bool = False) -> "Keys":
        """The keys of the settings. Raises PermanentFailure where keys are required and none can be had."""
        if required and path is None:
            raise PermanentFailure("TRENDING_API_REQUIRE_KEY needs TRENDING_API_KEYS, the file of the keys.")
        return cls(path)

    def who(self, headers: Mapping[str, str]) -> Caller | None:
        """Whose key the headers carry, None without one or where no file is set. Raises KeyRefused 401 for a wrong key.

        `headers` are asked for "authorization" and "x-api-key".
        """
        key = _sent(headers) if self._path else None
        if key is None:
            return None
        self._look()
        parts = key.split("_", 2)
        kept, caller = self._known.get(parts[1], _NOBODY) if len(parts) == 3 else _NOBODY
        digest = sha256(key.encode()).hexdigest() if len(key) <= LONGEST else ""
        # Compared in constant time, and also where the id is unknown: the time tells nothing of either.
        if not hmac.compare_digest(digest, kept) or caller is None:
            raise KeyRefused(401, "This API key is not known; it may have been revoked.", 'error="invalid_token"')
        return caller

    def _look(self) -> None:
        now = self._clock()
        if self._path is None or now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        mark = _mark(self._path)
        if mark == self._mark:
            return
        self._mark = mark
        if mark is None:
            tell(
                "api keys not read", "warning", reason=f"{self._path} is gone; the keys that were in it go on counting"
            )
            return
        try:
            self._known = _by_id(read_key_file(self._path))
        except PermanentFailure as error:
            tell("api keys not read", "warning", reason=str(error))


def admit(caller: Caller | None, scope: Scope, required: bool) -> None:
    """Raise KeyRefused 401 where a key is required and none was sent, 403 where the key's scopes lack `scope`."""
    if caller is None and required:
        raise KeyRefused(401, "Send an API key: Authorization: Bearer KEY, or X-API-Key: KEY.")
    if caller is not None and scope not in caller.scopes:
        challenge = f'error="insufficient_scope", scope="{scope}"'
        raise KeyRefused(403, f"This API key lacks the scope {scope}; it has {', '.join(caller.scopes)}.", challenge)


def scope_of(path: str) -> Scope:
    """The scope that an address of /v1 asks for."""
    parts = path.split("/")
    if parts[2:3] == ["snapshots"]:
        del parts[2:4]
    return "export" if parts[2:3] == ["exports"] else "classify" if parts[2:] == ["classify"] else "read"


def _sent(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    return (token.strip() if scheme.lower() == "bearer" else "") or headers.get("x-api-key", "").strip() or None


def _mark(path: Path | None) -> tuple[int, int, int] | None:
    """What tells one state of the file from another; None without a file."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None


def _by_id(file: KeyFile) -> dict[str, tuple[str, Caller | None]]:
    return {r.id: (r.sha256, Caller(r.id, r.name, r.scopes, r.requests_per_minute)) for r in file.keys}
