"""The identity module's policies as AWS would get them: from the state of a mocked `terraform test`, without credentials.

The module writes its documents with jsonencode, so a mocked apply holds the very JSON.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.iam.evaluate import Decision, Document, Request, decide
from deploy.terraform import copied, environment_for, examine

EVERYTHING = "tests/everything.tftest.hcl"
PREFIX = "trending-now-prod-"


@dataclass(frozen=True)
class Role:
    """A role: whom it trusts, what it may do, and the boundary that it stays within (None: none)."""

    trust: Document
    policies: tuple[Document, ...]
    boundary: Document | None

    def decision(self, request: Request) -> Decision:
        """What becomes of a request of the role."""
        return decide(request, self.policies, self.boundary)


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
    with tempfile.TemporaryDirectory() as folder:
        module = copied(Path(folder)) / "modules" / "identity"
        return roles(examine(module, environment_for(Path(folder)), EVERYTHING, show=True).resources)
