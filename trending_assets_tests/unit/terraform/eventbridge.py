"""The part of EventBridge's event patterns and of CloudWatch Logs' JSON filters that the module uses, to run them on events."""

import re
from typing import Any


def matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """True where every leaf of the pattern has a matcher for the event's value: a text itself, or {"wildcard": …}."""
    for name, wanted in pattern.items():
        if name not in event:
            return False
        value = event[name]
        if not (matches(wanted, value) if isinstance(wanted, dict) else any(_fits(one, value) for one in wanted)):
            return False
    return True


def _fits(matcher: Any, value: Any) -> bool:
    if isinstance(matcher, dict):
        ((kind, wanted),) = matcher.items()
        assert kind == "wildcard", f"{kind} is not understood here"
        return isinstance(value, str) and _like(wanted, value)
    return bool(matcher == value)


def _like(wildcard: str, value: str) -> bool:
    """`*` stands for any characters, slashes too."""
    return re.fullmatch(".*".join(map(re.escape, wildcard.split("*"))), value, re.DOTALL) is not None


def filtered(pattern: str, event: dict[str, Any]) -> bool:
    """True where a JSON filter of equalities joined by && takes the event; `*` may stand at the ends of a value."""
    terms = re.findall(r'(\$\.[\w.\[\]-]+) = "([^"]*)"', pattern)
    assert terms and pattern.count("=") - sum(value.count("=") for _, value in terms) == len(terms), pattern
    return all(_like(value, str(_at(event, path))) for path, value in terms)


def _at(event: Any, path: str) -> Any:
    for name, index in re.findall(r"\.([\w-]+)|\[(\d+)\]", path):
        try:
            event = event[int(index)] if index else event[name]
        except (KeyError, IndexError):
            return None
    return event
