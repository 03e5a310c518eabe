"""The API's answers for the page's tests: 14 made days in the shapes of the contract, the same from run to run."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

HOSTILE = "<script>alert(1)</script>"
DAYS = [(date(2026, 11, 7) + timedelta(days=i)).isoformat() for i in range(14)]
EMPTY_DAY, NEWEST = DAYS[3], DAYS[-1]
LONG = "tv-1001"  # the title that many wrote about: 60 documents
NO_DOCUMENTS = "No documents were seen on this day: the ranking rests on charts and TMDb's lists alone."
GENRES = ["Drama", "Comedy", "Horror", "Thriller", "Science Fiction", "Animation", "Documentary", "Romance", "Crime"]
PLATFORMS = ["Netflix", "Prime Video", "Disney Plus", "Max", "Hulu"]
TAGS = ["slow burn", "feel-good", "tense", "bleak", "funny", "tear-jerker"]
NAMES = ["Harbour", "Lantern", "Winter", "Orchard", "Paper", "Signal", "Quiet", "Glass", "River", "Copper", "Night"]
NAMES += ["Meridian", "Salt", "Garden", "Iron", "Hour"]


def _trend(i: int, day: int) -> dict[str, Any]:
    """A row of marts/trends without its rank, the same for the same title and day."""
    chance = random.Random(f"{i}/{day}")
    words = random.Random(i)
    score = round(90 / (1 + i) ** 0.7 * chance.uniform(0.7, 1.4), 3)
    lift = round(2 ** chance.gauss(0.5, 1.4), 3)
    spread = chance.uniform(1.1, 2.5)
    authors = int(score * chance.uniform(0, 3))
    direction = "rising" if lift / spread > 1 else "falling" if lift * spread < 1 else "steady"
    name = " ".join(["The"] * (i % 3 == 0) + words.sample(NAMES, 1 + i % 4))
    scored = authors > 0
    title_id = f"{'tv' if i % 4 == 1 else 'movie'}-{1000 + i}"
    itself = f"/v1/titles/{title_id}"
    return {
        "title_id": title_id,
        "title": HOSTILE if i == 2 else name,
        "year": None if i == 5 else 1990 + i % 37,
        "media_type": "tv" if i % 4 == 1 else "movie",
        "score": score,
        "basis": "mentions" if scored else "charts_and_lists",
        "rising_score": round(chance.gauss(2, 4), 3),
        "expected": 7.0 * score,
        "expected_low": 2.0,
        "expected_high": round(14 * score),
        "missing_sites": [],
        "level": authors / 2,
        "lift": lift,
        "lift_low": round(lift / spread, 3),
        "lift_high": round(lift * spread, 3),
        "direction": direction,
        "alert": direction == "rising" and lift > 3,
        "mentions": authors * 2,
        "authors": authors,
        "sites": min(authors, 4),
        "mention_points": round(score * 0.5, 3),
        "release_points": round(score * 0.1, 3),
        "chart_points": round(score * 0.3, 3),
        "list_points": round(score * 0.1, 3),
        "sentiment": 0.3 if scored else None,
        "vibe_score": round(words.uniform(1, 10), 1) if scored else None,
        "vibe_tags": words.sample(TAGS, 2) if scored else [],
        "genres": words.sample(GENRES, 1 + i % 3),
        "genre_llm": words.choice(GENRES) if scored else None,
        "genre_llm_secondary": None,
        "genre_xgboost": words.choice(GENRES),
        "genre_bert": None,
        "genre_model": None,
        "platforms": words.sample(PLATFORMS, i % 3),
        "poster_path": None,
        "poster_url": None,
        "links": {"self": itself, "history": f"{itself}/history", "evidence": f"{itself}/evidence"},
    }


@lru_cache
def ranked(day: str, titles: int = 75) -> list[dict[str, Any]]:
    """The day's titles by rank."""
    if day == EMPTY_DAY:
        return []
    rows = sorted((_trend(i, DAYS.index(day)) for i in range(titles)), key=lambda row: -row["score"])
    rising = sorted(rows, key=lambda row: -row["rising_score"])
    places = {row["title_id"]: place for place, row in enumerate(rising, 1)}
    return [{**row, "rank": rank, "rising_rank": places[row["title_id"]]} for rank, row in enumerate(rows, 1)]


def rising(day: str) -> list[dict[str, Any]]:
    """The day's titles by what is rising."""
    return sorted(ranked(day), key=lambda row: int(row["rising_rank"]))


def _evidence(title_id: str) -> list[dict[str, Any]]:
    urls = ["https://reviews.example/a", "javascript:alert(2)", "http://news.example/b?x=1&y=2"]
    urls = urls * 20 if title_id == LONG else urls
    return [
        {
            "title_id": title_id,
            "doc_id": f"{i:016x}",
            "first_seen": NEWEST,
            "url": url,
            "site": "reviews.example",
            "kind": ("review", "post", "news")[i % 3],
            "author": "" if i % 3 == 1 else "Ada Example",
            "published_at": f"{NEWEST}T08:00:00Z",
            "headline": (HOSTILE, None, "A second look")[i % 3],
            "excerpt": "A patient film that earns its last hour, with two fine leads and hardly a wasted scene.",
            "rating": 0.8,
            "confidence": 0.97,
            "method": "declared",
            "sentiment": 0.62,
            "enthusiasm": 71,
            "counted": i % 3 != 1,
            "model": "sandbox-lexicon-1",
            "prompt_version": "document-1",
        }
        for i, url in enumerate(urls)
    ]


