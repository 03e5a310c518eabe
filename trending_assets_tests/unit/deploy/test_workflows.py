"""GitHub's workflows: what linters say, and what this project asks of a workflow."""

import copy
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from trending_assets_tests.unit.deploy.tools import REPO, run

GITHUB = REPO / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
TRIGGERS = {"pull_request", "push", "workflow_call", "workflow_dispatch", "schedule"}
Document = dict[str, Any]


def read(path: Path) -> Document:
    """A workflow as data; YAML's `on` is its key True."""
    document: Document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in document.items()}


def steps(document: Document) -> Iterator[Document]:
    """Every step of a workflow or of a composite action."""
    if "runs" in document:
        yield from document["runs"]["steps"]
    for job in document.get("jobs", {}).values():
        yield from job.get("steps", [])


def uses(document: Document) -> Iterator[str]:
    """Every action and workflow that is called."""
    yield from (job["uses"] for job in document.get("jobs", {}).values() if "uses" in job)
    yield from (step["uses"] for step in steps(document) if "uses" in step)


def scripts(document: Document) -> str:
    """Every `run` of a workflow or of a composite action."""
    return "\n".join(step["run"] for step in steps(document) if "run" in step)


def problems(document: Document) -> list[str]:
    """What this project does not allow, a sentence each."""
    found = [
        f"{each} is not pinned by SHA"
        for each in uses(document)
        if not each.startswith("$/") and not PINNED.fullmatch(each)
    ]
    found += [
        f"{each} is not there" for each in uses(document) if each.startswith("$/") and not (REPO / each[2:]).exists()
    ]
    for step in steps(document):
        if "${{" in step.get("run", ""):
            found.append(f"the script of {step.get('name')} is a template: what is put in may be anybody's")
        if (
            step.get("uses", "").startswith("actions/checkout@")
            and step.get("with", {}).get("persist-credentials") is not False
        ):
            found.append("a checkout keeps its credentials")
    if "jobs" not in document:
        return found
    triggers = document["on"] if isinstance(document["on"], dict) else {document["on"]: None}
    found += [f"{trigger} is no trigger of ours" for trigger in triggers.keys() - TRIGGERS]
    if document.get("permissions") != {}:
        found.append("permissions are given to the whole workflow")
    if "concurrency" not in document:
        found.append("there is no concurrency group")
    for name, job in document["jobs"].items():
        if "permissions" not in job:
            found.append(f"{name} has no permissions of its own")
        if "uses" in job:
            continue
        if not 0 < job.get("timeout-minutes", 0) <= 60:
            found.append(f"{name} has no timeout")
        said = str(job)
        if "id-token" in job.get("permissions", {}) and "environment" not in job:
            found.append(f"{name} may get a role without an environment")
        if "secrets." in said:
            found.append(f"{name} takes a secret")
        if "vars.AWS_ROLE" in said and job.get("permissions", {}).get("id-token") != "write":
            found.append(f"{name} takes a role without an id-token")
        if "id-token" in job.get("permissions", {}) and "vars.AWS_ROLE" not in said:
            found.append(f"{name} has an id-token and takes no role")
    return found


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: "/".join(path.parts[-2:]))
def test_a_workflow_keeps_the_rules(path: Path) -> None:
    assert problems(read(path)) == []


def _first_job(change: Callable[[Document], object]) -> Callable[[Document], None]:
    return lambda document: void(change(document["jobs"]["staging"]))


def void(_: object) -> None:
    """Forget a value."""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_first_job(lambda job: job["steps"][0].update(uses="actions/checkout@v6")), "is not pinned by SHA"),
        (_first_job(lambda job: job["steps"][1].update(uses="$/.github/actions/none")), "is not there"),
        (_first_job(lambda job: job["steps"][0].pop("with")), "keeps its credentials"),
        (_first_job(lambda job: job["steps"][3].update(run="echo ${{ github.head_ref }}")), "is a template"),
        (_first_job(lambda job: job.pop("timeout-minutes")), "has no timeout"),
        (_first_job(lambda job: job.pop("permissions")), "has no permissions of its own"),
        (_first_job(lambda job: job.pop("environment")), "without an environment"),
        (_first_job(lambda job: job["steps"][3].update(env={"KEY": "${{ secrets.KEY }}"})), "takes a secret"),
        (lambda document: document.update(permissions={"contents": "write"}), "to the whole workflow"),
        (lambda document: document["on"].update(pull_request_target=None), "no trigger of ours"),
    ],
)
def test_a_broken_rule_is_found(change: Callable[[Document], None], problem: str) -> None:
    document = copy.deepcopy(read(GITHUB / "workflows/main.yml"))
    change(document)
    assert problem in " ".join(problems(document))


