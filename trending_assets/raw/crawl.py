"""`python -m trending_assets.raw.crawl OUTPUT`: crawl the job on stdin, results as JSON lines in OUTPUT.

Scrapy's reactor starts once a process, so a crawl has a process of its own. Lines on stdout that start with `progress: `
are for people. Exit code 0: every line is there. 1: the output says what failed. Anything else: the crawl broke.
"""

import json
import sys
from typing import Any, TextIO

from scrapy.crawler import AsyncCrawlerProcess

from trending_assets.raw.job import CrawlJob
from trending_assets.raw.spider import RETRIES, DocumentSpider

CONCURRENCY = 32


def scrapy_settings(job: CrawlJob) -> dict[str, Any]:
    """Scrapy's settings for a job: polite to each host, and with a limit on everything."""
    return {
        "USER_AGENT": job.user_agent,
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": CONCURRENCY,
        # a forward proxy is the sandbox on this machine: no host there needs sparing
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY if job.proxied else 1,
        "DOWNLOAD_DELAY": 0 if job.proxied else job.delay,
        "DOWNLOAD_TIMEOUT": 30,
        "DOWNLOAD_MAXSIZE": job.max_body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": RETRIES,
        "REDIRECT_MAX_TIMES": 5,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REFERER_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "RETRY_GIVE_UP_LOG_LEVEL": "WARNING",
    }


def _say(text: str) -> None:
    print(f"progress: {text}", flush=True)


def main(output: str, stdin: TextIO) -> int:
    """Run the job and return the exit code."""
    job = CrawlJob.model_validate_json(stdin.read())
    failures: list[str] = []
    done: list[str] = []
    with open(output, "w", encoding="utf-8") as file:

        def write(line: dict[str, Any]) -> None:
            (failures if line["type"] == "failure" else done).append(line["type"])
            file.write(json.dumps(line, ensure_ascii=True) + "\n")

        process = AsyncCrawlerProcess(scrapy_settings(job))
        process.crawl(DocumentSpider, job=job, write=write, say=_say)
        process.start()
    return 1 if failures or "day" not in done else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdin))
