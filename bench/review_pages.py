"""Real HTTP bodies through the parsers: `python -m bench.review_pages`.

Every page with JSON-LD, held against a truth that is read another way: title, year, rating and votes from the page's own
`__NEXT_DATA__` and og:title, the review from the script's JSON by a regular expression and the standard library. Then every other
body: what it is, and how many values come out. Last, milliseconds a page beside lxml's bare parse.
"""

import gzip
import html
import json
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.shared import SHARED

_SCRIPT = r'<script[^>]*type="application/ld\+json"[^>]*>(.*?)</script>'
_NEXT = r'<script id="__NEXT_DATA__"[^>]*>(.*?)</script>'
_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Judged:
    """A page: what we read, and what of it the page's other data contradicts."""

    file: str
    read: str
    review: str
    wrong: list[str]


def index(folder: Path) -> dict[str, dict[str, Any]]:
    """index.json by file, the first request of each."""
    found: dict[str, dict[str, Any]] = {}
    for entry in json.loads((folder / "index.json").read_bytes()):
        if entry["file"]:
            found.setdefault(entry["file"], entry)
    return found


def _words(text: str | None) -> str:
    """Text without markup, entities and spaces, for comparing."""
    return "".join(html.unescape(html.unescape(re.sub(r"<[^>]+>", " ", text or ""))).split())


def judged_pages(folder: Path) -> list[Judged]:
    """Every page with JSON-LD, in the order of file names."""
    from trending_assets.raw.parsers import schema_org

    rows: list[Judged] = []
    for name, entry in sorted(index(folder).items()):
        if not name.endswith(".html.gz"):
            continue
        markup = gzip.decompress((folder / name).read_bytes()).decode()
        scripts = re.findall(_SCRIPT, markup, re.DOTALL)
        if not scripts:
            continue
        facts = schema_org.movie(markup)
        assert facts is not None, name
        items = schema_org.parse(markup, entry["uri"])
        item = items[0]
        above = json.loads(re.findall(_NEXT, markup, re.DOTALL)[0])["props"]["pageProps"]["aboveTheFoldData"]
        titled = re.search(r'<meta property="og:title" content="(.*?) \((\d{4})[^"]*"', markup)
        assert titled is not None, name
        raw = json.loads(scripts[0])
        review = raw["review"]
        rating = review.get("reviewRating", {})
        titles = {facts.title, *facts.other_titles}
        truth = {
            "title": (facts.title, above["originalTitleText"]["text"]),
            "title as shown": (above["titleText"]["text"] in titles and html.unescape(titled[1]) in titles, True),
            "year": (facts.year, int(titled[2])),
            "year, again": (facts.year, above["releaseYear"]["year"]),
            "medium": (facts.media_type, "movie" if above["titleType"]["id"] == "movie" else "tv"),
            "rating": (facts.rating, above["ratingsSummary"]["aggregateRating"]),
            "best rating": (facts.rating_max, raw["aggregateRating"]["bestRating"]),
            "votes": (facts.rating_count, above["ratingsSummary"]["voteCount"]),
            "id": (facts.work_ids, (above["id"],)),
            "reviews": (len(items), 1),
            "review's title": (item.work and item.work.title, facts.title),
            "review's id": (item.work and item.work.work_id, above["id"]),
            "review's author": (item.author, review["author"]["name"]),
            "review's rating": (item.rating, rating.get("ratingValue")),
            "review's best": (item.rating_max, rating.get("bestRating")),
            "review's day": (item.published_at and item.published_at.date().isoformat(), review["dateCreated"]),
            "review's headline": (_words(item.headline), _words(review["name"])),
            "review's text": (_words(item.text), _words(review["reviewBody"])),
        }
        wrong = [f"{what}: {ours!r}, not {theirs!r}" for what, (ours, theirs) in truth.items() if ours != theirs]
        stars = "no rating" if item.rating is None else f"{item.rating:g}/{item.rating_max:g}"
        day = item.published_at.date() if item.published_at else "no day"
        rows.append(
            Judged(
                name.rpartition("/")[2].partition(".")[0],
                f"{facts.title} ({facts.year}) {facts.media_type} {facts.rating}/{facts.rating_max:g} by {facts.rating_count:,}",
                f"{item.author}, {stars}, {day}: {(item.text or '')[:28]}…",
                wrong,
            )
        )
    return rows


def _leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    if isinstance(value, list):
        return sum(map(_leaves, value))
    return value is not None


