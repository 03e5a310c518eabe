"""The images' commands as processes that are held as a container holds them: no writable root, user 10001, /tmp alone.

Their packages are those of .venv, the API's those of requirements/api.txt alone. What a build would do, no test machine can."""

import ast
import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.made_lake import DAY, days_until, made_lake
from trending_assets.s3 import free_port
from trending_assets.staging.dbt_project import prepare_manifest
from trending_assets_tests.unit.deploy.dockerfiles import API, DAGSTER, REPO
from trending_assets_tests.unit.deploy.jail import Jail, why_not

TRAINING = {"torch", "transformers", "safetensors", "huggingface_hub"}
"""What classify.py can reach and never calls: the code that trains."""


ENDED = (0, -signal.SIGTERM, 128 + signal.SIGTERM, 128 + signal.SIGINT)
"""Exit statuses of a process that was asked to end, and did."""


@dataclass
class Pod:
    """Processes that share a /tmp and the ports of this machine."""

    jail: Jail
    logs: Path
    ports: dict[str, int]
    variables: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: list[str], more: dict[str, str] | None = None) -> None:
        with (self.logs / f"{name}.log").open("wb") as log:
            environment = self.jail.environment({**self.variables, **(more or {})})
            self.running[name] = subprocess.Popen(
                self.jail.command(command), env=environment, cwd=REPO, stdout=log, stderr=log, start_new_session=True
            )

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def healthy(self, name: str, command: list[str]) -> None:
        """Wait until a health check's command succeeds, as the container's engine does."""
        for _ in range(60):
            assert self.running[name].poll() is None, self.log(name)
            done = self.jail.run(command, self.variables)
            if done.returncode == 0:
                return
            time.sleep(0.5)
        pytest.fail(f"{name}: {done.stdout}{done.stderr}\n{self.log(name)}")

    def get(self, name: str, path: str) -> httpx.Response:
        """GET once the server answers 200."""
        for _ in range(240):
            assert self.running[name].poll() is None, self.log(name)
            try:
                answer = httpx.get(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=10)
                if answer.status_code == 200:
                    return answer
            except httpx.TransportError:
                pass
            time.sleep(0.25)
        pytest.fail(f"{name} does not answer {path}\n{self.log(name)}")

    def stop(self) -> dict[str, int]:
        """SIGTERM to all, as a container's engine stops them. Exit statuses by name."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        return {name: process.wait(timeout=60) for name, process in self.running.items()}


def with_port(command: list[str], port: int) -> list[str]:
    """The command with another port."""
    at = command.index("--port")
    return [*command[: at + 1], str(port), *command[at + 2 :]]


def locked_packages(lock: Path, folder: Path) -> Path:
    """A folder of links to the installed packages that a lock names, and to no other."""
    folder.mkdir()
    for name in re.findall(r"^([a-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.M):
        try:
            files = importlib.metadata.distribution(name).files or []
        except importlib.metadata.PackageNotFoundError:  # for Windows
            continue
        for top in {file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}:
            source = Path(str(importlib.metadata.distribution(name).locate_file(top)))
            if not (folder / top).exists():
                (folder / top).symlink_to(source)
    return folder


@pytest.fixture(scope="module")
def pod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pod]:
    """Code server, viewer (the webserver, read-only), daemon, exporter and API, started side by side."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    prepare_manifest()
    home, lake, writable, logs, packages = (tmp_path_factory.mktemp(n) for n in ("home", "lake", "tmp", "logs", "pkgs"))
    for folder in (home, lake, packages):  # pytest's folders are this user's alone
        folder.chmod(0o755)
    writable.chmod(0o1777)
    made_lake(lake, days_until(DAY, 2), titles=20, documents=60)
    ports = {name: free_port() for name in ("code-server", "viewer", "exporter", "api")}
    (home / "dagster.yaml").write_text(
        "telemetry: {enabled: false}\n"
        "storage: {sqlite: {base_dir: /tmp/storage}}\n"
        "local_artifact_storage:\n"
        "  {module: dagster._core.storage.root, class: LocalArtifactStorage, config: {base_dir: /tmp/dagster}}\n"
        "compute_logs: {module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}\n"
    )
    (home / "workspace.yaml").write_text(
        f"load_from:\n  - grpc_server: {{host: 127.0.0.1, port: {ports['code-server']}, location_name: trending_assets}}\n"
    )
    found = Pod(
        Jail(writable, (home, lake, packages)),
        logs,
        ports,
        {**DAGSTER.pairs("ENV"), "DAGSTER_HOME": str(home), "TRENDING_LAKE": str(lake)}
        | {"PATH": f"{REPO / '.venv/bin'}:/usr/bin:/bin", "TRENDING_AUTOMATION": "false", "PYTHONPATH": str(REPO)},
    )
    workspace = ["--workspace", str(home / "workspace.yaml")]
    viewer = ["dagster-webserver", "--host", "127.0.0.1", "--port", str(ports["viewer"]), *workspace, "--read-only"]
    try:
        found.start("code-server", with_port(DAGSTER.cmd, ports["code-server"]))
        python = [sys.executable, "-S", "-m", "trending_assets.cli"]
        only = f"{locked_packages(REPO / 'requirements/api.txt', packages / 'api')}:{REPO}"
        assert API.cmd[0] == "trending"
        found.start(
            "api",
            with_port([*python, *API.cmd[1:]], ports["api"]),
            API.pairs("ENV") | {"PATH": "/usr/bin:/bin", "PYTHONPATH": only},
        )
        found.start(
            "exporter", with_port(["trending", "exporter", "--host", "127.0.0.1", "--port", "0"], ports["exporter"])
        )
        found.healthy("code-server", with_port(DAGSTER.health, ports["code-server"]))
        found.start("viewer", viewer)
        found.start("daemon", ["dagster-daemon", "run", *workspace])
        yield found
    finally:
        for process in found.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_a_write_outside_tmp_is_what_the_jail_forbids(pod: Pod) -> None:
    tried = "for f in /var/tmp/x /opt/x $PWD/x .venv/x /home/x; do touch $f && echo wrote $f; done; touch /tmp/x && echo tmp"
    done = pod.jail.run(["sh", "-c", tried], {})
    assert done.stdout == "tmp\n", done.stdout + done.stderr
    who = pod.jail.run(["id", "-u"], {}).stdout.strip()
    assert who == ("10001" if os.geteuid() == 0 else "0")  # 0 of a namespace of its own where the tests are not root's


