"""The services of deploy/compose.yaml as processes of this machine: the same commands and environment, other addresses."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.staging import postgres
from deploy.staging.clock import Clock, library
from deploy.staging.compose import DEPLOY, Service, move, read_services
from deploy.staging.supervisor import Supervisor
from trending_assets.failures import PermanentFailure
from trending_assets.s3 import free_ports, inner_ports
from trending_assets.settings import REPO_ROOT

ORDER = ("s3", "code-server", "webserver", "viewer", "daemon", "api", "exporter", "prometheus")
"""Services that run here, in the order of their start. Postgres is started first, Grafana is not on this machine."""
MOVED_CLOCK = ("daemon", "webserver", "viewer")
"""What sees the moved clock: the daemon, and who shows what it does. The code server's automation is told it in another way."""
START_SECONDS = 180.0

Tell = Callable[[str], None]


def lacking() -> str | None:
    """What this machine lacks for staging, as a sentence; None where all is there."""
    if not postgres.installed():
        return "there is no Postgres on this machine (Debian's package postgresql has one)"
    if library() is None:
        return "there is no libfaketime on this machine (Debian's package faketime has it)"
    return None


@dataclass
class System:
    """Everything running. `services` are as moved, `secrets` what no log may hold."""

    folder: Path
    supervisor: Supervisor
    services: Mapping[str, Service]
    ports: Mapping[str, int]
    secrets: Mapping[str, str]
    clock: Clock

    def url(self, name: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def environment(self, name: str) -> dict[str, str]:
        """What a process of the service is started with."""
        clock: dict[str, str] = {}
        if name in MOVED_CLOCK:
            clock = self.clock.environment()
        elif name == "code-server":
            clock = self.clock.for_dagster_alone()
        return {**base_environment(), **self.services[name].environment, **clock}

    def healthy(self, name: str) -> bool:
        """The service's own health check of compose.yaml, once."""
        service = self.services[name]
        try:
            done = subprocess.run(
                service.check, env=self.environment(name), cwd=self.folder, capture_output=True, timeout=60, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def until_healthy(self, name: str) -> float:
        """Seconds until the health check passes. Raises PermanentFailure with the log's last line where it does not."""
        start = time.monotonic()
        while not self.healthy(name):
            if time.monotonic() - start > START_SECONDS:
                log = self.folder / f"{name}.log"
                said = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
                raise PermanentFailure(f"{name} is not healthy after {START_SECONDS:.0f} s: {said[-1]} (see {log})")
            time.sleep(1)
        return time.monotonic() - start


def base_environment() -> dict[str, str]:
    """What a process finds of this machine, and nothing else of the caller's environment."""
    server = postgres.program("pg_isready")
    path = [str(Path(sys.executable).parent), *([str(Path(server).parent)] if server else []), os.environ["PATH"]]
    return {
        "PATH": os.pathsep.join(path),
        "HOME": os.environ.get("HOME", "/tmp"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(REPO_ROOT),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_PROXY": "127.0.0.1",
    }


def made_secrets() -> dict[str, str]:
    """The secrets of deploy/.env.example, made for one staging."""
    return {
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "S3_ACCESS_KEY": "staging",
        "S3_SECRET_KEY": secrets.token_hex(24),
        "GRAFANA_PASSWORD": secrets.token_hex(24),
    }


def _places(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    """From what stands in compose.yaml to where it is here."""
    local = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    return {
        "0.0.0.0": "127.0.0.1",
        "0.0.0.0:9090": local["prometheus"],
        "127.0.0.1:9090": local["prometheus"],
        "127.0.0.1:8000": local["api"],
        "127.0.0.1:9108": local["exporter"],
        "127.0.0.1:3000": local["webserver"],
        "127.0.0.1:3001": local["viewer"],
        "127.0.0.1:8333": local["s3"],
        "s3:8333": local["s3"],
        "viewer:3001": local["viewer"],
        "api:8000": local["api"],
        "exporter:9108": local["exporter"],
        "5432": str(ports["postgres"]),
        "4000": str(ports["code-server"]),
        "3000": str(ports["webserver"]),
        "3001": str(ports["viewer"]),
        "8000": str(ports["api"]),
        "9108": str(ports["exporter"]),
        "8333": str(ports["s3"]),
        "/opt/dagster": str(folder / "home"),
        "/tmp/trending": str(folder / "tmp" / "trending"),
        "/tmp/dagster": str(folder / "tmp" / "dagster"),
        "/data": str(folder / "s3"),
        "/prometheus": str(folder / "prometheus"),
        "/etc/prometheus/prometheus.yml": str(folder / "prometheus.yml"),
        "/etc/prometheus/rules": str(REPO_ROOT / "monitoring" / "prometheus" / "rules"),
    }


HOSTS = {"postgres": "127.0.0.1", "code-server": "127.0.0.1"}
"""Values of variables that are a bare host."""


def _moved(service: Service, places: Mapping[str, str]) -> Service:
    moved = service.moved(places)
    environment = {name: HOSTS.get(value, value) for name, value in moved.environment.items()}
    return Service(moved.name, moved.command, environment, moved.check)


def _write_files(folder: Path, places: Mapping[str, str]) -> None:
    """What compose.yaml mounts: dagster.yaml, workspace.yaml and Prometheus' configuration."""
    for inner in ("home", "tmp", "s3", "prometheus"):
        (folder / inner).mkdir()
    for source, target in (
        ("dagster/compose.yaml", "home/dagster.yaml"),
        ("dagster/workspace.yaml", "home/workspace.yaml"),
        ("prometheus.yaml", "prometheus.yml"),
    ):
        text = move((DEPLOY / source).read_text(encoding="utf-8"), places)
        if source == "prometheus.yaml":
            text = text.replace("interval: 30s", "interval: 2s")
        (folder / target).write_text(text, encoding="utf-8")


@contextmanager
def running(folder: Path, first_day: date, outside: Mapping[str, str], clock: Clock, tell: Tell) -> Iterator[System]:
    """Everything, for the length of a `with` block. `outside` is the code server's: where the world outside is."""
    made = made_secrets()
    with ExitStack() as stack:
        names = ("postgres", *ORDER)
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        places = _places(folder, ports)
        variables = {**made, "TRENDING_FIRST_DAY": first_day.isoformat()}
        services = {name: _moved(service, places) for name, service in read_services(variables).items()}
        _write_files(folder, places)
        code = services["code-server"]
        services["code-server"] = Service(code.name, code.command, {**code.environment, **outside}, code.check)
        begun = time.monotonic()
        database = services["postgres"].environment
        stack.enter_context(
            postgres.postgres(
                ports["postgres"],
                database["POSTGRES_USER"],
                database["POSTGRES_PASSWORD"],
                database["POSTGRES_DB"],
            )
        )
        tell(f"postgres healthy after {time.monotonic() - begun:.1f} s")
        supervisor = stack.enter_context(Supervisor(folder))
        system = System(folder, supervisor, services, ports, made, clock)
        for name in ORDER:
            if name == "prometheus" and shutil.which("prometheus") is None:
                tell("prometheus is not installed: it is left out")
                continue
            command = list(services[name].command)
            if name == "s3":
                command += inner_ports()  # several stagings may run side by side
            supervisor.start(name, command, system.environment(name))
            if name not in ("webserver", "viewer", "daemon", "api", "exporter"):
                tell(f"{name} healthy after {system.until_healthy(name):.1f} s")
        for name in ("webserver", "viewer", "daemon", "exporter"):
            tell(f"{name} healthy after {system.until_healthy(name):.1f} s more")
        yield system
