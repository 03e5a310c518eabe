"""The operations of the OpenAPI document, each as a request that is answered 200, and how its other statuses are provoked."""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from trending_assets.serving.container import _FOOTER

VALUES = {"title_id": "movie-1", "file": "trends.csv"}
QUERIES = {"search": {"q": "heat"}, "compare": {"from": "2026-11-18", "to": "2026-11-20"}}
TITLE = {"title": "Heat", "overview": "A thief and a detective.", "media_type": "movie", "models": ["xgboost"]}
LONG_AGO = "2020-01-01"


@dataclass(frozen=True)
class Operation:
    """A method and a path of the document with what a good request sends, and the statuses that are documented."""

    method: str
    template: str
    documented: frozenset[int]
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, client: httpx.Client) -> httpx.Response:
        """Ask."""
        content = self.body if isinstance(self.body, bytes) else None
        json = None if content is not None else self.body
        return client.request(
            self.method, self.path, params=self.query, json=json, content=content, headers=self.headers
        )

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def operations(document: dict[str, Any], snapshot: str) -> list[Operation]:
    """Every operation of the document; `snapshot` is one that is published."""
    found = []
    for template, methods in document["paths"].items():
        for method, operation in methods.items():
            path, last = template, template.rpartition("/")[2]
            for name, value in (VALUES | {"snapshot": snapshot}).items():
                path = path.replace(f"{{{name}}}", value)
            found.append(
                Operation(
                    method.upper(),
                    template,
                    frozenset(int(status) for status in operation["responses"]),
                    path,
                    QUERIES.get(last, {}),
                    TITLE if last == "classify" else None,
                )
            )
    return found


def unchanged(one: Operation) -> Operation:
    """304: the client has it."""
    return replace(one, headers={"If-None-Match": "*"})


def unknown(one: Operation) -> Operation:
    """404: a snapshot, two days or a day that is not there."""
    if "{snapshot}" in one.template:
        return replace(one, path=one.path.replace(one.path.split("/")[3], "0" * 16))
    if one.template.endswith("/compare"):
        return replace(one, query=one.query | {"from": LONG_AGO})
    return replace(one, query=one.query | {"date": LONG_AGO})


def wrong(one: Operation) -> Operation:
    """422: a parameter that nobody knows, or a body without a title."""
    return replace(one, body={"nope": 1}) if one.body else replace(one, query=one.query | {"nope": "1"})


def too_large(one: Operation) -> Operation:
    """413: more than the body may have."""
    return replace(one, body=b"x" * 100_000, headers={"Content-Type": "application/json"})


def with_key(one: Operation, key: str) -> Operation:
    """The same with an API key."""
    return replace(one, headers={"X-API-Key": key})


def other_method(one: Operation) -> Operation:
    """405."""
    return replace(one, method="DELETE", body=None)


def damage(lake: Path) -> None:
    """Make every published object one whose checksum is right and whose records lie beyond its end: our mistake, if ever."""
    for path in (lake / "serving/objects").glob("*.bundle"):
        data = bytearray(path.read_bytes()[:-32])
        at = len(data) - _FOOTER.size
        starts, keys, _, count, bits = _FOOTER.unpack_from(data, at)
        _FOOTER.pack_into(data, at, starts, keys, 2**40, count, bits)
        path.write_bytes(bytes(data) + hashlib.sha256(data).digest())
