"""What is tried again: an S3 that is away, for a while by the step, for longer by automation; nothing that cannot help."""

import dagster as dg
import polars as pl
import pytest

from trending_assets import retries
from trending_assets.contracts import TABLES, empty
from trending_assets.failures import PermanentFailure, TransientFailure, is_away
from trending_assets.lake import open_lake
from trending_assets.s3 import environment, free_port
from trending_assets.table_asset import table_asset


def test_an_s3_that_is_away_is_transient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(free_port()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(TransientFailure, match="S3 cannot be reached for lake"):
        open_lake("s3://lake/there")


def run(monkeypatch: pytest.MonkeyPatch, error: Exception, failures: int) -> tuple[bool, int]:
    """Whether an asset that fails so often with the error comes through, and how often it was tried."""
    at_once = dg.RetryPolicy(max_retries=retries.TRY_AGAIN.max_retries)
    monkeypatch.setattr("trending_assets.table_asset.TRY_AGAIN", at_once)
    tries = 0

    @table_asset("trends/alerts", kinds={"polars"}, code_version="1", root=True)
    def alerts() -> pl.DataFrame:
        nonlocal tries
        tries += 1
        if tries <= failures:
            raise error
        return empty(TABLES["trends/alerts"])

    @dg.io_manager
    def nowhere() -> dg.IOManager:
        return dg.InMemoryIOManager()

    done = dg.materialize([alerts], partition_key="2026-03-01", resources={"io_manager": nowhere}, raise_on_error=False)
    return done.success, tries


@pytest.mark.parametrize("error", [TransientFailure("away"), ConnectionError("refused")])
def test_what_passes_is_tried_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    assert run(monkeypatch, error, failures=1) == (True, 2)


def test_what_cannot_pass_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, PermanentFailure("never"), failures=1) == (False, 1)


def test_a_restart_of_s3_is_waited_for() -> None:
    """Three tries within half a minute; a restart takes seconds."""
    waits = [retries.TRY_AGAIN.calculate_delay(attempt) for attempt in (1, 2, 3)]
    assert 15 <= sum(waits) <= 70 and retries.TRY_AGAIN.max_retries == 3


@pytest.mark.parametrize(
    ("message", "away"),
    [
        ("IO Error: Could not establish connection error for HTTP HEAD to 'http://127.0.0.1:8333/lake/x'", True),
        ("HTTP Error: HTTP GET error on '/lake/x' (HTTP 503)", True),
        ("IO Error: Connection refused", True),
        ("HTTP Error: HTTP GET error on '/lake/x' (HTTP 404)", False),
        ("Got 3 results, configured to fail if != 0", False),
        ('Binder Error: Referenced column "x" not found', False),
    ],
)
def test_duckdbs_words_for_an_s3_that_is_away(message: str, away: bool) -> None:
    assert is_away(message) is away
