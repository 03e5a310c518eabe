"""Every status that OpenAPI documents is reached, on every operation that documents it; every error is a problem."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api.keys_command import app as keys_command
from api.models import Problem
from trending_assets.lake import Lake, open_lake
from trending_assets_tests.unit.api.conftest import DAYS, ORDERS, Api, served
from trending_assets_tests.unit.api.operations import (
    Operation,
    damage,
    operations,
    other_method,
    too_large,
    unchanged,
    unknown,
    with_key,
    wrong,
)
from trending_assets_tests.unit.serving.marts import publish_days, write_day

UNBREAKABLE = {"/v1/days", "/v1/classify", "/healthz", "/readyz", "/metrics"}
"""They read nothing of a bundle, so a damaged one does not break them."""
BUNDLELESS = {"/v1/classify"}
"""Its 503 is another one: too many under way (test_classify.py)."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    one = open_lake(str(tmp_path_factory.mktemp("contract") / "lake"))
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(one, day, order)
    publish_days(one, *DAYS)
    return one


@pytest.fixture(scope="module")
def plain(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API as it stands without any setting."""
    with served(lake.uri, tmp_path_factory.mktemp("state")) as api:
        yield api


@pytest.fixture(scope="module")
def all_operations(plain: Api) -> list[Operation]:
    document = plain.get("/openapi.json").json()
    return operations(document, plain.get("/v1/trends").json()["snapshot"])


Turn = Callable[[Operation], Operation]


def missed(api: Api, listed: list[Operation], status: int, turn: Turn = lambda one: one) -> list[str]:
    """The operations that document the status and gave another one. Every error is checked for its shape."""
    found = []
    with httpx.Client(base_url=api.url, timeout=30) as client:
        for one in listed:
            if status not in one.documented:
                continue
            reply = turn(one).send(client)
            if reply.status_code >= 400:
                assert reply.headers["content-type"] == "application/problem+json", (str(one), reply.text)
                assert Problem.model_validate_json(reply.content).status == reply.status_code
                assert reply.headers["cache-control"] == "no-store"
            if reply.status_code != status:
                found.append(f"{one}: {reply.status_code} {reply.text[:120]}")
    return found


def documenting(listed: list[Operation], status: int) -> list[str]:
    return [str(one) for one in listed if status in one.documented]


def test_the_document_names_every_status_that_there_is(all_operations: list[Operation]) -> None:
    assert len(all_operations) >= 30
    seen = frozenset[int]().union(*(one.documented for one in all_operations))
    assert seen >= {200, 304, 401, 403, 404, 413, 422, 429, 500, 503}


@pytest.mark.parametrize(
    ("status", "turn"),
    [(200, lambda one: one), (304, unchanged), (404, unknown), (413, too_large), (422, wrong)],
)
def test_what_a_request_brings_about(plain: Api, all_operations: list[Operation], status: int, turn: Turn) -> None:
    assert documenting(all_operations, status)
    assert missed(plain, all_operations, status, turn) == []


def test_another_method_is_405(plain: Api, all_operations: list[Operation]) -> None:
    with httpx.Client(base_url=plain.url) as client:
        for one in all_operations:
            reply = other_method(one).send(client)
            assert reply.status_code == 405 and Problem.model_validate_json(reply.content).status == 405, str(one)
            assert one.method in reply.headers["allow"]


def test_keys_and_scopes(lake: Lake, tmp_path: Path, all_operations: list[Operation]) -> None:
    keys = {}
    for scope in ("read", "export"):
        arguments = ["add", "--name", scope, "--scope", scope, "--file", str(tmp_path / "keys.json")]
        keys[scope] = CliRunner().invoke(keys_command, arguments).stdout.strip()
    with served(lake.uri, tmp_path, api_keys=tmp_path / "keys.json", api_require_key=True) as api:
        assert missed(api, all_operations, 401) == []

        def lacking(one: Operation) -> Operation:
            return with_key(one, keys["read" if "/exports/" in one.template else "export"])

        assert documenting(all_operations, 403) and missed(api, all_operations, 403, lacking) == []
        assert missed(api, all_operations, 401, lambda one: with_key(one, "tn_00000000_no")) == []


def test_too_many_requests(lake: Lake, tmp_path: Path, all_operations: list[Operation]) -> None:
    with served(lake.uri, tmp_path, api_rate_per_minute=0.001, api_rate_burst=1) as api:
        api.get("/v1/days")
        assert documenting(all_operations, 429) and missed(api, all_operations, 429) == []


def test_nothing_is_published(tmp_path: Path, all_operations: list[Operation]) -> None:
    about_a_day = [one for one in all_operations if one.template not in BUNDLELESS]
    with served(str(tmp_path / "empty"), tmp_path / "state") as api:
        assert documenting(about_a_day, 503) and missed(api, about_a_day, 503) == []


def test_our_mistake(tmp_path: Path, all_operations: list[Operation]) -> None:
    lake = open_lake(str(tmp_path / "lake"))
    for day, order in zip(DAYS, ORDERS, strict=True):
        write_day(lake, day, order)
    publish_days(lake, *DAYS)
    damage(tmp_path / "lake")
    breakable = [one for one in all_operations if one.template not in UNBREAKABLE]
    with served(lake.uri, tmp_path / "state") as api:
        assert documenting(breakable, 500) and missed(api, breakable, 500) == []
