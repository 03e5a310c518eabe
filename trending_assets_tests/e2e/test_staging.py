"""`python -m deploy.staging` in a short form: the services of deploy/compose.yaml as processes, one day, a worker killed."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from deploy.staging.system import lacking
from trending_assets.settings import REPO_ROOT
from trending_assets_tests.e2e.running import clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.s3]


def traces() -> set[str]:
    """Folders of a staging, and processes that work in one."""
    folders = {str(path) for path in Path(tempfile.gettempdir()).glob("staging-*")}
    words = {word for p in psutil.process_iter(["cmdline"]) for word in p.info["cmdline"] or []}
    return folders | {word for word in words if "/staging-" in word}


def test_a_day_by_automation_alone_though_a_worker_is_killed() -> None:
    if why := lacking():
        pytest.skip(why)
    before = traces()
    env = clean_environment(PYTHONPATH=str(REPO_ROOT))
    command = [sys.executable, "-m", "deploy.staging", "--days", "1", "--faults", "worker"]
    done = subprocess.run(command, cwd=REPO_ROOT, env=env, capture_output=True, text=True, timeout=900)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Everything is as it should be." in said
    assert len(re.findall(r"whole and served after", said)) == 1
    assert re.search(r"kill -9, run worker +noticed after", said)
    assert re.search(r"retried runs +[1-9]", said)
    assert traces() <= before, "no folder and no process is left"


def test_what_it_cannot_do_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.staging", "--faults", "worker,moon", "--days", "2"]
    env = clean_environment(PYTHONPATH=str(REPO_ROOT))
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and "no such fault: moon" in done.stderr and "Traceback" not in done.stderr
