"""The TMDb face: v3 routes and the daily id exports, answered from a world at the request's clock."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import clock_of, json_answer, raw_json, text_answer
from sandbox.genres import genre_list
from sandbox.posters import poster_svg
from sandbox.tmdb_shapes import PAGE_SIZE, detail, item, popularity, reviews, watch_providers
from sandbox.world import Row, World

_SIZES = ["w92", "w154", "w185", "w342", "w500", "w780", "original"]
_LISTS = {
    "movie": ("popular", "now_playing", "upcoming", "top_rated"),
    "tv": ("popular", "on_the_air", "airing_today", "top_rated"),
}


class TmdbError(Exception):
    """An error in TMDb's own shape."""

    def __init__(self, http: int, code: int, message: str) -> None:
        super().__init__(message)
        self.http, self.code, self.message = http, code, message


def tmdb_error(http: int, code: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """TMDb's error body."""
    return json_answer({"success": False, "status_code": code, "status_message": message}, http, headers)


NOT_FOUND = TmdbError(404, 34, "The resource you requested could not be found.")


def normalise(title: str) -> str:
    """Lower case, no accents, letters and digits only, single spaces; `&` reads as `and`."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("&", " and "))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"\w+", plain))


def _check_key(request: Request) -> None:
    bearer = request.headers.get("authorization", "")
    if request.query_params.get("api_key") or (bearer[:7].lower() == "bearer " and bearer[7:].strip()):
        return
    raise TmdbError(401, 7, "Invalid API key: You must be granted a valid key.")


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= page <= 500:
        raise TmdbError(400, 22, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.")
    return page


def _paged(items: list[Any], page: int, make: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    part = items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "page": page,
        "results": [make(entry) for entry in part],
        "total_pages": -(-len(items) // PAGE_SIZE),
        "total_results": len(items),
    }


class Tmdb:
    """The routes of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_popularity: dict[str, list[Row]] = {"movie": [], "tv": []}
        for row in world.titles.values():
            self.by_popularity.setdefault(row["media_type"], []).append(row)
        for rows in self.by_popularity.values():
            rows.sort(key=lambda row: (-(row["popularity"] or 0.0), row["tmdb_id"]))
        self.norms = {
            media: [(normalise(row["title"] or ""), normalise(row["original_title"] or ""), row) for row in rows]
            for media, rows in self.by_popularity.items()
        }
        self.by_imdb = {row["imdb_id"]: row for row in world.titles.values() if row["imdb_id"]}
        self.list_pages: dict[tuple[Any, ...], bytes] = {}
        self.exports: dict[tuple[str, date], bytes] = {}

    def routes(self) -> list[Route]:
        """Starlette routes of this face."""

        def keyed(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
            async def answer(request: Request) -> Response:
                try:
                    _check_key(request)
                    return handler(request)
                except TmdbError as error:
                    return tmdb_error(error.http, error.code, error.message)

            return answer

        def plain(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
            async def answer(request: Request) -> Response:
                return handler(request)

            return answer

        return [
            Route("/3/{media}/{id:int}", keyed(self.details)),
            Route("/3/{media}/{id:int}/reviews", keyed(self.title_reviews)),
            Route("/3/{media}/{id:int}/watch/providers", keyed(self.title_providers)),
            Route("/3/configuration", keyed(self.configuration)),
            Route("/3/genre/{media}/list", keyed(self.genres)),
            Route("/3/trending/{media}/{window}", keyed(self.trending)),
            Route("/3/discover/{media}", keyed(self.discover)),
            Route("/3/search/{media}", keyed(self.search)),
            Route("/3/find/{external_id}", keyed(self.find)),
            Route("/3/{media}/{name}", keyed(self.listing)),
            Route("/3/{path:path}", keyed(self.missing)),
            Route("/p/exports/{name}", plain(self.export)),
            Route("/t/p/{size}/{name}", plain(self.poster)),
        ]

    def missing(self, request: Request) -> Response:
        raise NOT_FOUND

    def _row(self, request: Request) -> Row:
        row = self.world.titles.get((request.path_params["media"], request.path_params["id"]))
        if row is None:
            raise NOT_FOUND
        return row

    def details(self, request: Request) -> Response:
        parts = [part for part in request.query_params.get("append_to_response", "").split(",") if part]
        if len(parts) > 20:
            raise TmdbError(400, 27, "Too many append to response objects: The maximum number of remote calls is 20.")
        return json_answer(detail(self.world, self._row(request), clock_of(request), parts))

    def title_reviews(self, request: Request) -> Response:
        row = self._row(request)
        key = (row["media_type"], row["tmdb_id"])
        return json_answer({"id": key[1], **reviews(self.world, key, clock_of(request), _page(request))})

    def title_providers(self, request: Request) -> Response:
        row = self._row(request)
        return json_answer({"id": row["tmdb_id"], **watch_providers(self.world, (row["media_type"], row["tmdb_id"]))})

    def configuration(self, request: Request) -> Response:
        base = f"http://{request.headers.get('host', '127.0.0.1')}/t/p/"
        sizes = {f"{kind}_sizes": _SIZES for kind in ("backdrop", "logo", "poster", "profile", "still")}
        return json_answer({"images": {"base_url": base, "secure_base_url": base, **sizes}, "change_keys": []})

    def genres(self, request: Request) -> Response:
        if request.path_params["media"] not in _LISTS:
            raise NOT_FOUND
        return json_answer({"genres": genre_list(request.path_params["media"])})

    def _rows_of(self, media: str, name: str, day: date | None) -> list[Row]:
        return self.world.lists.get((media, name), {}).get(day, []) if day else []

    def _list(self, request: Request, medias: tuple[str, ...], name: str, typed: bool) -> Response:
        """One page of a list snapshot; pages are made once."""
        page, day = _page(request), self.world.snapshot_day(clock_of(request))
        key = (medias, name, day, page)
        body = self.list_pages.get(key)
        if body is None:
            rows = [row for media in medias for row in self._rows_of(media, name, day)]
            rows.sort(key=lambda row: (row["rank"], row["media_type"]))

            def make(row: Row) -> dict[str, Any]:
                title = self.world.titles.get((row["media_type"], row["tmdb_id"]), row)
                made = item(self.world, title, row)
                return {**made, "media_type": row["media_type"]} if typed else made

            body = orjson.dumps(_paged(rows, page, make))
            if page <= -(-len(rows) // PAGE_SIZE):  # only real pages are kept, so a client cannot grow the cache
                self.list_pages[key] = body
        return raw_json(body)

    def trending(self, request: Request) -> Response:
        media, window = request.path_params["media"], request.path_params["window"]
        if media not in ("all", "movie", "tv") or window not in ("day", "week"):
            raise NOT_FOUND
        medias = ("movie", "tv") if media == "all" else (media,)
        return self._list(request, medias, f"trending_{window}", True)

    def listing(self, request: Request) -> Response:
        media, name = request.path_params["media"], request.path_params["name"]
        if name not in _LISTS.get(media, ()):
            raise NOT_FOUND
        return self._list(request, (media,), name, False)

    def discover(self, request: Request) -> Response:
        media, query = request.path_params["media"], request.query_params
        if media not in _LISTS:
            raise NOT_FOUND
        rows = self.by_popularity[media]
        year = query.get("primary_release_year") or query.get("year") or query.get("first_air_date_year")
        if year:
            rows = [row for row in rows if str(row["year"]) == year]
        field = "primary_release_date" if media == "movie" else "first_air_date"
        for name in {field, "release_date" if media == "movie" else field}:
            if low := query.get(f"{name}.gte"):
                rows = [row for row in rows if (row["release_date"] or "") >= low]
            if high := query.get(f"{name}.lte"):
                rows = [row for row in rows if row["release_date"] and row["release_date"] <= high]
        order = query.get("sort_by", "popularity.desc")
        if order == "popularity.asc":
            rows = rows[::-1]
        elif order != "popularity.desc":
            raise TmdbError(400, 5, "Invalid parameters: the sandbox sorts by popularity.desc or popularity.asc only.")
        return json_answer(_paged(rows, _page(request), lambda row: item(self.world, row)))

    def search(self, request: Request) -> Response:
        media, query = request.path_params["media"], request.query_params
        if media not in ("movie", "tv", "multi"):
            raise NOT_FOUND
        wanted = normalise(query.get("query", ""))
        year = query.get("year") or query.get("primary_release_year") or query.get("first_air_date_year")
        found: list[tuple[int, float, int, Row]] = []
        for kind in ("movie", "tv") if media == "multi" else (media,):
            for title, original, row in self.norms[kind] if wanted else []:
                if wanted not in title and wanted not in original:
                    continue
                if year and str(row["year"]) != year:
                    continue
                tier = 1 if title.startswith(wanted) or original.startswith(wanted) else 2
                tier = 0 if wanted in (title, original) else tier
                found.append((tier, -(row["popularity"] or 0.0), row["tmdb_id"], row))
        found.sort(key=lambda hit: hit[:3])

        def make(hit: tuple[int, float, int, Row]) -> dict[str, Any]:
            made = item(self.world, hit[3])
            return {**made, "media_type": hit[3]["media_type"]} if media == "multi" else made

        return json_answer(_paged(found, _page(request), make))

    def find(self, request: Request) -> Response:
        if request.query_params.get("external_source") != "imdb_id":
            raise TmdbError(400, 5, "Invalid parameters: external_source must be imdb_id in the sandbox.")
        row = self.by_imdb.get(request.path_params["external_id"])
        out: dict[str, list[Any]] = {
            f"{kind}_results": [] for kind in ("movie", "person", "tv", "tv_episode", "tv_season")
        }
        if row is not None:
            media = row["media_type"]
            out[f"{media}_results"].append({**item(self.world, row), "media_type": media})
        return json_answer(out)

    def export(self, request: Request) -> Response:
        name = re.fullmatch(r"(movie|tv_series)_ids_(\d\d)_(\d\d)_(\d{4})\.json\.gz", request.path_params["name"])
        try:
            day = date(int(name[4]), int(name[2]), int(name[3])) if name else None
        except ValueError:
            day = None
        last = min(self.world.last_day, clock_of(request).date())
        if name is None or day is None or not self.world.first_day <= day <= last:
            return text_answer("There is no such export at this clock.", 404)
        media = "movie" if name[1] == "movie" else "tv"
        body = self.exports.get((media, day))
        if body is None:
            lines = [orjson.dumps(self._export_line(row, day)) for row in self._catalogue(media)]
            body = self.exports[(media, day)] = gzip.compress(b"\n".join(lines) + b"\n", 6, mtime=0)
        return Response(body, 200, None, "application/gzip")

    def _catalogue(self, media: str) -> list[Row]:
        return sorted(self.by_popularity[media], key=lambda row: int(row["tmdb_id"]))

    def _export_line(self, row: Row, day: date) -> dict[str, Any]:
        level = popularity(self.world, row, day)
        name = row["original_title"] or row["title"]
        if row["media_type"] == "movie":
            return {"adult": False, "id": row["tmdb_id"], "original_title": name, "popularity": level, "video": False}
        return {"id": row["tmdb_id"], "original_name": name, "popularity": level}

    def poster(self, request: Request) -> Response:
        name = re.fullmatch(r"sb-(movie|tv)-(\d+)\.svg", request.path_params["name"])
        row = self.world.titles.get((name[1], int(name[2]))) if name else None
        if row is None or not self.world.posters:
            return text_answer("There is no such image.", 404)
        return Response(poster_svg(row["title"], row["year"]), 200, {"cache-control": "max-age=86400"}, "image/svg+xml")
