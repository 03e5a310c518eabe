"""The answers of /v1/trends, put together from rows that are JSON already. Imports no Polars: the API does it, too."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

from trending_assets.serving.encoding import to_json

PATH = "/v1/trends"
PAGE = 50
"""Rows of an answer whose query names no limit."""
LISTS = ("popular", "rising")
"""The order of marts/trends by `rank`, and by `rising_rank`."""


class List(NamedTuple):
    """One of the ready answers: which list, and the medium that it holds (None: all)."""

    name: str
    media_type: str | None

    @property
    def path(self) -> str:
        """The path that asks for its first page."""
        return query(self.params())

    def params(self) -> dict[str, str]:
        """Its parameters, defaults left out."""
        asked = {"list": self.name if self.name != LISTS[0] else None, "media_type": self.media_type}
        return {name: value for name, value in asked.items() if value}


READY = tuple(List(name, media_type) for name in LISTS for media_type in (None, "movie", "tv"))


def query(params: Mapping[str, str]) -> str:
    """/v1/trends with these parameters, in alphabetical order."""
    return f"{PATH}?{urlencode(sorted(params.items()))}" if params else PATH


def next_page(snapshot: str, given: int, total: int, params: Mapping[str, str]) -> str | None:
    """Path of what follows the first `given` rows of `total`; None at the end.

    `params` are those of the answer itself, defaults and cursor left out.
    """
    return query({**params, "cursor": f"{snapshot}.{given}"}) if given < total else None


def listing(
    head: Mapping[str, Any],
    name: str,
    total: int,
    limit: int,
    next_path: str | None,
    rows: Iterable[bytes | memoryview],
) -> bytes:
    """An answer of /v1/trends. `head` is the bundle's entry trends.head, `rows` are rows of its entry rows."""
    results = orjson.Fragment(b"[" + b",".join(rows) + b"]")
    facts = {"list": name, "total": total, "limit": limit, "next": next_path, "results": results}
    return to_json({**head, **facts})


def links(title_id: str) -> dict[str, str]:
    """Where a title's answers are."""
    itself = f"/v1/titles/{title_id}"
    return {"self": itself, "history": f"{itself}/history", "evidence": f"{itself}/evidence"}
