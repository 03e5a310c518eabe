"""Loaded by every Python process under staging's clock, before its own code.

The daemon sees the moved clock by libfaketime. The code server, which evaluates the automation, must not: its heartbeats, its
runs and what signs requests to S3 need the real time. There Dagster alone is told another time, by the functions that it has
for that.
"""

import os
import select
import sys
import time
from pathlib import Path


def _sleep(seconds: float) -> None:
    """libfaketime 0.9.10 refuses the absolute times by which Python sleeps (EINVAL)."""
    select.select([], [], [], seconds)


if "FAKETIME_TIMESTAMP_FILE" in os.environ:
    time.sleep = _sleep

if "grpc" in sys.orig_argv and "STAGING_CLOCK" in os.environ:
    from datetime import UTC, datetime, timedelta

    import dagster._time

    _offset = Path(os.environ["STAGING_CLOCK"])

    def _now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(_offset.read_text()))

    dagster._time._mockable_get_current_datetime = _now
    dagster._time._mockable_get_current_timestamp = lambda: _now().timestamp()
