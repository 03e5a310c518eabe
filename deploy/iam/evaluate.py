"""AWS's evaluation logic over policy documents: whether a request is allowed, and by which statement.

After AWS's user guide (Policy evaluation logic; IAM JSON policy elements; Condition operators): an explicit deny wins, the
boundary and the identity's policies both have to allow, and what nobody allows is denied. A document that uses what is not
known here is refused rather than guessed at. No session policies, no organization's policies: none of ours has them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from trending_assets.failures import PermanentFailure

Document = Mapping[str, Any]
Statement = Mapping[str, Any]
Context = Mapping[str, str | Sequence[str]]
Decision = Literal["allowed", "denied", "not allowed"]
"""denied: a statement says so; not allowed: none says the opposite."""

ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal"}


@dataclass(frozen=True)
class Request:
    """An action on a resource's ARN; `context` holds the condition keys that AWS would send along, and nothing else."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)
    principal: Mapping[str, str] = field(default_factory=dict)
    """For resource policies: kind and name, {"Service": "logging.s3.amazonaws.com"}."""


def decide(request: Request, identity: Iterable[Document], boundary: Document | None = None) -> Decision:
    """What becomes of a request of somebody with these policies, within the boundary where there is one."""
    own = list(identity)
    if denying(request, [*own, *([boundary] if boundary else [])]):
        return "denied"
    if not allowing(request, own):
        return "not allowed"
    return "allowed" if boundary is None or allowing(request, [boundary]) else "not allowed"


def allowing(request: Request, documents: Iterable[Document]) -> list[Statement]:
    """Statements that allow the request, in order."""
    return _applying(request, documents, "Allow")


def denying(request: Request, documents: Iterable[Document]) -> list[Statement]:
    """Statements that deny the request, in order."""
    return _applying(request, documents, "Deny")


def _applying(request: Request, documents: Iterable[Document], effect: str) -> list[Statement]:
    statements = [statement for document in documents for statement in statements_of(document)]
    return [one for one in statements if one["Effect"] == effect and applies(one, request)]


def statements_of(document: Document) -> list[Statement]:
    """A document's statements; one alone may stand without a list."""
    found = document["Statement"]
    return [found] if isinstance(found, Mapping) else list(found)


def listed(value: str | Sequence[str]) -> list[str]:
    """A value or list of values as a list."""
    return [value] if isinstance(value, str) else list(value)


def applies(statement: Statement, request: Request) -> bool:
    """Whether a statement speaks about the request. Raises PermanentFailure for what this evaluation does not know."""
    unknown = set(statement) - ELEMENTS
    if unknown or "${" in str(statement.get("Resource", "")):
        raise PermanentFailure(f"The statement {statement.get('Sid')} uses {sorted(unknown) or 'a policy variable'}.")
    return (
        _principal(statement.get("Principal"), request.principal)
        and _named(statement, "Action", request.action, action_matches)
        and _named(statement, "Resource", request.resource, arn_matches)
        and all(
            _condition(operator, key, values, request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _principal(named: Any, asking: Mapping[str, str]) -> bool:
    if named is None or named == "*":
        return True
    return any(asking.get(kind) in listed(names) or listed(names) == ["*"] for kind, names in named.items())


def _named(statement: Statement, element: str, value: str, matches: Any) -> bool:
    if f"Not{element}" in statement:
        return not any(matches(pattern, value) for pattern in listed(statement[f"Not{element}"]))
    if element not in statement:  # a role's trust policy has no Resource: it is about the role
        return element == "Resource"
    return any(matches(pattern, value) for pattern in listed(statement[element]))


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    special = {"*": ".*", "?": "."}
    return re.compile("".join(special.get(letter, re.escape(letter)) for letter in text), re.DOTALL)


def like(pattern: str, value: str) -> bool:
    """Whether the whole value matches; `*` is any letters or none, `?` is one. Case counts."""
    return _pattern(pattern).fullmatch(value) is not None


def action_matches(pattern: str, action: str) -> bool:
    """As `like`; the case of actions does not count."""
    return like(pattern.lower(), action.lower())


def arn_matches(pattern: str, arn: str) -> bool:
    """Part by part: a wildcard does not reach over a colon, but in the last part, which may hold colons itself."""
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(like(one, part) for one, part in zip(patterns, parts, strict=True))


def _bool(wanted: str, value: str) -> bool:
    return wanted.lower() == value.lower()


OPERATORS = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": _bool,
    "StringLike": like,
    "ArnEquals": arn_matches,  # AWS: the same as ArnLike
    "ArnLike": arn_matches,
    "Bool": _bool,
}
NEGATED = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike", "ArnNotLike": "ArnLike"}


def _condition(operator: str, key: str, values: Any, context: Context) -> bool:
    wanted = listed(values) if not isinstance(values, bool) else [str(values).lower()]
    given = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return (given is None) == (wanted[0].lower() == "true")
    every, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    positive = NEGATED.get(name, name)
    if positive not in OPERATORS or every not in ("", "ForAllValues", "ForAnyValue"):
        raise PermanentFailure(f"The condition operator {operator} is not known to this evaluation.")
    if given is None:
        # A negated operator is true of a key that is not there, and so is one that ends with IfExists.
        return if_exists or every == "ForAllValues" or (name in NEGATED and every == "")
    found = [any(OPERATORS[positive](one, value) for one in wanted) for value in listed(given)]
    found = [not one for one in found] if name in NEGATED else found
    if every == "" and len(found) != 1:
        raise PermanentFailure(f"{key} has {len(found)} values: its condition needs ForAllValues or ForAnyValue.")
    return any(found) if every == "ForAnyValue" else all(found)
