"""TMDb's API v3 and its daily id exports."""

import json
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

import polars as pl
import stamina

from trending_assets.contracts import TABLES, empty
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.raw.http_client import Client, client, gather
from trending_assets.raw.tmdb_shapes import detail_row, list_row
from trending_assets.settings import Settings

MEDIA = ("movie", "tv")
EXPORTS = {"movie": "movie_ids", "tv": "tv_series_ids"}
LISTS = (
    ("movie", "trending_day", "trending/movie/day"),
    ("movie", "trending_week", "trending/movie/week"),
    ("movie", "popular", "movie/popular"),
    ("movie", "top_rated", "movie/top_rated"),
    ("movie", "upcoming", "movie/upcoming"),
    ("movie", "now_playing", "movie/now_playing"),
    ("tv", "trending_day", "trending/tv/day"),
    ("tv", "trending_week", "trending/tv/week"),
    ("tv", "popular", "tv/popular"),
    ("tv", "top_rated", "tv/top_rated"),
    ("tv", "on_the_air", "tv/on_the_air"),
    ("tv", "airing_today", "tv/airing_today"),
)
LIST_PAGES = 3
PAGE_SIZE = 20
APPENDED = "credits,keywords,watch/providers,external_ids"
MAX_EXPORT = 2_000_000_000

Ids = Sequence[tuple[str, int]]


def is_token(key: str) -> bool:
    """True for a v4 token (a JWT, sent as Bearer); False for a v3 key (sent as api_key)."""
    return key.startswith("eyJ")


