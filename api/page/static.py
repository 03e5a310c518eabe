"""The page's own files and D3's modules: read, packed and named by their content once, then served from memory.

`/static/<tree>/page.js` carries the hash of all files in its address, so a browser may keep it for ever; modules import
each other by relative path and stay in one tree. `/static/page.js` serves the same file, revalidated on every visit.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, FastAPI, Response
from starlette.exceptions import HTTPException

from api.page.send import REVALIDATE
from api.ready import Ready
from api.reply import IMMUTABLE, Answer

WEB = Path(__file__).resolve().parent.parent.parent / "web"
TYPES = {
    ".js": b"text/javascript; charset=utf-8",
    ".mjs": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
}
_TREE = re.compile(r"(?P<tree>[0-9a-f]{12})/(?P<name>.+)")

router = APIRouter(include_in_schema=False)


class File(NamedTuple):
    """A file in memory. `etag`: the first 32 hex digits of its SHA-256."""

    body: bytes
    content_type: bytes
    etag: str


@lru_cache
def files(web: Path = WEB) -> Mapping[str, File]:
    """Everything that is served, by name: `static/page.js`, `vendor/d3-force.mjs`. No other file can be reached."""
    found = {f"static/{path.name}": path for path in sorted((web / "static").iterdir()) if path.suffix in TYPES}
    for path in sorted(web.glob("node_modules/d3-*/dist/d3-*.min.mjs")):
        found[f"vendor/{path.parent.parent.name}.mjs"] = path
    return {name: _read(path) for name, path in found.items()}


def _read(path: Path) -> File:
    body = path.read_bytes()
    return File(body, TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:32])


@lru_cache
def tree() -> str:
    """12 hex digits over all names and bodies."""
    whole = hashlib.sha256()
    for name, file in files().items():
        whole.update(f"{name}\n{file.etag}\n".encode())
    return whole.hexdigest()[:12]


def address(name: str) -> str:
    """The address of a file that a browser may keep for ever: `static/page.js` as /static/<tree>/page.js."""
    folder, _, rest = name.partition("/")
    return f"/{folder}/{tree()}/{rest}"


@lru_cache
def _answer(name: str, cache: bytes) -> Answer:
    file = files()[name]
    return Answer(file.body, file.etag, cache, file.content_type, keep=True, packed_best=True)


def _serve(folder: str, path: str) -> Response:
    named = _TREE.fullmatch(path)
    name = f"{folder}/{named['name'] if named else path}"
    if name not in files():
        raise HTTPException(404)
    # Under another tree's name lies another version (a deployment under way): it is served, and not kept.
    return Ready(_answer(name, IMMUTABLE if named and named["tree"] == tree() else REVALIDATE))


@router.get("/static/{path:path}")
def static(path: str) -> Response:
    """A file of web/static."""
    return _serve("static", path)


@router.get("/vendor/{path:path}")
def vendor(path: str) -> Response:
    """A module of D3. Without node_modules there is none, and the page keeps its table."""
    return _serve("vendor", path)


def mount_static(app: FastAPI) -> None:
    """Serve web/static under /static and D3's modules under /vendor."""
    app.include_router(router)
