"""The page's own files and D3's modules: read, packed and named by their content once, then served from memory.

`/static/<tree>/page.js` carries the hash of all files in its address, so a browser may keep it for ever; modules import
each other by relative path and stay in one tree. `/static/page.js` serves the same file, revalidated on every visit.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from api.page.send import FOR_EVER, REVALIDATE, chosen, unchanged

WEB = Path(__file__).resolve().parent.parent.parent / "web"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_TREE = re.compile(r"(?P<tree>[0-9a-f]{12})/(?P<name>.+)")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class File:
    """A file in memory; its packed forms are made when they are first asked for."""

    body: bytes
    content_type: str

    @cached_property
    def etag(self) -> str:
        """First 32 hex digits of the SHA-256 of the body."""
        return hashlib.sha256(self.body).hexdigest()[:32]

    @cached_property
    def forms(self) -> Mapping[str, bytes]:
        """The body by content coding, as small as it gets."""
        import brotli

        return {
            "br": brotli.compress(self.body, quality=11),
            "gzip": gzip.compress(self.body, 9, mtime=0),
            "": self.body,
        }


@lru_cache
def files(web: Path = WEB) -> Mapping[str, File]:
    """Everything that is served, by name: `static/page.js`, `vendor/d3-force.mjs`. No other file can be reached."""
    found = {f"static/{path.name}": path for path in sorted((web / "static").iterdir()) if path.suffix in TYPES}
    for path in sorted(web.glob("node_modules/d3-*/dist/d3-*.min.mjs")):
        found[f"vendor/{path.parent.parent.name}.mjs"] = path
    return {name: File(path.read_bytes(), TYPES[path.suffix]) for name, path in found.items()}


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


def _serve(request: Request, folder: str, path: str) -> Response:
    named = _TREE.fullmatch(path)
    file = files().get(f"{folder}/{named['name'] if named else path}")
    if file is None:
        raise HTTPException(404)
    # Under another tree's name lies another version (a deployment under way): it is served, and not kept.
    cache = FOR_EVER if named and named["tree"] == tree() else REVALIDATE
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    coding = chosen(request.headers.get("accept-encoding", ""))
    headers["ETag"] = f'"{file.etag}{"-" * bool(coding)}{coding}"'
    if unchanged(request, file.etag):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    return Response(file.forms[coding], headers=headers | {"Content-Type": file.content_type})


@router.get("/static/{path:path}")
def static(request: Request, path: str) -> Response:
    """A file of web/static."""
    return _serve(request, "static", path)


@router.get("/vendor/{path:path}")
def vendor(request: Request, path: str) -> Response:
    """A module of D3. Without node_modules there is none, and the page keeps its table."""
    return _serve(request, "vendor", path)


def mount_static(app: FastAPI) -> None:
    """Serve web/static under /static and D3's modules under /vendor."""
    app.include_router(router)
