"""`make up`: the sandbox world's last days, Dagit, API, page and metrics, on this machine alone."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from trending_assets.failures import PermanentFailure
from trending_assets.interrupts import interruptible
from trending_assets.lake import open_lake
from trending_assets.ports import check_port
from trending_assets.run import run_evaluations, run_range, sandbox_environment
from trending_assets.scoring.endpoint import embedded_model, encoder_folder
from trending_assets.settings import REPO_ROOT, get_settings

DAYS = 14
DAGSTER_YAML = REPO_ROOT / "deploy" / "dagster" / "local.yaml"


@contextmanager
def child(
    command: list[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, ended with everything that it started. `environment`: this process's, where left out."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True, cwd=REPO_ROOT, env=environment
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            return
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def wait_for(url: str, what: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> None:
    """Wait until the address answers, and well: another server may have taken the port meanwhile. Raises PermanentFailure with
    the log's last line when the process dies first."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
            raise PermanentFailure(f"{what} ended with exit code {process.returncode}: {lines[-1]} (see {log})")
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise PermanentFailure(f"{what} did not answer at {url} within {seconds:.0f} s; see {log}.")


def _newest_served(lake_uri: str) -> date | None:
    days = open_lake(lake_uri).days("serving/bundle")
    return days[-1] if days else None


def up(dagit_port: int, api_port: int, sandbox_port: int, exporter_port: int) -> int:
    """Prepare the world, materialize what is missing, and serve until Ctrl-C. Gives the exit code.

    The sandbox keeps its port from start to start: the posters of the bundle are addressed there.
    """
    check_port(dagit_port, "Dagit")
    check_port(api_port, "the API")
    check_port(sandbox_port, "the sandbox")
    check_port(exporter_port, "the exporter")
    from sandbox.generator import default_world
    from sandbox.process import running

    settings = get_settings()
    state = settings.state_dir.resolve()
    home, lake_uri, logs = state / "dagster", str(state / "lake"), state / "logs"
    for folder in (home, logs):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(DAGSTER_YAML, home / "dagster.yaml")
    last = datetime.now(UTC).date() - timedelta(days=1)
    first = last - timedelta(days=DAYS - 1)
    print("Writing the sandbox world (generated from a seed; no account and no internet needed).")
    world = default_world(state / "worlds", last)

    with ExitStack() as stack:
        sandbox = stack.enter_context(running(world, sandbox_port, encoder_folder(settings)))
        os.environ.update(sandbox_environment(sandbox.url, embedded_model(settings)))
        os.environ |= {
            "DAGSTER_HOME": str(home),
            "TRENDING_LAKE": lake_uri,
            "TRENDING_FIRST_DAY": first.isoformat(),
            "TRENDING_AUTOMATION": "false",
            "TRENDING_STATE_DIR": str(state),
            "TRENDING_TMDB_IMAGES_URL": f"{sandbox.url}/t/p",
            "TRENDING_DAGSTER_URL": f"http://127.0.0.1:{dagit_port}",
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            "TRENDING_API_DRAIN_SECONDS": "0",  # nobody balances load here, and Ctrl-C should not wait
        }
        newest = _newest_served(lake_uri)
        if newest is None or newest < last:
            begin = first if newest is None else newest + timedelta(days=1)
            for runs in (lambda: run_range(begin, last, lake_uri), run_evaluations):
                ended = runs()
                if ended.failures:
                    report(ended.failures)
                if not ended.whole:
                    return 1
        else:
            print(f"The lake already has {last}; nothing to materialize.")
        scripts = Path(sys.executable).parent
        workspace = ["-w", str(REPO_ROOT / "workspace.yaml")]
        dagit = [str(scripts / "dagster-webserver"), *workspace, "-h", "127.0.0.1", "-p", str(dagit_port)]
        api = [str(scripts / "trending"), "serve", "--lake", lake_uri, "--port", str(api_port)]
        exporter = [str(scripts / "trending"), "exporter", "--lake", lake_uri, "--port", str(exporter_port)]
        print("Starting Dagit, the API and the exporter.")
        api_process = stack.enter_context(child(api, logs / "api.log"))
        dagit_process = stack.enter_context(child(dagit, logs / "dagit.log"))
        stack.enter_context(child([str(scripts / "dagster-daemon"), "run", *workspace], logs / "daemon.log"))
        exporter_process = stack.enter_context(child(exporter, logs / "exporter.log"))
        wait_for(f"http://127.0.0.1:{api_port}/readyz", "The API", api_process, logs / "api.log")
        wait_for(f"http://127.0.0.1:{dagit_port}/server_info", "Dagit", dagit_process, logs / "dagit.log")
        wait_for(f"http://127.0.0.1:{exporter_port}/metrics", "The exporter", exporter_process, logs / "exporter.log")
        print(f"\n  Dagit         http://127.0.0.1:{dagit_port}")
        print(f"  API and page  http://127.0.0.1:{api_port}")
        print(f"  Metrics       http://127.0.0.1:{exporter_port}/metrics\n\nCtrl-C stops everything.", flush=True)
        return _watch({"The API": api_process, "Dagit": dagit_process, "The exporter": exporter_process})


def _watch(processes: dict[str, subprocess.Popen[bytes]]) -> int:
    interruptible()  # Dagster's run left its own handlers behind
    try:
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
    except KeyboardInterrupt:
        print("\nStopping.")
        return 0
    name = next(name for name, process in processes.items() if process.poll() is not None)
    print(f"{name} ended by itself; its log is under {get_settings().state_dir / 'logs'}.")
    return 1


def report(failures: dict[str, str]) -> None:
    """Name every failed asset with its sentence, on standard error."""
    print(f"\n{len(failures)} failed:", file=sys.stderr)
    for name, why in sorted(failures.items()):
        print(f"  {name}: {why}", file=sys.stderr)
