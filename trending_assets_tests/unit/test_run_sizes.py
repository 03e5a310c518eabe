"""Sizes of runs: pairs that Fargate has, on every job and on automation's runs."""

import dagster as dg
import pytest

from trending_assets.definitions import defs
from trending_assets.run_sizes import AUTOMATION, HEAVY, SIZES, Size


def test_every_job_and_automations_runs_say_how_much_machine_they_need() -> None:
    jobs = {job.name: job for job in defs.resolve_all_job_defs() if not job.name.startswith("__")}
    assert set(jobs) == set(SIZES), "a new job needs a size"
    for name, size in SIZES.items():
        assert size.tags().items() <= jobs[name].tags.items()
    (sensor,) = (s for s in defs.sensors or [] if isinstance(s, dg.AutomationConditionSensorDefinition))
    assert AUTOMATION.tags().items() <= sensor.run_tags.items()
    assert HEAVY.memory >= SIZES["genre_training"].memory, (
        "a training finds in a task of its own what it had in its run"
    )


def test_tags_are_those_that_the_launcher_reads() -> None:
    assert Size(1024, 2048, 60, "small", storage=50).tags() == {
        "ecs/cpu": "1024",
        "ecs/memory": "2048",
        "ecs/ephemeral_storage": "50",
        "dagster/max_runtime": "60",
    }


@pytest.mark.parametrize(
    ("cpu", "memory", "storage"),
    [(512, 8192, None), (1000, 2048, None), (2048, 2048, None), (8192, 17408, None), (1024, 2048, 20)],
)
def test_what_fargate_does_not_have_is_refused(cpu: int, memory: int, storage: int | None) -> None:
    with pytest.raises(ValueError, match="Fargate has no task"):
        Size(cpu, memory, 60, "wrong", storage)
