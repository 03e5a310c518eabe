"""What the API answers: shapes, filters, errors."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi import Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from api import models
from api.freshness import Freshness
from api.models import Problem
from trending_assets.lake import Lake
from trending_assets_tests.unit.api.conftest import DAYS, Api, Get
from trending_assets_tests.unit.api.paths import PATHS, with_day


@pytest.mark.parametrize(("path", "model"), PATHS)
@pytest.mark.parametrize("day", [None, DAYS[0]])
def test_every_answer_is_what_openapi_says(get: Get, path: str, model: type[BaseModel], day: Any) -> None:
    reply = get(with_day(path, day))
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/json"
    model.model_validate_json(reply.content)
    body = reply.json()
    assert body["date"] == (day or DAYS[-1]).isoformat() and body["as_of"] > body["date"]


@pytest.mark.parametrize("path", [p for p, _ in PATHS if not p.endswith(("/history", "/days"))])  # these span days
def test_a_snapshot_answers_the_same_for_good(get: Get, path: str) -> None:
    now = get(path)
    pinned = get(path.replace("/v1/", f"/v1/snapshots/{now.json()['snapshot']}/", 1))
    assert (pinned.content, pinned.headers["etag"]) == (now.content, now.headers["etag"])
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    if "content-location" in now.headers:
        assert get(now.headers["content-location"]).content == now.content


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({}, ["movie-2", "tv-3", "movie-1"]),
        ({"media_type": "movie"}, ["movie-2", "movie-1"]),
        ({"genre": "crime"}, ["tv-3", "movie-1"]),
        ({"platform": "NETFLIX"}, ["tv-3"]),
        ({"genre": "Crime", "media_type": "movie"}, ["movie-1"]),
        ({"genre": "Western"}, []),
        ({"vibe_tag": "cosy"}, []),
        ({"min_score": "9"}, ["movie-2", "tv-3"]),
        ({"max_score": "9"}, ["tv-3", "movie-1"]),
        ({"min_score": "8.5", "max_score": "9.5"}, ["tv-3"]),
        ({"min_score": "9.5", "max_score": "8.5"}, []),
        ({"date": "2026-11-18"}, ["movie-1", "movie-2"]),
    ],
)
def test_filters_filter(get: Get, params: dict[str, str], titles: list[str]) -> None:
    body = get("/v1/trends", params=params).json()
    assert [row["title_id"] for row in body["results"]] == titles
    assert (body["total"], body["limit"], body["list"], body["next"]) == (len(titles), 50, "popular", None)


def test_a_cursor_walks_through_one_snapshot(get: Get, published: Lake) -> None:
    for more in ("", "&list=rising", "&media_type=movie"):
        whole = get(f"/v1/trends?limit=500{more}").json()["results"]
        walked, address = [], f"/v1/trends?limit=1{more}"
        while address:
            page = get(address).json()
            walked += page["results"]
            address = page["next"]
        assert walked == whole
    lost = get("/v1/trends?cursor=0123456789abcdef.50")
    assert lost.status_code == 404 and "no longer kept" in lost.json()["detail"]
    cursor = get("/v1/trends?limit=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    other = get(f"/v1/trends?cursor={cursor}&date=2026-11-18")
    assert other.status_code == 404 and "belongs to 2026-11-20" in other.json()["detail"]


def test_evidence_comes_in_parts(get: Get) -> None:
    whole = get("/v1/titles/movie-1/evidence").json()
    first = get("/v1/titles/movie-1/evidence?limit=1").json()
    second = get(first["next"]).json()
    assert first["results"] + second["results"] == whole["results"]
    assert second["next"] is None and first["total"] == second["total"] == 2


def test_history_is_columns_and_rows(get: Get) -> None:
    body = get("/v1/titles/movie-1/history").json()
    rows = [dict(zip(body["columns"], row, strict=True)) for row in body["history"]]
    assert [(row["date"], row["rank"]) for row in rows] == [("2026-11-18", 1), ("2026-11-19", 2), ("2026-11-20", 3)]
    ranked = get("/v1/trends").json()["results"][2]
    assert {name: ranked[name] for name in rows[-1] if name != "date"} == {
        k: v for k, v in rows[-1].items() if k != "date"
    }
    for params, days in (
        ({"from": "2026-11-19"}, ["2026-11-19", "2026-11-20"]),
        ({"date": "2026-11-19"}, ["2026-11-18", "2026-11-19"]),
        ({"date": "2026-11-19", "from": "2026-11-19"}, ["2026-11-19"]),
    ):
        assert [row[0] for row in get("/v1/titles/movie-1/history", params=params).json()["history"]] == days
    gaps = get("/v1/titles/movie-2/history").json()["history"]
    assert [row[0] for row in gaps] == ["2026-11-18", "2026-11-20"]
    assert get("/v1/titles/tv-3/history?date=2026-11-18").status_code == 404


@pytest.mark.parametrize(
    ("words", "titles"),
    [("heat", ["movie-1"]), ("WIR", ["tv-3"]), ("the wire", ["tv-3"]), ("wire the", ["tv-3"]), ("zz", []), ('"*(', [])],
)
def test_search_finds_titles_by_beginnings_of_words(get: Get, words: str, titles: list[str]) -> None:
    body = get("/v1/search", params={"q": words}).json()
    assert [row["title_id"] for row in body["results"]] == titles and body["query"] == words


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=100))
def test_search_takes_any_text(get: Get, words: str) -> None:
    assert get("/v1/search", params={"q": words}).status_code == 200


def test_compare_says_what_moved(get: Get) -> None:
    body = get("/v1/compare", params={"from": "2026-11-18", "to": "2026-11-20"}).json()
    models.Compare.model_validate(body)
    rows = {row["title_id"]: row for row in body["results"]}
    assert [rows[t]["status"] for t in ("movie-1", "movie-2", "tv-3")] == ["down", "up", "new"]
    assert (rows["movie-1"]["rank_change"], rows["movie-2"]["rank_change"], rows["tv-3"]["rank_change"]) == (
        -2,
        1,
        None,
    )
    back = get("/v1/compare", params={"from": "2026-11-20", "to": "2026-11-18"}).json()
    assert {row["title_id"]: row["status"] for row in back["results"]}["tv-3"] == "gone"
    same = get("/v1/compare", params={"from": "2026-11-20", "to": "2026-11-20", "limit": "1"}).json()
    assert same["total"] == 3 and [row["status"] for row in same["results"]] == ["same"]


def test_exports_are_files(get: Get) -> None:
    for name, kind in (("trends.csv", "text/csv; charset=utf-8"), ("titles.parquet", "application/vnd.apache.parquet")):
        reply = get(f"/v1/exports/{name}?date=2026-11-19")
        assert reply.status_code == 200 and reply.headers["content-type"] == kind
        named = name.replace(".", "-2026-11-19.")
        assert reply.headers["content-disposition"] == f'attachment; filename="{named}"'
    assert get("/v1/exports/trends.xlsx").status_code == 422


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.integers(-3, 503), st.integers(), st.text(max_size=5)))
def test_limit_is_kept_or_refused_and_never_clamped(get: Get, limit: int | str) -> None:
    reply = get("/v1/trends", params={"limit": str(limit)})
    if isinstance(limit, int) and 1 <= limit <= 500:
        body = reply.json()
        assert body["limit"] == limit and body["total"] == 3 and len(body["results"]) == min(limit, 3)
    elif reply.status_code == 200:  # text that is a number, such as "07"
        assert reply.json()["limit"] == int(limit)
    else:
        assert reply.status_code == 422 and "limit" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/trends?limit=0", 422, "limit"),
        ("/v1/trends?limit=501", 422, "limit"),
        ("/v1/trends?media_type=book", 422, "media_type"),
        ("/v1/trends?genre=", 422, "genre"),
        ("/v1/trends?colour=red", 422, "colour: unknown parameter"),
        ("/v1/titles/movie-1?limit=5", 422, "limit: unknown parameter"),
        ("/v1/days?date=20261120", 422, "a day is YYYY-MM-DD"),
        ("/v1/days?date=2026-02-30", 422, "date"),
        ("/v1/days?date=1763596800", 422, "date"),
        ("/v1/titles/x", 422, "title_id"),
        ("/v1/trends?date=2020-01-01", 404, "newest day is 2026-11-20"),
        ("/v1/trends?min_score=-1", 422, "min_score"),
        ("/v1/trends?max_score=nan", 422, "max_score"),
        ("/v1/trends?cursor=x", 422, "cursor"),
        ("/v1/trends?list=best", 422, "list"),
        ("/v1/search", 422, "q: Field required"),
        ("/v1/search?q=", 422, "q"),
        ("/v1/compare?from=2026-11-18", 422, "to: Field required"),
        ("/v1/compare?from=2026-11-18&to=2020-01-01", 404, "2020-01-01 is not published"),
        ("/v1/snapshots/0123456789abcdef/trends", 404, "no longer kept"),
        ("/v1/snapshots/x/trends", 422, "snapshot"),
        ("/v1/titles/movie-9", 404, "movie-9 is not ranked on 2026-11-20"),
        ("/v1/titles/tv-3?date=2026-11-18", 404, "tv-3 is not ranked on 2026-11-18"),
        ("/v1/lineage?asset=no/such", 404, "no/such is no asset"),
        ("/v1/nothing", 404, "Nothing is at this address"),
        ("/docs", 404, "openapi.json"),
    ],
)
def test_every_error_is_a_problem(get: Get, path: str, status: int, says: str) -> None:
    reply = get(path)
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")
    problem = Problem.model_validate_json(reply.content)
    assert problem.status == status and says in problem.detail and problem.instance == path.partition("?")[0]
    assert reply.headers["cache-control"] == "no-store"


def test_freshness_without_dagster_is_the_bundles(get: Get) -> None:
    reply = get("/v1/freshness")
    found = Freshness.model_validate_json(reply.content)
    assert found.source == "bundle" and reply.headers["cache-control"] == "public, max-age=10"
    rows = {row.asset: row for row in found.results}
    assert rows["marts/trends"].newest == DAYS[-1] and (rows["marts/trends"].late_seconds or 0) >= 0


def test_the_page_asks_as_a_client_would(api: Api, get: Get) -> None:
    """Through a route, since what asks Dagster needs a worker thread of the app."""
    app = api.service.app()

    @app.get("/asked")
    def asked(request: Request, path: str) -> dict[str, Any]:
        status, body = request.app.state.answer(path.partition("?")[0], dict(parse_qsl(path.partition("?")[2])))
        return {"status": status, "body": body}

    paths = ["/v1/trends?limit=2&genre=Crime", "/v1/titles/tv-3/history", "/v1/days", "/v1/lineage", "/v1/search?q=a"]
    paths += ["/v1/trends?limit=0", "/v1/titles/movie-9", "/v1/titles/x", "/v1/days?x=1", "/v1/nothing"]
    paths += ["/v1/compare?from=2026-11-18&to=2026-11-19", "/v1/lineage?asset=no/such"]
    for path in paths:
        reply, found = get(path), get("/asked", params={"path": path}).json()
        assert found == {"status": reply.status_code, "body": reply.json()}, path
    assert get("/asked", params={"path": "/v1/freshness"}).json()["status"] == 200
