"""What the API answers: shapes, filters, caching, errors."""

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import brotli
import jsonschema
import pytest
from fastapi import Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from typer.testing import CliRunner

from api import keys_command, models, rows_from_contracts
from api.bundles import KEPT_ANSWERS, KEPT_BYTES, Bundles, Kept
from api.freshness import Freshness
from api.metrics import Metrics
from api.models import Problem
from api.openapi import example
from api.reply import Answer, preferred
from trending_assets.lake import Lake, open_lake
from trending_assets_tests.unit.api.conftest import DAYS, Api, Get, publish_orders, served

PATHS: list[tuple[str, type[BaseModel]]] = [
    ("/v1/trends", models.Trends),
    ("/v1/trends?list=rising", models.Trends),
    ("/v1/trends?limit=1", models.Trends),
    ("/v1/titles/movie-1", models.Title),
    ("/v1/titles/movie-1/history", models.History),
    ("/v1/titles/movie-1/evidence", models.Evidence),
    ("/v1/titles/movie-1/evidence?limit=1", models.Evidence),
    ("/v1/genres", models.Counts),
    ("/v1/platforms", models.Counts),
    ("/v1/tags", models.Counts),
    ("/v1/search?q=he", models.Search),
    ("/v1/charts", models.Charts),
    ("/v1/days", models.Days),
    ("/v1/drift", models.Drift),
    ("/v1/spend", models.Spend),
    ("/v1/lineage", models.Lineage),
]
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """One lake for the module: nothing here publishes."""
    return publish_orders(open_lake(str(tmp_path_factory.mktemp("lake"))))


