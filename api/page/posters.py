"""Posters from our own origin: fetched once from TMDb's image address, so that no visitor of the page is seen there."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access_log import tell
from api.copies import put_copy
from api.page.render import answer
from api.problems import ProblemError
from api.ready import Ready
from api.reply import Answer

TIMEOUT = 5.0
MOST_BYTES = 2_000_000
MOST_FILES = 2_000
FORGET_SECONDS = 60.0
"""An image that could not be had is not asked for again for so long."""
TYPES = {b"\xff\xd8\xff": b"image/jpeg", b"\x89PNG": b"image/png", b"RIFF": b"image/webp"}
KEPT_BY_BROWSERS = b"public, max-age=604800"

router = APIRouter(include_in_schema=False)


class Posters:
    """Images under one address, with copies in a folder. Any number of threads may ask."""

    def __init__(self, images_url: str, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._prefix, self._folder, self._clock = f"{images_url.rstrip('/')}/", folder, clock
        self._failed: dict[str, float] = {}

    def get(self, url: str) -> bytes | None:
        """The image, None where there is none to be had just now. Another address than ours is never asked."""
        copy = self._folder / hashlib.sha256(url.encode()).hexdigest()[:32]
        try:
            return copy.read_bytes()
        except OSError:
            pass
        if not url.startswith(self._prefix) or self._clock() - self._failed.get(url, -FORGET_SECONDS) < FORGET_SECONDS:
            return None
        image = self._fetch(url)
        if image is None:
            self._failed = {u: at for u, at in self._failed.items() if self._clock() - at < FORGET_SECONDS}
            self._failed[url] = self._clock()
        else:
            put_copy(self._folder, copy.name, image, MOST_FILES)
        return image

    def _fetch(self, url: str) -> bytes | None:
        import httpx

        try:
            with httpx.stream("GET", url, timeout=TIMEOUT, follow_redirects=False) as reply:
                if reply.status_code != 200:
                    return None
                image = b""
                for piece in reply.iter_bytes():
                    image += piece
                    if len(image) > MOST_BYTES:
                        return None
        except httpx.HTTPError as error:
            tell("poster not fetched", "warning", reason=f"{type(error).__name__}: {error}")
            return None
        return image if type_of(image) else None


def type_of(image: bytes) -> bytes | None:
    """The image's media type by its first bytes, None for what is no JPEG, PNG or WebP: such as an SVG, which may hold script."""
    return next((kind for start, kind in TYPES.items() if image.startswith(start)), None)


@router.get("/posters/{title_id}")
def poster(request: Request, title_id: str, date: Annotated[str | None, Query()] = None) -> Response:
    """The poster of a title."""
    status, body = answer(request, f"/v1/titles/{title_id}", {"date": date})
    url = body["title"]["poster_url"] if status == 200 else None
    posters: Posters = request.app.state.posters
    image = posters.get(url) if url else None
    kind = type_of(image) if image else None
    if image is None or kind is None:
        raise ProblemError(404, f"There is no poster of {title_id} to be had.")
    return Ready(Answer(image, hashlib.sha256(image).hexdigest()[:32], KEPT_BY_BROWSERS, kind))
