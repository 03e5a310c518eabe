"""Publishers that race, on a folder and on a real S3 server whose answers get lost: nothing that was told is lost.

`python -m bench.publish_races` does the same a thousand times.
"""

from pathlib import Path

import pytest

from trending_assets.store import LocalStore
from trending_assets_tests.unit.serving.fault_proxy import PUT_FAULTS, fault_proxy
from trending_assets_tests.unit.serving.races import Outcome, careless, race, s3_store

ROUNDS = 40


def nothing_lost(outcome: Outcome) -> None:
    assert outcome.lost == [] and outcome.problems == []
    assert outcome.acknowledged + outcome.given_up == 2 * outcome.rounds
    assert outcome.acknowledged > 1.8 * outcome.rounds
    assert outcome.refused >= outcome.rounds // 4  # they did get in each other's way
    assert outcome.version >= outcome.acknowledged


def test_on_a_folder_nothing_is_lost(tmp_path: Path) -> None:
    nothing_lost(race([LocalStore(tmp_path), LocalStore(tmp_path)], LocalStore(tmp_path), ROUNDS, seed=1))


def test_on_a_folder_without_the_guard_the_race_finds_losses(tmp_path: Path) -> None:
    outcome = race([LocalStore(tmp_path), LocalStore(tmp_path)], LocalStore(tmp_path), ROUNDS, seed=1, put=careless)
    assert outcome.lost


@pytest.mark.s3
@pytest.mark.slow
def test_on_s3_with_lost_answers_nothing_is_lost(
    s3_url: dict[str, str], s3_env: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = s3_url["AWS_ENDPOINT_URL"]
    reader = s3_store("races", url)
    with fault_proxy(int(url.rpartition(":")[2]), share=0.25, seed=1) as (address, proxy):
        outcome = race([s3_store("races", address), s3_store("races", address)], reader, ROUNDS, seed=1)
    nothing_lost(outcome)
    assert set(PUT_FAULTS) <= proxy.faults.keys(), proxy.faults


@pytest.mark.s3
def test_on_s3_without_the_guard_the_race_finds_losses(s3_url: dict[str, str], s3_env: None) -> None:
    one, other, reader = (s3_store("careless", s3_url["AWS_ENDPOINT_URL"]) for _ in range(3))
    assert race([one, other], reader, 10, seed=1, put=careless).lost
