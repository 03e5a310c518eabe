"""10,000 bad inputs through the real crawl: `python -m bench.bad_inputs [--inputs N] [--seed S]`.

Prints, kind by kind, what became of them; that in = out + quarantined; that no sound input was lost; and the crawl's peak memory.
"""

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sandbox.hostile import BODIES, KINDS, address, kind_of
from trending_assets.raw.crawl.job import Chart, ChartJob, DocumentJob, Manners
from trending_assets.raw.crawl.runner import Crawled, run_crawl
from trending_assets.raw.sources import Address, ChartAddress

DAY = date(2026, 11, 20)
SHARES = {"review_pages": 0.60, "html_pages": 0.20, "feed": 0.12, "json": 0.05, "chart": 0.03}
FORMS = {"review_pages": "page", "html_pages": "page", "feed": "feed", "json": "api", "chart": "chart"}
A_LIST = 25
MEMORY_GOAL = 512 * 1024 * 1024


@contextmanager
def hostile_web(seed: int) -> Iterator[str]:
    """The hostile web in a process of its own, so that its memory and time are not the crawl's."""
    command = [sys.executable, "-m", "sandbox.hostile", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.kill()


def manners(proxy: str) -> Manners:
    """As fast as it goes, and with a short patience: a time-out is a time-out after 2 s, too."""
    return Manners(
        user_agent="TrendingNow/0.1",
        delay=0,
        delays={},
        timeout=2,
        parse_seconds=1,
        max_body_bytes=5_000_000,
        proxy=proxy,
        allow=[],
    )


def crawl(kind: str, first: int, last: int, seed: int, proxy: str) -> Crawled:
    """The inputs `first` to `last` as one kind of source."""
    form = FORMS[kind]
    common = {"source": f"bad_{kind}", "days": [DAY], "today": DAY + timedelta(days=1), "manners": manners(proxy)}
    numbers = range(first, last)
    if kind == "chart":
        charts = [
            Chart(
                name=f"chart_{n}",
                parser="box_office_table",
                back_days=0,
                address=ChartAddress(url=address(form, kind_of(n, seed), n)),
            )
            for n in numbers
        ]
        return run_crawl(ChartJob(charts=charts, **common), lambda line: None)
    if kind in ("review_pages", "html_pages"):
        lists = [
            Address(feed=f"http://h{n}.example/list/{n}/{min(n + A_LIST, last)}/{form}")
            for n in range(first, last, A_LIST)
        ]
    elif kind == "feed":
        lists = [Address(feed=address(form, kind_of(n, seed), n)) for n in numbers]
    else:
        lists = [Address(api=address(form, kind_of(n, seed), n)) for n in numbers]
    job = DocumentJob(
        kind=kind,
        document_kind="review",
        parser="lemmy_posts" if kind == "json" else None,
        selectors=None,
        addresses=lists,
        partitions={},
        late_days=3,
        **common,
    )
    return run_crawl(job, lambda line: None)


def _kind(url: str) -> str:
    parts = url.split("/")
    return parts[4] if len(parts) > 4 and parts[4] in KINDS else "(items of feeds)"


def main(argv: list[str] | None = None) -> int:
    """Run it. Exit 1 where a row was lost, a sound input was not kept, or memory passed the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    outcomes: dict[str, Counter[str]] = {}
    seen = kept = aside = outside = sound_in = sound_kept = peak = 0
    first, lost = 0, False
    with hostile_web(args.seed) as proxy:
        for kind, share in SHARES.items():
            last = first + round(args.inputs * share)
            crawled = crawl(kind, first, last, args.seed, proxy)
            counts = crawled.counts[DAY]
            lines = len(crawled.documents) + len(crawled.chart_rows)
            gone = counts.get("already_seen", 0) + counts.get("outside", 0)
            balanced = counts["seen"] == lines + len(crawled.quarantine) + gone
            lost |= not balanced
            wanted = {address(FORMS[kind], "sound", n) for n in range(first, last) if kind_of(n, args.seed) == "sound"}
            aside_urls = {row["url"] for row in crawled.quarantine}
            sound_in += len(wanted)
            sound_kept += len(wanted - aside_urls)
            for row in crawled.quarantine:
                outcomes.setdefault(_kind(row["url"]), Counter())[row["reason"]] += 1
            for row in crawled.documents:
                outcomes.setdefault(_kind(row["url"]), Counter())["kept"] += 1
            seen, kept, aside, outside = (
                seen + counts["seen"],
                kept + lines,
                aside + len(crawled.quarantine),
                outside + gone,
            )
            peak = max(peak, crawled.peak_bytes)
            print(
                f"{kind:<13} inputs {last - first:>6,}: {counts['seen']:>6,} in = {lines:>6,} out + "
                f"{len(crawled.quarantine):>6,} quarantined + {gone} outside: {'yes' if balanced else 'NO'}; "
                f"{counts['retries']:,} retries; peak {crawled.peak_bytes / 2**20:,.0f} MiB",
                flush=True,
            )
            first = last
    print("\nWhat became of them, kind by kind:")
    for name in [*KINDS, "(items of feeds)"]:
        if name in outcomes:
            found = ", ".join(f"{reason} {n}" for reason, n in outcomes[name].most_common())
            print(f"  {name:<22} {'body' if name in BODIES else 'http'}   {found}")
    print(
        f"\n{args.inputs:,} inputs: no crash; {seen:,} in = {kept:,} out + {aside:,} quarantined + {outside} outside; "
        f"sound inputs kept {sound_kept} of {sound_in}; peak memory of a crawl {peak / 2**20:,.0f} MiB (goal: under 512)."
    )
    return 1 if lost or sound_kept < sound_in or peak >= MEMORY_GOAL else 0


if __name__ == "__main__":
    raise SystemExit(main())
