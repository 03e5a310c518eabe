"""Ctrl-C and a plain kill end a command in the same way, with everything that it started."""

import signal
import time


def interruptible() -> None:
    """Make SIGINT and SIGTERM raise KeyboardInterrupt, also where a shell or a library left them ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def wait_for_interrupt() -> None:
    """Sleep until one of the two comes."""
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
