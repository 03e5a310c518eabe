"""Terraform without credentials and without a network: the provider comes from a mirror on the machine."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.iam.render import mirror, ready

REPO = Path(__file__).resolve().parents[3]
TERRAFORM = REPO / "terraform"


@dataclass(frozen=True)
class Terraform:
    """The terraform command in a copy of the module monitoring, with the provider at hand."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command; its exit status is the caller's to judge."""
        return subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def binary() -> str:
    """The terraform command. Skips where the machine has none."""
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("there is no terraform on PATH (1.11 or newer checks terraform/)")
    return found


@pytest.fixture(scope="session")
def terraform(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """terraform, initialized by the mirror alone. Skips where there is no mirror."""
    plugins = mirror()
    if plugins is None:
        pytest.skip("no mirror of Terraform's AWS provider was found; set TERRAFORM_PROVIDER_MIRROR to its folder")
    folder = tmp_path_factory.mktemp("terraform")
    shutil.copytree(TERRAFORM, folder / "terraform", ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    config = folder / "terraform.rc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{plugins}"\n  }}\n}}\n')
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    environment = {**kept, "TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    ready = Terraform(folder / "terraform" / "modules" / "monitoring", environment)
    init = ready.run("init", "-backend=false", "-input=false", "-no-color")
    assert init.returncode == 0, init.stderr
    return ready


@dataclass(frozen=True)
class Module:
    """The module's resources as they stand after a mocked `apply` (tests/everything.tftest.hcl)."""

    resources: list[dict[str, Any]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Values of the resources of a type."""
        return [resource["values"] for resource in self.resources if resource["type"] == kind]


@pytest.fixture(scope="session")
def module(terraform: Terraform) -> Module:
    """The module, applied once for all."""
    said = terraform.run("test", "-json", "-verbose", "-filter=tests/everything.tftest.hcl").stdout
    messages = [json.loads(line) for line in said.splitlines()]
    states = [message["test_state"] for message in messages if message["type"] == "test_state"]
    assert len(states) == 1, [message for message in messages if message["type"] == "diagnostic"]
    return Module(states[0]["root_module"]["resources"])


@dataclass(frozen=True)
class Checked:
    """What `terraform test` said of a module: each run's status, and the resources of tests/everything.tftest.hcl."""

    runs: dict[str, str]
    resources: list[dict[str, Any]]


def tested(binary: str, name: str, folder: Path) -> Checked:
    """A module (lake, identity, …), all its tests run once. Skips where there is no mirror."""
    if mirror() is None:
        pytest.skip("no mirror of Terraform's AWS provider was found; set TERRAFORM_PROVIDER_MIRROR to its folder")
    with ready(name, folder) as (module, environment):
        command = [binary, "test", "-json", "-verbose"]
        done = subprocess.run(command, cwd=module, env=environment, capture_output=True, text=True, check=False)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    runs = {
        m["test_run"]["run"]: m["test_run"]["status"]
        for m in messages
        if m["type"] == "test_run" and "status" in m["test_run"]
    }
    (resources,) = [
        m["test_state"]["root_module"]["resources"]
        for m in messages
        if m["type"] == "test_state" and m["@testrun"] == "everything"
    ]
    return Checked(runs, resources)


@pytest.fixture(scope="session")
def identity(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The module identity."""
    return tested(binary, "identity", tmp_path_factory.mktemp("identity"))


@pytest.fixture(scope="session")
def lake_module(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The module lake."""
    return tested(binary, "lake", tmp_path_factory.mktemp("lake"))
