"""The identity module's policies as AWS would get them: from the state of a mocked `terraform test`, without credentials.

The module writes its documents with jsonencode, so a mocked apply holds the very JSON. Needs terraform on PATH and the AWS
provider: from a mirror (TERRAFORM_PROVIDER_MIRROR or a common folder), else from where `terraform init` finds it.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from deploy.iam.evaluate import Document
from trending_assets.failures import PermanentFailure

TERRAFORM = Path(__file__).resolve().parents[2] / "terraform"
COMMON = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/*")
EVERYTHING = "tests/everything.tftest.hcl"
PREFIX = "trending-now-prod-"


@dataclass(frozen=True)
class Role:
    """A role: whom it trusts, what it may do, and the boundary that it stays within (None: none)."""

    trust: Document
    policies: tuple[Document, ...]
    boundary: Document | None


def roles(resources: list[dict[str, Any]]) -> dict[str, Role]:
    """Roles of the identity module by name, without project and environment: api, api-execution, github-plan, …"""
    of: dict[tuple[str, str], Any] = {(one["address"], ""): one["values"] for one in resources}
    boundary = json.loads(of["aws_iam_policy.boundary", ""]["policy"])
    found: dict[str, Role] = {}
    for resource in resources:
        if resource["type"] != "aws_iam_role":
            continue
        kind, key = resource["name"], resource["index"]
        inline = [json.loads(of[f'aws_iam_role_policy.{kind}["{key}"]', ""]["policy"])] if kind != "github" else []
        managed = [
            json.loads(of[f'aws_iam_policy.github["{one["index"].split("/")[1]}"]', ""]["policy"])
            for one in resources
            if one["type"] == "aws_iam_role_policy_attachment"
            and kind == "github"
            and one["index"].startswith(f"{key}/")
        ]
        values = resource["values"]
        found[values["name"].removeprefix(PREFIX)] = Role(
            trust=json.loads(values["assume_role_policy"]),
            policies=(*inline, *managed),
            boundary=boundary if values["permissions_boundary"] else None,
        )
    return found


def render() -> dict[str, Role]:
    """Roles of the identity module. Raises PermanentFailure where terraform is missing or refuses the module."""
    with tempfile.TemporaryDirectory() as folder, ready("identity", Path(folder)) as (module, environment):
        return roles(applied(module, environment))


@contextmanager
def ready(module: str, folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A copy of a module in a folder, initialized; yields it and the environment for terraform. The checkout stays clean."""
    if shutil.which("terraform") is None:
        raise PermanentFailure("There is no terraform on PATH. Install 1.11 or newer.")
    copy = folder / module
    shutil.copytree(TERRAFORM / "modules" / module, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    environment = environment_for(folder)
    _terraform(copy, environment, "init", "-backend=false", "-input=false", "-no-color")
    yield copy, environment


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


def mirror() -> Path | None:
    """The mirror's folder: that of TERRAFORM_PROVIDER_MIRROR, else the first common one that holds the AWS provider."""
    named = os.environ.get("TERRAFORM_PROVIDER_MIRROR")
    patterns = [named] if named else [os.path.expanduser(folder) for folder in COMMON]
    folders = chain.from_iterable(sorted(Path("/").glob(pattern.lstrip("/"))) for pattern in patterns)
    return next((folder for folder in folders if any(folder.glob("*/hashicorp/aws/*"))), None)


def applied(module: Path, environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Resources of a module's mocked apply (its tests/everything.tftest.hcl)."""
    said = _terraform(module, environment, "test", "-json", "-verbose", f"-filter={EVERYTHING}")
    states = [
        message["test_state"] for line in said.splitlines() if (message := json.loads(line))["type"] == "test_state"
    ]
    if len(states) != 1:
        raise PermanentFailure(f"{module.name}: terraform test gave no state.")
    found: list[dict[str, Any]] = states[0]["root_module"]["resources"]
    return found


def _terraform(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise PermanentFailure(f"terraform {arguments[0]} of {folder.name} failed: {' '.join(lines[-6:])}")
    return done.stdout
