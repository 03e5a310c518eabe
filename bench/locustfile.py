"""What people do with the API, for Locust: `locust -f bench/locustfile.py --host URL`; bench.locust_run brings a server, too.

Every user asks once a second, so the number of users is the number of requests a second.
"""

import random
from typing import Any

from locust import FastHttpUser, constant_throughput, task

WORDS = ("rain", "moon", "star", "wolf", "sea", "road", "winter", "gold")


class Visitor(FastHttpUser):
    """What all share."""

    abstract = True
    wait_time = constant_throughput(1)
    default_headers = {"Accept-Encoding": "gzip, br"}  # noqa: RUF012

    def read(self, path: str, name: str, **more: Any) -> Any:
        """GET JSON; an answer that is none, or carries no snapshot, is a failure."""
        headers = {"Accept-Encoding": "gzip"}  # Locust unpacks no brotli
        with self.client.get(path, name=name, headers=headers, catch_response=True, **more) as reply:
            if reply.status_code != 200:
                return None
            try:
                body = reply.json()
            except ValueError:
                body = None
            if not isinstance(body, dict) or "snapshot" not in body:
                reply.failure("no JSON of a snapshot")
                return None
            return body


class Browser(Visitor):
    """Reads a ranking, then titles of it, their histories and their evidence; sometimes an older day or a filter."""

    weight = 10

    def on_start(self) -> None:
        self.titles: list[str] = []
        self.days: list[str] = []

    @task(3)
    def ranking(self) -> None:
        body = self.read(f"/v1/trends?list={random.choice(('popular', 'rising'))}", "/v1/trends")
        self.titles = [row["title_id"] for row in body["results"]] if body else self.titles

    @task(4)
    def title(self) -> None:
        if self.titles:
            part = random.choice(("", "", "/history", "/evidence"))
            self.read(f"/v1/titles/{random.choice(self.titles)}{part}", f"/v1/titles/…{part}")
        else:
            self.ranking()

    @task(1)
    def filtered(self) -> None:
        limit, least = random.randint(1, 100), random.randint(0, 3)
        self.read(f"/v1/trends?min_score={least}&limit={limit}&media_type=movie", "/v1/trends?filters")

    @task(1)
    def older(self) -> None:
        if not self.days:
            body = self.read("/v1/days", "/v1/days")
            self.days = body["days"] if body else []
        else:
            self.read(f"/v1/trends?date={random.choice(self.days)}", "/v1/trends?date")


class Searcher(Visitor):
    """Types a word letter by letter, as the page's search box asks."""

    weight = 3

    @task
    def search(self) -> None:
        word = random.choice(WORDS)
        self.read(f"/v1/search?q={word[: random.randint(2, len(word))]}", "/v1/search")


class Poller(Visitor):
    """Asks for the ranking again and again and says what it has."""

    weight = 6
    etag = ""

    @task
    def poll(self) -> None:
        headers = {"Accept-Encoding": "gzip", **({"If-None-Match": self.etag} if self.etag else {})}
        with self.client.get("/v1/trends", name="/v1/trends (poll)", headers=headers, catch_response=True) as reply:
            if reply.status_code == 304 and self.etag:
                reply.success()
            elif reply.status_code == 200:
                self.etag = reply.headers.get("ETag") or ""
                if not self.etag:
                    reply.failure("no ETag")


class Exporter(Visitor):
    """Takes whole tables."""

    weight = 1

    @task
    def export(self) -> None:
        file = random.choice(("trends.csv", "trends.parquet", "titles.csv", "evidence.parquet"))
        with self.client.get(f"/v1/exports/{file}", name="/v1/exports/…", catch_response=True) as reply:
            if reply.status_code == 200 and file.endswith(".parquet") and reply.content[:4] != b"PAR1":
                reply.failure("no Parquet")
