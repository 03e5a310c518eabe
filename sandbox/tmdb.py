"""The TMDb face: v3 routes and the daily id exports, answered from a world at the request's clock."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import clock_of, json_answer, raw_json, text_answer
from sandbox.genres import genre_list
from sandbox.posters import poster_svg
from sandbox.tmdb_dated import as_of, changed_ids, genre_ids, popularity
from sandbox.tmdb_errors import TmdbError, check_key, tmdb_error
from sandbox.tmdb_parts import PARTS, Asked, appended, review
from sandbox.tmdb_people import credit, people, person_detail, person_item, person_part
from sandbox.tmdb_reference import certifications, configuration, configuration_part, provider_list, provider_regions
from sandbox.tmdb_search import MEDIA, by_popularity, discover, find, keywords, search
from sandbox.tmdb_shapes import PAGE_SIZE, detail, item, item_at, paged
from sandbox.world import Row, World

CHANGES_PAGE, CHANGES_DAYS = 100, 14
_LISTS = {
    "movie": ("popular", "now_playing", "upcoming", "top_rated"),
    "tv": ("popular", "on_the_air", "airing_today", "top_rated"),
}
Handler = Callable[[Request], Any]


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= page <= 500:
        raise TmdbError(22)
    return page


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise TmdbError(23)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TmdbError(23) from None


def _found(made: Any) -> Any:
    if made is None:
        raise TmdbError(34)
    return made


class Tmdb:
    """The routes of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.list_pages: dict[tuple[Any, ...], bytes] = {}
        self.exports: dict[tuple[str, date], bytes] = {}

    def routes(self) -> list[Route]:
        """Starlette routes of this face. A handler gives a Response, or what becomes JSON."""

        def keyed(handler: Handler) -> Callable[[Request], Any]:
            async def answer(request: Request) -> Response:
                try:
                    check_key(request)
                    if request.method not in ("GET", "HEAD"):
                        raise TmdbError(42)
                    made = handler(request)
                except TmdbError as error:
                    return tmdb_error(error.code)
                return made if isinstance(made, Response) else json_answer(made)

            return answer

        def plain(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
            async def answer(request: Request) -> Response:
                return handler(request)

            return answer

        world, person = self.world, "/3/person/{id:int}"
        api: list[tuple[str, Handler]] = [
            ("/3/configuration", lambda r: configuration(r.headers.get("host", "127.0.0.1"))),
            ("/3/configuration/{name}", lambda r: _found(configuration_part(r.path_params["name"]))),
            ("/3/certification/{media}/list", lambda r: _found(certifications(r.path_params["media"]))),
            ("/3/genre/{media:str}/list", self.genres),
            ("/3/genre/{id:int}/movies", self.genre_movies),
            ("/3/trending/{media}/{window}", self.trending),
            ("/3/discover/{media}", self.discover),
            ("/3/search/{kind}", self.search),
            ("/3/find/{id}", lambda r: find(world, r.path_params["id"], r.query_params, clock_of(r))),
            ("/3/watch/providers/regions", lambda r: provider_regions(world)),
            ("/3/watch/providers/{media}", self.providers),
            (person, self.person),
            (f"{person}/{{part}}", self.person_part),
            ("/3/person/popular", self.popular_people),
            ("/3/credit/{id}", lambda r: _found(credit(world, r.path_params["id"], clock_of(r)))),
            ("/3/review/{id}", self.review),
            ("/3/keyword/{id:int}", self.keyword),
            ("/3/keyword/{id:int}/movies", self.keyword_movies),
            ("/3/{media}/changes", self.changes),
            ("/3/{media}/latest", self.latest),
            ("/3/{media}/{id:int}", self.details),
            ("/3/{media}/{id:int}/{part:path}", self.title_part),
            ("/3/{media}/{name}", self.listing),
            ("/3/{path:path}", lambda r: _found(None)),
        ]
        methods = ["GET", "POST", "PUT", "DELETE"]
        return [
            *(Route(path, keyed(handler), methods=methods) for path, handler in api),
            Route("/p/exports/{name}", plain(self.export)),
            Route("/t/p/{size}/{name}", plain(self.poster)),
        ]

    def _row(self, request: Request) -> Row:
        if request.path_params["media"] in MEDIA and request.path_params["id"] == 0:
            raise TmdbError(6)
        row: Row = _found(self.world.titles.get((request.path_params["media"], request.path_params["id"])))
        return row

    def details(self, request: Request) -> Any:
        row, clock = self._row(request), clock_of(request)
        parts = [part for part in request.query_params.get("append_to_response", "").split(",") if part]
        if len(parts) > 20:
            raise TmdbError(27)
        return detail(self.world, row, clock) | appended(Asked(self.world, row, clock), parts)

    def title_part(self, request: Request) -> Any:
        row, part = self._row(request), request.path_params["part"]
        if part == "account_states":
            raise TmdbError(3)
        make = _found(PARTS.get(part))
        return {"id": row["tmdb_id"], **_found(make(Asked(self.world, row, clock_of(request), _page(request))))}

    def latest(self, request: Request) -> Any:
        media = request.path_params["media"]
        ids = [tmdb_id for kind, tmdb_id in self.world.titles if kind == media]
        return detail(self.world, self.world.titles[media, max(_found(ids or None))], clock_of(request))

    def genres(self, request: Request) -> Any:
        if request.path_params["media"] not in MEDIA:
            raise TmdbError(34)
        return {"genres": genre_list(request.path_params["media"])}

    def genre_movies(self, request: Request) -> Any:
        number, clock = request.path_params["id"], clock_of(request)
        rows = [row for row in by_popularity(self.world)["movie"] if number in genre_ids(row)]
        return {"id": number, **paged(rows, _page(request), lambda row: item_at(self.world, row, clock))}

    def _list(self, request: Request, medias: tuple[str, ...], name: str, typed: bool) -> Response:
        """One page of a list snapshot; pages are made once."""
        page, day = _page(request), self.world.snapshot_day(clock_of(request))
        key = (medias, name, day, page)
        body = self.list_pages.get(key)
        if body is None:
            lists = [self.world.lists.get((media, name), {}).get(day, []) if day else [] for media in medias]
            rows = sorted((row for rows in lists for row in rows), key=lambda row: (row["rank"], row["media_type"]))

            def make(row: Row) -> dict[str, Any]:
                title = self.world.titles.get((row["media_type"], row["tmdb_id"]), row)
                made = item(self.world, title, row)
                return {**made, "media_type": row["media_type"]} if typed else made

            body = orjson.dumps(paged(rows, page, make))
            if page <= -(-len(rows) // PAGE_SIZE):  # only real pages are kept, so a client cannot grow the cache
                self.list_pages[key] = body
        return raw_json(body)

    def trending(self, request: Request) -> Any:
        media, window = request.path_params["media"], request.path_params["window"]
        if media not in ("all", "person", *MEDIA) or window not in ("day", "week"):
            raise TmdbError(34)
        medias = {"all": MEDIA, "person": ()}.get(media, (media,))
        return self._list(request, medias, f"trending_{window}", True)

    def listing(self, request: Request) -> Any:
        media, name = request.path_params["media"], request.path_params["name"]
        if name not in _LISTS.get(media, ()):
            raise TmdbError(34)
        return self._list(request, (media,), name, False)

    def discover(self, request: Request) -> Any:
        media = request.path_params["media"]
        if media not in MEDIA:
            raise TmdbError(34)
        return discover(self.world, media, request.query_params, _page(request), clock_of(request))

    def search(self, request: Request) -> Any:
        kind = request.path_params["kind"]
        return search(self.world, kind, request.query_params, _page(request), clock_of(request))

    def providers(self, request: Request) -> Any:
        media = request.path_params["media"]
        if media not in MEDIA:
            raise TmdbError(34)
        return provider_list(self.world, media, request.query_params.get("watch_region") or None)

    def changes(self, request: Request) -> Any:
        media, clock, page = request.path_params["media"], clock_of(request), _page(request)
        if media not in ("person", *MEDIA):
            raise TmdbError(34)
        last = _day(request, "end_date") or clock.date()
        first = _day(request, "start_date") or last - timedelta(days=1)
        if (last - first).days > CHANGES_DAYS:
            raise TmdbError(20)
        ids = changed_ids(self.world, media, first, min(last, clock.date()))
        return paged(ids, page, lambda tmdb_id: {"id": tmdb_id, "adult": False}, CHANGES_PAGE)

    def person(self, request: Request) -> Any:
        number = request.path_params["id"]
        _found(people(self.world).get(number))
        parts = [part for part in request.query_params.get("append_to_response", "").split(",") if part]
        if len(parts) > 20:
            raise TmdbError(27)
        more = {part: person_part(self.world, number, part, clock_of(request)) for part in parts}
        return person_detail(self.world, number) | {part: made for part, made in more.items() if made is not None}

    def person_part(self, request: Request) -> Any:
        number = request.path_params["id"]
        _found(people(self.world).get(number))
        made = person_part(self.world, number, request.path_params["part"], clock_of(request))
        return {"id": number, **_found(made)}

    def popular_people(self, request: Request) -> Any:
        clock, known = clock_of(request), people(self.world)
        numbers = sorted(known, key=lambda number: (-len(known[number][1]), number))
        return paged(numbers, _page(request), lambda number: person_item(self.world, number, clock))

    def review(self, request: Request) -> Any:
        for (media, tmdb_id), rows in self.world.reviews.items():
            for row in rows:
                made = review(row)
                if made["id"] == request.path_params["id"] and row["created_at"] <= clock_of(request):
                    title = as_of(self.world, self.world.titles[media, tmdb_id], clock_of(request).date())["title"]
                    about = {"media_id": tmdb_id, "media_title": title, "media_type": media.capitalize()}
                    return {**made, "iso_639_1": "en", **about}
        raise TmdbError(34)

    def keyword(self, request: Request) -> Any:
        number = request.path_params["id"]
        return {"id": number, "name": _found(keywords(self.world).get(number))}

    def keyword_movies(self, request: Request) -> Any:
        number, clock = request.path_params["id"], clock_of(request)
        word = _found(keywords(self.world).get(number))
        rows = [row for row in by_popularity(self.world)["movie"] if word in (row["keywords"] or [])]
        return {"id": number, **paged(rows, _page(request), lambda row: item_at(self.world, row, clock))}

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
            rows = sorted(by_popularity(self.world)[media], key=lambda row: int(row["tmdb_id"]))
            lines = [orjson.dumps(self._export_line(row, day)) for row in rows]
            body = self.exports[(media, day)] = gzip.compress(b"\n".join(lines) + b"\n", 6, mtime=0)
        return Response(body, 200, None, "application/gzip")

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
