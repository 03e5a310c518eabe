"""What a command costs in a process of its own: seconds, CPU of it and of what it started, and the largest memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, CPU seconds (user and system, with every process that was started and waited for), MiB of the
    largest of those processes at its peak, and what was printed."""

    seconds: float
    cpu: float
    peak: float
    output: str


class Running:
    """A started module of bench whose cost is to be known."""

    def __init__(self, module: str, arguments: Sequence[str], environment: Mapping[str, str], errors: Path) -> None:
        self.errors, self.begin = errors, time.perf_counter()
        with errors.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                env=dict(environment),
                cwd=REPO,
            )

    def tell(self, line: str = "") -> None:
        """Write a line to its standard input; without one, close that."""
        assert self.process.stdin is not None
        if line:
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()
        else:
            self.process.stdin.close()

    def expect(self, line: str) -> None:
        """Wait for a line on its standard output. Raises SystemExit as `cost` does where it ended before."""
        assert self.process.stdout is not None
        if self.process.stdout.readline().decode().strip() != line:
            self.cost()
            raise SystemExit(f"the process did not say {line}")

    def cost(self) -> Cost:
        """Wait for the end. Raises SystemExit with the end of what it said where it failed."""
        assert self.process.stdout is not None
        output = self.process.stdout.read().decode()
        _, status, used = os.wait4(self.process.pid, 0)
        seconds = time.perf_counter() - self.begin
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            said = self.errors.read_text(errors="replace").strip().splitlines()[-12:]
            raise SystemExit(f"exit code {self.process.returncode}:\n" + "\n".join(said))
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output)


def measured(module: str, arguments: Sequence[str], environment: Mapping[str, str], errors: Path) -> Cost:
    """Run `python -m module …` to its end."""
    return Running(module, arguments, environment, errors).cost()
