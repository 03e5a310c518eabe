"""Prompt files by version, and the messages made of them: the shared prefix first, then the data in a fence."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from trending_assets.failures import PermanentFailure
from trending_assets.scoring.vocabulary import GENRES, VIBE_GROUPS

PROMPTS = Path(__file__).with_name("prompts")
OPEN, CLOSE = "<<<DATA", "DATA>>>"

_FRONT = re.compile(r"\A---\nversion: *([1-9]\d*)\n---\n(.*)\Z", re.DOTALL)
# Controls and characters that nobody sees: they hide text from people and split markers. Joiners of emoji stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_OPENERS, _CLOSERS = re.compile("<{3,}"), re.compile(">{3,}")


@dataclass(frozen=True)
class Prompt:
    """The system message of a task. `version` is the file's number and a hash of the rendered text."""

    name: str
    version: str
    text: str

    @property
    def number(self) -> int:
        """The number of the file that the prompt was read from."""
        return int(self.version.partition("-")[0])


def load_prompts(name: str, folder: Path | None = None) -> list[Prompt]:
    """All versions of a task's prompt, `<folder or PROMPTS>/<name>/<number>.md`, by ascending number, the vocabularies filled in.

    The version carries 8 hex digits of the text's SHA-256: an edit that forgets to raise the number still counts as a new
    version. Raises PermanentFailure where there is no version, or a file that does not say its own number.
    """
    folder = folder or PROMPTS
    found = [_load(name, path) for path in (folder / name).glob("*.md")]
    if not found:
        raise PermanentFailure(f"There is no prompt for {name}: {folder / name} holds no file like 1.md.")
    return sorted(found, key=lambda prompt: prompt.number)


def newest_prompt(name: str, folder: Path | None = None) -> Prompt:
    """The version with the highest number. Raises as `load_prompts` does."""
    return load_prompts(name, folder)[-1]


def _load(name: str, path: Path) -> Prompt:
    match = _FRONT.match(path.read_text(encoding="utf-8"))
    where = f"The prompt {name}/{path.name}"
    if match is None:
        raise PermanentFailure(f"{where} must begin with front matter: ---, version: N, ---.")
    if match[1] != path.stem:
        raise PermanentFailure(f"{where} says version {match[1]}, but its name says {path.stem}.")
    text = match[2].replace("{{genres}}", ", ".join(GENRES)).replace("{{vibe_tags}}", _tag_list()).strip()
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Prompt(name, f"{match[1]}-{digest}", text)


def _tag_list() -> str:
    lines = []
    for group, tags in VIBE_GROUPS.items():
        lines.append(f"{group.capitalize()}:")
        lines += [f"- {tag}: {meaning}" for tag, meaning in tags.items()]
    return "\n".join(lines)


def clean(text: str | None, limit: int) -> str | None:
    """Text as it may stand in a request: unseen characters out, fence markers broken, at most `limit` characters."""
    if text is None:
        return None
    seen = _UNSEEN.sub("", text)
    seen = _OPENERS.sub(lambda m: "‹" * len(m[0]), seen)
    return _CLOSERS.sub(lambda m: "›" * len(m[0]), seen)[:limit]


def fenced(payload: Mapping[str, Any]) -> str:
    """The user message: the payload as JSON between the markers. The strings in it must have gone through `clean`."""
    return f"{OPEN}\n{orjson.dumps(payload).decode()}\n{CLOSE}"


def messages(prompt: Prompt, payload: Mapping[str, Any]) -> list[dict[str, str]]:
    """Chat messages of a request: the system message is the same for all requests of a task, so providers can cache it."""
    return [{"role": "system", "content": prompt.text}, {"role": "user", "content": fenced(payload)}]
