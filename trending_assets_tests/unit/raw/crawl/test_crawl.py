"""The real spider in its own process against a small web behind a proxy: manners, faults and conditional requests."""

from itertools import pairwise
from statistics import median_low
from typing import Any

import pytest

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.raw.crawl.job import Validators
from trending_assets.raw.crawl.runner import Crawled, run_crawl
from trending_assets_tests.unit.raw.crawl.web import DAY, Route, job, review, rss, web

pytestmark = pytest.mark.slow
FEED = "http://a.example/feed"
PAGE = "http://a.example/film"


def crawl(proxy: str, *lists: str, **more: Any) -> Crawled:
    return run_crawl(job(proxy, *(lists or (FEED,)), **more), lambda line: None)


def reasons(crawled: Crawled) -> dict[str, str]:
    return {row["url"]: row["reason"] for row in crawled.quarantine}


def balanced(crawled: Crawled) -> bool:
    counts = crawled.counts[DAY]
    gone = counts["already_seen"] + counts["outside"]
    return bool(counts["seen"] == len(crawled.documents) + len(crawled.quarantine) + gone)


@pytest.mark.parametrize(
    ("robots", "read", "reason"),
    [
        ((200, {}, b"User-agent: *\nDisallow: /film\n"), False, "robots"),
        ((200, {}, b"User-agent: trendingnow\nAllow: /\nUser-agent: *\nDisallow: /\n"), True, None),
        ((200, {}, b"\xef\xbb\xbfUSER-AGENT: *\r\nDisallow:\r\n"), True, None),
        ((404, {}, b"Disallow: /"), True, None),
        ((403, {}, b""), True, None),
        ((503, {}, b""), False, "unreachable"),
        ((429, {}, b""), False, "unreachable"),
        ((200, {}, b"#" * 500 * 1024 + b"\nUser-agent: *\nDisallow: /film\n"), True, None),
        ((301, {"Location": "http://c.example/robots"}, b""), False, "robots"),
        (lambda headers, before: (302, {"Location": f"/robots.txt?{before}"}, b""), True, None),
    ],
    ids=[
        "rules",
        "own group",
        "BOM",
        "404",
        "403",
        "503",
        "429",
        "beyond 500 KiB",
        "redirected",
        "redirects without end",
    ],
)
def test_robots_txt_as_rfc_9309_says(robots: Route, read: bool, reason: str | None) -> None:
    routes = {
        "http://b.example/robots.txt": robots,
        "http://c.example/robots": (200, {}, b"User-agent: *\nDisallow: /film\n"),
        FEED: (200, {}, rss(("http://b.example/film", "A film"))),
        "http://b.example/film": (200, {"Content-Type": "text/html"}, review("A Film")),
    }
    with web(routes) as made:
        crawled = crawl(made.proxy, kind="review_pages", max_body_bytes=2_000_000)
    assert [row["url"] for row in crawled.documents] == (["http://b.example/film"] if read else [])
    assert reasons(crawled).get("http://b.example/film") == reason
    assert made.times("http://b.example/film") == int(read)
    assert balanced(crawled)
    assert all(one.headers["user-agent"] == "TrendingNow/0.1" for one in made.asked)


def test_each_host_is_asked_no_faster_than_it_wants() -> None:
    pages: dict[str, Route] = {
        f"http://{h}.example/{n}": (200, {}, review(f"Film {n}")) for h in "bcd" for n in range(4)
    }
    routes: dict[str, Route] = {
        FEED: (200, {}, rss(*((url, "A film") for url in pages))),
        "http://c.example/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 0.6\n"),
        **pages,
    }
    with web(routes) as made:
        crawled = crawl(made.proxy, kind="review_pages", delays={"b.example": 0.3})
    assert len(crawled.documents) == 12

    def gap(host: str) -> float:
        """Seconds between requests, robots.txt among them; the median, for one heard late shortens the gap behind it."""
        times = [one.at for one in made.asked if f"//{host}.example" in one.url]
        return median_low(later - earlier for earlier, later in pairwise(times))

    assert gap("b") >= 0.28 and gap("c") >= 0.58  # a timer may be a little early
    assert gap("d") < 0.25  # this one asks for no delay
    assert crawled.delay["smallest"] >= 0.95 * crawled.delay["asked"]


