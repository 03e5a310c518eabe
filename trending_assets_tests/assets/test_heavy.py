"""A training outside of its run, by Dagster Pipes: the same bytes, and what is said and left where it fails or is killed."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psutil
import pytest

from trending_assets import heavy
from trending_assets.genre import assets as genre
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.lake import Lake, open_lake
from trending_assets.run_sizes import HEAVY
from trending_assets_tests.assets.linking_rows import upstream
from trending_assets_tests.ecs_stand_in import StandIn, ecs
from trending_assets_tests.unit.genre.worlds import training_set

KEY = dg.AssetKey(["genre", "xgboost"])
SECRET = "sk-not-for-command-lines"


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_WANDB_MODE", "disabled")
    monkeypatch.setenv("TRENDING_HEAVY_STEPS", "subprocess")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)


def _ready(folder: Path) -> Lake:
    lake = open_lake(str(folder))
    lake.write("genre/training_set", training_set(60))
    return lake


def _train(lake: Lake) -> dg.ExecuteInProcessResult:
    resource = LakeResource(uri=lake.uri)
    graph: list[dg.AssetsDefinition | dg.AssetSpec] = [
        *genre.ASSETS,
        *upstream("staging/titles", "features/title_signals"),
    ]
    return dg.materialize(
        graph,
        selection=[KEY],
        resources={"lake": resource, "io_manager": LakeIOManager(lake=resource)},
        raise_on_error=False,
    )


def _objects(lake: Lake) -> dict[str, bytes | None]:
    """Everything of the genre models, but for DVC's own folders."""
    return {key: lake.store.get(key) for key in lake.store.list("genre") if not key.startswith("genre/dvc")}


def _sentence(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    return failed.step_failure_data.user_failure_data.description or ""  # type: ignore[union-attr]


def _started() -> Iterator[psutil.Process]:
    for child in psutil.Process().children(recursive=True):
        try:
            if "trending_assets.genre.external" in child.cmdline():
                yield child
        except psutil.Error:
            continue


@contextmanager
def _killed() -> Iterator[list[list[str]]]:
    """Command lines of the process while it trains, seen by a thread beside it that kills it in the middle."""
    seen: list[list[str]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set() and not seen:
            for child in _started():
                if "libxgboost" in Path(f"/proc/{child.pid}/maps").read_text():  # past its imports: it trains
                    seen.append(child.cmdline())
                    os.kill(child.pid, signal.SIGKILL)
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def _facts(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    (made,) = result.asset_materializations_for_node("genre__xgboost")
    return {name: str(value.value) for name, value in made.metadata.items()}


def test_killed_it_leaves_nothing_and_done_again_it_gives_the_bytes_of_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = _ready(tmp_path / "here"), _ready(tmp_path / "there")
    with _killed() as seen:
        killed = _train(there)
    (command,) = seen
    assert command[1:] == ["-m", "trending_assets.genre.external", "xgboost"] and SECRET not in " ".join(command)
    said = _sentence(killed)
    assert said.startswith("genre/xgboost outside of its run: its process was ended by SIGKILL, which the kernel sends")
    assert said.endswith("Nothing of it was published.")
    assert [key for key in _objects(there) if not key.startswith("genre/data/")] == ["genre/training_set/data.parquet"]

    outside = _train(there)
    monkeypatch.setenv("TRENDING_HEAVY_STEPS", "inline")
    inside = _train(here)
    assert outside.success and inside.success
    assert _objects(there) == _objects(here) and len(_objects(here)) == 6
    facts = [_facts(result) for result in (inside, outside)]
    assert facts[0] == {name: value.replace("/there/", "/here/") for name, value in facts[1].items()}


def test_a_failure_for_people_keeps_its_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = _ready(tmp_path / "lake")
    lake.store.put("genre/registry.json", b"{not a registry")
    before = _objects(lake)
    said = _sentence(_train(lake))
    assert "is not a registry of genre models" in said and "Traceback" not in said
    assert _objects(lake) == before


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "from dagster_pipes import open_dagster_pipes\nwith open_dagster_pipes(): pass",
            "ended without a result; its log says why. Nothing of it was published.",
        ),
        ("raise SystemExit(3)", "its process ended with exit code 3; what it said is above in the log of the run."),
    ],
)
def test_a_process_that_ends_without_a_word_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    (tmp_path / "odd_training.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(genre, "EXTERNAL", "odd_training")
    assert said in _sentence(_train(_ready(tmp_path / "lake")))


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """ECS by its stand-in, with settings that lead there."""
    with ecs() as (stand_in, environment):
        settings = {
            "HEAVY_STEPS": "ecs",
            "HEAVY_CLUSTER": "trending",
            "HEAVY_TASK_DEFINITION": "trending-now-dev-run",
            "HEAVY_SUBNETS": "subnet-1, subnet-2",
            "HEAVY_SECURITY_GROUPS": "sg-1",
        }
        for name, value in (environment | {f"TRENDING_{name}": value for name, value in settings.items()}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
        monkeypatch.setattr(genre, "EXTERNAL", "task_training")
        monkeypatch.setattr(heavy, "POLL_SECONDS", 1)
        yield stand_in


def test_an_ecs_task_gets_the_command_and_no_secret_and_its_report_comes_back(tmp_path: Path, task: StandIn) -> None:
    (tmp_path / "task_training.py").write_text(
        "from dagster_pipes import open_dagster_pipes\n"
        "with open_dagster_pipes() as pipes:\n"
        "    print('a line that is no message')\n"
        "    pipes.report_asset_materialization(metadata={'lake': pipes.get_extra('lake')})\n"
    )
    lake = _ready(tmp_path / "lake")
    result = _train(lake)
    assert result.success and _facts(result)["lake"] == lake.uri
    (sent,) = [body for operation, body in task.asked if operation == "RunTask"]
    assert SECRET not in str(sent)
    assert sent["cluster"] == "trending" and sent["taskDefinition"] == "trending-now-dev-run"
    assert sent["launchType"] == "FARGATE" and sent["count"] == 1 and sent["startedBy"] == result.run_id
    network = {"subnets": ["subnet-1", "subnet-2"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}
    assert sent["networkConfiguration"] == {"awsvpcConfiguration": network}
    size = sent["overrides"]
    assert (size["cpu"], size["memory"]) == (str(HEAVY.cpu), str(HEAVY.memory))
    (container,) = size["containerOverrides"]
    assert container["name"] == "run" and container["command"] == ["python", "-m", "task_training", "xgboost"]
    assert {entry["name"] for entry in container["environment"]} == {"DAGSTER_PIPES_CONTEXT", "DAGSTER_PIPES_MESSAGES"}


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)  # Pipes reads on for 10 s after its end
def test_a_task_that_is_not_started_is_a_sentence(tmp_path: Path, task: StandIn) -> None:
    task.refuse = True
    assert "no task was started" in _sentence(_train(_ready(tmp_path / "lake")))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_settings_that_are_missing_are_named(tmp_path: Path, task: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDING_HEAVY_SUBNETS", "")
    assert _sentence(_train(_ready(tmp_path / "lake"))) == "TRENDING_HEAVY_STEPS=ecs needs TRENDING_HEAVY_SUBNETS."
    assert not task.asked
