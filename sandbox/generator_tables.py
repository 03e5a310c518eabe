"""The dated tables of the generated world: TMDb's lists, charts, TMDb's own reviews, and who streams what."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from sandbox import generator_text as say
from sandbox.generator_documents import SYLLABLES
from sandbox.genres import genre_id

Types = dict[str, pl.DataType | type[pl.DataType]]
# How much busier a weekday is, Monday first.
WEEKDAYS = (0.92, 0.85, 0.9, 0.93, 1.05, 1.2, 1.3)
PLATFORMS = ("Lanternstream", "Popcorn Cellar", "Nine Lights", "Velvet Channel", "Harbour Plus", "Open Reel")
_CHART_TYPES: Types = {
    "chart": pl.String, "date": pl.Date, "rank": pl.Int32, "title": pl.String, "value": pl.Float64, "unit": pl.String,
    "days_in_release": pl.Int32,
}  # fmt: skip


POSTPONED = 3


def _postponed(titles: list[dict[str, Any]], first: date, days: int) -> dict[int, tuple[date, str]]:
    """A few films of the future that are postponed by a week on the way: the day of the news, and the release day before."""
    coming = [at for at, row in enumerate(titles) if row["release_date"] > (first + timedelta(days=days)).isoformat()]
    found = {}
    for number, at in enumerate(coming[:POSTPONED] if days > POSTPONED else []):
        news = first + timedelta(days=days * (number + 1) // (POSTPONED + 1))
        found[at] = (news, (date.fromisoformat(titles[at]["release_date"]) - timedelta(days=7)).isoformat())
    return found


def tmdb_lists(titles: list[dict[str, Any]], heat: np.ndarray, first: date) -> pl.DataFrame:
    """TMDb's lists of every day; `heat` is the popularity of each title (rows) on each day (columns)."""
    release = np.array([row["release_date"] for row in titles])
    movie = np.array([row["media_type"] == "movie" for row in titles])
    votes = np.array([row["vote_average"] for row in titles])
    postponed = _postponed(titles, first, heat.shape[1])
    rows: list[dict[str, Any]] = []
    for day in range(heat.shape[1]):
        when = first + timedelta(days=day)
        now = when.isoformat()
        recent, soon = (when - timedelta(days=75)).isoformat(), (when + timedelta(days=150)).isoformat()
        week = heat[:, max(0, day - 6) : day + 1].mean(axis=1)
        slow = heat[:, max(0, day - 20) : day + 1].mean(axis=1)
        out = release <= now
        airing = ~movie & out & (np.arange(len(titles)) % 3 == 0)
        today = ~movie & out & (np.arange(len(titles)) % 7 == when.weekday())
        plan = [
            ("movie", "trending_day", movie, heat[:, day], 40), ("movie", "trending_week", movie, week, 40),
            ("movie", "popular", movie, slow, 60), ("movie", "top_rated", movie & out, votes, 40),
            ("movie", "now_playing", movie & out & (release > recent), heat[:, day], 40),
            ("movie", "upcoming", movie & ~out & (release <= soon), heat[:, day], 40),
            ("tv", "trending_day", ~movie, heat[:, day], 40), ("tv", "trending_week", ~movie, week, 40),
            ("tv", "popular", ~movie, slow, 60), ("tv", "top_rated", ~movie & out, votes, 40),
            ("tv", "on_the_air", airing, heat[:, day], 40), ("tv", "airing_today", today, heat[:, day], 40),
        ]  # fmt: skip
        for media, name, wanted, score, length in plan:
            order = np.lexsort((np.arange(len(titles)), -score))
            for rank, at in enumerate([int(at) for at in order if wanted[at]][:length], start=1):
                row = titles[at]
                news, before = postponed.get(at, (first, ""))
                rows.append(
                    {
                        "snapshot_at": datetime.combine(when, time(7), tzinfo=UTC),
                        "snapshot_date": when,
                        "media_type": media,
                        "list": name,
                        "rank": rank,
                        "tmdb_id": row["tmdb_id"],
                        "title": row["title"],
                        "release_date": before if when < news else row["release_date"],
                        "popularity": round(float(heat[at, day]), 3),
                        "vote_average": row["vote_average"],
                        "vote_count": row["vote_count"] + 3 * day,
                        "genre_ids": [genre_id(genre) for genre in row["genres"]],
                        "original_language": row["original_language"],
                    }
                )
    schema_over: Types = {"snapshot_at": pl.Datetime("us", "UTC"), "rank": pl.Int64, "genre_ids": pl.List(pl.Int64)}
    return pl.DataFrame(rows, schema_overrides=schema_over)


