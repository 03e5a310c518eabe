"""TMDb's shapes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import polars as pl
import pytest

from sandbox.process import running
from sandbox.tmdb_search import normalise
from trending_assets_tests.unit.sandbox.conftest import LAST_DAY, at


def _row(world: Path, media: str, title: str, year: int) -> dict[str, Any]:
    return pl.read_parquet(world / "titles.parquet").filter(media_type=media, title=title, year=year).row(0, named=True)


@pytest.mark.parametrize(
    "path", ["/3/movie/1", "/3/movie/none", "/3/nothing", "/3/tv/now_playing", "/3/trending/x/day"]
)
def test_unknown_is_tmdbs_404(api: httpx.Client, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.json() == {
        "success": False,
        "status_code": 34,
        "status_message": "The resource you requested could not be found.",
    }


def test_lists_follow_the_snapshot(api: httpx.Client, small_world: Path) -> None:
    lists = pl.read_parquet(small_world / "tmdb_lists.parquet")
    expected = lists.filter(snapshot_date=LAST_DAY, media_type="tv", list="trending_day").sort("rank")
    found: list[dict[str, Any]] = []
    for page in (1, 2):
        answer = api.get("/3/trending/tv/day", params={"page": page}).json()
        assert (answer["page"], answer["total_results"], answer["total_pages"]) == (page, 40, 2)
        found += answer["results"]
    assert [item["id"] for item in found] == expected["tmdb_id"].to_list()
    assert [item["popularity"] for item in found] == expected["popularity"].to_list()
    assert {item["media_type"] for item in found} == {"tv"}
    assert {"name", "original_name", "first_air_date", "genre_ids", "vote_count"} <= found[0].keys()
    assert api.get("/3/movie/popular", params={"page": 9}).json()["results"] == []
    for wrong in ("0", "501", "x"):
        bad = api.get("/3/movie/popular", params={"page": wrong})
        assert (bad.status_code, bad.json()["status_code"]) == (400, 22)
    both = api.get("/3/trending/all/week").json()
    assert {item["media_type"] for item in both["results"]} == {"movie", "tv"}
    later = api.get("/3/trending/tv/day", headers=at(LAST_DAY.replace(year=2027))).json()
    assert [item["id"] for item in later["results"]] == [item["id"] for item in found[:20]]


def test_movie_detail(api: httpx.Client, small_world: Path) -> None:
    row = _row(small_world, "movie", "Dune", 2021)
    parts = "credits,keywords,release_dates,watch/providers,external_ids,reviews,alternative_titles"
    data = api.get(f"/3/movie/{row['tmdb_id']}", params={"append_to_response": parts}).json()
    assert (data["title"], data["release_date"], data["runtime"]) == (row["title"], row["release_date"], row["runtime"])
    assert data["overview"] == row["overview"] and data["imdb_id"] == row["imdb_id"]
    assert data["genres"] == [{"id": 878, "name": "Science Fiction"}, {"id": 12, "name": "Adventure"}]
    directors = [person["name"] for person in data["credits"]["crew"] if person["job"] == "Director"]
    assert directors == row["directors"]
    assert [word["name"] for word in data["keywords"]["keywords"]] == row["keywords"]
    assert set(parts.split(",")) <= data.keys()
    assert data["status"] == "Released"
    poster = api.get(f"/t/p/w342{data['poster_path']}")
    assert poster.headers["content-type"] == "image/svg+xml" and b"Dune" in poster.content


def test_tv_detail(api: httpx.Client, small_world: Path) -> None:
    row = _row(small_world, "tv", "Severance", 2022)
    parts = {"append_to_response": "keywords,content_ratings,external_ids,watch/providers"}
    data = api.get(f"/3/tv/{row['tmdb_id']}", params=parts).json()
    assert data["name"] == "Severance" and data["first_air_date"] == row["release_date"]
    assert data["episode_run_time"] == [row["runtime"]] and "title" not in data
    assert [word["name"] for word in data["keywords"]["results"]] == row["keywords"]
    assert data["external_ids"]["imdb_id"] == row["imdb_id"]
    assert api.get(f"/3/movie/{row['tmdb_id']}").status_code == 404


def test_search_and_find(api: httpx.Client, small_world: Path) -> None:
    dune = api.get("/3/search/movie", params={"query": "dune"}).json()["results"]
    assert [item["title"] for item in dune[:2]] == ["Dune", "Dune"]
    assert {item["title"] for item in dune[2:]} == {"Dune: Part Two", "Dune: Part Three"}
    only = api.get("/3/search/movie", params={"query": "DUNE!", "year": 1984}).json()["results"]
    assert [item["release_date"][:4] for item in only] == ["1984"]
    multi = api.get("/3/search/multi", params={"query": "fargo"}).json()["results"]
    assert {item["media_type"] for item in multi} == {"movie", "tv"}
    assert api.get("/3/search/tv", params={"query": ""}).json()["total_results"] == 0
    row = _row(small_world, "tv", "Fargo", 2014)
    found = api.get(f"/3/find/{row['imdb_id']}", params={"external_source": "imdb_id"}).json()
    assert [item["id"] for item in found["tv_results"]] == [row["tmdb_id"]] and found["movie_results"] == []


def test_normalise() -> None:
    assert normalise("Am\u00e9lie & \u00c9lan: 2!") == "amelie and elan 2"


def test_discover(api: httpx.Client, small_world: Path) -> None:
    titles = pl.read_parquet(small_world / "titles.parquet").filter(media_type="movie", year=2019)
    answer = api.get("/3/discover/movie", params={"sort_by": "popularity.desc", "primary_release_year": 2019}).json()
    assert answer["total_results"] == titles.height
    levels = [item["popularity"] for item in answer["results"]]
    assert levels == sorted(levels, reverse=True) and len(levels) == min(20, titles.height)
    assert {item["id"] for item in answer["results"]} <= set(titles["tmdb_id"])


def test_discover_filters_by_what_the_world_knows(api: httpx.Client, small_world: Path) -> None:
    titles = pl.read_parquet(small_world / "titles.parquet")

    def ids(media: str, **query: str | int | float) -> set[int]:
        found: set[int] = set()
        for page in range(1, 20):
            answer = api.get(f"/3/discover/{media}", params={**query, "page": page}).json()
            found |= {item["id"] for item in answer["results"]}
            if page >= answer["total_pages"]:
                break
        return found

    films = titles.filter(media_type="movie")
    low, high = str(LAST_DAY), "2027-06-30"
    window = ids("movie", **{"primary_release_date.gte": low, "primary_release_date.lte": high})
    assert window == set(films.filter(pl.col("release_date").is_between(pl.lit(low), pl.lit(high)))["tmdb_id"]) != set()
    both = films.filter(pl.col("genres").list.contains("Action") & pl.col("genres").list.contains("Science Fiction"))
    either = films.filter(pl.col("genres").list.contains("Action") | pl.col("genres").list.contains("Science Fiction"))
    assert ids("movie", with_genres="28,878") == set(both["tmdb_id"]) != set()
    assert ids("movie", with_genres="28|878") == set(either["tmdb_id"])
    assert ids("movie", with_genres="28", without_genres="878") == set(
        films.filter(pl.col("genres").list.contains("Action"))["tmdb_id"]
    ) - set(both["tmdb_id"])
    loved = ids("tv", **{"vote_average.gte": 8.0})
    assert loved == set(titles.filter(pl.col("media_type") == "tv", pl.col("vote_average") >= 8.0)["tmdb_id"]) != set()
    first = api.get("/3/discover/movie", params={"sort_by": "primary_release_date.asc"}).json()["results"]
    assert [item["release_date"] for item in first] == sorted(films["release_date"])[:20]
    wrong = api.get("/3/discover/movie", params={"with_genres": "x"})
    assert (wrong.status_code, wrong.json()["status_code"]) == (422, 5)


def test_export_holds_the_catalogue(api: httpx.Client, small_world: Path) -> None:
    titles = pl.read_parquet(small_world / "titles.parquet")
    for name, media, key in (("movie", "movie", "original_title"), ("tv_series", "tv", "original_name")):
        path = f"/p/exports/{name}_ids_{LAST_DAY:%m_%d_%Y}.json.gz"
        answer = api.get(path)
        assert answer.content == api.get(path).content
        lines = [orjson.loads(line) for line in gzip.decompress(answer.content).splitlines()]
        assert [line["id"] for line in lines] == titles.filter(media_type=media)["tmdb_id"].to_list()
        assert all(line[key] and line["popularity"] >= 0 for line in lines)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, small_world: Path) -> Iterator[httpx.Client]:
    """A sandbox of a world with titles only, one of them a bare entry."""
    folder = tmp_path_factory.mktemp("bare")
    titles = pl.read_parquet(small_world / "titles.parquet").head(2)
    empty = {name: pl.lit(None, titles.schema[name]) for name in ("overview", "release_date", "vote_count", "runtime")}
    titles.with_columns(**empty).write_parquet(folder / "titles.parquet")
    with (
        running(folder) as process,
        httpx.Client(base_url=process.url, params={"api_key": "sandbox"}, trust_env=False) as one,
    ):
        yield one


def test_world_of_titles_only(bare: httpx.Client) -> None:
    assert bare.get("/3/trending/all/day").json()["results"] == []
    found = bare.get("/3/discover/movie").json()["results"]
    assert len(found) == 2
    data = bare.get(f"/3/movie/{found[0]['id']}").json()
    assert (data["overview"], data["vote_count"], data["runtime"], data["poster_path"]) == ("", 0, 0, None)
    assert data["release_date"].endswith("-01-01")
    assert bare.get(f"/3/movie/{found[0]['id']}/watch/providers").json()["results"] == {}
