"""`terraform test` of the modules, what checkov says of all of terraform/, and the conventions that each folder keeps."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from deploy.terraform import examine
from trending_assets_tests.unit.terraform.conftest import REPO, TERRAFORM, Terraform

FOLDERS = sorted(path.parent for path in TERRAFORM.rglob("versions.tf") if ".terraform" not in path.parts)
RUNS = {
    path.relative_to(TERRAFORM): len(re.findall(r'^run "', path.read_text(), re.MULTILINE))
    for path in sorted(TERRAFORM.rglob("tests/*.tftest.hcl"))
    if ".terraform" not in path.parts
}
MINE = (
    *("api_service", "api_service_apprunner", "certificate", "database", "identity", "lake", "network", "orchestrator"),
    *("registry", "secrets", "task"),
)
CHECKOV = REPO / ".venv" / "tools" / "bin" / "checkov"
SKIP = re.compile(r"#checkov:skip=(CKV2?_[A-Z]+_\d+):\s?(2026-\d{2}-\d{2}):? (.{20,})")


@pytest.mark.slow
@pytest.mark.parametrize("module", MINE)
def test_every_run_of_a_module_passes(terraform: Terraform, module: str) -> None:
    found = examine(terraform.folder.parent / module, terraform.environment).runs
    assert {name: status for name, status in found.items() if status != "pass"} == {}
    assert len(found) == sum(count for path, count in RUNS.items() if path.is_relative_to(f"modules/{module}"))


@pytest.mark.slow
def test_environments_refuse_wrong_values(terraform: Terraform) -> None:
    """By the files that all of them share."""
    found = examine(terraform.folder.parents[1] / "environments" / "common", terraform.environment).runs
    assert set(found.values()) == {"pass"}, found
    assert len(found) == RUNS[Path("environments/common/tests/common.tftest.hcl")]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["environments/prod", "modules/api_service_apprunner"])
def test_it_is_valid(terraform: Terraform, folder: str) -> None:
    """An environment calls every module but App Runner's; the environments' files are the same."""
    there = Terraform(terraform.folder.parents[1] / folder, terraform.environment)
    init = there.run("init", "-backend=false", "-input=false", "-no-color")
    done = there.run("validate", "-no-color")
    assert init.returncode == done.returncode == 0, init.stderr + done.stderr


def test_there_are_runs_for_every_module_and_environment() -> None:
    with_tests = {TERRAFORM / path.parent.parent for path in RUNS}
    assert set(FOLDERS) == with_tests
    assert sum(RUNS.values()) >= 45


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(TERRAFORM)))
def test_a_folder_is_laid_out_as_usual_and_explains_itself(folder: Path) -> None:
    files = {path.name for path in folder.glob("*.tf")}
    assert {"main.tf", "variables.tf", "outputs.tf", "versions.tf"} <= files
    for name in ("variables.tf", "outputs.tf"):
        for kind, what, body in re.findall(
            r'^(variable|output) "(\w+)" \{\n(.*?)^\}', (folder / name).read_text(), re.M | re.S
        ):
            assert re.search(r'^  description = ".{8,}"$', body, re.M), f"{kind} {what}"
            assert kind == "output" or re.search(r"^  type\s+= ", body, re.M), f"{kind} {what}"


def skips() -> list[tuple[str, str]]:
    """Every line of terraform/ that silences checkov, with its file."""
    return [
        (str(path.relative_to(TERRAFORM)), line.strip())
        for path in sorted(TERRAFORM.rglob("*.tf"))
        if ".terraform" not in path.parts
        for line in path.read_text().splitlines()
        if "checkov:skip" in line
    ]


def test_what_checkov_is_silenced_for_is_dated_and_reasoned() -> None:
    for path, line in skips():
        assert SKIP.fullmatch(line), f"{path}: {line}"
    assert len(skips()) <= 5


@pytest.mark.slow
def test_checkov_finds_nothing() -> None:
    if not CHECKOV.exists():
        pytest.skip("there is no checkov (make setup EXTRAS=tools)")
    done = subprocess.run(
        [CHECKOV, "-d", TERRAFORM, "--framework", "terraform", "secrets", "--skip-download", "--compact", "-o", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout)
    reports = {
        one["check_type"]: one for one in (told if isinstance(told, list) else [told])
    }  # secrets only where it found some
    failed = [
        (bad["check_id"], bad["file_path"]) for one in reports.values() for bad in one["results"]["failed_checks"]
    ]
    assert failed == []
    found = reports["terraform"]
    assert found["summary"]["passed"] > 300, "it looked at the modules"
    silenced = {one["check_id"] for one in found["results"]["skipped_checks"]}
    named = [SKIP.fullmatch(line) for _, line in skips()]
    assert silenced == {match[1] for match in named if match}, "a skip that silences nothing is to be taken out"
