"""Start a crawl in a process of its own and read what it found."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.raw.crawl.job import CrawlJob

_PROGRESS = "progress: "
# glibc gives large bodies and trees back at once instead of keeping them: about a seventh less memory at the peak
_ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "262144"}

Line = dict[str, Any]


@dataclass
class Crawled:
    """Result lines of a crawl, each with its `date` as text; `counts[day]` has what the day's metadata shows.

    `peak_bytes` is the most memory that the process held; 0 where the system does not tell.

    `delay` is the host whose delay was kept worst: host, asked and smallest gap in seconds; empty where no host was asked twice.
    """

    documents: list[Line] = field(default_factory=list)
    chart_rows: list[Line] = field(default_factory=list)
    same_charts: list[Line] = field(default_factory=list)
    quarantine: list[Line] = field(default_factory=list)
    listings: list[Line] = field(default_factory=list)
    counts: dict[date, Line] = field(default_factory=dict)
    delay: Line = field(default_factory=dict)
    peak_bytes: int = 0


def run_crawl(job: CrawlJob, say: Callable[[str], None]) -> Crawled:
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
            env=os.environ | _ALLOCATOR,
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
        lines = output.read_bytes().splitlines() if output.exists() else []
    return _read(job, lines, code, last)


def _read(job: CrawlJob, lines: list[bytes], code: int, last: str) -> Crawled:
    found = Crawled()
    places = {
        "document": found.documents,
        "chart_row": found.chart_rows,
        "same_chart": found.same_charts,
        "quarantine": found.quarantine,
        "listing": found.listings,
    }
    for text in lines:
        try:
            line = orjson.loads(text)
        except ValueError:
            break  # the process was ended in the middle of a line; its exit code says so below
        kind = line.pop("type")
        if kind == "failure":
            raise (PermanentFailure if line["permanent"] else TransientFailure)(line["message"])
        if kind == "day":
            found.counts[date.fromisoformat(line.pop("date"))] = line
        elif kind == "delay":
            found.delay = line
        elif kind == "peak":
            found.peak_bytes = line["bytes"]
        else:
            places[kind].append(line)
    if code != 0 or set(found.counts) != set(job.days):
        sentence = f"The crawl of raw/{job.source} ended with exit code {code}. Its last log line: {last or 'none'}"
        raise (TransientFailure if code < 0 else PermanentFailure)(sentence)  # below 0: ended by a signal
    return found
