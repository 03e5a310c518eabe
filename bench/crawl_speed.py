"""Pages a second of our crawl beside bare Scrapy with an empty parser, on the same pages: `python -m bench.crawl_speed`.

The two take turns against one sandbox process on this machine; each time is of a whole process, its start included.
"""

import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from sandbox.forms import review_form
from sandbox.generator import generate
from sandbox.generator_documents import REVIEW_SITES
from sandbox.process import running
from trending_assets.lake import open_lake
from trending_assets.raw.documents import collect
from trending_assets.raw.sources import load_sources
from trending_assets.settings import get_settings

DAY = date(2026, 11, 20)
ROUNDS = 3
BARE = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = open(sys.argv[1]).read().split()

    def parse(self, response):
        pass

settings = {"CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32, "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}
process = CrawlerProcess(settings)
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("response_received_count"))
"""


def write_world(folder: Path) -> list[str]:
    """A generated world whose documents are all review pages of one day; gives the addresses of its pages and feeds."""
    generate(3, 45, DAY, folder)
    sites = sorted(name for name in REVIEW_SITES if review_form(name) != "plain")  # those are of another source
    start = datetime.combine(DAY, datetime.min.time(), tzinfo=UTC)
    documents = pl.read_parquet(folder / "documents.parquet").with_row_index("n")
    site = pl.Series([sites[n % len(sites)] for n in range(documents.height)])
    documents = documents.with_columns(
        site=site,
        kind=pl.lit("review"),
        url=pl.format("http://{}/r/{}", site, "n"),
        published_at=pl.lit(start) + pl.duration(seconds=pl.col("n") * 86_000 // documents.height),
    ).drop("n")
    documents.with_columns(pl.col("published_at").cast(pl.Datetime("us", "UTC"))).write_parquet(
        folder / "documents.parquet"
    )
    pages = documents.group_by("site").len().sort("site")
    feeds = [
        f"http://{name}/feed.xml" + (f"?page={n}" if n > 1 else "")
        for name, rows in pages.iter_rows()
        for n in range(1, -(-rows // 100) + 1)
    ]
    return [*feeds, *documents["url"].to_list()]


def _bare(urls: Path, proxy: str) -> tuple[int, float]:
    env = {"http_proxy": proxy, "PATH": "/usr/bin:/bin"}
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", BARE, str(urls)], env=env, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]), time.monotonic() - begin


def _ours(folder: Path, proxy: str) -> tuple[int, float]:
    entry = next(e for e in load_sources().documents if e.name == "reviews")
    settings = get_settings().model_copy(update={"http_proxy": proxy, "world": "sandbox", "crawl_delay": 0.0})
    begin = time.monotonic()
    crawled = collect(entry, [DAY], open_lake(str(folder)), settings, DAY + timedelta(days=1), lambda line: None)
    counts = crawled.counts[DAY]
    assert counts["seen"] == counts["kept"] + counts["quarantined"] and counts["kept"] == counts["seen"]
    return counts["requests"], time.monotonic() - begin


def main() -> None:
    """Print pages a second of both, round by round, and the ratio of the best rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        urls = write_world(folder / "world")
        (folder / "urls.txt").write_text("\n".join(urls))
        print(f"Crawling {len(urls):,} pages of a sandbox (feeds, and review pages with JSON-LD), in turns:")
        best = {"bare Scrapy": 0.0, "ours": 0.0}
        with running(folder / "world") as sandbox:
            for _ in range(ROUNDS):
                for label, run in (("bare Scrapy", _bare), ("ours", _ours)):
                    pages, seconds = run(folder / ("urls.txt" if run is _bare else "lake"), sandbox.proxy)
                    best[label] = max(best[label], pages / seconds)
                    print(f"  {label:<12} {pages:,} pages in {seconds:5.1f} s: {pages / seconds:,.0f} pages/s")
        print(f"Ours reads {best['ours'] / best['bare Scrapy']:.2f} of bare Scrapy's pages a second (goal: 0.70).")


if __name__ == "__main__":
    main()
