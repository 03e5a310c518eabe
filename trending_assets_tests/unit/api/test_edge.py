"""What happens to every request: forms and ETags, the fast lane, guards, limits, keys, kept answers, metrics."""

import gzip
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import brotli
import pytest
from typer.testing import CliRunner

from api import keys_command
from api.bundles import KEPT_ANSWERS, KEPT_BYTES, Bundles, Kept
from api.metrics import Metrics
from api.reply import Answer, preferred
from trending_assets.lake import Lake
from trending_assets_tests.unit.api.conftest import DAYS, Api, Get, served
from trending_assets_tests.unit.api.paths import PATHS, PLAIN, with_day


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
        assert "trending_http_limited_requests_total 3.0" in api.get("/metrics").text


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
    assert "trending_http_requests_under_way 1.0" in text  # the scrape itself
    assert "trending_ready 1.0" in text and "trending_http_limited_requests_total 0.0" in text
    assert float(re.findall("^process_resident_memory_bytes (.*)", text, re.MULTILINE)[0]) > 1e7


def test_methods_that_nobody_knows_are_one_series(published: Lake) -> None:
    metrics = Metrics(Bundles(published.uri, Path("unused")))
    for method in ("BREW", "PROPFIND", "GET"):
        metrics.observe(method, "/v1/trends", 405, 0.002)
    text = metrics.text().decode()
    assert 'method="other",route="/v1/trends",status="4xx"} 2.0' in text and "BREW" not in text
    assert 'trending_http_request_duration_seconds_bucket{le="0.0025",method="other",route="/v1/trends"} 2.0' in text


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
