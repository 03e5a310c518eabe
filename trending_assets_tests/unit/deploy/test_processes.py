"""Staging's supervisor and clock, with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from deploy.staging.clock import Clock, library
from deploy.staging.drive import newest_days
from deploy.staging.supervisor import Supervisor

PYTHON = sys.executable


def until(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start("one", [PYTHON, "-c", "print('up', flush=True); import time; time.sleep(60)"], os.environ)
        until(lambda: (tmp_path / "one.log").read_text().count("up") == 1)
        first = supervisor.pid("one")
        supervisor.kill("one")
        until(lambda: (tmp_path / "one.log").read_text().count("up") == 2)
        assert supervisor.pid("one") != first and supervisor.restarts() == {"one": 1}


def test_none_is_left_behind_not_even_one_in_a_session_of_its_own(tmp_path: Path) -> None:
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    started = f"subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True)"
    parent = f"import subprocess, sys; print({started}.pid, flush=True)"
    with Supervisor(tmp_path) as supervisor:
        supervisor.start("one", [PYTHON, "-c", parent + "; import time; time.sleep(60)"], os.environ)
        until(lambda: (tmp_path / "one.log").read_text().strip().isdigit())
        pid = int((tmp_path / "one.log").read_text())
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_the_days_are_those_that_were_due() -> None:
    def days(now: str) -> list[str]:
        return [day.isoformat() for day in newest_days(2, datetime.fromisoformat(now).replace(tzinfo=UTC))]

    assert days("2026-03-09 03:00") == ["2026-03-07", "2026-03-08"]
    assert days("2026-03-09 02:59") == ["2026-03-06", "2026-03-07"]


@pytest.mark.skipif(
    library() is None, reason="there is no libfaketime on this machine (Debian's package faketime has it)"
)
class TestClock:
    """Processes under the moved clock."""

    def started(self, clock: Clock, program: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, **clock.environment()}
        return subprocess.Popen([PYTHON, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)

    def test_it_can_be_moved_while_a_process_runs(self, tmp_path: Path) -> None:
        clock = Clock(tmp_path / "clock", datetime(2026, 3, 9, 3, tzinfo=UTC))
        program = "import sys, time\nwhile True: print(int(time.time()), flush=True); time.sleep(0.2)"
        process = self.started(clock, program)
        assert process.stdout
        try:
            assert abs(int(process.stdout.readline()) - datetime(2026, 3, 9, 3, tzinfo=UTC).timestamp()) < 60
            clock.set(datetime(2026, 3, 10, 3, tzinfo=UTC))
            end = time.monotonic() + 20
            while int(process.stdout.readline()) < datetime(2026, 3, 10, 3, tzinfo=UTC).timestamp():
                assert time.monotonic() < end
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def test_durations_are_real(self, tmp_path: Path) -> None:
        clock = Clock(tmp_path / "clock", datetime(2026, 3, 9, 3, tzinfo=UTC))
        program = "import time; a = time.monotonic(); time.sleep(0.3); print(time.monotonic() - a)"
        out, _ = self.started(clock, program).communicate(timeout=60)
        assert 0.3 <= float(out) < 30

    def test_it_runs_faster_where_it_is_told_to(self, tmp_path: Path) -> None:
        start = datetime(2026, 3, 9, 3, tzinfo=UTC)
        clock = Clock(tmp_path / "clock", start, rate=1000.0)
        clock.start()
        until(lambda: clock.now() > start + timedelta(minutes=5))
        clock.to_present()
        assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 1


def test_a_code_server_tells_dagster_alone_another_time(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock", datetime(2026, 3, 9, 3, tzinfo=UTC))
    program = (
        "import sys, subprocess, time, dagster._time as clock\n"
        "run = [sys.executable, '-c', 'import dagster._time as clock; print(int(clock.get_current_timestamp()))']\n"
        "runs = subprocess.run(run, capture_output=True, text=True)\n"
        "print(int(clock.get_current_datetime().timestamp()), int(clock.get_current_timestamp()))\n"
        "print(int(time.time()), runs.stdout)"
    )
    environment = {**os.environ, **clock.for_dagster_alone()}
    command = [PYTHON, "-c", program, "api", "grpc"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    dagsters, and_again, own, run = map(int, done.stdout.split())
    assert abs(dagsters - datetime(2026, 3, 9, 3, tzinfo=UTC).timestamp()) < 60 and abs(dagsters - and_again) < 2
    assert abs(own - time.time()) < 60 and abs(run - time.time()) < 60
