"""Another clock for chosen processes: libfaketime, with the offset in a file, so that it can be moved on while they run.

Only the calendar is moved. What measures durations (the monotonic clock) stays, and so do the times of files.
"""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from trending_assets.failures import PermanentFailure

HERE = Path(__file__).resolve().parent
PYTHONPATH = f"{HERE / 'shifted'}:{HERE.parent.parent}"
STEP = 0.5


def library() -> Path | None:
    """libfaketime of Debian's package faketime, None where it is not installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return found[0] if found else None


class Clock:
    """The time that processes with `environment` see. Once started it runs `rate` times as fast as the real one."""

    def __init__(self, file: Path, now: datetime, rate: float = 1.0) -> None:
        self._file, self.rate = file, rate
        self._offset, self._lock = 0.0, threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)
        self.set(now)

    def for_dagster_alone(self) -> dict[str, str]:
        """Variables under which a code server evaluates the automation by this clock, and does all else by the real one."""
        return {"STAGING_CLOCK": str(self._file), "PYTHONPATH": PYTHONPATH}

    def environment(self) -> dict[str, str]:
        """Variables under which a process, and what it starts, sees this clock."""
        preload = library()
        if preload is None:
            raise PermanentFailure("libfaketime is not on this machine. Install Debian's package faketime.")
        return {
            "LD_PRELOAD": str(preload),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": PYTHONPATH,
        }

    def now(self) -> datetime:
        """What the clock shows (UTC)."""
        with self._lock:
            return datetime.fromtimestamp(time.time() + self._offset, UTC)

    def set(self, to: datetime) -> None:
        """Move the clock."""
        with self._lock:
            self._offset = to.timestamp() - time.time()
            self._write()

    def to_present(self) -> None:
        """From now on the real time, at its own pace."""
        self.stop()
        with self._lock:
            self._offset = 0.0
            self._write()

    def start(self) -> None:
        """Let it run faster from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let it run at the real pace from now on."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        last = time.monotonic()
        while not self._end.wait(STEP):
            here = time.monotonic()
            with self._lock:
                self._offset += (self.rate - 1) * (here - last)
                self._write()
            last = here

    def _write(self) -> None:
        """Relative seconds; by a rename, so that no process reads half of it."""
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{self._offset:+.3f}\n")
        os.replace(beside, self._file)
