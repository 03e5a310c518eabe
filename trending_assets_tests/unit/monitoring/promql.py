"""Names of the metrics that a PromQL expression reads."""

import re

_STRINGS = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")
_MATCHERS = re.compile(r"\{[^}]*\}")
_RANGES = re.compile(r"\[[^\]]*\]")
_LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_FUNCTIONS = re.compile(r"\b[a-z_0-9]+\s*(?=\()")
_NUMBERS = re.compile(r"(?<![\w:])\d[\w.]*")  # durations, too
_NAMES = re.compile(r"[A-Za-z_:][\w:]*")
_OPERATORS = {"and", "or", "unless", "bool", "offset", "group_left", "group_right", "inf", "nan"}
_AGGREGATIONS = {
    "sum",
    "min",
    "max",
    "avg",
    "count",
    "topk",
    "bottomk",
    "quantile",
}  # before `by`: no function by its form


def metric_names(expression: str) -> set[str]:
    """Every metric that the expression selects."""
    text = _STRINGS.sub("", expression)
    for noise in (_MATCHERS, _RANGES, _LABELS, _FUNCTIONS, _NUMBERS):
        text = noise.sub(" ", text)
    return {name for name in _NAMES.findall(text) if name.lower() not in _OPERATORS | _AGGREGATIONS}
