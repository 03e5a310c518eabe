"""How much machine a run gets: the tags of every job, of automation's runs and of the heavy steps. The only place with them.

EcsRunLauncher starts a run as one Fargate task and reads `ecs/cpu` (1024 units are a vCPU), `ecs/memory` (MiB) and
`ecs/ephemeral_storage` (GiB); elsewhere these tags say nothing. Run monitoring ends a run after `dagster/max_runtime` seconds.
`python -m bench.backfill` and `python -m bench.growth` print the memory that the sizes rest on.
"""

from dataclasses import dataclass

CPUS: dict[int, tuple[int, int, int]] = {
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
"""CPU units that Fargate has, with the least and most MiB of memory that go with them, and the step between."""
STORAGE = range(21, 201)
"""GiB of ephemeral storage that can be asked for; without asking it is 20."""


@dataclass(frozen=True)
class Size:
    """CPU units, MiB, seconds after which a run is taken for stuck, and why; GiB of scratch where 20 are too few."""

    cpu: int
    memory: int
    seconds: int
    why: str
    storage: int | None = None

    def __post_init__(self) -> None:
        least, most, step = CPUS.get(self.cpu, (1, 0, 1))
        if self.memory not in range(least, most + 1, step):
            raise ValueError(f"Fargate has no task of {self.cpu} CPU units and {self.memory} MiB.")
        if self.storage is not None and self.storage not in STORAGE:
            raise ValueError(f"Fargate has no task with {self.storage} GiB of storage.")

    def tags(self) -> dict[str, str]:
        """As tags of a run."""
        tags = {"ecs/cpu": str(self.cpu), "ecs/memory": str(self.memory), "dagster/max_runtime": str(self.seconds)}
        return tags | ({"ecs/ephemeral_storage": str(self.storage)} if self.storage else {})


SIZES: dict[str, Size] = {
    "daily": Size(
        2048,
        8192,
        2 * 3600,
        "a month of 504 documents a day peaked at 3,822 MiB, features of 10^6 a day at 4,079 (docs/scaling.md)",
    ),
    "everything": Size(2048, 8192, 6 * 3600, "as daily, and the models trained on the way"),
    "genre_training": Size(4096, 16384, 4 * 3600, "BERT is fine-tuned by torch on all cores; not measured yet"),
    "prompts": Size(1024, 4096, 2 * 3600, "it waits for the LLM; the documents judged are few"),
    "rescore": Size(1024, 4096, 2 * 3600, "it waits for the LLM, over a day's documents"),
    "watch": Size(512, 2048, 600, "it lists the lake, and loads the definitions to do so"),
}
"""By job."""
AUTOMATION = Size(2048, 8192, 4 * 3600, "whatever the conditions ask for: a day, a week caught up, Monday's models")
"""Runs of the automation sensor, which carry one size for all."""
HEAVY = Size(4096, 16384, 4 * 3600, "a training in a task of its own (see heavy.py)")
"""The task of a heavy step that runs outside of its run."""
