"""The API's answers for the page's tests: 14 made days in the shapes of the contract, the same from run to run."""

import random
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

HOSTILE = "<script>alert(1)</script>"
DAYS = [(date(2026, 11, 7) + timedelta(days=i)).isoformat() for i in range(14)]
EMPTY_DAY, NEWEST = DAYS[3], DAYS[-1]
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
    return {
        "title_id": f"{'tv' if i % 4 == 1 else 'movie'}-{1000 + i}",
        "title": HOSTILE if i == 2 else name,
        "year": None if i == 5 else 1990 + i % 37,
        "media_type": "tv" if i % 4 == 1 else "movie",
        "score": score,
        "basis": "mentions" if scored else "charts_and_lists",
        "rising_rank": i + 1,
        "rising_score": 1.0,
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
        "platforms": words.sample(PLATFORMS, i % 3),
        "poster_path": None,
        "poster_url": None,
        "links": {},
    }


def ranked(day: str) -> list[dict[str, Any]]:
    if day == EMPTY_DAY:
        return []
    rows = sorted((_trend(i, DAYS.index(day)) for i in range(75)), key=lambda row: -row["score"])
    return [{**row, "rank": rank} for rank, row in enumerate(rows, 1)]


def _evidence(title_id: str) -> list[dict[str, Any]]:
    urls = ["https://reviews.example/a", "javascript:alert(2)", "http://news.example/b?x=1&y=2"]
    return [
        {
            "title_id": title_id,
            "doc_id": f"{i:016x}",
            "first_seen": NEWEST,
            "url": url,
            "site": "reviews.example",
            "kind": ("review", "post", "news")[i],
            "author": "" if i == 1 else "Ada Example",
            "published_at": f"{NEWEST}T08:00:00Z",
            "headline": (HOSTILE, None, "A second look")[i],
            "excerpt": "A patient film that earns its last hour, with two fine leads and hardly a wasted scene.",
            "rating": 0.8,
            "confidence": 0.97,
            "method": "declared",
            "sentiment": 0.62,
            "enthusiasm": 71,
            "counted": i != 1,
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


def answer(path: str, params: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The API's answers for the canned days, in the shapes of the contract."""
    day = params.get("date", NEWEST)
    base: dict[str, Any] = {"date": day, "snapshot": "ab12cd34"}
    if day not in DAYS:
        detail = f"There is no data for {day}. The newest day is {NEWEST}."
        return 404, {"type": "about:blank", "title": "Unknown day", "status": 404, "detail": detail}
    rows = ranked(day)
    if path == "/v1/days":
        return 200, base | {"days": [one for one in DAYS if one <= day], "newest": NEWEST}
    if path == "/v1/trends":
        media, limit = params.get("media_type"), int(params["limit"])
        rows = [row for row in rows if media in (None, row["media_type"])]
        rows = [row for row in rows if params.get("genre") in (None, *row["genres"])]
        rows = [row for row in rows if params.get("platform") in (None, *row["platforms"])]
        empty = day == EMPTY_DAY
        more: dict[str, Any] = {
            "basis": "none" if empty else "mentions",
            "note": NO_DOCUMENTS if empty else None,
            "total": len(rows),
        }
        more |= {
            "limit": limit,
            "days": [one for one in DAYS if one <= day],
            "scored_by": ["sandbox-lexicon-1"],
            "results": rows[:limit],
        }
        return 200, base | more
    title_id, _, part = unquote(path).removeprefix("/v1/titles/").partition("/")
    row = next((row for row in rows if row["title_id"] == title_id), None)
    if row is None:
        return 404, {"type": "about:blank", "title": "Unknown title", "status": 404, "detail": "No such title."}
    if part == "history":
        keys = ("rank", "score", "level", "lift", "mentions", "authors", "sites")
        past = [(one, r) for one in DAYS for r in ranked(one) if r["title_id"] == title_id and one <= day]
        points = [{"date": one} | {key: r[key] for key in keys} for one, r in past]
        return 200, base | {"title_id": title_id, "title": row["title"], "history": points}
    if part == "evidence":
        return 200, base | {"title_id": title_id, "total": 3, "results": _evidence(title_id)}
    return 200, base | {"title": _title(row), "trend": row}