def other_bodies(folder: Path) -> list[tuple[str, str]]:
    """(file, what it is and what came out) of every body that is no page with JSON-LD."""
    from trending_assets.failures import BadInput
    from trending_assets.raw.json_values import at, load_json
    from trending_assets.raw.parsers import feed, schema_org, tvmaze_schedule
    from trending_assets.raw.plain_text import decode

    def tvmaze(body: bytes, entry: dict[str, Any]) -> str:
        edition = tvmaze_schedule.parse(body, "tvmaze", _DAY)
        if not edition.rows:
            return f"episodes without their show: {len(edition.bad)} set aside"
        row = edition.rows[0]
        rated = "no rating" if row.value is None else f"rated {row.value:g}"
        return f"show {row.title}, {rated}; {_leaves(load_json(body, 'a show'))} values"

    def rss(body: bytes, entry: dict[str, Any]) -> str:
        listing = feed.parse(body, entry["uri"], entry["content_type"])
        dated = sum(item.published_at is not None for item in listing.items)
        return f"feed: {len(listing.items)} items, {dated} dated, {len(listing.bad)} set aside"

    def suggestion(body: bytes, entry: dict[str, Any]) -> str:
        value = load_json(body, "suggestions")
        titles = [found for found in at(value, "d") if at(found, "id") and at(found, "l")]
        return f"IMDb suggestions: {len(titles)} titles; {_leaves(value)} values"

    def tmdb(body: bytes, entry: dict[str, Any]) -> str:
        value = load_json(body, "an answer of TMDb")
        what = entry["uri"].partition("/3/")[2].partition("?")[0]
        return f"TMDb {what}: {_leaves(value)} values"

    def page(body: bytes, entry: dict[str, Any]) -> str:
        items = schema_org.parse(decode(gzip.decompress(body), entry["content_type"]), entry["uri"])
        return f"page: {len(items)} reviews"

    def refused(body: bytes, entry: dict[str, Any]) -> str:
        return f"HTTP {entry['status']}: {load_json(body, 'an answer')}"

    readers: dict[str, Callable[[bytes, dict[str, Any]], str]] = {
        "api.tvmaze.com": tvmaze,
        "labs.silverorange.com": rss,
        "rss_real": rss,
        "v3.sg.media-imdb.com": suggestion,
        "api.themoviedb.org": tmdb,
        "api.themoviedb.org_2025": tmdb,
        "www.imdb.com": page,
        "api.rottentomatoes.com": refused,
    }
    known = index(folder)
    rows: list[tuple[str, str]] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "index.json"):
        name = path.relative_to(folder).as_posix()
        body = path.read_bytes()
        if name.endswith(".html.gz") and re.search(_SCRIPT, gzip.decompress(body).decode()):
            continue
        entry = known.get(name, {"uri": f"https://site.example/3/{name}", "content_type": "", "status": 200})
        try:
            rows.append((name, readers[path.parent.name](body, entry)))
        except BadInput as error:
            rows.append((name, f"refused, {error.reason}: {error}"))
    return rows


def _milliseconds(parse: Callable[[str], Any], pages: list[str]) -> float:
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        for page in pages:
            parse(page)
        best = min(best, (time.perf_counter() - begin) / len(pages) * 1000)
    return best


def speed(pages: dict[str, list[str]]) -> None:
    """Milliseconds a page of schema_org.parse beside lxml's bare parse of the same pages, the best of five turns each."""
    import lxml.html

    from trending_assets.raw.parsers import schema_org

    def bare(page: str) -> Any:
        return lxml.html.document_fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))

    for what, some in pages.items():
        ours = _milliseconds(lambda page: schema_org.parse(page, "https://www.imdb.com/title/tt0133093/"), some)
        theirs = _milliseconds(bare, some)
        size = sum(map(len, some)) // len(some)
        print(f"  {what:<34} {size:>9,} characters: {ours:.3f} ms, lxml alone {theirs:.3f} ms ({ours / theirs:.1f}x)")


def sandbox_pages() -> dict[str, list[str]]:
    """Review pages of a small generated world, by form; the JSON-LD ones also with 10 KB of paragraphs around."""
    from sandbox.forms import form_of
    from sandbox.generator import generate
    from sandbox.pages import document_page
    from sandbox.world import load_world

    with tempfile.TemporaryDirectory() as folder:
        generate(3, 6, date(2026, 11, 20), Path(folder))
        world = load_world(Path(folder))
    documents = world.documents
    places = [at for at, kind in enumerate(documents["kind"]) if kind == "review"]
    forms = {
        form: [document_page(world, at) for at in places if form_of(world, documents["site"][at]) == form]
        for form in ("json_ld", "microdata")
    }
    padded = [
        page.replace("<main>", "<main>" + '<p class="x">Words that stand around.</p>' * 240)
        for page in forms["json_ld"]
    ]
    return {
        "sandbox, JSON-LD": forms["json_ld"],
        "sandbox, JSON-LD, 10 KB": padded,
        "sandbox, microdata": forms["microdata"],
    }


def main() -> None:
    """Print the tables."""
    folder = SHARED / "fixtures" / "http"
    pages = sandbox_pages()
    if folder.is_dir():
        rows = judged_pages(folder)
        print(f"Pages with JSON-LD ({folder.name}, real), each beside what the rest of the page says:\n")
        for row in rows:
            print(f"  {row.file}  {'right' if not row.wrong else 'WRONG'}  {row.read:<72} {row.review}")
            for sentence in row.wrong:
                print(f"    {sentence}")
        right = sum(not row.wrong for row in rows)
        print(f"\n{right} of {len(rows)} pages right, by 18 comparisons each.\n\nThe other bodies:\n")
        others = other_bodies(folder)
        for name, said in others:
            print(f"  {name:<46} {said}")
        refused = sum(said.startswith("refused") for _, said in others)
        print(f"\n{len(others)} bodies, {len(others) - refused} read, {refused} refused with a reason, none crashed.")
        imdb = [gzip.decompress(path.read_bytes()).decode() for path in sorted((folder / "www.imdb.com").glob("*.gz"))]
        pages["IMDb"] = [page for page in imdb if re.search(_SCRIPT, page)]
    else:
        print(f"No real pages at {folder} (set TRENDING_SHARED): the tables are left out.")
    print("\nMilliseconds a page of schema_org.parse:\n")
    speed(pages)


if __name__ == "__main__":
    main()
