"""How a headless run ends: what stops a longer range, and what is only told."""

from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest

from trending_assets import run
from trending_assets.progress import progress_logger
from trending_assets.run import Ended, run_range

FIRST = date(2026, 3, 1)
ALARM = Ended({"drift/report (no_drift)": "It drifted."}, True)
LOST = Ended({"raw/posts": "The source is away."}, False)


@pytest.mark.parametrize(
    ("blocking", "passed", "whole", "failures"),
    [
        (False, True, True, {}),
        (False, False, True, {"table (right)": "It is not right."}),
        (True, False, False, {"table (right)": "It is not right."}),
    ],
)
def test_a_run_is_whole_unless_a_check_held_something_back(
    blocking: bool, passed: bool, whole: bool, failures: dict[str, str]
) -> None:
    @dg.asset
    def table() -> None: ...

    @dg.asset(deps=[table])
    def reader() -> None: ...

    @dg.asset_check(asset=table, blocking=blocking)
    def right() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passed, description="It is not right.")

    defs = dg.Definitions(
        [table, reader], asset_checks=[right], jobs=[dg.define_asset_job("all")], loggers={"progress": progress_logger}
    )
    ended = run._execute(defs.resolve_job_def("all"), "a run")
    assert ended.whole is whole
    assert failures.items() <= ended.failures.items() and bool(failures) is bool(ended.failures)


@pytest.mark.parametrize(
    ("outcomes", "asked", "ended"),
    [
        ([Ended({}, True), Ended({}, True)], 2, Ended({}, True)),
        ([ALARM, Ended({}, True)], 2, ALARM),
        ([ALARM, ALARM], 2, Ended({"drift/report (no_drift)": "It drifted. It drifted."}, True)),
        ([LOST, Ended({}, True)], 1, LOST),
        ([ALARM, LOST], 2, Ended(ALARM.failures | LOST.failures, False)),
    ],
)
def test_a_long_range_goes_on_after_an_alarm_and_not_after_a_loss(
    outcomes: list[Ended], asked: int, ended: Ended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run leaves out, the days after it would read."""
    spans: list[tuple[date, date]] = []

    def run_once(first: date, last: date) -> Ended:
        spans.append((first, last))
        return outcomes[len(spans) - 1]

    monkeypatch.setattr(run, "_run_once", run_once)
    monkeypatch.setenv("TRENDING_LAKE", "")
    assert run_range(FIRST, FIRST + timedelta(days=run.MAX_DAYS), str(tmp_path / "lake")) == ended
    assert spans[0] == (FIRST, FIRST + timedelta(days=run.MAX_DAYS - 1)) and len(spans) == asked