def test_every_version_in_a_comment_has_one_sha() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for path in [*WORKFLOWS, *ACTIONS]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if "uses:" in line and "@" in line:
                found = re.search(r"uses: ([^@]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", line)
                assert found, line
                pins.setdefault(found[1], set()).add((found[2], found[3]))
    assert len(pins) == 10
    assert {action: found for action, found in pins.items() if len(found) != 1} == {}


def test_what_a_workflow_starts_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.M))
    modules, files = set[str](), set[str]()
    for path in [*WORKFLOWS, *ACTIONS]:
        script = scripts(read(path))
        assert set(re.findall(r"\bmake ([a-z]+)", script)) <= targets, path
        modules |= set(re.findall(r"python -m ([a-z_.]+)", script))
        files |= set(re.findall(r"\b(deploy/[a-z_/]+\.sh)", script))
        for workflow in re.findall(r"gh workflow run (\S+)", script):
            assert (GITHUB / "workflows" / workflow).exists()
    assert modules == {"bench.locust_run", "deploy.audit", "deploy.graph_diff", "deploy.rollout", "deploy.smoke"}
    assert all((REPO / f"{module.replace('.', '/')}.py").exists() for module in modules)
    assert files == {"deploy/ci/services.sh", "deploy/ci/terraform.sh", "deploy/images/promote.sh"}
    assert all(os.access(REPO / file, os.X_OK) for file in files)
    assert (REPO / "trending_assets_tests/unit/dbt").is_dir()


def test_production_gets_a_role_after_its_approval_alone() -> None:
    jobs = read(GITHUB / "workflows/production.yml")["jobs"]
    environments = {
        name: job["environment"]["name"] if isinstance(job["environment"], dict) else job["environment"]
        for name, job in jobs.items()
    }
    assert environments == {"choose": "staging-plan", "plan": "prod-plan", "release": "prod"}
    assert jobs["release"]["needs"] == ["choose", "plan"]
    applied = scripts({"jobs": {"release": jobs["release"]}})
    assert '--changes "$CHANGES"' in applied
    for name in ("main", "training", "pull-request", "checks"):
        others = read(GITHUB / f"workflows/{name}.yml")["jobs"].values()
        assert not any(job.get("environment") == "prod" or "'prod'" in str(job.get("environment")) for job in others)


def test_the_job_that_is_trained_exists() -> None:
    from trending_assets.genre.retraining import JOB

    assert re.findall(r"--job (\S+)", scripts(read(GITHUB / "workflows/training.yml"))) == [JOB]


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    done = run("actionlint", "-no-color")
    assert (done.returncode, done.stdout) == (0, "")
    shutil.copytree(GITHUB, tmp_path / ".github")
    broken = tmp_path / ".github/workflows/main.yml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("needs: images", "needs: nothing"), encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert "nothing" in run("actionlint", "-no-color", cwd=tmp_path).stdout


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    options = ["--offline", "--persona=auditor", "--no-progress", "--quiet"]
    done = run("zizmor", *options, str(GITHUB))
    assert done.returncode == 0 and "No findings to report" in done.stdout, done.stdout
    assert "zizmor: ignore" not in "".join(path.read_text(encoding="utf-8") for path in [*WORKFLOWS, *ACTIONS])
    shutil.copytree(GITHUB, tmp_path / ".github")
    broken = tmp_path / ".github/workflows/main.yml"
    broken.write_text(
        re.sub(r"actions/attest@\S+", "actions/attest@v4", broken.read_text(encoding="utf-8")), encoding="utf-8"
    )
    assert "unpinned-uses" in run("zizmor", *options, str(tmp_path)).stdout