def charts(rng: np.random.Generator, titles: list[dict[str, Any]], heat: np.ndarray, first: date) -> pl.DataFrame:
    """Daily box office of the films in cinemas, and a weekly streaming top 10 of films and shows."""
    rows: list[dict[str, Any]] = []

    def add(chart: str, day: date, entries: list[tuple[float, int]], unit: str) -> None:
        for rank, (value, at) in enumerate(sorted(entries, key=lambda pair: (-pair[0], pair[1]))[:10], start=1):
            released = date.fromisoformat(titles[at]["release_date"])
            age = (day - released).days + 1 if unit == "usd" else None
            values = (chart, day, rank, titles[at]["title"], float(round(value)), unit, age)
            rows.append(dict(zip(_CHART_TYPES, values, strict=True)))

    for day in range(heat.shape[1]):
        when = first + timedelta(days=day)
        cinema = []
        for at, row in enumerate(titles):
            age = (when - date.fromisoformat(row["release_date"])).days
            if row["media_type"] == "movie" and 0 <= age <= 75:
                noise = float(rng.lognormal(0, 0.08))
                cinema.append((heat[at, day] * 90_000 * np.exp(-age / 18) * WEEKDAYS[when.weekday()] ** 3 * noise, at))
        add("box_office_us", when, cinema, "usd")
        if when.weekday() == 6:
            week = heat[:, max(0, day - 6) : day + 1].mean(axis=1)
            home = (when - timedelta(days=75)).isoformat()
            for media, chart in (("movie", "Films (English)"), ("tv", "TV (English)")):
                seen = [(week[at] * 240_000, at) for at, row in enumerate(titles)
                        if row["media_type"] == media and row["release_date"] <= home]  # fmt: skip
                add(f"netflix_top10/{chart}", when, seen, "hours")
    return pl.DataFrame(
        rows,
        schema=_CHART_TYPES,
    ).sort("chart", "date", "rank")


def reviews_and_offers(
    rng: np.random.Generator, titles: list[dict[str, Any]], days: int, first: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """TMDb's own reviews of some titles, and who streams what."""
    reviews: list[dict[str, Any]] = []
    offers: list[dict[str, Any]] = []
    for row in titles:
        key = {"tmdb_id": row["tmdb_id"], "media_type": row["media_type"]}
        if row["release_date"] <= first.isoformat():
            for _ in range(int(rng.integers(0, 3))):
                level = int(rng.integers(0, 5))
                second = int(rng.integers(0, days * 86_400))
                reviews.append(
                    {
                        **key,
                        "author": say.pick(rng, list(SYLLABLES)) + say.pick(rng, list(SYLLABLES)),
                        "rating": float(2 * level + 1),
                        "content": say.review(rng, row["title"], row["genres"], level),
                        "created_at": datetime.combine(first, time(), tzinfo=UTC) + timedelta(seconds=second),
                    }
                )
        for region in ("US", "GB", "DE"):
            for number in sorted(rng.choice(len(PLATFORMS), int(rng.integers(0, 3)), replace=False).tolist()):
                offers.append(
                    {
                        **key,
                        "region": region,
                        "offer": "flatrate" if rng.random() < 0.7 else "rent",
                        "provider_id": 9001 + number,
                        "provider_name": PLATFORMS[number],
                    }
                )
    schema: Types = {"created_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(reviews, schema_overrides=schema).sort("created_at", "tmdb_id"), pl.DataFrame(offers)