def _title(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("title_id", "media_type", "title", "year", "genres", "platforms", "vibe_score", "vibe_tags", "poster_path")
    cited = [
        {"sentence": "Viewers praise the two leads.", "doc_ids": [f"{0:016x}", f"{2:016x}"]},
        {"sentence": "Some find it slow.", "doc_ids": [f"{2:016x}", "ffffffffffffffff"]},
    ]
    return {key: row[key] for key in kept} | {
        "tmdb_id": 1,
        "imdb_id": None,
        "original_title": row["title"],
        "release_date": None,
        "overview": "A lighthouse keeper finds a letter that was never meant to arrive, and sets out to return it.",
        "tagline": "Some letters wait.",
        "runtime_minutes": 112.0,
        "cast": ["Ada Example", "Ben Example"],
        "directors": ["Cy Example"],
        "too_little": False,
        "summary": cited,
        "digest_model": "sandbox-lexicon-1",
        "digest_prompt_version": "digest-1",
        "documents": 3,
        "voices": 2,
        "sites": 1,
        "vibe_weight": 0.0556,
        "no_summary": None,
        "left_out": [{"reason": "copy", "documents": 4}, {"reason": "spam", "documents": 1}],
        "dropped": [{"reason": "invented_name", "parts": 1}],
        "poster_url": None,
    }


ASSETS = {
    "raw/reviews": [],
    "raw/charts": [],
    "raw/tmdb_titles": [],
    "staging/documents": ["raw/reviews"],
    "staging/titles": ["raw/tmdb_titles"],
    "linking/mentions": ["staging/documents", "staging/titles"],
    "scoring/document_scores": ["linking/mentions", "staging/documents"],
    "scoring/title_digests": ["scoring/document_scores"],
    "features/title_day": ["linking/mentions", "staging/titles"],
    "trends/trend_scores": ["features/title_day", "raw/charts"],
    "genre/predictions": ["staging/titles"],
    "drift/report": ["staging/documents"],
    "marts/trends": ["genre/predictions", "scoring/title_digests", "trends/trend_scores"],
    "serving/bundle": ["drift/report", "marts/trends"],
}


def _record(asset: str, day: str) -> dict[str, Any]:
    """A row of the lineage; one asset was never run."""
    ran = asset != "genre/predictions"
    return {
        "asset": asset,
        "partition": day,
        "upstream": ASSETS[asset],
        "code_version": f"{sum(map(ord, asset)):012x}",
        "sha256": f"{sum(map(ord, asset)):064d}",
        "run_id": f"{sum(map(ord, asset)):08x}-0000-4000-8000-000000000000" if ran else None,
        "materialized_at": f"{day}T04:10:00Z" if ran else None,
    }


def _freshness() -> dict[str, Any]:
    late = {"raw/charts": 93_600, "drift/report": 5_400}
    rows = [
        {
            **{
                key: value
                for key, value in _record(asset, NEWEST).items()
                if key in ("asset", "run_id", "materialized_at")
            },
            "daily": True,
            "newest": NEWEST,
            "expected_by": f"{NEWEST}T06:00:00Z" if asset != "raw/tmdb_titles" else None,
            "late_seconds": None if asset == "raw/tmdb_titles" else late.get(asset, 0),
        }
        for asset in ASSETS
    ]
    return {"source": "dagster", "now": "2026-11-21T08:00:00Z", "results": rows}


def _drift() -> list[dict[str, Any]]:
    row: dict[str, Any] = {
        "statistic": 0.012,
        "p_value": 0.4,
        "effect": 0.012,
        "drifted": False,
        "current": 812,
        "baseline": 11_402,
    }
    row |= {"against": "trailing", "severity": "none", "verdict": "stable", "detail": "As on the 14 days before."}
    row |= {"baseline_version": "3f8a1c2e9b7d4056"}
    columns = [("documents.kind", "chi_squared"), ("documents.rating", "mean"), ("documents.rating", "psi")]
    columns += [("documents.text_length", "ks"), ("documents.site", "psi"), ("titles.runtime_minutes", "median")]
    rows = [{**row, "column": column, "test": test} for column, test in columns]
    fell = f"Ratings are lower than on the 14 days before: 0.61 after 0.68. {HOSTILE}"
    rows[2] |= {"statistic": 0.31, "p_value": 0.0, "effect": 0.31, "severity": "large", "drifted": True}
    rows[2] |= {"verdict": "drifted", "detail": fell}
    rows[3] |= {
        "verdict": "noted",
        "severity": "small",
        "detail": "Texts are a little longer; too little for an alarm.",
    }
    nothing = dict.fromkeys(("statistic", "p_value", "effect", "drifted", "baseline_version"))
    rows[5] |= {**nothing, "verdict": "no_baseline", "baseline": 0, "detail": "No day before this one has values."}
    return rows


def _spend() -> dict[str, Any]:
    call = {"task": "document_score", "model": "sandbox-lexicon-1", "prompt_version": "document-1", "mode": "realtime"}
    sums = {"calls": 812, "tokens_in": 204_113, "tokens_cached": 120_000, "tokens_out": 40_120, "cost_usd": 0.0312}
    return {"cost_usd": 0.0312, "results": [{**call, "outcome": "answered", **sums}]}


def _counts(day: str, column: str) -> list[dict[str, Any]]:
    found = Counter(name for row in ranked(day) for name in row[column])
    return [{"name": name, "titles": titles} for name, titles in sorted(found.items(), key=lambda p: (-p[1], p[0]))]


def _trends(day: str, params: dict[str, str], titles: int) -> dict[str, Any]:
    rows = ranked(day, titles)
    if params.get("list") == "rising":
        rows = sorted(rows, key=lambda row: int(row["rising_rank"]))
    media, limit = params.get("media_type"), int(params["limit"])
    rows = [row for row in rows if media in (None, row["media_type"])]
    for name, column in (("genre", "genres"), ("vibe_tag", "vibe_tags"), ("platform", "platforms")):
        rows = [row for row in rows if params.get(name) in (None, *row[column])]
    low, high = float(params.get("min_score", 0)), float(params.get("max_score", 1e9))
    rows = [row for row in rows if low <= row["score"] <= high]
    empty = day == EMPTY_DAY
    return {
        "basis": "none" if empty else "mentions",
        "note": NO_DOCUMENTS if empty else None,
        "list": params.get("list", "popular"),
        "total": len(rows),
        "limit": limit,
        "next": None,
        "scored_by": ["sandbox-lexicon-1"],
        "attribution": "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        "results": rows[:limit],
    }


def _search(day: str, q: str, limit: int) -> dict[str, Any]:
    words = q.casefold().split()
    rows = [
        row for row in ranked(day) if all(any(w.startswith(q) for w in row["title"].casefold().split()) for q in words)
    ]
    keys = ("title_id", "title", "year", "media_type", "rank", "score", "links")
    found = [{key: row[key] for key in keys} for row in rows[:limit]]
    return {"query": q, "total": len(rows), "limit": limit, "results": found}


def _problem(status: int, title: str, detail: str) -> tuple[int, dict[str, Any]]:
    return status, {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": "/"}


def answer(path: str, params: dict[str, str], titles: int = 75) -> tuple[int, dict[str, Any]]:
    """The API's answers for the made days, in the shapes of the contract."""
    day = params.get("date", NEWEST)
    base: dict[str, Any] = {"date": day, "snapshot": "ab12cd34ef56ab78"}
    if day not in DAYS:
        return _problem(404, "Not Found", f"{day} is not published. The newest day is {NEWEST}.")
    base["as_of"] = f"{date.fromisoformat(day) + timedelta(days=1)}T00:00:00Z"
    ready: dict[str, Callable[[], dict[str, Any]]] = {
        "/v1/days": lambda: {"days": [one for one in DAYS if one <= day], "newest": NEWEST, "version": 12},
        "/v1/trends": lambda: _trends(day, params, titles),
        "/v1/genres": lambda: {"results": _counts(day, "genres")},
        "/v1/tags": lambda: {"results": _counts(day, "vibe_tags")},
        "/v1/platforms": lambda: {"results": _counts(day, "platforms")},
        "/v1/search": lambda: _search(day, params["q"], int(params.get("limit", "20"))),
        "/v1/lineage": lambda: {"source": "dagster", "assets": [_record(asset, day) for asset in sorted(ASSETS)]},
        "/v1/drift": lambda: {"results": _drift()},
        "/v1/spend": _spend,
    }
    if path == "/v1/freshness":
        return 200, _freshness()
    if path in ready:
        return 200, base | ready[path]()
    title_id, _, part = unquote(path).removeprefix("/v1/titles/").partition("/")
    row = next((row for row in ranked(day) if row["title_id"] == title_id), None)
    if row is None:
        return _problem(404, "Not Found", f"{title_id} is not ranked on {day}.")
    if part == "history":
        columns = ["date", "rank", "score", "level", "lift", "mentions", "authors", "sites"]
        past = [{**r, "date": one} for one in DAYS for r in ranked(one) if r["title_id"] == title_id and one <= day]
        points = [[row[column] for column in columns] for row in past]
        return 200, base | {"title_id": title_id, "from": DAYS[0], "columns": columns, "history": points}
    if part == "evidence":
        results = _evidence(title_id)
        return 200, base | {"title_id": title_id, "total": len(results), "results": results}
    trend = {key: value for key, value in row.items() if key not in ("poster_url", "links")}
    return 200, base | {"title": _title(row), "trend": trend}