@dataclass
class Tmdb:
    """TMDb for one run. Every method asks for the end of a day."""

    web: Client
    url: str
    exports_url: str

    async def _json(self, path: str, day: date, params: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        """The JSON object at a path; None for 404. A body that is cut short is asked for again."""
        made: dict[str, Any] | None = None
        async for attempt in stamina.retry_context(on=TransientJson, attempts=4, wait_initial=0.1, wait_jitter=0.2):
            with attempt:
                answer = await self.web.get(f"{self.url}/{path}", day, params, expected=(404,))
                if answer.status == 404:
                    return None
                try:
                    made = json.loads(answer.body)
                except ValueError:
                    made = None
                if not isinstance(made, dict):
                    raise TransientJson(f"TMDb sends broken JSON for /{path}.")
        return made

    async def catalogue(self, day: date) -> tuple[pl.DataFrame, dict[str, int]]:
        """Rows of raw/tmdb_catalogue from the day's two exports, and counts of the lines that were left out, by reason."""
        left_out: Counter[str] = Counter()
        frames = [await self._export(media, day, left_out) for media in MEDIA]
        return pl.concat(frames), dict(sorted(left_out.items()))

    async def _export(self, media: str, day: date, left_out: Counter[str]) -> pl.DataFrame:
        url = f"{self.exports_url}/{EXPORTS[media]}_{day:%m_%d_%Y}.json.gz"
        raw: bytes | None = None
        async for attempt in stamina.retry_context(on=TransientJson, attempts=4, wait_initial=0.1, wait_jitter=0.2):
            with attempt:
                answer = await self.web.get(url, day, expected=(403, 404), dated=False)
                if answer.status != 200:
                    raise PermanentFailure(
                        f"TMDb has no id export for {day} at {url} (HTTP {answer.status}). It keeps about three months."
                    )
                raw = _gunzip(answer.body, url)
        return _export_rows(media, raw or b"", left_out)

    async def lists(self, day: date) -> tuple[pl.DataFrame, dict[str, int]]:
        """Rows of raw/tmdb_lists, repeats folded to the better rank, and counts of what was left out."""
        contract = TABLES["raw/tmdb_lists"]
        pages = await gather([self._list(media, name, path, day) for media, name, path in LISTS])
        rows = [row for page in pages for row in page]
        good = [row for row in rows if row["title"] and row["tmdb_id"]]
        if not good:
            return empty(contract), {"unnamed": len(rows), "repeats": 0}
        frame = pl.DataFrame(good, schema=contract.schema).sort("rank").unique(contract.key, keep="first")
        return frame.sort(contract.key), {"unnamed": len(rows) - len(good), "repeats": len(good) - frame.height}

    async def _list(self, media: str, name: str, path: str, day: date) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for page in range(1, LIST_PAGES + 1):
            answer = await self._json(path, day, {"page": str(page)})
            if answer is None:
                raise PermanentFailure(f"TMDb has no list /{path}.")
            at = (page - 1) * PAGE_SIZE
            results = answer.get("results") or []
            rows += [list_row(media, name, at + n, item) for n, item in enumerate(results, 1) if isinstance(item, dict)]
            if page >= (answer.get("total_pages") or 0):
                break
        return rows

    async def details(self, ids: Ids, day: date) -> tuple[pl.DataFrame, list[tuple[str, int]]]:
        """Rows of raw/tmdb_titles for the ids, and the ids that TMDb does not know (404) or has no name for."""
        contract = TABLES["raw/tmdb_titles"]

        async def one(media: str, tmdb_id: int) -> dict[str, Any] | None:
            answer = await self._json(f"{media}/{tmdb_id}", day, {"append_to_response": APPENDED})
            return None if answer is None else detail_row(media, tmdb_id, answer, day)

        made = await gather([one(media, tmdb_id) for media, tmdb_id in ids])
        gone = [key for key, row in zip(ids, made, strict=True) if row is None]
        rows = [row for row in made if row is not None]
        return pl.DataFrame(rows, schema=contract.schema), gone

    async def search(self, media: str, name: str, day: date) -> list[dict[str, Any]]:
        """First page of the search for a name: items with id, title and original_title."""
        answer = await self._json(f"search/{quote(media)}", day, {"query": name})
        found = (answer or {}).get("results") or []
        return [list_row(media, "search", n, item) for n, item in enumerate(found, 1) if isinstance(item, dict)]


class TransientJson(TransientFailure):
    """A complete answer whose content is cut or broken."""


def _gunzip(body: bytes, url: str) -> bytes:
    if body[:2] != b"\x1f\x8b":  # some servers label the file as an encoding, and httpx has unpacked it already
        return body
    unpack = zlib.decompressobj(31)
    try:
        raw = unpack.decompress(body, MAX_EXPORT)
    except zlib.error:
        raise TransientJson(f"The export {url} is broken gzip.") from None
    if not unpack.eof:
        raise TransientJson(f"The export {url} is cut off before its end.")
    return raw


def _export_rows(media: str, raw: bytes, left_out: Counter[str]) -> pl.DataFrame:
    """One row a title. Adult and video entries, blank names and broken lines are left out and counted."""
    name_key = "original_title" if media == "movie" else "original_name"
    ids, names, levels = list[int](), list[str](), list[float]()
    for line in raw.split(b"\n"):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            tmdb_id, name, level = entry["id"], entry.get(name_key), entry.get("popularity") or 0.0
            if (
                not isinstance(tmdb_id, int)
                or tmdb_id < 1
                or not isinstance(level, int | float)
                or not 0 <= level < 1e9
            ):
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError):
            left_out["broken"] += 1
            continue
        if entry.get("adult"):
            left_out["adult"] += 1
        elif entry.get("video"):
            left_out["video"] += 1
        elif not isinstance(name, str) or not name.strip():
            left_out["blank"] += 1
        else:
            ids.append(tmdb_id)
            names.append(name.strip())
            levels.append(float(level))
    frame = pl.DataFrame(
        {"tmdb_id": ids, "original_title": names, "popularity": levels},
        schema={"tmdb_id": pl.Int64, "original_title": pl.String, "popularity": pl.Float64},
    )
    once = frame.unique("tmdb_id", keep="first", maintain_order=True)
    left_out["repeated"] += frame.height - once.height
    return once.select(pl.lit(media).alias("media_type"), "tmdb_id", "original_title", "popularity")


@asynccontextmanager
async def tmdb(settings: Settings, today: date | None = None) -> AsyncIterator[Tmdb]:
    """TMDb by the settings. Without a key only `catalogue` can be asked."""
    key = settings.tmdb_api_key.get_secret_value().strip() if settings.tmdb_api_key else ""
    headers = {"Authorization": f"Bearer {key}"} if key and is_token(key) else {}
    params = {"api_key": key} if key and not is_token(key) else {}
    async with client(
        "TMDb",
        user_agent=settings.user_agent,
        headers=headers,
        params=params,
        concurrency=settings.tmdb_concurrency,
        max_bytes=MAX_EXPORT,
        today=today,
    ) as web:
        yield Tmdb(web, settings.tmdb_url.rstrip("/"), settings.tmdb_exports_url.rstrip("/"))
