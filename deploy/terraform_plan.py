"""What an environment consists of, from a mocked plan of it: no account, no credentials, nothing is made.

    python -m deploy.terraform_plan [dev] [staging] [prod]

prints each environment's resources by type and in all. The plan is that of `terraform test` (tests/environment.tftest.hcl of
the environment) over the environment's own terraform.tfvars.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.terraform import copied, environment_for, examine
from trending_assets.failures import PermanentFailure

ENVIRONMENTS = ("dev", "staging", "prod")
PLAN = "tests/environment.tftest.hcl"


def table(resources: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Lines of a table: a row a type, a column an environment, and the sum of each."""
    counts = {name: Counter(str(one["type"]) for one in found) for name, found in resources.items()}
    kinds = sorted(set().union(*counts.values()))
    width = max(map(len, ("resources in all", *kinds)))
    lines = [f"{'':{width}}" + "".join(f"{name:>9}" for name in counts)]
    lines += [f"{kind:{width}}" + "".join(f"{counted[kind]:>9}" for counted in counts.values()) for kind in kinds]
    lines.append(f"{'resources in all':{width}}" + "".join(f"{counted.total():>9}" for counted in counts.values()))
    return lines


def main(names: Sequence[str]) -> None:
    """Print the table of the named environments, or of all."""
    unknown = [name for name in names if name not in ENVIRONMENTS]
    if unknown:
        raise PermanentFailure(f"There is no environment {unknown[0]}. Name dev, staging or prod.")
    found: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        copy, environment = copied(Path(folder)), environment_for(Path(folder))
        for name in names or ENVIRONMENTS:
            outcome = examine(copy / "environments" / name, environment, PLAN, show=True)
            if not outcome.resources:
                raise PermanentFailure(f"{name}: terraform test gave no plan ({outcome.runs}).")
            found[name] = outcome.resources
    print("\n".join(table(found)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except PermanentFailure as failure:
        sys.exit(str(failure))
