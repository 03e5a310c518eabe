"""JSON that lies: too deep, not a number, of another shape than promised. Nothing here raises but BadInput."""

from typing import Any

import orjson

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.plain_text import decode


def load_json(body: bytes, what: str) -> Any:
    """The value of a JSON body; of keys that are there twice the last one counts.

    Raises BadInput (WRONG_FORMAT) naming `what` was expected where it is no JSON, holds NaN or is nested too deep.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = str(error)
    try:
        return orjson.loads(decode(body))  # another charset, a byte order mark
    except orjson.JSONDecodeError:
        raise BadInput(Reason.WRONG_FORMAT, f"It is no JSON, where {what} should be: {reason.rstrip('.')}.") from None


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def at(value: Any, *keys: str | int) -> Any:
    """value[key][key]…; None where a key is missing or a value on the way is of another kind."""
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and len(value) > key:
            value = value[key]
        else:
            return None
    return value


def dump(value: Any) -> bytes:
    """JSON bytes of a parsed value, as payload of a row in quarantine."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # orjson reads deeper than it writes
        return b"nested too deep to be shown"
