"""Real answers of TMDb, read by the product's own parsers and client: what each is and what comes out of it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import polars as pl
from pydantic import SecretStr

from trending_assets.contracts import TABLES
from trending_assets.failures import TrendingError
from trending_assets.partitions import LATE_DAYS
from trending_assets.raw.clock import accept_datetime
from trending_assets.raw.tmdb.api import Tmdb, tmdb
from trending_assets.raw.tmdb.reviews import Visible, choose, read_review, visible_reviews
from trending_assets.raw.tmdb.shapes import detail_row, list_row, whole
from trending_assets.settings import Settings

DAY = date(2026, 11, 20)
NO_USE = "recognised; the product has no use for it"

# What tells a kind that the product has no use for: keys that stand in it.
_OTHER = {
    "configuration": ("images", "change_keys"),
    "certifications": ("certifications",),
    "jobs": ("jobs",),
    "person": ("biography",),
    "season": ("episodes", "season_number"),
    "credit": ("credit_type",),
    "collection": ("parts",),
    "company": ("headquarters",),
    "user list": ("items", "item_count"),
    "list item status": ("item_present",),
    "account": ("username",),
    "session": ("session_id",),
    "guest session": ("guest_session_id",),
    "request token": ("request_token",),
    "tagged image": ("file_path", "media"),
}


@dataclass(frozen=True)
class Reading:
    """One response: its file (and place in it), its kind, what the parsers made of it, and what the client did with it."""

    name: str
    kind: str
    outcome: str
    client: str

    @property
    def ok(self) -> bool:
        """Whether it was recognised and neither parser nor client failed or lost anything."""
        return self.kind != "unknown" and not self.client.startswith("BROKEN")


def responses(shared: Path) -> list[tuple[str, int, bytes]]:
    """(name, HTTP status, body) of every response file, and of every entry of errors.json."""
    found: list[tuple[str, int, bytes]] = []
    fixtures = shared / "fixtures"
    files = [*sorted((fixtures / "tmdb").rglob("*.json"))]
    for folder in sorted((fixtures / "http").glob("api.themoviedb.org*")):
        files += sorted(folder.glob("*.json"))
    for path in files:
        name = str(path.relative_to(fixtures))
        if path.name == "errors.json":
            for at, entry in enumerate(json.loads(path.read_bytes())):
                found.append((f"{name}#{at}", entry["http"], json.dumps(entry["body"]).encode()))
        else:
            found.append((name, 200, path.read_bytes()))
    return found


def kind_of(body: Any) -> str:
    """What an answer of TMDb is, by what stands in it; `unknown` where nothing fits."""
    if isinstance(body, list):
        return "reference list"
    if "status_code" in body and not body.keys() & {"id", "results"}:
        return "status"
    if "movie_results" in body:
        return "find"
    if "episode_number" in body:
        return "episode"
    if {"id", "overview"} <= body.keys() and body.keys() & {"title", "name"} and "vote_count" in body:
        return "detail"
    if {"author", "content"} <= body.keys():
        return "review"
    if isinstance(body.get("results"), list):
        return _results_kind(body["results"])
    for kind, keys in _OTHER.items():
        if all(key in body for key in keys):
            return kind
    if isinstance(body.get("genres"), list):
        return "genres"
    if body.keys() & {"backdrops", "posters", "profiles", "stills"}:
        return "images"
    return "keyword" if body.keys() == {"id", "name"} else "unknown"


def _results_kind(results: list[Any]) -> str:
    keys = set[str]().union(*(item.keys() for item in results if isinstance(item, dict)))
    if keys <= {"id", "adult"}:
        return "changes"
    if {"author", "content"} <= keys:
        return "reviews"
    if keys == {"id", "name"}:
        return "keywords"
    return "user lists" if "item_count" in keys else "list" if keys & {"title", "name"} else "unknown"


def outcome_of(kind: str, body: Any) -> str:
    """What the product's parsers make of an answer."""
    if kind == "detail":
        media = "movie" if "title" in body else "tv"
        row = detail_row(media, body["id"], body, DAY, "US")
        if row is None:
            return "no row"
        lists = ("genres", "keywords", "cast", "directors", "platforms", "alternative_titles", "releases")
        counts = ", ".join(f"{len(row[name])} {name.replace('_', ' ')}" for name in lists if row[name])
        rated = f", rated {row['certification']}" if row["certification"] else ""
        return f"{media} row {row['title']!r} ({row['release_date']}): {counts}{rated}"
    if kind in ("list", "find"):
        items = body["results"] if kind == "list" else [i for name in body for i in body[name]]
        rows = [list_row("movie", "popular", at, item) for at, item in enumerate(items, 1)]
        good = sum(1 for row in rows if row["tmdb_id"] and row["title"])
        return f"{good} list rows, {len(rows) - good} for quarantine"
    if kind in ("reviews", "review"):
        found = Visible()
        for review in body["results"] if kind == "reviews" else [body]:
            found.add(read_review(_title(1), DAY, 1, "x", review))
        stars = sum(1 for row in found.rows.values() if row["rating"] is not None)
        bad = len(found.bad) + len(found.unaddressed)
        return f"{len(found.rows)} review rows ({stars} rated), {bad} for quarantine"
    if kind == "changes":
        ids = {whole(item.get("id")) for item in body["results"]}
        return f"{len(ids - {None})} changed ids of {len(body['results'])} items"
    if kind == "keywords":
        row = detail_row("tv", 1, {"name": "x", "keywords": body}, DAY, "US")
        return f"{len(row['keywords']) if row else 0} keywords, as they are appended to details"
    if kind == "status":
        return f"TMDb's status {body['status_code']}"
    return NO_USE


