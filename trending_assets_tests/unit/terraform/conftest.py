"""Terraform without credentials and without a network: the provider comes from a mirror on the machine."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.iam.render import EVERYTHING, Role, roles
from deploy.terraform import TERRAFORM, Examined, copied, environment_for, examine, mirror, run

REPO = TERRAFORM.parent


@dataclass(frozen=True)
class Terraform:
    """The terraform command in a copy of the module monitoring, with the provider at hand."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command; its exit status is the caller's to judge."""
        return run(self.folder, self.environment, *arguments)


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
    if mirror() is None:
        pytest.skip("no mirror of Terraform's AWS provider was found; set TERRAFORM_PROVIDER_MIRROR to its folder")
    folder = tmp_path_factory.mktemp("terraform")
    ready = Terraform(copied(folder) / "modules" / "monitoring", environment_for(folder))
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
    found = examine(terraform.folder, terraform.environment, EVERYTHING, show=True)
    assert set(found.runs.values()) == {"pass"}, found.runs
    return Module(found.resources)


@pytest.fixture(scope="session")
def identity(terraform: Terraform) -> Examined:
    """The module identity as it stands after a mocked apply."""
    return examine(terraform.folder.parent / "identity", terraform.environment, EVERYTHING, show=True)


@pytest.fixture(scope="session")
def lake_module(terraform: Terraform) -> Examined:
    """The module lake as it stands after a mocked apply."""
    return examine(terraform.folder.parent / "lake", terraform.environment, EVERYTHING, show=True)


@pytest.fixture(scope="session")
def rendered(identity: Examined) -> dict[str, Role]:
    """Roles of the module identity by name."""
    return roles(identity.resources)
