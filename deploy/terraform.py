"""Terraform without an account: a copy of terraform/, the provider of a mirror, and what `terraform test` says of a folder of it.

Needs terraform on PATH and the AWS provider: from a mirror (TERRAFORM_PROVIDER_MIRROR or a common folder), else from where
`terraform init` finds it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure

TERRAFORM = Path(__file__).resolve().parent.parent / "terraform"
COMMON = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/*")
EVERYTHING = "everything"
"""Name of the run whose plan or state holds everything that a folder makes."""


@dataclass(frozen=True)
class Examined:
    """Outcome of `terraform test` in a folder: the status of each run, and what its run "everything" plans or makes."""

    runs: dict[str, str]
    resources: list[dict[str, Any]]
    """One a resource: address, type, name, index (where it has one), values."""


def mirror() -> Path | None:
    """The mirror's folder: that of TERRAFORM_PROVIDER_MIRROR, else the first common one that holds the AWS provider.

    Layout: <folder>/<registry>/hashicorp/aws/<version>/<system>/…, or packed beside the versions.
    """
    named = os.environ.get("TERRAFORM_PROVIDER_MIRROR")
    patterns = [named] if named else [os.path.expanduser(folder) for folder in COMMON]
    folders = chain.from_iterable(sorted(Path("/").glob(pattern.lstrip("/"))) for pattern in patterns)
    return next((folder for folder in folders if any(folder.glob("*/hashicorp/aws/*"))), None)


def copied(folder: Path) -> Path:
    """A copy of terraform/ in a folder: providers and states never get into the checkout."""
    copy = folder / "terraform"
    shutil.copytree(TERRAFORM, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    return copy


def environment_for(folder: Path) -> dict[str, str]:
    """The environment in which terraform asks nobody: the provider of the mirror, where there is one, and no credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    kept |= {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    plugins = mirror()
    if plugins is not None:
        config = folder / "terraform.rc"
        config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{plugins}"\n  }}\n}}\n')
        kept["TF_CLI_CONFIG_FILE"] = str(config)
    return kept


def run(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command in a folder; its exit status is the caller's to judge. Raises PermanentFailure where terraform is missing."""
    if shutil.which("terraform", path=environment.get("PATH")) is None:
        raise PermanentFailure("There is no terraform on PATH. Install 1.11 or newer.")
    return subprocess.run(
        ["terraform", *arguments], cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )


def examine(folder: Path, environment: Mapping[str, str], only: str | None = None, show: bool = False) -> Examined:
    """`terraform test` in a folder, of all its files or of the file `only`. With `show`, resources are those of "everything".

    Raises PermanentFailure where the folder cannot be initialized or nothing ran; a run that fails is in `runs`.
    """
    init = run(folder, environment, "init", "-backend=false", "-input=false", "-no-color")
    if init.returncode != 0:
        raise PermanentFailure(f"terraform init of {folder.name} failed: {' '.join(init.stderr.split())}")
    how = [*(["-verbose"] if show else []), *([f"-filter={only}"] if only else [])]
    told = [json.loads(line) for line in run(folder, environment, "test", "-json", *how).stdout.splitlines()]
    runs = {one["test_run"]["run"]: one["test_run"]["status"] for one in told if "status" in one.get("test_run", ())}
    if not runs:
        wrong = [one["diagnostic"]["summary"] for one in told if one["type"] == "diagnostic"]
        raise PermanentFailure(f"terraform test of {folder.name} ran nothing: {'; '.join(wrong)}")
    shown = [one for one in told if one.get("@testrun") == EVERYTHING]
    planned = [
        {**change, "values": change["change"]["after"]}
        for one in shown
        if one["type"] == "test_plan"
        for change in one["test_plan"]["resource_changes"]
        if change["mode"] == "managed"
    ]
    made = [
        resource
        for one in shown
        if one["type"] == "test_state"
        for resource in one["test_state"]["root_module"].get("resources", [])
    ]
    return Examined(runs, made or planned)
