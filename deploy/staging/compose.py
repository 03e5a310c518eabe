"""deploy/compose.yaml as it would run: its services with `${…}` filled in, and moved to other addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from trending_assets.failures import PermanentFailure

DEPLOY = Path(__file__).resolve().parent.parent
COMPOSE = DEPLOY / "compose.yaml"
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<how>:[-?])(?P<more>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """What a container would be started with. `check` is its health check."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    check: tuple[str, ...]

    def moved(self, places: Mapping[str, str]) -> "Service":
        """The same at other places: every word of command, environment and check with each key of `places` replaced."""
        return replace(
            self,
            command=tuple(move(word, places) for word in self.command),
            environment={name: move(value, places) for name, value in self.environment.items()},
            check=tuple(move(word, places) for word in self.check),
        )


def move(text: str, places: Mapping[str, str]) -> str:
    """A text with each key of `places` replaced, longest first, and whole words alone: 3000 is not part of 13000."""
    wanted = sorted(places, key=len, reverse=True)
    pattern = r"(?<![\w.-])(?:" + "|".join(re.escape(place) for place in wanted) + r")(?![\w-])"
    return re.sub(pattern, lambda match: places[match[0]], text)


def filled(value: str, variables: Mapping[str, str]) -> str:
    """A text of compose.yaml with its `${NAME}`, `${NAME:-else}` and `${NAME:?why}`. Raises PermanentFailure for the last."""

    def one(match: re.Match[str]) -> str:
        found = variables.get(match["name"], "")
        if not found and match["how"] == ":?":
            raise PermanentFailure(f"deploy/compose.yaml needs {match['name']}: {match['more']}.")
        return found or (match["more"] if match["how"] == ":-" else "")

    return _VARIABLE.sub(one, value)


def raw_services() -> dict[str, dict[str, Any]]:
    """The services as they stand in the file."""
    services: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return services


def read_services(variables: Mapping[str, str]) -> dict[str, Service]:
    """The services of deploy/compose.yaml, by name, with the variables filled in. Raises PermanentFailure where one lacks."""
    services = {}
    for name, raw in raw_services().items():
        words = [*raw.get("entrypoint", []), *raw.get("command", [])]
        environment = {key: filled(str(value), variables) for key, value in raw.get("environment", {}).items()}
        check = [str(word) for word in raw["healthcheck"]["test"][1:]]
        services[name] = Service(name, tuple(filled(str(w), variables) for w in words), environment, tuple(check))
    return services
