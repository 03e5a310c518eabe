"""Terraform without credentials and without a network: the provider comes from a mirror on the machine."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[3]
TERRAFORM = REPO / "terraform"
COMMON = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/*")


def mirror() -> Path | None:
    """The mirror's folder: that of TERRAFORM_PROVIDER_MIRROR, else the first common one that holds the AWS provider.

    Layout: <folder>/<registry>/hashicorp/aws/<version>/<system>/…, or packed beside the versions.
    """
    named = os.environ.get("TERRAFORM_PROVIDER_MIRROR")
    patterns = [named] if named else [os.path.expanduser(folder) for folder in COMMON]
    folders = chain.from_iterable(sorted(Path("/").glob(pattern.lstrip("/"))) for pattern in patterns)
    return next((folder for folder in folders if any(folder.glob("*/hashicorp/aws/*"))), None)


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
