"""What the API answers: shapes, filters, caching, errors."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from api import models
from api.problems import Problem
from trending_assets_tests.unit.api.conftest import DAYS, Get

PATHS: list[tuple[str, type[BaseModel]]] = [
    ("/v1/trends", models.Trends),
    ("/v1/titles/movie-1", models.Title),
    ("/v1/titles/movie-1/history", models.History),
    ("/v1/titles/movie-1/evidence", models.Evidence),
    ("/v1/days", models.Days),
    ("/v1/drift", models.Drift),
    ("/v1/spend", models.Spend),
    ("/v1/lineage", models.Lineage),
]


@pytest.mark.parametrize(("path", "model"), PATHS)
@pytest.mark.parametrize("day", [None, DAYS[0]])
def test_every_answer_is_what_openapi_says(get: Get, path: str, model: type[BaseModel], day: Any) -> None:
    reply = get(path, params={"date": day.isoformat()} if day else {})
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/json"
    model.model_validate_json(reply.content)
    assert reply.json()["date"] == (day or DAYS[-1]).isoformat()


@pytest.mark.parametrize("path", [path for path, _ in PATHS])
def test_an_etag_saves_the_body(get: Get, path: str) -> None:
    first = get(path)
    mark = first.headers["etag"]
    assert mark.startswith('"') and first.headers["cache-control"].startswith("public, max-age=60")
    for known in (mark, f'"other", W/{mark}', "*"):
        again = get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    assert get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_bytes_and_etag_come_from_the_bundle(get: Get, app: FastAPI) -> None:
    reply = get("/v1/titles/tv-3")
    assert (reply.content, reply.headers["etag"][1:-1]) == app.state.bundles.state.newest.body("/v1/titles/tv-3")


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({}, ["movie-2", "tv-3", "movie-1"]),
        ({"media_type": "movie"}, ["movie-2", "movie-1"]),
        ({"genre": "crime"}, ["tv-3", "movie-1"]),
        ({"platform": "NETFLIX"}, ["tv-3"]),
        ({"genre": "Crime", "media_type": "movie"}, ["movie-1"]),
        ({"genre": "Western"}, []),
        ({"date": "2026-11-18"}, ["movie-1", "movie-2"]),
    ],
)
def test_filters_filter(get: Get, params: dict[str, str], titles: list[str]) -> None:
    body = get("/v1/trends", params=params).json()
    assert [row["title_id"] for row in body["results"]] == titles
    assert (body["total"], body["limit"]) == (len(titles), 50)


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


def test_other_methods_are_refused_and_head_has_no_body(get: Get) -> None:
    refused = get("/v1/trends", method="POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    assert refused.headers["content-type"] == "application/problem+json"
    head, whole = get("/v1/trends", method="HEAD"), get("/v1/trends")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])


def test_broken_code_is_a_problem_that_tells_nothing(app: FastAPI, get: Get) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    reply = get("/broken", headers={"X-Request-ID": "abc-1"})
    assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in reply.text and "abc-1" in reply.json()["detail"]
    assert reply.headers["x-request-id"] == "abc-1"


def test_every_answer_is_guarded(get: Get) -> None:
    for path in ("/v1/trends", "/v1/nothing", "/metrics"):
        headers = get(path, headers={"Origin": "https://example.org", "X-Request-ID": "no good\t"}).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert len(headers["x-request-id"]) == 32  # ours: the given one is not of a safe shape
        assert headers["access-control-allow-origin"] == "*"


def test_the_page_brings_its_own_policy(get: Get) -> None:
    reply = get("/")
    assert reply.status_code == 200 and "The Wire" in reply.text
    assert "script-src" in reply.headers["content-security-policy"]


def test_openapi_documents_every_status_and_one_error_shape(get: Get) -> None:
    document = get("/openapi.json").json()
    assert "HTTPValidationError" not in str(document)
    for path, _ in PATHS:
        template = path.replace("movie-1", "{title_id}")
        replies = document["paths"][template]["get"]["responses"]
        assert set(replies) == {"200", "304", "404", "422", "500", "503"}
        assert set(replies["422"]["content"]) == {"application/problem+json"}
    assert get("/openapi.json").content == get("/openapi.json").content


def test_metrics_count_by_route_and_not_by_path(get: Get) -> None:
    for path in ("/v1/titles/movie-1", "/v1/titles/movie-2", "/v1/titles/movie-9", "/wp-admin.php"):
        get(path)
    get("/v1/trends", method="BREW")
    text = get("/metrics").text
    assert 'trending_http_requests_total{method="GET",route="/v1/titles/{title_id}",status="2xx"} 2.0' in text
    assert 'trending_http_requests_total{method="GET",route="/v1/titles/{title_id}",status="4xx"} 1.0' in text
    assert 'route="unmatched",status="4xx"} 1.0' in text and 'method="other"' in text
    assert "wp-admin" not in text and "movie-1" not in text
    assert "trending_bundle_day_timestamp_seconds 1.7951328e+09" in text  # 2026-11-20T00:00Z
    assert "trending_bundle_stale 0.0" in text
    assert 'trending_http_request_duration_seconds_count{method="GET",route="/v1/titles/{title_id}"} 3.0' in text


def test_the_page_asks_as_a_client_would(app: FastAPI, get: Get) -> None:
    for path, params in [("/v1/trends", {"limit": "2", "genre": "Crime"}), ("/v1/titles/tv-3/history", {})]:
        assert app.state.answer(path, params) == (200, get(path, params=params).json())
    for path, params in [("/v1/trends", {"limit": "0"}), ("/v1/titles/movie-9", {}), ("/v1/days", {"x": "1"})]:
        reply = get(path, params=params)
        assert app.state.answer(path, params) == (reply.status_code, reply.json())


def test_the_api_imports_no_dagster() -> None:
    code = "import sys, api.app; sys.exit(', '.join(m for m in sys.modules if m.split('.')[0] == 'dagster') or 0)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
