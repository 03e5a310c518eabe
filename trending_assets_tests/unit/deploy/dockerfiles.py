"""Dockerfiles as the tests read them: the instructions of the last stage."""

import json
import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]
IMAGES = REPO / "deploy" / "images"


@dataclass(frozen=True)
class Dockerfile:
    """One file: its instructions, continued lines joined and comments left out."""

    path: Path

    @cached_property
    def instructions(self) -> list[tuple[str, str]]:
        """(instruction, its arguments) of every stage."""
        lines = [line for line in self.path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
        split = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
        return [(name, rest.strip()) for name, _, rest in split]

    @cached_property
    def final(self) -> list[tuple[str, str]]:
        """The instructions of the stage that becomes the image."""
        starts = [at for at, (name, _) in enumerate(self.instructions) if name == "FROM"]
        return self.instructions[starts[-1] :]

    def only(self, instruction: str) -> str:
        """The arguments of an instruction that the last stage has once. Raises ValueError otherwise."""
        (found,) = [rest for name, rest in self.final if name == instruction]
        return found

    def pairs(self, instruction: str) -> dict[str, str]:
        """Names and values of the last stage's ENV or LABEL."""
        words = [word for name, rest in self.final if name == instruction for word in shlex.split(rest)]
        return dict(word.split("=", 1) for word in words)

    @property
    def cmd(self) -> list[str]:
        """CMD in its exec form."""
        return [str(word) for word in json.loads(self.only("CMD"))]

    @property
    def health(self) -> list[str]:
        """HEALTHCHECK's command in its exec form."""
        return [str(word) for word in json.loads(self.only("HEALTHCHECK").partition("CMD ")[2])]


DAGSTER = Dockerfile(IMAGES / "dagster.Dockerfile")
API = Dockerfile(IMAGES / "api.Dockerfile")
