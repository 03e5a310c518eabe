"""Three days by automation alone: the clock is moved, faults are made, and nothing is launched by hand."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from pathlib import Path

import httpx

from deploy.staging import verify
from deploy.staging.clock import Clock
from deploy.staging.display import Display
from deploy.staging.faults import FAULTS, Recovery
from deploy.staging.observed import Observed, observed
from deploy.staging.system import System, running
from deploy.staging.waiting import until
from deploy.staging.watch import Seen, Watcher
from trending_assets.failures import PermanentFailure
from trending_assets.partitions import days_between

TICK = wall(3, 0)
"""When automation asks for yesterday (automation.DAILY_CRON)."""
DAY_SECONDS = 1800.0
SETTLE_SECONDS = 180.0
BUSY, IDLE = 4.0, 20.0
"""How fast the clock runs beside the real one. Automation looks once a minute, and where nothing is under way nobody has to
wait for that. While runs are at work it goes slower: the time that they may take to start is counted by it, too."""
UNDER_WAY = ("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING")
MIDDLE = 3
"""A day is in the middle of its work once one table in MIDDLE is there."""


@dataclass(frozen=True)
class Plan:
    """What to do: the days, and what is killed on which of them (by number, from 0)."""

    days: Sequence[date]
    faults: dict[int, str]


@dataclass
class Outcome:
    """What happened, and the sentences of what is wrong."""

    seconds: dict[date, float] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    retried: int = 0
    recoveries: list[Recovery] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    restarts: dict[str, int] = field(default_factory=dict)
    tables: int = 0
    rows: int = 0
    calls: int = 0
    logs: int = 0
    targets: int = 0
    wrong: list[str] = field(default_factory=list)


def newest_days(number: int, now: datetime) -> list[date]:
    """The last days that automation would have asked for by `now` (UTC)."""
    last = now.date() - timedelta(days=1 if now.time() >= TICK else 2)
    return days_between(last - timedelta(days=number - 1), last)


def stage(plan: Plan, folder: Path, display: Display) -> Outcome:
    """Start everything in the folder, work the days, judge. Raises PermanentFailure where it cannot be judged."""
    from sandbox.generator import generate
    from sandbox.process import running as sandbox
    from trending_assets.run import sandbox_environment
    from trending_assets.scoring.endpoint import embedded_model
    from trending_assets.settings import Settings

    outcome = Outcome()
    generate(7, len(plan.days) + 3, plan.days[-1], folder / "world")
    clock = Clock(folder / "clock", _at(plan.days[0], before=timedelta(minutes=20)), IDLE)
    with sandbox(folder / "world") as outside:
        variables = sandbox_environment(outside.url, embedded_model(Settings()))
        variables |= {"TRENDING_EVALUATION_DOCUMENTS": "10", "TRENDING_EVALUATION_REPLICATES": "2"}  # Mondays, shortly
        with running(folder, plan.days[0], variables, clock, display.tell) as system, observed(system) as seen:
            display.addresses(system)
            clock.start()
            try:
                with Watcher(system.url("api")) as watcher:
                    outcome.seen = watcher.seen
                    _first_tick(seen, display)
                    for number, day in enumerate(plan.days):
                        _day(system, seen, day, plan.faults.get(number), outcome, display)
                    until("That no run is left", seen.idle, seconds=SETTLE_SECONDS)
                    outcome.wrong += _judge(seen, plan.days, outcome)
                    clock.to_present()
                    outcome.wrong += _judge_alerts(system, outcome, display)
            finally:
                clock.stop()
            answers = _answers(outside.url)
            outcome.wrong += verify.paid_once(seen.calls(), answers)
            outcome.calls = answers
            if not answers:
                outcome.wrong.append("The LLM was never asked.")
            outcome.restarts = {name: n for name, n in system.supervisor.restarts().items() if n}
            outcome.wrong += _judge_restarts(outcome.restarts, plan)
            outcome.wrong += verify.no_secret(folder, [v for k, v in system.secrets.items() if k != "S3_ACCESS_KEY"])
    return outcome


def _at(day: date, before: timedelta = timedelta()) -> datetime:
    return datetime.combine(day + timedelta(days=1), TICK, UTC) - before


def _first_tick(seen: Observed, display: Display) -> None:
    """Automation knows that 03:00 passed only by a look at the clock before."""
    display.tell("waiting for automation's first look at the clock")
    until("Automation's first tick", lambda: seen.ticks("automation") >= 1, seconds=SETTLE_SECONDS)


def _day(system: System, seen: Observed, day: date, fault: str | None, outcome: Outcome, display: Display) -> None:
    begun = time.monotonic()
    system.clock.set(_at(day))
    display.tell(f"{day}: the clock is moved to {system.clock.now():%Y-%m-%d %H:%M} UTC")
    while True:
        lacking = seen.lacking(day)
        there = len(seen.tables) - len(lacking)
        runs = seen.by_status()
        busy = any(runs.get(status) for status in UNDER_WAY)
        system.clock.rate = BUSY if busy else IDLE
        display.day(day, there, len(seen.tables), runs, system.clock.now(), outcome.seen)
        if fault and there >= len(seen.tables) // MIDDLE:
            if not lacking:
                raise PermanentFailure(f"{day} was done before the {fault} could be killed in the middle of it.")
            recovery = FAULTS[fault](system, seen)
            if recovery:
                display.tell(f"{day}: kill -9 of the {recovery.fault}: {_steps(recovery)}")
                outcome.recoveries.append(recovery)
                fault = None
        if not lacking and day in outcome.seen.days and not fault:
            break
        if time.monotonic() - begun > DAY_SECONDS:
            raise PermanentFailure(
                f"{day} is not whole after {DAY_SECONDS:.0f} s: {', '.join(lacking) or 'the API does not serve it'}."
            )
        time.sleep(1)
    outcome.seconds[day] = time.monotonic() - begun
    display.tell(f"{day}: whole and served after {outcome.seconds[day]:.0f} s")


def _steps(recovery: Recovery) -> str:
    return ", ".join(f"{step} after {seconds:.1f} s" for step, seconds in recovery.steps.items())


def _judge(seen: Observed, days: Sequence[date], outcome: Outcome) -> list[str]:
    from trending_assets.contracts import SOURCES

    crawled = [*(entry.table for entry in SOURCES.documents), "raw/charts"]
    runs = seen.runs()
    outcome.runs = dict(Counter(run.status.value for run in runs))
    outcome.jobs = dict(Counter(run.job_name for run in runs))
    outcome.retried = sum("dagster/parent_run_id" in run.tags for run in runs)
    outcome.tables = len(seen.tables)
    outcome.rows = sum(seen.lake.read(table, days, missing="skip").height for table in seen.tables)
    outcome.logs = _logs(seen)
    wrong = verify.objects(seen.lake, seen.tables, days)
    wrong += verify.contracts(seen.lake, seen.tables, days)
    wrong += verify.materialized(seen.known(), days)
    wrong += verify.balanced(seen.lake, verify.counts_of(seen.instance, crawled, days))
    wrong += verify.settled(runs)
    wrong += [f"The API: {fault} ({n} times)." for fault, n in sorted(outcome.seen.faults.items())]
    if max(outcome.seen.days, default=None) != days[-1]:
        wrong.append(f"The API does not serve {days[-1]} as the newest day.")
    return wrong if outcome.logs else [*wrong, "No run left what it printed in S3."]


def _logs(seen: Observed) -> int:
    """Objects that runs left in the bucket of what they print."""
    import boto3

    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=os.environ["DAGSTER_LOGS_BUCKET"])
    return sum(page.get("KeyCount", 0) for page in pages)


def _judge_alerts(system: System, outcome: Outcome, display: Display) -> list[str]:
    """Prometheus' view, once the clock is the real one: it is given time to see that."""
    if shutil.which("prometheus") is None:
        return []
    display.tell("the clock is the real one again: waiting for Prometheus to see everything well")
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        active = _ask(system, "targets")["activeTargets"]
        outcome.targets = len(active)
        wrong = verify.targets(active, 2) + verify.pages(_ask(system, "alerts")["alerts"])
        if not wrong or time.monotonic() > end:
            return wrong
        time.sleep(2)


def _ask(system: System, path: str) -> dict[str, list[dict[str, object]]]:
    answer = httpx.get(f"{system.url('prometheus')}/api/v1/{path}", timeout=10).json()
    data: dict[str, list[dict[str, object]]] = answer["data"]
    return data


def _answers(url: str) -> int:
    """How many calls the sandbox's LLM counted."""
    faces = httpx.get(f"{url}/sandbox/stats", timeout=10).json()["faces"]
    return int(sum(faces["llm"].get(kind, 0) for kind in ("chat_completions", "responses")))


def _judge_restarts(restarts: dict[str, int], plan: Plan) -> list[str]:
    """Only what was killed was started again, and as often."""
    expected = Counter(name for name in plan.faults.values() if name != "worker")
    return [
        f"{name} was started again {n} times, not {expected[name]}."
        for name, n in restarts.items()
        if n != expected[name]
    ]
