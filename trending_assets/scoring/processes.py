"""Which process asks, and whether one that asked is still there."""

import os
import socket
from functools import cache

import psutil


def this_process() -> str:
    """Who asks: host, process and when it started (a number is used again, with another start)."""
    return _process(os.getpid())


@cache
def _process(number: int) -> str:
    return f"{socket.gethostname()}:{number}:{psutil.Process(number).create_time():.2f}"


def is_alive(owner: str) -> bool | None:
    """Whether that process still runs; None where it is on another host, of which we cannot know."""
    host, number, started = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return None
    try:
        process = psutil.Process(int(number))
        return f"{process.create_time():.2f}" == started and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError):
        return False
