"""How answers become bytes. Imports no Polars: the API composes answers by the same functions."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta

import orjson


def to_json(value: object) -> bytes:
    """JSON with sorted keys, times in UTC with Z: equal values give equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def etag(body: bytes) -> str:
    """First 32 hex digits of the SHA-256 of a body."""
    return hashlib.sha256(body).hexdigest()[:32]


def end_of(day: date) -> datetime:
    """The instant at which a day is over (UTC): what a ranking of the day knows was known by then."""
    return datetime.combine(day + timedelta(days=1), time.min, UTC)