def test_dagster_s_services_answer_their_health_checks(pod: Pod) -> None:
    assert "dagster_webserver_version" in pod.get("viewer", "/server_info").json()
    query = {"query": "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"}
    answer = httpx.post(f"http://127.0.0.1:{pod.ports['viewer']}/graphql", json=query, timeout=60).json()
    assert answer["data"]["repositoriesOrError"]["nodes"], (answer, pod.log("code-server"))
    pod.healthy("daemon", ["dagster-daemon", "liveness-check"])


def test_api_and_exporter_answer(pod: Pod) -> None:
    assert pod.get("api", "/healthz").status_code == 200
    assert pod.get("api", "/readyz").status_code == 200
    assert pod.get("api", "/v1/trends").json()["results"]
    assert "d3-force" in pod.get("api", "/").text
    assert "trending_" in pod.get("exporter", "/metrics").text


def test_dbt_runs(pod: Pod) -> None:
    code = "from trending_assets.staging.dbt_project import dbt_resource as d; print(d().cli(['parse', '-q']).wait().target_path)"
    done = pod.jail.run([sys.executable, "-c", code], pod.variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("/tmp/dbt/")


def test_nothing_asked_for_a_place_it_may_not_write_to(pod: Pod) -> None:
    test_api_and_exporter_answer(pod)
    for name in pod.running:
        said = pod.log(name)
        assert not re.search(r"[Rr]ead-only file system|Permission denied|not writable", said), (name, said)


def test_all_end_by_sigterm(pod: Pod) -> None:
    """Last of the module: afterwards nothing runs."""
    statuses = pod.stop()
    assert {
        name: status for name, status in statuses.items() if status not in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    } == {}


def imported(module: str) -> dict[str, str]:
    """Third-party packages that a module's code imports, lazily too, and through which of our modules."""

    def source(name: str) -> Path | None:
        file = REPO / Path(*name.split("."))
        return next((f for f in (file.with_suffix(".py"), file / "__init__.py") if f.is_file()), None)

    found: dict[str, str] = {}
    seen, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        path = source(name)
        if path is None or name in seen:
            continue
        seen.add(name)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typing = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
        unseen = {id(n) for block in typing for n in ast.walk(block)}
        for node in ast.walk(tree):
            if id(node) in unseen:
                continue
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for each in names:
                top = each.partition(".")[0]
                if top in ("api", "sandbox", "trending_assets"):
                    waiting.append(each)
                elif top not in sys.stdlib_module_names:
                    found.setdefault(top, name)
    return found


def test_the_api_s_lock_holds_all_that_its_code_imports() -> None:
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (REPO / "requirements/api.txt").read_text(encoding="utf-8"), re.M))
    distributions: Any = importlib.metadata.packages_distributions()
    needed = {m: via for m, via in imported("api.service").items() if m not in TRAINING}
    missing = {
        m: via
        for m, via in needed.items()
        if not {d.lower().replace("_", "-") for d in distributions.get(m, [])} & locked
    }
    assert {"polars", "openai", "xgboost"} <= set(needed) and not missing
    assert not {"dagster", "dbt-core", "pytest"} & locked