def test_what_may_pass_is_asked_again_and_what_may_not_is_not() -> None:
    def passes(status: int, more: dict[str, str] | None = None) -> Route:
        return lambda headers, before: (status, more or {}, b"") if before == 0 else (200, {}, review("A Film"))

    routes: dict[str, Route] = {
        "http://a.example/503": passes(503),
        "http://a.example/429": passes(429, {"Retry-After": "1"}),
        "http://a.example/408": passes(408),
        "http://a.example/404": (404, {}, b"gone"),
        "http://a.example/later": (429, {"Retry-After": "86400"}, b""),
        "http://a.example/never": (500, {}, b""),
    }
    routes[FEED] = (200, {}, rss(*((url, "A film") for url in routes)))
    with web(routes) as made:
        crawled = crawl(made.proxy, kind="review_pages")
    assert {row["url"].rpartition("/")[2] for row in crawled.documents} == {"503", "429", "408"}
    assert reasons(crawled) == {
        "http://a.example/404": "http_error",
        "http://a.example/later": "http_transient",
        "http://a.example/never": "http_transient",
    }
    assert [row["transient"] for row in crawled.quarantine if row["url"].endswith("404")] == [False]
    assert made.times("http://a.example/404") == 1
    assert made.times("http://a.example/later") == 1  # nobody waits a day
    assert made.times("http://a.example/never") == 5
    waited = [one.at for one in made.asked if one.url.endswith("/429")]
    assert waited[1] - waited[0] >= 1.0
    assert crawled.counts[DAY]["retries"] == 7 and balanced(crawled)


def test_one_bad_page_of_each_kind_costs_one_row() -> None:
    routes: dict[str, Route] = {
        "http://a.example/good": (200, {}, review("A Film")),
        "http://a.example/empty": (200, {}, b""),
        "http://a.example/none": (200, {}, b"<html><body><p>No review here.</p></body></html>"),
        "http://a.example/large": (200, {}, b"x" * 200_000),
        "http://a.example/short": (200, {"Content-Length": "5000"}, b"<html>"),
        "http://a.example/loop": (302, {"Location": "/loop"}, b""),
        "http://a.example/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "http://a.example/inside": (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""),
        "http://10.0.0.1/page": (200, {}, review("Inside")),
    }
    routes[FEED] = (200, {}, rss(*((url, "A film") for url in routes)))
    with web(routes) as made:
        crawled = crawl(made.proxy, kind="review_pages")
    assert [row["url"] for row in crawled.documents] == ["http://a.example/good"]
    found = {url.rpartition("/")[2]: reason for url, reason in reasons(crawled).items()}
    assert found.pop("empty") in ("no_review", "broken_markup", "no_text")
    assert found == {
        "none": "no_review",
        "large": "too_large",
        "short": "cut_off",
        "loop": "redirects",
        "file": "redirects",
        "inside": "forbidden_address",
        "page": "forbidden_address",
    }
    assert not [one for one in made.asked if "169.254" in one.url or "10.0.0.1" in one.url]
    assert balanced(crawled)


def test_a_listing_is_asked_for_with_what_the_day_before_gave() -> None:
    def answer(headers: dict[str, str], before: int) -> tuple[int, dict[str, str], bytes]:
        same = (
            headers.get("if-none-match") == '"v1"'
            and headers.get("if-modified-since") == "Thu, 19 Nov 2026 00:00:00 GMT"
        )
        more = {"ETag": '"v1"', "Last-Modified": "Thu, 19 Nov 2026 00:00:00 GMT"}
        return (304, {"ETag": '"v1"'}, b"") if same else (200, more, rss((PAGE, "A film")))

    with web({FEED: answer}) as made:
        first = crawl(made.proxy)
        assert "if-none-match" not in made.asked[-1].headers
        (noted,) = first.listings
        known = {DAY: {FEED: Validators(etag=noted["etag"], last_modified=noted["last_modified"])}}
        again = crawl(made.proxy, validators=known)
    assert [row["url"] for row in first.documents] == [PAGE]
    assert again.documents == [] and again.counts[DAY]["not_modified"] == 1
    assert again.counts[DAY]["seen"] == 0 and again.listings == first.listings


