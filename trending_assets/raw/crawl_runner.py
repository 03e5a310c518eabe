"""Start a crawl in a process of its own and read what it found."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.raw.job import CrawlJob

_PROGRESS = "progress: "


@dataclass
class Crawled:
    """Result lines of a crawl; `counts[day]` has seen, kept, quarantined, already_seen and outside."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[date, dict[str, int]] = field(default_factory=dict)


def _environment(proxy: str | None) -> dict[str, str]:
    env = dict(os.environ)
    if proxy:
        # by environment, so that Scrapy's own robots.txt requests take the proxy, too
        env = {k: v for k, v in env.items() if k.lower() not in ("no_proxy", "http_proxy", "https_proxy")}
        env |= {"http_proxy": proxy, "https_proxy": proxy}
    return env


def run_crawl(job: CrawlJob, proxy: str | None, say: Callable[[str], None]) -> Crawled:
    """Run the crawl and return what it found; `say` gets its progress lines.

    Raises TransientFailure or PermanentFailure with the crawl's own sentence, or with its exit code and last log line.
    """
    with tempfile.TemporaryDirectory(prefix="trending-crawl-") as folder:
        output = Path(folder) / "lines.jsonl"
        process = subprocess.Popen(
            [sys.executable, "-m", "trending_assets.raw.crawl", str(output)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(proxy),
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdin is not None and process.stdout is not None
        last = ""
        try:
            try:
                process.stdin.write(job.model_dump_json())
                process.stdin.close()
            except BrokenPipeError:
                pass  # it died at once: its exit code and log line tell why
            for line in process.stdout:
                text = line.rstrip()
                if text.startswith(_PROGRESS):
                    say(text.removeprefix(_PROGRESS))
                elif text:
                    last = text
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
    return _read(job, lines, code, last)


def _read(job: CrawlJob, lines: list[str], code: int, last: str) -> Crawled:
    found = Crawled()
    for text in lines:
        try:
            line = json.loads(text)
        except ValueError:
            break  # the process was ended in the middle of a line; its exit code says so below
        match line.pop("type"):
            case "failure":
                raise (PermanentFailure if line["permanent"] else TransientFailure)(line["message"])
            case "document":
                found.documents.append(line)
            case "quarantine":
                found.quarantine.append(line)
            case "day":
                found.counts[date.fromisoformat(line.pop("date"))] = line
    if code != 0 or set(found.counts) != set(job.days):
        sentence = f"The crawl of raw/{job.source} ended with exit code {code}. Its last log line: {last or 'none'}"
        raise (TransientFailure if code < 0 else PermanentFailure)(sentence)  # below 0: ended by a signal
    return found
