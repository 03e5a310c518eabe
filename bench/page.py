"""Prints what the page weighs and how it moves, in headless Chromium over made answers: bytes, LCP, CLS, frames, axe."""

import statistics
from types import SimpleNamespace
from typing import Any

from trending_assets_tests import chromium
from trending_assets_tests.e2e.made_answers import DAYS
from trending_assets_tests.e2e.made_site import DAGIT, make_app, serving
from trending_assets_tests.e2e.page_states import STATES, THEMES, WIDTHS, violations

LOADS = 5
BUBBLES = 200
WALKS = (5, 6, 7, 8, 9, 10, 11, 12)

VITALS = """
window.vitals = {lcp: 0, cls: 0};
new PerformanceObserver(l => l.getEntries().forEach(e => { vitals.lcp = e.startTime }))
    .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => { vitals.cls += e.value }))
    .observe({type: 'layout-shift', buffered: true});
"""
BYTES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(e => [new URL(e.name).pathname, e.encodedBodySize])"""
# Milliseconds between the frames of one move, and from the change to its first frame.
FRAMES = """(day) => new Promise(done => {
    const stage = document.getElementById('stage'), select = document.getElementById('date');
    const gaps = [];
    let last = 0, drawing = 0;
    const tick = now => {
        if (last) gaps.push(now - last); else drawing = performance.now() - began;
        last = now;
        if (stage.dataset.settled === 'yes') done({gaps, drawing}); else requestAnimationFrame(tick);
    };
    let began = 0;
    const watch = new MutationObserver(() => { watch.disconnect(); requestAnimationFrame(tick); });
    watch.observe(stage, {attributeFilter: ['data-settled']});
    began = performance.now();
    select.value = day;
    select.dispatchEvent(new Event('change', {bubbles: true}));
})"""


def weigh(browser: Any, site: str) -> None:
    """Bytes of a first visit, and how soon and how steadily it shows."""
    sizes: dict[str, int] = {}
    for path in ("/", "/titles/movie-1000", "/operator"):
        lcp, cls = [], []
        for _ in range(LOADS):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.add_init_script(VITALS)
            page.goto(site + path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(300)
            vitals = page.evaluate("vitals")
            lcp.append(vitals["lcp"])
            cls.append(vitals["cls"])
            sizes = dict(page.evaluate(BYTES))
            context.close()
        d3 = sum(size for name, size in sizes.items() if name.startswith("/vendor/"))
        print(
            f"{path:20} {sum(sizes.values()):6} bytes packed, {d3} of them D3, {len(sizes)} files; "
            f"LCP {statistics.median(lcp):.0f} ms (most {max(lcp):.0f}), CLS {max(cls):g}, {LOADS} first visits"
        )


def frames(browser: Any, site: str) -> None:
    """How evenly 200 bubbles move from day to day, and how long a change takes to begin."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="no-preference")
    page = context.new_page()
    page.goto(f"{site}/?show=200")
    page.wait_for_selector("#stage[data-settled=yes] a.bubble")
    gaps, drawing = [], []
    for day in WALKS:
        found = page.evaluate(FRAMES, DAYS[day])
        gaps += found["gaps"]
        drawing.append(found["drawing"])
        page.wait_for_timeout(300)
    count = page.locator("a.bubble").count()
    context.close()
    gaps.sort()
    p50, p95 = (gaps[int(len(gaps) * q)] for q in (0.5, 0.95))
    print(
        f"{count} bubbles, {len(WALKS)} changes of day, {len(gaps)} frames: p50 {p50:.1f} ms, p95 {p95:.1f} ms, most "
        f"{gaps[-1]:.1f} ms; from the choice to the first frame {statistics.median(drawing):.0f} ms"
    )


def judge(browser: Any, sites: dict[bool, str]) -> None:
    """axe over every state, width and theme."""
    found: list[str] = []
    for state in STATES:
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        page.goto(sites[state.stale] + state.path)
        state.act(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                found += [f"{state.name}, {width} px, {theme}: {one}" for one in violations(page)]
        context.close()
    print(f"axe: {len(found)} violations in {len(STATES)} states x {len(WIDTHS)} widths x {len(THEMES)} themes")
    for one in found:
        print(f"  {one}")


def main() -> None:
    """Print the figures."""
    if not chromium.installed():
        print("page: there is no chromium on PATH (Debian's package chromium has one).")
        return
    stale = SimpleNamespace(stale=True)
    with (
        serving(make_app(dagster_url=DAGIT)) as site,
        serving(make_app(titles=250)) as large,
        serving(make_app(dagster_url=DAGIT, bundles=stale)) as old,
        chromium.chromium() as browser,
    ):
        weigh(browser, site)
        frames(browser, large)
        judge(browser, {False: site, True: old})


if __name__ == "__main__":
    main()
