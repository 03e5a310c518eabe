"""A third-party client of TMDb (tmdbsimple) against the sandbox, unchanged."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import requests

from bench.tmdb_calls import V3_KEY, V4_TOKEN, Call, calls, facts_of, outcomes
from sandbox.process import SandboxProcess
from trending_assets_tests.unit.sandbox.conftest import at


@pytest.mark.parametrize("bearer", [False, True], ids=["v3", "v4"])
def test_every_call_is_answered_right(sandbox_process: SandboxProcess, small_world: Path, bearer: bool) -> None:
    found = list(outcomes(sandbox_process.url, facts_of(small_world), bearer))
    assert len(found) >= 100
    assert [entry for entry in found if entry[1]] == []


def test_a_judge_can_say_no(sandbox_process: SandboxProcess, small_world: Path) -> None:
    """The judges do look at the answers: none of them takes an empty one for right."""
    for call in calls(facts_of(small_world)):
        assert isinstance(call, Call)
        try:
            right = call.right({})
        except (KeyError, IndexError, TypeError):
            right = False
        assert not right, call.written


@pytest.mark.parametrize(
    ("params", "headers", "status"),
    [
        ({"api_key": V3_KEY}, {}, 200),
        ({"api_key": "sandbox"}, {}, 200),
        ({}, {"Authorization": f"Bearer {V4_TOKEN}"}, 200),
        ({}, {"Authorization": "bearer sandbox"}, 200),
        ({}, {}, 401),
        ({"api_key": ""}, {}, 401),
        ({"api_key": V4_TOKEN}, {}, 401),
        ({"api_key": V3_KEY[:-1]}, {}, 401),
        ({"api_key": f"{V3_KEY}0"}, {}, 401),
        ({"api_key": "g" * 32}, {}, 401),
        ({}, {"Authorization": f"Bearer {V3_KEY}"}, 401),
        ({}, {"Authorization": V4_TOKEN}, 401),
        ({}, {"Authorization": f"Basic {V4_TOKEN}"}, 401),
        ({}, {"Authorization": "Bearer eyJhbGciOi"}, 401),
        ({}, {"Authorization": "Bearer a.b.c"}, 401),
    ],
)
def test_v3_keys_and_v4_tokens_are_told_apart(
    sandbox_process: SandboxProcess, params: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = requests.get(f"{sandbox_process.url}/3/configuration", params=params, headers=headers, timeout=10)
    assert answer.status_code == status
    if status == 401:
        assert answer.json() == {
            "success": False,
            "status_code": 7,
            "status_message": "Invalid API key: You must be granted a valid key.",
        }


def test_the_past_is_shown_as_it_was(api: httpx.Client, small_world: Path) -> None:
    """A film whose release day moved: details, list and change of each day agree."""
    facts = facts_of(small_world)
    import polars as pl

    lists = pl.read_parquet(small_world / "tmdb_lists.parquet").filter(tmdb_id=facts.changed, media_type="movie")
    days = lists.group_by("snapshot_date").agg(pl.col("release_date").first()).sort("snapshot_date")
    assert days["release_date"].n_unique() == 2
    changed = []
    for day, release in days.iter_rows():
        clock = at(day)
        assert api.get(f"/3/movie/{facts.changed}", headers=clock).json()["release_date"] == release
        query = {"start_date": str(day), "end_date": str(day)}
        ids = [one["id"] for one in api.get("/3/movie/changes", params=query, headers=clock).json()["results"]]
        changed += [str(day)] if facts.changed in ids else []
        own = api.get(f"/3/movie/{facts.changed}/changes", headers=clock).json()["changes"]
        assert bool(own) == (str(day) >= facts.changed_on)
    assert changed == [facts.changed_on]


def test_other_methods_are_refused_in_tmdbs_shape(api: httpx.Client) -> None:
    answer = api.post("/3/movie/1/rating", json={"value": 8})
    assert (answer.status_code, answer.json()["status_code"]) == (405, 42)
