"""What is killed in the middle of the work, and how long the rest takes to be well again."""

import os
import signal
import time
from dataclasses import dataclass

import httpx
import psutil

from deploy.staging.observed import Observed
from deploy.staging.system import System
from deploy.staging.waiting import until


@dataclass(frozen=True)
class Recovery:
    """A fault, and the seconds until each step of the way back."""

    fault: str
    steps: dict[str, float]


def workers(system: System) -> list[psutil.Process]:
    """Processes of runs: what the code server's gRPC process spawned, the oldest first."""
    below = psutil.Process(system.supervisor.pid("code-server")).children(recursive=True)
    found = []
    for process in below:
        try:
            if any("spawn_main" in word for word in process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return sorted(found, key=lambda process: process.create_time())


def kill_worker(system: System, seen: Observed) -> Recovery | None:
    """kill -9 of a run's process. None where no run is at work just now."""
    started, processes = seen.started(), workers(system)
    if not started or not processes:
        return None
    before = {run.run_id for run in started}
    begun = time.monotonic()
    os.kill(processes[0].pid, signal.SIGKILL)

    def failed() -> set[str]:
        return {run.run_id for run in seen.runs() if run.run_id in before and run.status.value == "FAILURE"}

    noticed = until("That Dagster notices the dead worker", lambda: bool(failed()), begun)
    lost = failed()

    def retried() -> bool:
        return any(run.tags.get("dagster/parent_run_id") in lost and run.is_success for run in seen.runs())

    return Recovery("run worker", {"noticed": noticed, "retried with success": until("The retry", retried, begun)})


def kill_daemon(system: System, seen: Observed) -> Recovery | None:
    """kill -9 of dagster-daemon; it is well again once every daemon in it has given a sign of life since."""
    if not seen.started():
        return None
    begun, at = time.monotonic(), system.clock.now().timestamp()
    system.supervisor.kill("daemon")
    alive = until("That all daemons are alive again", lambda: seen.heartbeats() > at + 1, begun)
    return Recovery("daemon", {"all daemons alive": alive})


def kill_s3(system: System, seen: Observed) -> Recovery | None:
    """kill -9 of the S3 server."""
    if not seen.started():
        return None
    begun = time.monotonic()
    system.supervisor.kill("s3")
    time.sleep(0.5)
    answers = until("That S3 answers again", lambda: system.healthy("s3"), begun)
    ready = until("That the API is ready", lambda: httpx.get(f"{system.url('api')}/readyz").is_success, begun)
    return Recovery("S3 server", {"healthy": answers, "API ready": ready})


FAULTS = {"worker": kill_worker, "daemon": kill_daemon, "s3": kill_s3}