def _title(tmdb_id: int) -> dict[str, Any]:
    facts = {"media_type": "movie", "tmdb_id": tmdb_id, "title": "x", "release_date": None}
    lists = ("genres", "keywords", "cast", "directors", "platforms", "alternative_titles", "releases")
    return {**dict.fromkeys(TABLES["raw/tmdb_titles"].schema), **{n: [] for n in lists}, **facts, "fetched_on": DAY}


@contextmanager
def _served() -> Iterator[tuple[str, dict[str, Any]]]:
    """A server that gives one answer to every request: the one in the dictionary."""
    now: dict[str, Any] = {"status": 200, "body": b"{}"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(now["status"])
            self.send_header("Memento-Datetime", accept_datetime(DAY))
            self.send_header("Content-Length", str(len(now["body"])))
            self.end_headers()
            self.wfile.write(now["body"])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that has seen enough goes

    server = Quiet(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", now
    finally:
        server.shutdown()
        server.server_close()


async def _details(api: Tmdb, tmdb_id: int) -> str:
    found = await api.details([("movie", tmdb_id), ("tv", tmdb_id)], DAY)
    assert found.rows.height + len(found.gone) + len(found.unreadable) == 2
    return f"details {found.rows.height} rows, {len(found.gone)} unknown, {len(found.bad)} quarantined"


async def _lists(api: Tmdb, tmdb_id: int) -> str:
    frame, counts, bad = await api.lists(DAY)
    assert counts["items"] == frame.height + counts["repeats"] + len(bad)
    return f"lists {frame.height} rows, {counts['repeats']} repeats, {len(bad)} quarantined"


async def _changes(api: Tmdb, tmdb_id: int) -> str:
    changed, bad = await api.changes(DAY, DAY, DAY)
    return f"changes {len(changed)} ids, {len(bad)} quarantined"


async def _search(api: Tmdb, tmdb_id: int) -> str:
    rows, bad = await api.search("movie", "x", DAY)
    return f"search {len(rows)} rows, {len(bad)} quarantined"


async def _reviews(api: Tmdb, tmdb_id: int) -> str:
    titles = pl.DataFrame([_title(tmdb_id)], schema=TABLES["raw/tmdb_titles"].schema)
    chosen = choose({DAY: await visible_reviews(api, titles, DAY)}, {}, LATE_DAYS)[DAY]
    c = chosen.counts
    assert c["seen"] == chosen.frame.height + len(chosen.bad) + c["already_seen"] + c["outside"] + c["repeats"]
    return f"reviews {c['seen']} seen, {len(chosen.bad)} quarantined"


async def _client(url: str, tmdb_id: int) -> str:
    """What the client does with the answer, wherever it may meet it: nothing may break or be lost."""
    told = []
    for ask in (_details, _lists, _changes, _search, _reviews):
        settings = Settings(
            tmdb_url=f"{url}/3", tmdb_api_key=SecretStr("0" * 32), tmdb_requests_per_second=10_000, tmdb_concurrency=4
        )
        async with tmdb(settings) as api:
            try:
                told.append(await ask(api, tmdb_id))
            except TrendingError as error:
                told.append(f"{ask.__name__.strip('_')} fails with a sentence ({type(error).__name__})")
            except Exception as error:  # what must not happen: it is shown, and counted
                return f"BROKEN: {ask.__name__.strip('_')}: {type(error).__name__} {error}"
    return "; ".join(told)


def readings(shared: Path) -> Iterator[Reading]:
    """Read every response."""
    with _served() as (url, now):
        for name, status, body in responses(shared):
            now |= {"status": status, "body": body}
            parsed = json.loads(body)
            kind = kind_of(parsed)
            try:
                outcome = outcome_of(kind, parsed)
            except Exception as error:
                yield Reading(name, kind, "", f"BROKEN: parser: {type(error).__name__} {error}")
                continue
            shown = outcome if status == 200 else f"{outcome} under HTTP {status}"
            own = whole(parsed.get("id")) if isinstance(parsed, dict) else None
            yield Reading(name, kind, shown, asyncio.run(_client(url, own or 1)))
