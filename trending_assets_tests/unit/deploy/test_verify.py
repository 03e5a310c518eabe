"""What judges a staging: quiet where all is well, and each check with something planted that it has to see."""

import hashlib
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.staging import verify
from deploy.staging.watch import Seen
from trending_assets.contracts import TABLES, empty
from trending_assets.lake import Lake

DAYS = [date(2026, 3, 1), date(2026, 3, 2)]
NAMES = ["trends/alerts", "marts/trends"]


@pytest.fixture
def filled(lake: Lake) -> Lake:
    for name in NAMES:
        for day in DAYS:
            lake.write(name, empty(TABLES[name]), day)
    return lake


def test_a_whole_lake_is_in_order(filled: Lake) -> None:
    assert verify.objects(filled, NAMES, DAYS) == verify.contracts(filled, NAMES, DAYS) == []


def test_a_deleted_partition_is_missed(filled: Lake) -> None:
    filled.store.delete(filled.key("marts/trends", DAYS[1]))
    assert verify.objects(filled, NAMES, DAYS) == ["marts/trends/date=2026-03-02/data.parquet is not in the lake."]
    (sentence,) = verify.contracts(filled, NAMES, DAYS)
    assert "is not there" in sentence


def test_an_object_too_many_is_seen(filled: Lake) -> None:
    filled.store.put("trends/alerts/date=2026-03-02/page.html", b"a page may lie beside it")
    filled.store.put("trends/alerts/date=2026-03-02/data-1.parquet", b"again")
    filled.write("trends/alerts", empty(TABLES["trends/alerts"]), date(2026, 3, 3))
    assert [line.split()[0] for line in verify.objects(filled, NAMES, DAYS)] == [
        "trends/alerts/date=2026-03-02/data-1.parquet",
        "trends/alerts/date=2026-03-03/data.parquet",
    ]


def test_a_broken_contract_is_seen(filled: Lake) -> None:
    import io

    buffer = io.BytesIO()
    empty(TABLES["marts/trends"]).drop("title_id").write_parquet(buffer)
    filled.store.put(filled.key("marts/trends", DAYS[0]), buffer.getvalue())
    (sentence,) = verify.contracts(filled, NAMES, DAYS)
    assert sentence.startswith("marts/trends of 2026-03-01:") and "title_id" in sentence


def test_what_dagster_does_not_know_is_named() -> None:
    known = {"trends/alerts": {"2026-03-01", "2026-03-02"}, "marts/trends": {"2026-03-01"}}
    assert verify.materialized(known, DAYS) == ["Dagster does not know marts/trends of 2026-03-02 as materialized."]


def test_a_document_that_went_missing_is_seen(lake: Lake) -> None:
    lake.write("raw/posts", empty(TABLES["raw/posts"]), DAYS[0])
    counts = {"seen": 2, "already_seen": 1, "outside": 1}
    assert verify.balanced(lake, {("raw/posts", DAYS[0]): counts}) == []
    (sentence,) = verify.balanced(lake, {("raw/posts", DAYS[0]): {**counts, "seen": 3}})
    assert "3 came in" in sentence
    assert verify.balanced(lake, {("raw/posts", DAYS[0]): {}})


def test_a_run_under_way_is_seen() -> None:
    def run(status: str, finished: bool) -> Any:
        return SimpleNamespace(run_id="0123456789", status=SimpleNamespace(value=status), is_finished=finished)

    assert verify.settled([run("SUCCESS", True), run("FAILURE", True)]) == []
    assert verify.settled([run("STARTED", False)]) == ["Run 01234567 is still STARTED."]


def test_a_call_paid_twice_is_seen() -> None:
    calls = [("a", "answered"), ("b", "failed"), ("b", "unpaid")]
    assert verify.paid_once(calls, answers=3) == []
    assert verify.paid_once([*calls, ("a", "asked")], answers=4) == ["The request a has 2 calls that are paid for."]
    assert verify.paid_once(calls, answers=4) == ["The LLM was asked 4 times; the ledger knows of 3 calls."]


def test_a_target_that_is_down_and_an_alert_that_pages_are_seen() -> None:
    up = {"labels": {"job": "trending-api"}, "health": "up"}
    assert verify.targets([up, up], 2) == []
    assert verify.targets([up, {**up, "health": "down"}], 2) == ["Prometheus sees trending-api down."]
    assert verify.targets([up], 2) == ["Prometheus has 1 targets, not 2."]
    ticket = {"labels": {"alertname": "A", "severity": "ticket"}, "state": "firing", "annotations": {}}
    page = {"labels": {"alertname": "B", "severity": "page"}, "state": "pending", "annotations": {"description": "d"}}
    assert verify.pages([ticket, page]) == ["The alert B is pending: d"]


def test_a_secret_in_a_log_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("connecting")
    (tmp_path / "b.log").write_text("connecting with hush-hush")
    assert verify.no_secret(tmp_path, ["hush-hush"]) == ["b.log holds a secret."]


class Api:
    """Answers as the API gives them, one after another, to a `Seen`."""

    def __init__(self) -> None:
        self.seen = Seen()

    def says(self, path: str, body: dict[str, Any], status: int = 200, torn: bool = False) -> "Api":
        data = json.dumps(body).encode()
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        self.seen.check(path, status, etag, data[:-1] if torn else data, 0.0)
        return self


def ranking(day: str, snapshot: str, *ranks: int) -> dict[str, Any]:
    return {"date": day, "snapshot": snapshot, "results": [{"rank": rank} for rank in ranks]}


def test_what_an_api_may_say() -> None:
    api = Api().says("/readyz", {}, 503).says("/v1/trends", {}, 503).says("/readyz", {})
    api.says("/v1/trends", ranking("2026-03-01", "a", 1, 2)).says("/v1/days", {"version": 1})
    api.says("/v1/trends", ranking("2026-03-02", "b", 1, 2)).says("/v1/days", {"version": 2})
    assert not api.seen.faults and api.seen.before == 2 and list(api.seen.days) == [date(2026, 3, 1), date(2026, 3, 2)]


@pytest.mark.parametrize(
    ("path", "body", "status", "torn", "fault"),
    [
        ("/v1/trends", {}, 503, False, "/v1/trends: status 503"),
        ("/readyz", {}, 500, False, "/readyz: status 500"),
        ("/v1/trends", ranking("2026-03-01", "c", 1, 2), 200, False, "the day went backward"),
        ("/v1/trends", ranking("2026-03-02", "b", 1, 2, 3), 200, False, "a snapshot said two things"),
        ("/v1/trends", ranking("2026-03-02", "c", 1, 3), 200, False, "ranks are not 1, 2, 3, …"),
        ("/v1/trends", ranking("2026-03-02", "b", 1, 2), 200, True, "/v1/trends: torn, no whole JSON"),
        ("/v1/days", {"version": 1}, 200, False, "the version went backward"),
    ],
)
def test_what_an_api_may_not_say(path: str, body: dict[str, Any], status: int, torn: bool, fault: str) -> None:
    api = Api().says("/v1/trends", ranking("2026-03-02", "b", 1, 2)).says("/v1/days", {"version": 2})
    assert list(api.says(path, body, status, torn).seen.faults) == [fault]


def test_a_body_that_its_etag_does_not_name_is_torn() -> None:
    seen = Seen()
    seen.check("/v1/trends", 200, '"0"', json.dumps(ranking("2026-03-01", "a", 1)).encode(), 0.0)
    assert list(seen.faults) == ["/v1/trends: torn, not the body that the ETag names"]
