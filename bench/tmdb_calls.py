"""Calls of tmdbsimple, a third-party client of TMDb, against a sandbox, and what each has to give.

The client is used as it is; only the address and the key of its objects are the sandbox's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

V3_KEY = "0123456789abcdef0123456789abcdef"
V4_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJzYW5kYm94In0.c2lnbmF0dXJl"

Result = Any
Judge = Callable[[Result], bool]


@dataclass(frozen=True)
class Call:
    """A call: how it is written, how it is made (with the client's objects pointed at `url`), and whether it is right."""

    written: str
    make: Callable[[str], Result]
    right: Judge


@dataclass(frozen=True)
class Facts:
    """Facts of a generated world that the answers are held against."""

    film: dict[str, Any]
    show: dict[str, Any]
    reviewed: int
    reviews: int
    offered: int
    changed: int
    changed_on: str
    newest: str


def facts_of(world: Path) -> Facts:
    """Facts of a world that sandbox.generator made."""
    titles = pl.read_parquet(world / "titles.parquet")
    lists = pl.read_parquet(world / "tmdb_lists.parquet")
    films = titles.filter(media_type="movie").sort("popularity", descending=True)
    counted = pl.read_parquet(world / "tmdb_reviews.parquet").filter(media_type="movie").group_by("tmdb_id").len()
    most = counted.sort("len", "tmdb_id", descending=[True, False]).row(0)
    offers = pl.read_parquet(world / "tmdb_providers.parquet").filter(media_type="movie", region="US", offer="flatrate")
    dated = (
        lists.group_by("tmdb_id", "release_date").agg(pl.col("snapshot_date").min()).sort("snapshot_date", "tmdb_id")
    )
    moved = dated.filter(pl.len().over("tmdb_id") > 1).group_by("tmdb_id", maintain_order=True).last()
    return Facts(
        film=films.row(0, named=True),
        show=titles.filter(media_type="tv").sort("popularity", descending=True).row(0, named=True),
        reviewed=most[0],
        reviews=most[1],
        offered=offers.sort("tmdb_id")["tmdb_id"][0],
        changed=moved["tmdb_id"][0],
        changed_on=str(moved["snapshot_date"][0]),
        newest=str(lists["snapshot_date"].max()),
    )


def _has(*names: str) -> Judge:
    return lambda found: all(name in found for name in names)


def _pages(found: Result) -> bool:
    """A paged answer whose counts agree with its items."""
    return found["total_results"] >= len(found["results"]) > 0 and found["page"] == 1 and found["total_pages"] >= 1


def _refused(http: int, code: int) -> Judge:
    def right(found: Result) -> bool:
        answer = getattr(found, "response", None)
        return answer is not None and answer.status_code == http and answer.json()["status_code"] == code

    return right


def calls(facts: Facts) -> list[Call]:
    """Every call, in the order of tmdbsimple's modules."""
    import tmdbsimple as tmdb

    found: list[Call] = []

    def add(right: Judge, kind: str, method: str, *ids: Any, **kwargs: Any) -> None:
        def make(url: str) -> Result:
            one = getattr(tmdb, kind)(*ids)
            one.base_uri = f"{url}/3"
            return getattr(one, method)(**kwargs)

        shown = ", ".join(f"{name}={value!r}" for name, value in kwargs.items())
        found.append(Call(f"{kind}({', '.join(map(repr, ids))}).{method}({shown})", make, right))

    film, show = facts.film, facts.show
    fid, sid, director = film["tmdb_id"], show["tmdb_id"], film["directors"][0]

    def named(items: list[dict[str, Any]], name: str) -> bool:
        return any(one["name"] == name for one in items)

    add(lambda r: r["title"] == film["title"] and r["imdb_id"] == film["imdb_id"], "Movies", "info", fid)
    more = (
        "credits,keywords,release_dates,reviews,watch/providers,videos,images,similar,external_ids,alternative_titles"
    )
    add(_has(*more.split(",")), "Movies", "info", fid, append_to_response=more, language="de-DE")
    add(lambda r: named(r["crew"], director), "Movies", "credits", fid)
    add(lambda r: [w["name"] for w in r["keywords"]] == film["keywords"], "Movies", "keywords", fid)
    add(lambda r: r["results"][0]["iso_3166_1"] == "US", "Movies", "release_dates", fid)
    add(lambda r: r["total_results"] == facts.reviews == len(r["results"]), "Movies", "reviews", facts.reviewed)
    add(_has("id", "results"), "Movies", "videos", fid)
    add(lambda r: len(r["posters"]) == 1, "Movies", "images", fid)
    add(_pages, "Movies", "similar_movies", fid)
    add(_pages, "Movies", "recommendations", fid)
    add(_has("titles"), "Movies", "alternative_titles", fid)
    add(lambda r: r["imdb_id"] == film["imdb_id"], "Movies", "external_ids", fid)
    add(lambda r: bool(r["results"]["US"]["flatrate"]), "Movies", "watch_providers", facts.offered)
    add(lambda r: r["translations"][0]["data"]["title"] == film["title"], "Movies", "translations", fid)
    add(lambda r: r["changes"][0]["key"] == "release_dates", "Movies", "changes", facts.changed)
    add(_has("results"), "Movies", "lists", fid)
    add(_has("countries"), "Movies", "releases", fid)
    add(lambda r: r["id"] > 0, "Movies", "latest")
    for name in ("now_playing", "popular", "top_rated", "upcoming"):
        add(_pages, "Movies", name, region="US")
    add(lambda r: r["page"] == 2 and bool(r["results"]), "Movies", "popular", page=2)
    add(_refused(404, 34), "Movies", "info", 1)
    add(_refused(404, 6), "Movies", "info", 0)
    add(_refused(400, 22), "Movies", "popular", page=501)
    add(_refused(401, 3), "Movies", "account_states", fid, session_id="x")
    add(_refused(400, 27), "Movies", "info", fid, append_to_response=",".join(f"x{n}" for n in range(21)))

    add(lambda r: r["name"] == show["title"], "TV", "info", sid)
    parts = (
        "credits,aggregate_credits,keywords,content_ratings,reviews,watch/providers,videos,images,similar,external_ids"
    )
    add(_has(*parts.split(",")), "TV", "info", sid, append_to_response=parts)
    add(_has("cast", "crew"), "TV", "credits", sid)
    add(_has("cast", "crew"), "TV", "aggregate_credits", sid)
    add(lambda r: [w["name"] for w in r["results"]] == show["keywords"], "TV", "keywords", sid)
    for name in ("content_ratings", "alternative_titles", "episode_groups", "screened_theatrically", "videos"):
        add(_has("results"), "TV", name, sid)
    add(_has("results", "total_pages"), "TV", "reviews", sid)
    add(_pages, "TV", "similar", sid)
    add(_pages, "TV", "recommendations", sid)
    add(_has("posters"), "TV", "images", sid)
    add(_has("results"), "TV", "watch_providers", sid)
    add(lambda r: r["imdb_id"] == show["imdb_id"], "TV", "external_ids", sid)
    add(_has("translations"), "TV", "translations", sid)
    for name in ("airing_today", "on_the_air", "popular", "top_rated"):
        add(_pages, "TV", name)
    add(_refused(404, 34), "TV", "info", fid)
    add(_refused(404, 34), "TV_Seasons", "info", sid, 1)  # a generated world knows no seasons
    add(_refused(404, 34), "TV_Episodes", "info", sid, 1, 1)
    add(_has("changes"), "TV_Changes", "series", sid)

    for media in ("movie", "tv", "all"):
        for window in ("day", "week"):
            add(_pages, "Trending", "info", media, window)
    add(_refused(404, 34), "Trending", "info", "movie", "year")
    year = film["year"]
    add(_pages, "Discover", "movie", sort_by="popularity.desc", primary_release_year=year)
    soon = {"primary_release_date_gte": facts.newest}
    add(_pages, "Discover", "movie", **{name.replace("_gte", ".gte"): value for name, value in soon.items()})
    add(_pages, "Discover", "tv", with_genres="18", **{"vote_average.gte": 5})
    add(_refused(422, 5), "Discover", "movie", sort_by="nonsense")
    add(lambda r: r["results"][0]["id"] == fid, "Search", "movie", query=film["title"], year=year)
    add(lambda r: any(one["id"] == sid for one in r["results"]), "Search", "tv", query=show["title"])
    add(lambda r: {"movie", "tv"} <= {one["media_type"] for one in r["results"]}, "Search", "multi", query="the")
    add(lambda r: r["results"][0]["name"] == director, "Search", "person", query=director)
    add(_has("results"), "Search", "keyword", query=(film["keywords"] or ["x"])[0])
    add(lambda r: r["total_results"] == 0, "Search", "company", query="x")
    add(lambda r: r["movie_results"][0]["id"] == fid, "Find", "info", film["imdb_id"], external_source="imdb_id")
    add(lambda r: r["tv_results"] == [], "Find", "info", "81189", external_source="tvdb_id")
    add(_refused(422, 5), "Find", "info", film["imdb_id"], external_source="none")
    add(lambda r: {"id": 28, "name": "Action"} in r["genres"], "Genres", "movie_list")
    add(lambda r: {"id": 10765, "name": "Sci-Fi & Fantasy"} in r["genres"], "Genres", "tv_list")
    add(_pages, "Genres", "movies", 18)
    add(lambda r: r["images"]["base_url"].endswith("/t/p/"), "Configuration", "info")
    for name in ("countries", "jobs", "languages", "primary_translations", "timezones"):
        add(bool, "Configuration", name)
    add(lambda r: "US" in r["certifications"], "Certifications", "movie_list")
    add(lambda r: "US" in r["certifications"], "Certifications", "tv_list")
    days = {"start_date": facts.changed_on, "end_date": facts.changed_on}
    add(lambda r: facts.changed in [one["id"] for one in r["results"]], "Changes", "movie", **days)
    add(_has("results", "total_pages"), "Changes", "tv")
    add(lambda r: r["results"] == [], "Changes", "person")
    add(_refused(422, 20), "Changes", "movie", start_date="2026-01-01", end_date=facts.newest)
    add(_refused(400, 23), "Changes", "tv", start_date="yesterday")
    from sandbox.tmdb_shapes import person_id

    pid = person_id(director)
    add(lambda r: r["name"] == director, "People", "info", pid, append_to_response="movie_credits,images")
    add(lambda r: fid in [one["id"] for one in r["crew"]], "People", "movie_credits", pid)
    add(_has("cast", "crew"), "People", "tv_credits", pid)
    add(lambda r: fid in [one["id"] for one in r["crew"]], "People", "combined_credits", pid)
    add(_has("imdb_id"), "People", "external_ids", pid)
    add(_has("profiles"), "People", "images", pid)
    add(_pages, "People", "popular")
    add(_refused(404, 34), "People", "info", 99_999_999)
    credit = f"sbm{fid:x}d0"
    add(lambda r: r["person"]["name"] == director and r["media"]["id"] == fid, "Credits", "info", credit)
    for name in ("regions", "movie", "tv"):
        add(lambda r: bool(r["results"]), "WatchProviders", name)
    add(_refused(404, 34), "Collections", "info", 10)
    return found


def outcomes(url: str, facts: Facts, bearer: bool) -> Iterator[tuple[str, str]]:
    """Make every call with a v3 key or a v4 token; gives the call and what is wrong with it, empty where nothing is."""
    import requests
    import tmdbsimple as tmdb

    tmdb.API_KEY, tmdb.USE_BEARER_AUTH = (V4_TOKEN, True) if bearer else (V3_KEY, False)
    with requests.Session() as session:
        session.trust_env = False
        tmdb.REQUESTS_SESSION = session
        for call in calls(facts):
            try:
                result = call.make(url)
            except requests.HTTPError as error:
                result = error
            try:
                wrong = "" if call.right(result) else f"unexpected: {str(result)[:200]}"
            except (KeyError, IndexError, TypeError, AttributeError) as error:
                wrong = f"{type(error).__name__} {error} in {str(result)[:200]}"
            yield call.written, wrong
        tmdb.REQUESTS_SESSION = None
