"""What the page costs: bytes, caching, a still layout, and a policy that lets nothing else in."""

import base64
import hashlib
import json
import re

import httpx
import pytest

from api.page.static import address, files, tree
from trending_assets_tests.e2e.made_answers import NEWEST
from trending_assets_tests.e2e.visiting import Visit

pytestmark = pytest.mark.browser
BUDGET = 80_000


def transferred(visit: Visit) -> dict[str, int]:
    """Encoded bytes of every body that the page loaded, by address."""
    read = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]\
        .map(e => [new URL(e.name).pathname, e.encodedBodySize])"
    return dict(visit.page.evaluate(read))


def test_the_ranking_page_keeps_its_budget(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    sizes = transferred(visit)
    scripts = {path for path in sizes if path.endswith((".js", ".mjs"))}
    assert {path.rpartition("/")[2] for path in scripts} >= {"page.js", "bubbles.js", "d3-force.mjs"}
    print(f"the ranking page with D3: {sum(sizes.values())} bytes in {len(sizes)} files")
    assert sum(sizes.values()) <= BUDGET


def imported(name: str) -> set[str]:
    """Every file that a script imports, near and far, and itself."""
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        named = re.findall(r"""(?:from|import)\s*\(?["'](d3-[a-z]+|\./[a-z]+\.js)["']""", files()[one].body.decode())
        waiting += [f"vendor/{n}.mjs" if n.startswith("d3-") else f"static/{n[2:]}" for n in named]
    return found


@pytest.mark.parametrize(("path", "entry"), [("/", "page"), ("/titles/movie-1000", "title"), ("/operator", "operator")])
def test_every_module_is_asked_for_at_once_and_none_in_vain(site: str, path: str, entry: str) -> None:
    text = httpx.get(site + path).text
    preloaded = set(re.findall(r'modulepreload" href="([^"]+)"', text))
    needed = {address(name) for name in imported(f"static/{entry}.js")}
    assert preloaded == needed - {address(f"static/{entry}.js")}
    assert imported("static/search.js") == {"static/search.js"}


def test_a_second_visit_loads_no_file_again(site: str, visit: Visit) -> None:
    visit.page.goto(site)
    visit.chart()
    visit.page.goto(f"{site}/?media_type=tv")
    visit.chart()
    read = "performance.getEntriesByType('resource').map(e => e.transferSize)"
    assert set(visit.page.evaluate(read)) == {0}


@pytest.mark.parametrize("bytes_per_second", [None, 50_000])
def test_the_layout_stands_still(site: str, visit: Visit, bytes_per_second: int | None) -> None:
    """Also on a slow line, where a header or table that is read by halves would be painted and then move."""
    watch = "window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { window.shift += e.value }))\
        .observe({type: 'layout-shift', buffered: true})"
    visit.page.add_init_script(watch)
    if bytes_per_second:
        line = {"offline": False, "latency": 20, "downloadThroughput": bytes_per_second, "uploadThroughput": -1}
        visit.context.new_cdp_session(visit.page).send("Network.emulateNetworkConditions", line)
    for path in ("/", "/?list=rising&group=genre", "/titles/movie-1000", "/operator"):
        visit.page.goto(site + path)
        visit.page.wait_for_load_state("networkidle")
        visit.page.wait_for_timeout(300)
        assert visit.page.evaluate("window.shift") == 0, path


def test_the_same_request_gives_the_same_bytes(site: str) -> None:
    for path in ("/", f"/?date={NEWEST}&list=rising", "/titles/movie-1000", "/operator", "/?q=winter"):
        first, second = httpx.get(site + path), httpx.get(site + path)
        assert first.content == second.content
        assert first.headers["etag"] == second.headers["etag"]
        assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
        again = httpx.get(site + path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = httpx.get(site + path, headers={"If-None-Match": '"0123"'})
        assert other.status_code == 200
    assert httpx.get(f"{site}/?date=1999-01-01").headers["cache-control"] == "no-store"


def test_each_coding_has_its_own_etag_and_the_same_content(site: str) -> None:
    for path in ("/", "/static/page.css", address("static/page.js")):
        plain = httpx.get(site + path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        marks = {plain.headers["etag"]}
        for coding in ("gzip", "br"):
            packed = httpx.get(site + path, headers={"Accept-Encoding": coding})
            assert packed.headers["content-encoding"] == coding
            assert packed.headers["vary"] == "Accept-Encoding"
            assert packed.content == plain.content
            assert int(packed.headers["content-length"]) < len(plain.content)
            marks.add(packed.headers["etag"])
        assert len(marks) == 3


def test_files_are_kept_for_ever_under_the_name_of_their_content(site: str) -> None:
    kept = httpx.get(site + address("static/page.css"))
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.content == files()["static/page.css"].body
    for path in ("/static/page.css", "/static/0123456789ab/page.css"):
        plain = httpx.get(site + path)
        assert plain.headers["cache-control"] == "public, max-age=0, must-revalidate"
        again = httpx.get(site + path, headers={"If-None-Match": plain.headers["etag"]})
        assert again.status_code == 304
    module = httpx.get(site + address("vendor/d3-force.mjs"))
    assert module.headers["content-type"].startswith("text/javascript")
    assert module.headers["x-content-type-options"] == "nosniff"


def test_nothing_else_is_served(site: str) -> None:
    names = ["static/../templates/base.html", "static/base.html", "vendor/d3-force/package.json", "vendor/axe-core.mjs"]
    names += [f"static/{tree()}/../page.css/x", "vendor/%2e%2e/package.json", "static/..%2ftemplates%2fbase.html"]
    for name in names:
        assert httpx.get(f"{site}/{name}").status_code == 404, name


def test_the_policy_names_the_one_inline_script(site: str) -> None:
    page = httpx.get(site + "/")
    policy = page.headers["content-security-policy"]
    inline = re.search(r'<script type="importmap">(.*?)</script>', page.text, re.S)
    assert inline
    digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy and "nonce" not in policy
    assert " style=" not in page.text and "onclick" not in page.text
    scripts = re.findall(r"<script([^>]*)>", page.text)
    assert all("src=" in one or 'type="application/json"' in one or 'type="importmap"' in one for one in scripts)
    rows = re.search(r'id="rows">(.*?)</script>', page.text, re.S)
    assert rows and len(json.loads(rows[1])["rows"]) == 60
    assert "sha256" not in httpx.get(f"{site}/operator").headers["content-security-policy"]
