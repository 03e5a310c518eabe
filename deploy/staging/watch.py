"""Asks the API all along, several times a second, and holds every answer against what was said before."""

import hashlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import httpx

PATHS = ("/readyz", "/v1/trends", "/v1/days", "/v1/lineage", "/v1/trends?limit=5")
PAUSE = 0.1


@dataclass
class Seen:
    """What was seen. `days` are the newest days with the seconds (monotonic) at which each was answered first."""

    answers: int = 0
    before: int = 0
    published: bool = False
    faults: Counter[str] = field(default_factory=Counter)
    days: dict[date, float] = field(default_factory=dict)
    bodies: dict[tuple[str, str], str] = field(default_factory=dict)
    versions: list[int] = field(default_factory=list)
    longest: float = 0.0

    def check(self, path: str, status: int, etag: str | None, body: bytes, at: float) -> None:
        """Count an answer, and what is wrong with it.

        Before the first publish /readyz and /v1 say 503; from the first 200 on, everything says 200. A day's own bytes are
        named by its ETag, and what a snapshot says never changes. Neither day nor version goes backward.
        """
        self.answers += 1
        if status == 503 and not self.published:
            self.before += 1
            return
        if status != 200:
            self.faults[f"{path}: status {status}"] += 1
            return
        if path == "/readyz":
            self.published = True
            return
        try:
            said = json.loads(body)
        except ValueError:
            self.faults[f"{path}: torn, no whole JSON"] += 1
            return
        if not path.startswith(("/v1/trends", "/v1/days")):
            return
        self.published = True
        mark = hashlib.sha256(body).hexdigest()[:32]
        if etag != f'"{mark}"':
            self.faults[f"{path}: torn, not the body that the ETag names"] += 1
        if path == "/v1/days":
            self._version(int(said["version"]))
        else:
            self._ranking(path, said, mark, at)

    def _version(self, version: int) -> None:
        if self.versions and version < self.versions[-1]:
            self.faults["the version went backward"] += 1
        if not self.versions or version != self.versions[-1]:
            self.versions.append(version)

    def _ranking(self, path: str, said: dict[str, object], mark: str, at: float) -> None:
        day, snapshot, results = date.fromisoformat(str(said["date"])), str(said["snapshot"]), said["results"]
        if self.days and day < max(self.days):
            self.faults["the day went backward"] += 1
        self.days.setdefault(day, at)
        if self.bodies.setdefault((path, snapshot), mark) != mark:
            self.faults["a snapshot said two things"] += 1
        assert isinstance(results, list)
        if [row["rank"] for row in results] != list(range(1, len(results) + 1)):
            self.faults["ranks are not 1, 2, 3, …"] += 1


class Watcher:
    """Asks in a thread for the length of a `with` block."""

    def __init__(self, url: str) -> None:
        self.seen, self._url = Seen(), url
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        turn, asked = 0, set[str]()
        with httpx.Client(base_url=self._url, timeout=30, headers={"accept-encoding": "identity"}) as client:
            while not self._end.wait(PAUSE):
                path = PATHS[turn % len(PATHS)]
                turn += 1
                if not self.seen.published and path in asked:
                    path = "/readyz"  # one 503 each is enough to see; more would be an alert of their own
                asked.add(path)
                begun = time.monotonic()
                try:
                    answer = client.get(path)
                except httpx.HTTPError as error:
                    self.seen.faults[f"{path}: no answer ({type(error).__name__})"] += 1
                    continue
                done = time.monotonic()
                self.seen.longest = max(self.seen.longest, done - begun)
                self.seen.check(path, answer.status_code, answer.headers.get("etag"), answer.content, done)
