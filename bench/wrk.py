"""wrk (Debian's package of that name) over many paths: how many answers, how many that are errors, and how long they took."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
local asked = {}
local at = 0
function init(args)
  for line in io.lines("PATHS") do asked[#asked + 1] = wrk.format("GET", line) end
end
function request()
  at = at % #asked + 1
  return asked[at]
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %d, "errors": %d, "microseconds": %d, "p50": %f, "p99": %f}\\n',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True)
class Run:
    """One run: answers, those that were errors, answers a second, and milliseconds."""

    requests: int
    errors: int
    per_second: float
    p50: float
    p99: float


def installed() -> bool:
    """Whether the machine has wrk."""
    return shutil.which("wrk") is not None


def wrk(
    url: str,
    paths: Sequence[str],
    headers: Mapping[str, str] | None = None,
    seconds: int = 3,
    connections: int = 16,
    core: int | None = None,
) -> Run:
    """Ask for the paths in turn, over keep-alive connections, as fast as they are answered. Raises RuntimeError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "paths").write_text("\n".join(paths))
        (folder / "script.lua").write_text(SCRIPT.replace("PATHS", str(folder / "paths")))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(folder / "script.lua")]
        command += [part for field in (headers or {}).items() for part in ("-H", ": ".join(field))]
        pin = ["taskset", "-c", str(core)] if core is not None else []
        done = subprocess.run([*pin, *command, url], capture_output=True, text=True, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("{")), None)
    if done.returncode or line is None:
        raise RuntimeError(f"wrk failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    found = json.loads(line)
    per_second = found["requests"] / (found["microseconds"] / 1e6)
    return Run(found["requests"], found["errors"], per_second, found["p50"], found["p99"])
