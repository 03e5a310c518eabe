"""What an environment consists of, from a mocked plan of it: no account, no credentials, nothing is made.

    python -m deploy.terraform_plan [dev] [staging] [prod]

prints each environment's resources by type and in all. The plan is that of `terraform test` (tests/environment.tftest.hcl of
the environment) over the environment's own terraform.tfvars. Needs terraform on PATH and
the AWS provider, as deploy/iam/render.py.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.iam.render import TERRAFORM, environment_for
from trending_assets.failures import PermanentFailure

ENVIRONMENTS = ("dev", "staging", "prod")
EVERYTHING = "everything"
PLAN = "tests/environment.tftest.hcl"


@dataclass(frozen=True)
class Examined:
    """Outcome of `terraform test` in a folder: the status of each run, and what the run "everything" plans."""

    runs: dict[str, str]
    resources: list[dict[str, Any]]
    """One a resource: address, type, values."""


def copied(folder: Path) -> Path:
    """A copy of terraform/ in a folder: providers and states never get into the checkout."""
    copy = folder / "terraform"
    shutil.copytree(TERRAFORM, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    return copy


def examine(folder: Path, environment: Mapping[str, str], only: str | None = None) -> Examined:
    """`terraform test` in a module's or an environment's folder: of the file `only`, with what its run "everything" plans, or
    of all files, without a plan. Raises PermanentFailure where terraform is missing or the folder cannot be initialized; a run
    that fails is in `runs`."""
    if shutil.which("terraform", path=environment.get("PATH")) is None:
        raise PermanentFailure("There is no terraform on PATH. Install 1.11 or newer.")
    init = _terraform(folder, environment, "init", "-backend=false", "-input=false", "-no-color")
    if init.returncode != 0:
        raise PermanentFailure(f"terraform init of {folder.name} failed: {' '.join(init.stderr.split())}")
    how = ("-verbose", f"-filter={only}") if only else ()
    told = [json.loads(line) for line in _terraform(folder, environment, "test", "-json", *how).stdout.splitlines()]
    runs = {one["test_run"]["run"]: one["test_run"]["status"] for one in told if "status" in one.get("test_run", ())}
    wrong = [one["diagnostic"]["summary"] for one in told if one["type"] == "diagnostic"]
    if not runs:
        raise PermanentFailure(f"terraform test of {folder.name} ran nothing: {'; '.join(wrong)}")
    plans = [one["test_plan"] for one in told if one["type"] == "test_plan" and one["@testrun"] == EVERYTHING]
    changes = [change for plan in plans for change in plan["resource_changes"] if change["mode"] == "managed"]
    return Examined(
        runs, [{"address": one["address"], "type": one["type"], "values": one["change"]["after"]} for one in changes]
    )


def table(resources: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Lines of a table: a row a type, a column an environment, and the sum of each."""
    counts = {name: Counter(str(one["type"]) for one in found) for name, found in resources.items()}
    kinds = sorted(set().union(*counts.values()))
    width = max(map(len, ("resources in all", *kinds)))
    lines = [f"{'':{width}}" + "".join(f"{name:>9}" for name in counts)]
    lines += [f"{kind:{width}}" + "".join(f"{counted[kind]:>9}" for counted in counts.values()) for kind in kinds]
    lines.append(f"{'resources in all':{width}}" + "".join(f"{counted.total():>9}" for counted in counts.values()))
    return lines


def _terraform(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *arguments], cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )


def main(names: Sequence[str]) -> None:
    """Print the table of the named environments, or of all."""
    unknown = [name for name in names if name not in ENVIRONMENTS]
    if unknown:
        raise PermanentFailure(f"There is no environment {unknown[0]}. Name dev, staging or prod.")
    found: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        copy, environment = copied(Path(folder)), environment_for(Path(folder))
        for name in names or ENVIRONMENTS:
            outcome = examine(copy / "environments" / name, environment, PLAN)
            if not outcome.resources:
                raise PermanentFailure(f"{name}: terraform test gave no plan ({outcome.runs}).")
            found[name] = outcome.resources
    print("\n".join(table(found)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except PermanentFailure as failure:
        sys.exit(str(failure))
