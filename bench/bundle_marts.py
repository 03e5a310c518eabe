"""Made marts of a day, as large as a real catalogue's: for measuring what publishing and serving cost."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from wordfreq import top_n_list

from trending_assets.contracts import TABLES, conform
from trending_assets.serving.build import Day

SITES = [f"site{n}.example" for n in range(12)]
GENRES = ["Action", "Comedy", "Crime", "Drama", "Family", "Fantasy", "Horror", "Romance", "Science Fiction", "Thriller"]
TAGS = ["cosy", "dark", "feel-good", "funny", "gripping", "slow", "smart", "violent"]
PLATFORMS = ["Netflix", "Prime Video", "Disney Plus", "Max", "Hulu", "Apple TV"]


def made_day(day: date, titles: int, documents: int, seed: int = 1, lineage: Sequence[dict[str, Any]] = ()) -> Day:
    """A day of that many ranked titles and documents behind them. Titles keep their facts from day to day."""
    words = top_n_list("en", 20_000)
    facts, today = random.Random(seed), random.Random(f"{seed} {day}")
    known = [_facts(n, facts, words) for n in range(titles)]
    ranking = [_ranking(title, today) for title in known]
    ranking.sort(key=lambda row: -row["score"])
    rising = sorted(range(titles), key=lambda at: -ranking[at]["rising_score"])
    for at, row in enumerate(ranking):
        row["rank"] = at + 1
    for at, place in enumerate(rising):
        ranking[place]["rising_rank"] = 2 * at + 1  # as in marts/trends: places of a larger catalogue
    told = [row["title_id"] for row in ranking[: max(titles // 5, 1)]]
    evidence = [_document(n, day, today.choice(told), today, words) for n in range(documents)]
    described = [title | _digest(title["title_id"] in told[:300], today, words) for title in known]
    charts = [_chart(n, day, row) for n, row in enumerate(ranking[:60])]
    return Day(
        day=day,
        trends=_frame("marts/trends", ranking),
        titles=_frame("marts/titles", described),
        evidence=_frame("marts/evidence", evidence),
        charts=_frame("staging/charts", charts).with_columns(
            pl.Series("title_id", [r["title_id"] for r in ranking[:60]])
        ),
        drift=_frame("drift/report", [_drift(n) for n in range(40)]),
        calls=_frame("scoring/ledger", [_call(n) for n in range(200)]),
        lineage=list(lineage),
    )


def _frame(table: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    contract = TABLES[table]
    return conform(pl.DataFrame(list(rows), schema=contract.schema), contract)


def _prose(source: random.Random, words: Sequence[str], count: int) -> str:
    return " ".join(words[int(len(words) * source.random() ** 3)] for _ in range(count))


def _facts(n: int, source: random.Random, words: Sequence[str]) -> dict[str, Any]:
    media = "movie" if n % 3 else "tv"
    name = f"{_prose(source, words, source.randint(1, 4)).title()} {n}"
    return {
        "title_id": f"{media}-{n + 1}",
        "tmdb_id": n + 1,
        "media_type": media,
        "imdb_id": f"tt{n:07d}",
        "title": name,
        "original_title": name,
        "year": 1950 + source.randrange(76),
        "release_date": date(1950, 1, 1) + timedelta(days=source.randrange(27_000)),
        "overview": _prose(source, words, 50),
        "tagline": _prose(source, words, 8),
        "genres": source.sample(GENRES, 2),
        "runtime_minutes": float(source.randint(20, 200)),
        "cast": [_prose(source, words, 2).title() for _ in range(5)],
        "directors": [_prose(source, words, 2).title()],
        "platforms": source.sample(PLATFORMS, source.randrange(3)),
        "poster_path": f"/{source.getrandbits(100):025x}.jpg",
    }


def _digest(told: bool, source: random.Random, words: Sequence[str]) -> dict[str, Any]:
    sentences = [
        {"sentence": _prose(source, words, 15), "doc_ids": [f"{source.getrandbits(64):016x}"]} for _ in range(3)
    ]
    return {
        "vibe_score": source.uniform(1, 10) if told else None,
        "vibe_tags": source.sample(TAGS, 2) if told else [],
        "too_little": not told,
        "summary": sentences if told else [],
        "no_summary": None,
        "left_out": [{"reason": "spam", "documents": 2}] if told else [],
        "dropped": [{"reason": "uncited", "parts": 1}] if told else [],
        "digest_model": "sandbox-linear-1" if told else None,
        "digest_prompt_version": "1" if told else None,
        "documents": source.randrange(100) if told else 0,
        "voices": source.randrange(100) if told else 0,
        "sites": source.randrange(12) if told else 0,
        "vibe_weight": source.random() if told else 0.0,
    }


def _ranking(title: dict[str, Any], source: random.Random) -> dict[str, Any]:
    score = source.paretovariate(0.8)
    shared = {
        name: title[name] for name in ("title_id", "title", "year", "media_type", "genres", "platforms", "poster_path")
    }
    figures = ("expected", "expected_low", "expected_high", "level", "lift", "lift_low", "lift_high")
    points = ("mention_points", "release_points", "chart_points", "list_points")
    return shared | {
        **{name: score * source.random() for name in (*figures, *points)},
        "score": score,
        "rising_score": source.gauss(0, 2),
        "basis": "mentions",
        "direction": source.choice(["rising", "falling", "steady"]),
        "missing_sites": [],
        "alert": source.random() < 0.01,
        "mentions": int(score),
        "authors": int(score),
        "sites": source.randrange(12),
        "sentiment": source.uniform(-1, 1),
        "vibe_score": source.uniform(1, 10),
        "vibe_tags": source.sample(TAGS, source.randrange(3)),
        "genre_llm": source.choice(GENRES),
        "genre_llm_secondary": None,
        "genre_model": source.choice(GENRES),
        "genre_xgboost": source.choice(GENRES),
        "genre_bert": None,
    }


def _document(n: int, day: date, title_id: str, source: random.Random, words: Sequence[str]) -> dict[str, Any]:
    site = source.choice(SITES)
    return {
        "title_id": title_id,
        "doc_id": f"{source.getrandbits(64):016x}",
        "first_seen": day - timedelta(days=source.randrange(7)),
        "url": f"https://{site}/{n}",
        "site": site,
        "kind": "post",
        "author": f"author{source.randrange(5000)}",
        "published_at": datetime(day.year, day.month, day.day, tzinfo=UTC)
        - timedelta(seconds=source.randrange(600_000)),
        "headline": _prose(source, words, 8),
        "excerpt": _prose(source, words, 45)[:280],
        "rating": source.random(),
        "confidence": source.random(),
        "method": "exact",
        "sentiment": source.uniform(-1, 1),
        "enthusiasm": source.randrange(100),
        "counted": True,
        "model": "sandbox-linear-1",
        "prompt_version": "1",
    }


def _chart(n: int, day: date, row: dict[str, Any]) -> dict[str, Any]:
    shared = {name: row[name] for name in ("title", "year", "media_type")}
    place = {"chart": f"chart{n // 10}", "rank": n % 10 + 1, "chart_date": day}
    return shared | place | {"value": 1e6 / (n + 1), "unit": "usd", "days_in_release": n}


def _drift(n: int) -> dict[str, Any]:
    test = {
        "column": f"staging/documents.column{n}",
        "against": "trailing",
        "test": "psi",
        "statistic": n / 40,
        "p_value": None,
        "effect": None,
    }
    verdict = {"severity": "none", "drifted": False, "verdict": "stable", "detail": "As on the 14 days before."}
    return test | verdict | {"current": 1000, "baseline": 14_000, "baseline_version": "3f8a1c2e9b7d4056"}


def _call(n: int) -> dict[str, Any]:
    texts = ("request_key", "answered_by", "detail", "kind", "response")
    call = {"call_id": f"{n:08d}", "task": "document_score", "model": "gpt-5-mini", "prompt_version": "1"}
    sums = {"tokens_in": 800, "tokens_cached": 0, "tokens_out": 90, "cost_usd": 0.0004, "paid_on": None}
    return call | sums | {name: "" for name in texts} | {"mode": "realtime", "state": "answered"}