def test_a_feed_that_shows_the_future_is_read_whole_the_next_day() -> None:
    ahead = rss((PAGE, "Tomorrow")).replace(b"20 Nov", b"21 Nov")
    with web({FEED: (200, {"ETag": '"v1"'}, ahead)}) as made:
        crawled = crawl(made.proxy)
    assert crawled.counts[DAY]["outside"] == 1
    assert crawled.listings == []  # a 304 would hide tomorrow's document from tomorrow


def test_listings_of_every_form_lead_to_pages() -> None:
    from trending_assets.raw.sources import Address

    sitemap = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>http://a.example/new</loc><lastmod>2026-11-20</lastmod></url>"
        "<url><loc>http://a.example/old</loc><lastmod>2024-01-01</lastmod></url></urlset>"
    )
    routes: dict[str, Route] = {
        "http://a.example/sitemap.xml": (200, {}, sitemap.encode()),
        "http://a.example/index": (200, {}, b'<a class="r" href="/linked">x</a><a href="/other">y</a>'),
        **{f"http://a.example/{name}": (200, {}, review(name.title())) for name in ("new", "old", "linked", "other")},
    }
    lists = [Address(sitemap="http://a.example/sitemap.xml"), Address(index="http://a.example/index", links="a.r")]
    with web(routes) as made:
        crawled = crawl(made.proxy, kind="review_pages", addresses=lists)
    assert sorted(row["work_title"] for row in crawled.documents) == ["Linked", "New"]
    assert (crawled.counts[DAY]["outside"], made.times("http://a.example/old")) == (1, 0)
    assert balanced(crawled)


def test_paging_ends_where_nothing_new_comes() -> None:
    def page(headers: dict[str, str], before: int) -> tuple[int, dict[str, str], bytes]:
        link = b'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="http://a.example/feed?p=%d"/>' % (
            before + 2
        )
        return 200, {}, rss((PAGE, "A film")).replace(b"<title>x</title>", b"<title>x</title>" + link)

    routes: dict[str, Route] = {FEED: page, **{f"{FEED}?p={n}": page for n in range(2, 20)}}
    with web(routes) as made:
        crawled = crawl(made.proxy)
    assert len(crawled.documents) == 1 and len(made.asked) == 3  # robots.txt, the feed, and one page that repeats it


def test_a_dead_feed_beside_a_living_one_is_named_and_a_source_of_dead_ones_fails() -> None:
    dead = "http://dead.example/feed"
    with web({FEED: (200, {}, rss((PAGE, "A film"))), dead: (410, {}, b"")}) as made:
        crawled = crawl(made.proxy, FEED, dead)
        assert len(crawled.documents) == 1 and reasons(crawled) == {dead: "http_error"}
        assert crawled.counts[DAY]["unread_listings"] == 1
        with pytest.raises(
            PermanentFailure, match=r"raw/test: nothing could be read for 2026-11-20\. http://dead\.example/feed"
        ):
            crawl(made.proxy, dead)
        made.routes[dead] = (503, {}, b"")
        with pytest.raises(TransientFailure, match="nothing could be read"):
            crawl(made.proxy, dead)


def test_the_proxy_is_the_only_way_out_and_a_dead_one_fails_the_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with web({FEED: (200, {}, rss((PAGE, "A film")))}) as made:
        assert len(crawl(made.proxy).documents) == 1
        proxy = made.proxy
    with pytest.raises(TransientFailure, match=r"raw/test: a\.example cannot be reached: the proxy refuses"):
        crawl(proxy)


def test_a_private_host_is_read_once_the_operator_allows_it() -> None:
    with web({"/feed": (200, {}, rss((PAGE, "A film")))}) as made:
        url = f"{made.proxy}/feed"  # asked for directly: no proxy
        with pytest.raises(PermanentFailure, match=r"127\.0\.0\.1 is not a public address.*TRENDING_ALLOW_HOSTS"):
            crawl("", url)
        assert made.asked == []
        place = made.proxy.removeprefix("http://")
        assert len(crawl("", url, allow=[place]).documents) == 1
