"""CPU of importing something in a fresh process."""

import json
import os
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent


def cpu_and_modules(statement: str) -> tuple[float, list[str]]:
    """User and system seconds of a fresh Python that runs the statement, and the modules that it loaded."""
    code = f"{statement}\nimport json, resource, sys\nr = resource.getrusage(resource.RUSAGE_SELF)\n"
    code += "print(json.dumps([r.ru_utime + r.ru_stime, sorted(sys.modules)]))"
    env = os.environ | {"DAGSTER_DISABLE_TELEMETRY": "yes"}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env, cwd=REPO)
    cpu, modules = json.loads(done.stdout.splitlines()[-1])
    return cpu, modules


def cpu_seconds(statement: str) -> float:
    """User and system seconds of a fresh Python that runs the statement."""
    return cpu_and_modules(statement)[0]
