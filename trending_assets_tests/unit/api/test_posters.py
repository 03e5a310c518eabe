"""Posters: fetched once from the image address alone, and served from our own origin."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from api.page.posters import FORGET_SECONDS, MOST_BYTES, Posters
from trending_assets.lake import open_lake
from trending_assets.serving.publish import inputs_of, publish
from trending_assets_tests.unit.api.conftest import DAYS, served
from trending_assets_tests.unit.serving.marts import GRAPH, read_marts, write_day

JPEG = b"\xff\xd8\xff\xe0 a poster"


@contextmanager
def images(**bodies: bytes) -> Iterator[tuple[str, list[str]]]:
    """An image server on loopback: bodies by name, 404 for others, a redirect for `moved`; and what was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            name = self.path.rpartition("/")[2]
            body = bodies.get(name, b"")
            self.send_response(302 if name == "moved" else 200 if body else 404)
            if name == "moved":
                self.send_header("Location", "/t/p/w342/good")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/t/p", asked
    finally:
        server.shutdown()
        server.server_close()


def test_an_image_is_fetched_once(tmp_path: Path) -> None:
    with images(good=JPEG) as (url, asked):
        posters = Posters(url, tmp_path)
        assert posters.get(f"{url}/w342/good") == JPEG == posters.get(f"{url}/w342/good")
        assert asked == ["/t/p/w342/good"]
    assert Posters(url, tmp_path).get(f"{url}/w342/good") == JPEG  # by another process, without the server


@pytest.mark.parametrize("name", ["none", "moved", "script", "huge"])
def test_what_is_no_image_is_not_served_nor_asked_for_again_soon(tmp_path: Path, name: str) -> None:
    now = 0.0
    bodies = {"script": b"<svg onload=alert(1)>", "huge": b"\xff\xd8\xff" + bytes(MOST_BYTES), "good": JPEG}
    with images(**bodies) as (url, asked):
        posters = Posters(url, tmp_path, lambda: now)
        assert posters.get(f"{url}/w342/{name}") is None is posters.get(f"{url}/w342/{name}")
        assert len(asked) == 1
        now = FORGET_SECONDS
        assert posters.get(f"{url}/w342/{name}") is None and len(asked) == 2


def test_another_address_is_never_asked(tmp_path: Path) -> None:
    with images(good=JPEG) as (url, asked):
        posters = Posters("https://image.example/t/p", tmp_path)
        assert posters.get(f"{url}/w342/good") is None
        assert posters.get(url.replace("http", "https://image.example@")) is None and not asked


def test_the_page_shows_it_from_our_own_origin(tmp_path: Path) -> None:
    lake = open_lake(str(tmp_path / "lake"))
    with images(**{"p.jpg": JPEG}) as (url, asked):
        write_day(lake, DAYS[0], ["movie-1", "movie-2"])
        publish(lake, inputs_of(lake, DAYS[:1], read_marts(lake, DAYS[:1]), GRAPH), url)
        with served(lake.uri, tmp_path / "state", tmdb_images_url=url) as api:
            page = api.get("/titles/movie-1")
            assert 'src="/posters/movie-1?date=2026-11-18"' in page.text and url not in page.text
            assert "img-src 'self' data:;" in page.headers["content-security-policy"]
            image = api.get("/posters/movie-1?date=2026-11-18")
            assert (image.status_code, image.content, image.headers["content-type"]) == (200, JPEG, "image/jpeg")
            assert "content-encoding" not in image.headers
            assert api.get("/posters/movie-2").status_code == api.get("/posters/movie-9").status_code == 404
        assert asked == ["/t/p/w342/p.jpg"]
