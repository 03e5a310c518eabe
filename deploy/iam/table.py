"""The roles' policies as a table for people: role, action, resource, on what condition."""

import json
from collections.abc import Mapping
from typing import Any

from deploy.iam.evaluate import listed, statements_of
from deploy.iam.render import PREFIX, Role

SHORT = {
    "arn:aws:s3:::trending-now-prod-lake-111122223333": "s3://lake",
    "arn:aws:s3:::trending-now-prod-logs-111122223333": "s3://logs",
    "arn:aws:s3:::trending-now-prod-access-111122223333": "s3://access",
    "arn:aws:s3:::trending-now-terraform-111122223333": "s3://state",
    "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab": "kms:key of the buckets",
    "arn:aws:kms:eu-central-1:111122223333:key/22222222-2222-2222-2222-222222222222": "kms:key of the secrets",
    "rds!db-0a1b2c3d-AbCdEf": "database",
    "-AbCdEf": "",
    ":eu-central-1:111122223333:": ":",
    "::111122223333:": ":",
    "eu-central-1": "<region>",
    "111122223333": "<account>",
    PREFIX.removesuffix("-"): "<name>",
    "arn:aws:": "",
}
"""What the mocked apply has made up or what is the same everywhere, by what a reader needs of it."""


def short(text: str) -> str:
    """A resource or a condition without what is the same everywhere."""
    for long, instead in SHORT.items():
        text = text.replace(long, instead)
    return text


def rows(roles: Mapping[str, Role]) -> list[tuple[str, str, str, str]]:
    """(role, action, resources, condition), a row an action of a statement, in the policies' order."""
    found = []
    for name, role in roles.items():
        for document in role.policies:
            for statement in statements_of(document):
                where = ", ".join(short(one) for one in listed(statement["Resource"]))
                deny = "**denied** " if statement["Effect"] == "Deny" else ""
                for action in listed(statement["Action"]):
                    found.append((name, f"{deny}{action}", where, condition(statement.get("Condition", {}))))
    return found


def condition(value: Mapping[str, Mapping[str, Any]]) -> str:
    """A condition in a line."""
    said = {"StringEquals": "is", "ArnEquals": "is", "StringLike": "is like", "ArnLike": "is like", "Bool": "is"}
    parts = []
    for operator, keys in value.items():
        for key, values in keys.items():
            if operator == "Null":
                parts.append(f"{key} is {'not ' if values == 'true' else ''}there")
            else:
                parts.append(
                    f"{key} {said.get(operator, operator)} {' or '.join(short(one) for one in listed(values))}"
                )
    return "; ".join(parts)


def markdown(roles: Mapping[str, Role]) -> str:
    """Tables of docs/iam.md: the services' roles, a table of each kind; the operators'; GitHub's; who is trusted."""
    services = {
        name: role
        for name, role in roles.items()
        if not name.startswith(("github-", "restore")) and "execution" not in name
    }
    starters = {name: role for name, role in roles.items() if name.endswith("-execution")}
    github = {name: role for name, role in roles.items() if name.startswith("github-")}
    return "\n\n".join(
        [
            "### Task roles: what a container may do\n\n" + _table(services),
            "### Execution roles: what ECS does before a container runs\n\n" + _table(starters),
            "### The operators' role: to restore and to prune the lake\n\n" + _table({"restore": roles["restore"]}),
            "### GitHub's roles\n\nThe role deploy has what plan has, and what is marked.\n\n" + _github(github),
            "### Who may take a role\n\n" + _trusts(roles),
        ]
    )


def _table(roles: Mapping[str, Role]) -> str:
    """A statement a line: its actions together."""
    lines = ["| role | actions | resources | only if |", "|---|---|---|---|"]
    for name, role in sorted(roles.items()):
        for document in role.policies:
            for statement in statements_of(document):
                lines.append(_line(name, statement))
    return "\n".join(lines)


def _line(name: str, statement: Mapping[str, Any]) -> str:
    actions = ", ".join(f"`{one}`" for one in listed(statement["Action"]))
    resources = ", ".join(f"`{short(one)}`" for one in listed(statement["Resource"]))
    deny = "**denied:** " if statement["Effect"] == "Deny" else ""
    only = condition(statement.get("Condition", {}))
    return f"| {name} | {deny}{actions} | {resources} | {only} |"


def _github(roles: Mapping[str, Role]) -> str:
    both = [json.dumps(s, sort_keys=True) for d in roles["github-plan"].policies for s in statements_of(d)]
    lines = ["| role | actions | resources | only if |", "|---|---|---|---|"]
    lines += [_line("plan, deploy", json.loads(one)) for one in both]
    for document in roles["github-deploy"].policies:
        for statement in statements_of(document):
            if json.dumps(statement, sort_keys=True) not in both:
                lines.append(_line("deploy", statement))
    return "\n".join(lines)


def _trusts(roles: Mapping[str, Role]) -> str:
    lines = ["| role | who | only if | within the boundary |", "|---|---|---|---|"]
    of: dict[tuple[str, str, str], list[str]] = {}
    for name, role in roles.items():
        (statement,) = statements_of(role.trust)
        (who,) = statement["Principal"].values()
        key = (
            ", ".join(map(short, listed(who))),
            condition(statement.get("Condition", {})),
            "yes" if role.boundary else "no",
        )
        of.setdefault(key, []).append(name)
    lines += [f"| {', '.join(names)} | `{who}` | {only} | {bounded} |" for (who, only, bounded), names in of.items()]
    return "\n".join(lines)