@pytest.fixture(scope="module")
def api(published: Lake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with served(published.uri, tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture(scope="module")
def get(api: Api) -> Get:
    return api.get


def with_day(path: str, day: Any) -> str:
    return f"{path}{'&' if '?' in path else '?'}date={day}" if day else path


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


@pytest.mark.parametrize("path", [*(path for path, _ in PATHS), "/v1/exports/trends.csv", "/openapi.json"])
def test_an_etag_saves_the_body(get: Get, path: str) -> None:
    first = get(path)
    mark = first.headers["etag"]
    assert mark.startswith('"') and first.headers["cache-control"].startswith("public, max-age=60")
    for known in (mark, f'"other", W/{mark}', "*"):
        again = get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
        assert again.headers["cache-control"] == first.headers["cache-control"]
    assert get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/trends", "/v1/trends?limit=2", "/v1/titles/movie-1", "/v1/exports/trends.csv"])
def test_an_encoding_is_another_form_of_the_same(api: Api, path: str) -> None:
    plain = api.get(path, headers=PLAIN)
    assert "content-encoding" not in plain.headers and plain.headers["vary"] == "Accept-Encoding"
    marks = {plain.headers["etag"]}
    for name, wants in (("br", "gzip, deflate, br"), ("gzip", "gzip"), ("gzip", "br;q=0.5, gzip"), ("br", "*")):
        with api.stream(path, headers={"Accept-Encoding": wants}) as reply:
            raw = b"".join(reply.iter_raw())
            assert reply.headers["content-encoding"] == name and int(reply.headers["content-length"]) == len(raw)
        assert {"br": brotli.decompress, "gzip": gzip.decompress}[name](raw) == plain.content
        marks.add(reply.headers["etag"])
        assert (
            api.get(path, headers={"Accept-Encoding": wants, "If-None-Match": plain.headers["etag"]}).status_code == 200
        )
    assert len(marks) == 3
    for wants in ("", "identity", "br;q=0", "*;q=0", "zstd", "gzip;q=0.1, identity", "gzip;q=x"):
        assert "content-encoding" not in api.get(path, headers={"Accept-Encoding": wants}).headers


@pytest.mark.parametrize(
    ("wants", "encoding"),
    [
        *(
            (b"", b""),
            (b"gzip", b"gzip"),
            (b"gzip, br", b"br"),
            (b"br;q=0, gzip", b"gzip"),
            (b"*", b"br"),
            (b"*;q=0", b""),
        ),
        *((b"gzip; q=0.0, deflate", b""), (b"BR", b"br"), (b"x-gzip", b"gzip"), (b"identity, gzip;q=0.5", b"")),
    ],
)
def test_an_encoding_is_chosen_as_asked(wants: bytes, encoding: bytes) -> None:
    assert preferred(wants) == encoding


@pytest.mark.parametrize("path", ["/v1/trends", "/v1/titles/movie-1", "/v1/titles/movie-1/history", "/v1/genres"])
@pytest.mark.parametrize("day", [None, DAYS[0]])
def test_the_fast_lane_gives_what_the_framework_gives(api: Api, path: str, day: Any) -> None:
    """A parameter in another spelling is not the lane's: the framework answers it."""
    asked = with_day(path, day)
    spelled = path + ("?" if day is None else f"?date={str(day).replace('-', '%2D')}")
    api.get(asked)  # a day that is not at hand is brought by the framework
    fast, slow = api.get(asked, headers=PLAIN), api.get(spelled, headers=PLAIN)
    assert fast.content == slow.content
    volatile = {"x-request-id", "date"}
    pick = lambda reply: {k: v for k, v in reply.headers.items() if k not in volatile}  # noqa: E731
    assert pick(fast) == pick(slow)


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


def test_other_methods_are_refused_and_head_has_no_body(get: Get) -> None:
    refused = get("/v1/trends", method="POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    assert refused.headers["content-type"] == "application/problem+json"
    head, whole = get("/v1/trends", method="HEAD"), get("/v1/trends")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])


def test_broken_code_is_a_problem_that_tells_nothing(api: Api, get: Get) -> None:
    @api.service.app().get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    reply = get("/broken", headers={"X-Request-ID": "abc-1"})
    assert (reply.status_code, reply.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in reply.text and "abc-1" in reply.json()["detail"]
    assert reply.headers["x-request-id"] == "abc-1"


def test_every_answer_is_guarded(get: Get) -> None:
    for path in ("/v1/trends", "/v1/nothing", "/metrics"):
        headers = get(path, headers={"Origin": "https://example.org", "X-Request-ID": "no good"}).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert len(headers["x-request-id"]) == 32  # ours: the given one is not of a safe shape
        assert headers["access-control-allow-origin"] == "*"


def test_browsers_of_chosen_origins_may_read(published: Lake, tmp_path: Path) -> None:
    mine, other = "https://mine.example", "https://other.example"
    with served(published.uri, tmp_path, api_cors_origins=f"{mine}, https://too.example") as api:
        for path in ("/v1/trends", "/v1/trends?limit=1"):
            assert api.get(path, headers={"Origin": mine}).headers["access-control-allow-origin"] == mine
            refused = api.get(path, headers={"Origin": other})
            assert "access-control-allow-origin" not in refused.headers and "Origin" in refused.headers["vary"]
        asked = {"Origin": mine, "Access-Control-Request-Method": "POST"}
        reply = api.get("/v1/classify", method="OPTIONS", headers=asked)
        assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (204, mine)
        assert "POST" in reply.headers["access-control-allow-methods"]


def test_a_client_that_asks_too_often_is_told_when_to_come_back(published: Lake, tmp_path: Path) -> None:
    with served(published.uri, tmp_path, api_rate_per_minute=1, api_rate_burst=3) as api:
        for path, left in (("/v1/trends", 2), ("/v1/trends?limit=1", 1), ("/v1/nothing", 0)):
            assert f"r={left};" in api.get(path).headers["ratelimit"]
        for path in ("/v1/trends", "/v1/trends?limit=2", "/v1/nothing"):
            reply = api.get(path)
            assert (reply.status_code, reply.headers["content-type"]) == (429, "application/problem+json")
            assert 0 < int(reply.headers["retry-after"]) <= 60 and reply.headers["ratelimit-policy"]
        assert api.get("/readyz").status_code == api.get("/metrics").status_code == 200


def test_keys_open_what_their_scopes_name(published: Lake, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made = CliRunner().invoke(keys_command.app, ["add", "--name", "reader", "--file", str(file)])
    reader = made.stdout.split()[-1]
    with served(published.uri, tmp_path, api_keys=file, api_require_key=True) as api:
        for path in ("/v1/trends", "/v1/trends?limit=1", "/v1/exports/trends.csv"):
            reply = api.get(path)
            assert (reply.status_code, reply.headers["content-type"]) == (401, "application/problem+json")
            assert reply.headers["www-authenticate"].startswith("Bearer")
        mine = {"Authorization": f"Bearer {reader}"}
        assert api.get("/v1/trends", headers=mine).status_code == 200
        assert api.get("/v1/trends?limit=1", headers={"X-API-Key": reader}).status_code == 200
        assert api.get("/v1/exports/trends.csv", headers=mine).status_code == 403
        assert api.get("/v1/trends", headers={"X-API-Key": reader[:-1] + "x"}).status_code == 401
        assert api.get("/healthz").status_code == 200


def test_a_body_may_not_be_endless(get: Get) -> None:
    much = "x" * 70_000
    for more in ({"json": {"title": much}}, {"content": (part.encode() for part in (much, much))}):
        reply = get("/v1/classify", method="POST", **more)
        assert (reply.status_code, reply.headers["content-type"]) == (413, "application/problem+json")


def test_freshness_without_dagster_is_the_bundles(get: Get) -> None:
    reply = get("/v1/freshness")
    found = Freshness.model_validate_json(reply.content)
    assert found.source == "bundle" and reply.headers["cache-control"] == "public, max-age=10"
    rows = {row.asset: row for row in found.results}
    assert rows["marts/trends"].newest == DAYS[-1] and (rows["marts/trends"].late_seconds or 0) >= 0


def test_a_live_answer_is_kept_for_seconds(api: Api, get: Get) -> None:
    first = get("/v1/freshness").json()["now"]
    assert get("/v1/freshness").json()["now"] == first
    state = api.service.bundles.state
    assert state is not None
    kept = state.kept.get(("/v1/freshness", b""))
    assert isinstance(kept, Answer) and kept.expires < float("inf")
    kept.expires = 0.0
    again = get("/v1/freshness").json()["now"]
    assert again > first and get("/v1/freshness").json()["now"] == again


def test_kept_answers_are_bounded() -> None:
    kept = Kept()
    for n in range(KEPT_ANSWERS + 5):
        kept.put((str(n), b""), Answer(b"x" * 10_000, str(n)))
    held = [n for n in range(KEPT_ANSWERS + 5) if kept.get((str(n), b"")) is not None]
    assert len(held) == KEPT_BYTES // 10_000 and held[-1] == KEPT_ANSWERS + 4
    kept.put(("large", b""), Answer(b"x" * (KEPT_BYTES // 4), "large"))
    assert kept.get(("large", b"")) is None
    kept.put((str(held[-1]), b""), Answer(b"new", "new"))
    found = kept.get((str(held[-1]), b""))
    assert found is not None and found.body == b"new"


def test_openapi_documents_every_status_and_one_error_shape(get: Get) -> None:
    document = get("/openapi.json").json()
    assert "HTTPValidationError" not in str(document)
    for path, _ in PATHS:
        template = path.partition("?")[0].replace("movie-1", "{title_id}")
        replies = document["paths"][template]["get"]["responses"]
        assert set(replies) == {"200", "304", "401", "403", "404", "422", "429", "500", "503"}
        assert set(replies["422"]["content"]) == {"application/problem+json"}
    assert get("/openapi.json").content == get("/openapi.json").content


def test_operations_are_named_for_people(get: Get) -> None:
    paths = get("/openapi.json").json()["paths"]
    names = [operation["operationId"] for operations in paths.values() for operation in operations.values()]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert {"trends", "title", "title_history", "title_evidence", "snapshot_trends", "export", "classify"} <= set(names)


def test_openapi_has_an_example_of_every_answer_that_keeps_its_schema(get: Get) -> None:
    document = get("/openapi.json").json()
    examples = 0
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, reply in operation["responses"].items():
                for kind, content in reply.get("content", {}).items():
                    if kind in ("application/json", "application/problem+json"):
                        examples += 1
                        schema = {**content["schema"], "components": document["components"]}
                        jsonschema.validate(content["example"], schema)
                        assert kind == "application/json" or content["example"]["status"] == int(status)
    assert examples > 100


def test_an_example_is_a_value_of_the_fields_kind() -> None:
    schema = {"type": "object", "properties": {"date": {"type": "string"}, "n": {"type": "integer", "minimum": 3}}}
    assert example(schema, {}) == {"date": "2026-11-20", "n": 3}


def test_rows_are_written_from_contracts() -> None:
    source = Path(rows_from_contracts.__file__).with_name("rows.py").read_text()
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "api/rows.py", "-"]
    made = subprocess.run(ruff, input=rows_from_contracts.render(), capture_output=True, text=True, check=True)
    assert source == made.stdout, "run python -m api.rows_from_contracts"


def test_metrics_count_by_route_and_not_by_path(published: Lake, tmp_path: Path) -> None:
    with served(published.uri, tmp_path) as api:
        for path in ("/v1/titles/movie-1", "/v1/titles/movie-2", "/v1/titles/movie-9", "/wp-admin.php"):
            api.get(path)
        api.get("/v1/trends", method="PATCH")
        text = api.get("/metrics").text
    assert 'trending_http_requests_total{method="GET",route="/v1/titles/{title_id}",status="2xx"} 2.0' in text
    assert 'trending_http_requests_total{method="GET",route="/v1/titles/{title_id}",status="4xx"} 1.0' in text
    assert 'method="GET",route="unmatched",status="4xx"} 1.0' in text
    assert "wp-admin" not in text and "movie-1" not in text
    assert "trending_bundle_day_timestamp_seconds 1.7951328e+09" in text  # 2026-11-20T00:00Z
    assert "trending_bundle_stale 0.0" in text and "trending_bundle_version 1.0" in text
    assert 'trending_http_request_duration_seconds_count{method="GET",route="/v1/titles/{title_id}"} 3.0' in text


def test_methods_that_nobody_knows_are_one_series(published: Lake) -> None:
    metrics = Metrics(Bundles(published.uri, Path("unused")))
    for method in ("BREW", "PROPFIND", "GET"):
        metrics.observe(method, "/v1/trends", 405, 0.002)
    text = metrics.text().decode()
    assert 'method="other",route="/v1/trends",status="4xx"} 2.0' in text and "BREW" not in text
    assert 'trending_http_request_duration_seconds_bucket{le="0.0025",method="other",route="/v1/trends"} 2.0' in text


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


def test_the_api_imports_neither_dagster_nor_polars() -> None:
    heavy = "('dagster', 'polars', 'pyarrow', 'pandas', 'boto3', 'xgboost', 'torch', 'scipy', 'structlog')"
    code = f"import sys, api.app, api.service; sys.exit(', '.join(m for m in sys.modules if m in {heavy}) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_the_shortcut_is_taken_and_any_other_server_gives_the_same(published: Lake, tmp_path: Path) -> None:
    """uvicorn's own protocol, without ours, is what any other ASGI server would be."""
    with served(published.uri, tmp_path / "a") as ours, served(published.uri, tmp_path / "b", plain=True) as plain:
        for path in ("/v1/trends", "/v1/titles/movie-1/history", "/v1/trends?limit=1"):
            for more in ({}, {"headers": {"If-None-Match": "*"}}, {"method": "HEAD"}):
                first, second = ours.get(path, **more), plain.get(path, **more)
                assert (first.status_code, first.content) == (second.status_code, second.content)
                assert set(first.headers) == set(second.headers)
        assert ours.shortcuts > 0 and plain.shortcuts == 0
