"""Loaded by every Python process under staging's clock, before its own code.

The code server sees the moved clock, because it evaluates the automation. Its runs see the real one: they are processes that it
starts, so it hands libfaketime on no further. S3 refuses a request that was signed at another time than its own, so the
signature alone is made with the real time.
"""

import os
import select
import sys
import time
from pathlib import Path


def _sleep(seconds: float) -> None:
    """libfaketime 0.9.10 refuses the absolute times by which Python sleeps (EINVAL)."""
    select.select([], [], [], seconds)


time.sleep = _sleep

if "grpc" in sys.orig_argv:
    os.environ.pop("LD_PRELOAD", None)
    import datetime

    import botocore.auth

    _offset = Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
    _shifted = botocore.auth.get_current_datetime

    def _real(remove_tzinfo: bool = True) -> datetime.datetime:
        moved: datetime.datetime = _shifted(remove_tzinfo)
        return moved - datetime.timedelta(seconds=float(_offset.read_text()))

    botocore.auth.get_current_datetime = _real
