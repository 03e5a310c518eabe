"""`python -m trending_assets.raw.crawl OUTPUT`: crawl the job on stdin, results as JSON lines in OUTPUT.

Scrapy's reactor starts once a process, so a crawl has a process of its own. Lines on stdout that start with `progress: `
are for people. Exit code 0: every line is there. 1: the output says what failed. Anything else: the crawl broke.
"""

import sys
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import orjson
from pydantic import TypeAdapter
from scrapy.crawler import CrawlerProcess

from trending_assets.raw.crawl.addresses import guard_of
from trending_assets.raw.crawl.charts import ChartSpider
from trending_assets.raw.crawl.documents import DocumentSpider
from trending_assets.raw.crawl.job import ChartJob, DocumentJob, Job, Manners
from trending_assets.raw.crawl.reactor import GuardedReactor

CONCURRENCY = 32
"""Requests under way at once, over all hosts; and to one host that asks for no delay."""
_PACKAGE = "trending_assets.raw.crawl"


def scrapy_settings(manners: Manners) -> dict[str, Any]:
    """Scrapy's settings for a crawl: polite to each host, and with a limit on everything."""
    slots = {host: {"delay": d, "concurrency": 1 if d else CONCURRENCY} for host, d in manners.delays.items()}
    return {
        "TWISTED_REACTOR": f"{_PACKAGE}.reactor.GuardedReactor",
        "DOWNLOAD_HANDLERS": {
            "http": f"{_PACKAGE}.handler.PoliteHandler",
            "https": f"{_PACKAGE}.handler.PoliteHandler",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            f"{_PACKAGE}.robots.Robots": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            f"{_PACKAGE}.retries.PoliteRetry": 550,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
        },
        "SPIDER_MIDDLEWARES_BASE": {
            "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
            "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
        },
        "EXTENSIONS_BASE": {},
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml,application/json;q=0.9,*/*;q=0.8",
            "Accept-Language": "en",
            "Accept-Encoding": "gzip, deflate",
        },
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",  # the default one knows IPv4 alone
        "USER_AGENT": manners.user_agent,
        "TRENDING_PROXY": manners.proxy,
        "TRENDING_ALLOW": manners.allow,
        "CONCURRENT_ITEMS": 1,  # Scrapy makes so many tasks for every answer; there are no item pipelines to wait for
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if manners.delay else CONCURRENCY,
        "DOWNLOAD_DELAY": manners.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "DOWNLOAD_SLOTS": slots,
        "DOWNLOAD_TIMEOUT": manners.timeout,
        "DOWNLOAD_MAXSIZE": manners.max_body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": 5,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }


def allowed(manners: Manners) -> list[str]:
    """What the operator allows, with the proxy: naming it as the way out allows it."""
    if manners.proxy is None:
        return manners.allow
    parts = urlsplit(manners.proxy)
    return [*manners.allow, f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"]


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _encodable(part) for key, part in value.items()}
    return [_encodable(part) for part in value] if isinstance(value, list) else value


def _peak_memory() -> int:
    """Bytes of this program alone; getrusage counts what its parent held when it was forked."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _say(text: str) -> None:
    print(f"progress: {text}", flush=True)


def main(output: str, stdin: TextIO) -> int:
    """Run the job and return the exit code."""
    job: Job = TypeAdapter[Job](Job).validate_json(stdin.read())
    GuardedReactor.guard = guard_of(allowed(job.manners))
    spider = {DocumentJob: DocumentSpider, ChartJob: ChartSpider}[type(job)]
    failures: list[str] = []
    done: list[str] = []
    with open(output, "wb") as file:

        def write(line: dict[str, Any]) -> None:
            if line["type"] in ("failure", "day"):
                (failures if line["type"] == "failure" else done).append(line["type"])
            try:
                file.write(orjson.dumps(line) + b"\n")
            except TypeError:  # a lone surrogate, which no UTF-8 can hold
                file.write(orjson.dumps(_encodable(line)) + b"\n")

        process = CrawlerProcess(scrapy_settings(job.manners))
        process.crawl(spider, job=job, write=write, say=_say)
        process.start()
        write({"type": "peak", "bytes": _peak_memory()})
    return 1 if failures or not done else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdin))
