"""Makes a small world from a seed, with planted trends whose truth is known.

Titles, years, genres and directors are facts (generator_titles.py); ids, ratings, release days without a source,
overviews, people, posts, reviews and charts are made up, and the ids lie where no real ones are.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sandbox import generator_text as say
from sandbox.generator_titles import CODES, MOVIES, SHOWS
from sandbox.genres import genre_id

FIRST_ID = 900_000_001  # far above TMDb's ids, so that nobody takes one for real
RAMP = (0.4, 0.8, 1.0, 0.8, 0.6, 0.4, 0.3)
_WEEKDAYS = (0.92, 0.85, 0.9, 0.93, 1.05, 1.2, 1.3)  # Monday first
_HOURS = np.array([3, 2, 1, 1, 1, 1, 1, 2, 3, 3, 3, 4, 5, 4, 4, 4, 5, 6, 8, 9, 11, 12, 9, 6], dtype=float)
POST_SITES = ("screenchat.example", "filmbuzz.example")
# site: top of its rating scale, None where it gives no ratings
REVIEW_SITES: dict[str, float | None] = {
    "reelnotes.example": 5.0,
    "theaisleseatpost.example": 4.0,
    "framebyframe.example": 10.0,
    "seriesledger.example": 10.0,
    "nightowlcinema.example": None,
    "harbourherald.example": 5.0,
    "lanternweekly.example": 100.0,
    "secondscreening.example": None,
}
PLATFORMS = ("Lanternstream", "Popcorn Cellar", "Nine Lights", "Velvet Channel", "Harbour Plus", "Open Reel")
_DOCUMENTS_A_DAY = 135.0  # bursts bring the mean to about 150
_SYLLABLES = ("ba", "do", "ki", "lu", "mar", "nel", "ot", "pim", "ra", "sol", "ta", "vik", "wen", "yo", "zan", "fe")


_Types = dict[str, pl.DataType | type[pl.DataType]]
_CHART_TYPES: _Types = {
    "chart": pl.String, "date": pl.Date, "rank": pl.Int32, "title": pl.String, "value": pl.Float64, "unit": pl.String,
    "days_in_release": pl.Int32,
}  # fmt: skip


@dataclass
class Burst:
    """A planted trend: `size` more documents on the peak day, shaped by RAMP from `first_day`."""

    title: int
    first_day: int
    size: float

    def level(self, day: int) -> float:
        """Share of the size on a day (0 outside the ramp)."""
        at = day - self.first_day
        return RAMP[at] if 0 <= at < len(RAMP) else 0.0


def _titles(rng: np.random.Generator) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    lines = [("movie", line) for line in MOVIES.strip().splitlines()]
    lines += [("tv", line) for line in SHOWS.strip().splitlines()]
    ranks = rng.permutation(len(lines))
    for at, (media, line) in enumerate(lines):
        name, when, codes, *director = line.split("|")
        year = int(when[:4])
        made_up = date(year, 1, 1) + timedelta(days=int(rng.integers(0, 365)))
        release = when if len(when) > 4 else made_up.isoformat()
        genres = list(dict.fromkeys(CODES[code][media == "tv"] for code in codes.split()))
        popularity = 160.0 / (float(ranks[at]) + 3) ** 0.75 * (1.8 if year >= 2024 else 1.0)
        votes = int(rng.integers(40, 9000)) if year < 2026 else int(rng.integers(0, 400))
        rows.append(
            {
                "tmdb_id": FIRST_ID + at,
                "imdb_id": f"tt9{FIRST_ID % 1000 + at:07d}",
                "media_type": media,
                "title": name,
                "original_title": name,
                "year": year,
                "release_date": release,
                "overview": say.overview(rng, genres),
                "tagline": say.tagline(rng),
                "genres": genres,
                "keywords": say.keywords(rng, genres),
                "popularity": round(popularity, 3),
                "vote_average": round(float(np.clip(rng.normal(7.0, 0.8), 3, 9.2)), 1),
                "vote_count": votes,
                "runtime": float(rng.integers(86, 170) if media == "movie" else rng.integers(22, 62)),
                "original_language": "en",
                "cast": [],
                "directors": director,
            }
        )
    return rows


def _bursts(rng: np.random.Generator, titles: list[dict[str, Any]], days: int, first: date) -> list[Burst]:
    """About one burst in six days, spread over the span; the last one is still running on the last day."""
    number = max(1, round(days * 8 / 45))
    last = first + timedelta(days=days - 1)
    out = [at for at, row in enumerate(titles) if row["release_date"] <= last.isoformat() and len(row["title"]) > 3]
    names = [titles[at]["title"] for at in out]
    single = np.array([at for at in out if names.count(titles[at]["title"]) == 1])
    chosen = rng.choice(single, number, replace=False)
    low, high = min(7, max(0, days - 4)), max(0, days - 4)
    starts = np.linspace(low, high, number).round().astype(int)
    return [
        Burst(int(title), int(start), round(float(rng.uniform(22, 55)), 1))
        for title, start in zip(chosen, starts, strict=True)
    ]


def _authors(rng: np.random.Generator, number: int) -> tuple[list[str], np.ndarray]:
    names = ["".join(say.pick(rng, list(_SYLLABLES)) for _ in range(3)) + str(at) for at in range(number)]
    weights = 1.0 / (np.arange(number) + 5.0) ** 0.9
    return names, weights / weights.sum()


class _Writer:
    """Writes the documents of a world, day by day."""

    def __init__(self, rng: np.random.Generator, titles: list[dict[str, Any]]) -> None:
        self.rng, self.titles = rng, titles
        self.liking = np.clip(rng.normal(2.5, 0.8, len(titles)), 0.4, 3.8)
        self.authors, self.weights = _authors(rng, 1500)
        self.critics = {site: _authors(rng, 4)[0] for site in REVIEW_SITES}
        self.rows: list[dict[str, Any]] = []

    def day(self, day: date, count: int, chances: np.ndarray, burst: list[int]) -> None:
        """`count` documents over all titles by their chances, and one more for each entry of `burst`."""
        rng = self.rng
        picked = [*rng.choice(len(self.titles), count, p=chances).tolist(), *burst]
        authors = rng.choice(len(self.authors), count, p=self.weights).tolist()
        authors += rng.integers(0, len(self.authors), len(burst)).tolist()  # a trend is carried by many
        hours = rng.choice(24, len(picked), p=_HOURS / _HOURS.sum())
        seconds = rng.integers(0, 3600, len(picked))
        kinds, odd = rng.random(len(picked)), rng.random(len(picked))
        levels = np.clip(rng.normal(self.liking[picked], 0.9).round(), 0, 4).astype(int)
        midnight = datetime.combine(day, time(), tzinfo=UTC)
        today: list[dict[str, Any]] = []
        for at, title in enumerate(picked):
            when = midnight + timedelta(hours=int(hours[at]), seconds=int(seconds[at]))
            row = self.titles[title]
            author = self.authors[authors[at]]
            if odd[at] < 0.03:
                made = self._odd(today, row, float(odd[at]) / 0.03)
                made |= {"published_at": when, "author": author}
            elif kinds[at] < 0.1 and row["release_date"] <= day.isoformat():
                made = self._review(row, when, int(levels[at]))
            else:
                made = self._post(row, day, when, author, int(levels[at]))
            today.append(made)
        self.rows += today

    def _site(self) -> str:
        return POST_SITES[0] if self.rng.random() < 0.65 else POST_SITES[1]

    def _made(self, **values: Any) -> dict[str, Any]:
        empty = {"headline": None, "rating": None, "rating_max": None, "language": "en", "truth_tmdb_id": None}
        return {**empty, **values}

    def _odd(self, today: list[dict[str, Any]], row: dict[str, Any], share: float) -> dict[str, Any]:
        """A repost of today (half), spam (three tenths) or something off topic."""
        posts = [made for made in today if made["kind"] == "post"]
        if share < 0.5 and posts:
            return {**posts[int(self.rng.integers(len(posts)))], "site": self._site()}
        if share < 0.8:
            text = say.spam(self.rng, row["title"])
            truth = row["tmdb_id"] if row["title"] in text else None
            return self._made(site=self._site(), kind="post", text=text, truth_tmdb_id=truth)
        return self._made(site=self._site(), kind="post", text=say.off_topic(self.rng))

    def _post(self, row: dict[str, Any], day: date, when: datetime, author: str, level: int) -> dict[str, Any]:
        rating: int | None = None
        if row["release_date"] > day.isoformat():
            text = say.waiting_post(self.rng, row["title"], row["genres"])
        else:
            text, rating = say.post(self.rng, row["title"], row["year"], row["genres"], level)
        spanish = any(mark in text for mark in ("anoche", "pareci\u00f3", "est\u00e1 bien", "encant\u00f3"))
        return self._made(
            site=self._site(),
            kind="post",
            author=author,
            published_at=when,
            text=text,
            rating=float(rating) if rating else None,
            rating_max=10.0 if rating else None,
            language="es" if spanish else "en",
            truth_tmdb_id=row["tmdb_id"],
        )

    def _review(self, row: dict[str, Any], when: datetime, level: int) -> dict[str, Any]:
        rng = self.rng
        site = say.pick(rng, list(REVIEW_SITES))
        top = REVIEW_SITES[site]
        rated = top is not None and rng.random() < 0.85
        share = float(np.clip((2 * level + rng.integers(1, 4)) / 10, 0.1, 1.0))
        series = " series" if row["media_type"] == "tv" else ""
        headline = f"{row['title']} ({row['year']}){series} review"
        if rng.random() < 0.06:
            headline = f"Why {row['title']} stays with you" if level > 2 else f"What went wrong with {row['title']}"
        return self._made(
            site=site,
            kind="review",
            author=say.pick(rng, self.critics[site]),
            published_at=when,
            headline=headline,
            text=say.review(rng, row["title"], row["genres"], level),
            rating=round(share * top * 2) / 2 if rated and top else None,
            rating_max=top if rated else None,
            truth_tmdb_id=row["tmdb_id"],
        )

    def frame(self) -> pl.DataFrame:
        """All documents in the order of their time, with urls."""
        self.rows.sort(key=lambda row: (row["published_at"], row["site"], row["author"], row["text"]))
        for number, row in enumerate(self.rows):
            place = "status" if row["kind"] == "post" else "reviews"
            row["url"] = f"http://{row['site']}/{place}/{5_000_000 + number}"
        schema: _Types = {
            "url": pl.String, "site": pl.String, "kind": pl.String, "author": pl.String,
            "published_at": pl.Datetime("us", "UTC"), "headline": pl.String, "text": pl.String, "rating": pl.Float64,
            "rating_max": pl.Float64, "language": pl.String, "truth_tmdb_id": pl.Int64,
        }  # fmt: skip
        return pl.DataFrame([{name: row[name] for name in schema} for row in self.rows], schema=schema)


def _lists(titles: list[dict[str, Any]], heat: np.ndarray, first: date) -> pl.DataFrame:
    """TMDb's lists of every day; `heat` is the popularity of each title (rows) on each day (columns)."""
    release = np.array([row["release_date"] for row in titles])
    movie = np.array([row["media_type"] == "movie" for row in titles])
    votes = np.array([row["vote_average"] for row in titles])
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
                rows.append(
                    {
                        "snapshot_at": datetime.combine(when, time(7), tzinfo=UTC),
                        "snapshot_date": when,
                        "media_type": media,
                        "list": name,
                        "rank": rank,
                        "tmdb_id": row["tmdb_id"],
                        "title": row["title"],
                        "release_date": row["release_date"],
                        "popularity": round(float(heat[at, day]), 3),
                        "vote_average": row["vote_average"],
                        "vote_count": row["vote_count"] + 3 * day,
                        "genre_ids": [genre_id(genre) for genre in row["genres"]],
                        "original_language": row["original_language"],
                    }
                )
    schema_over: _Types = {"snapshot_at": pl.Datetime("us", "UTC"), "rank": pl.Int64, "genre_ids": pl.List(pl.Int64)}
    return pl.DataFrame(rows, schema_overrides=schema_over)


def _charts(rng: np.random.Generator, titles: list[dict[str, Any]], heat: np.ndarray, first: date) -> pl.DataFrame:
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
                cinema.append((heat[at, day] * 90_000 * np.exp(-age / 18) * _WEEKDAYS[when.weekday()] ** 3 * noise, at))
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


def _extras(
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
                        "author": say.pick(rng, list(_SYLLABLES)) + say.pick(rng, list(_SYLLABLES)),
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
    schema: _Types = {"created_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(reviews, schema_overrides=schema).sort("created_at", "tmdb_id"), pl.DataFrame(offers)


def generate(seed: int, days: int, last_day: date, out: Path) -> None:
    """Write a world of `days` days that ends on `last_day` into the folder `out`. The same arguments give the same bytes.

    Besides the files of the worlds README: truth_trends.parquet (tmdb_id, first_day, peak_day, size in documents on the
    peak day), tmdb_reviews.parquet, tmdb_providers.parquet and world.json. Raises ValueError when days < 1.
    """
    if days < 1:
        raise ValueError(f"A world needs at least one day, not {days}.")
    rng = np.random.default_rng(seed)
    first = last_day - timedelta(days=days - 1)
    titles = _titles(rng)
    bursts = _bursts(rng, titles, days, first)
    base = np.array([row["popularity"] for row in titles])
    wave = rng.lognormal(0, 0.18, (len(titles), days))
    heat = base[:, None] * wave
    for burst in bursts:
        for day in range(days):
            heat[burst.title, day] += 4 * burst.size * burst.level(day)
    writer = _Writer(rng, titles)
    release = np.array([row["release_date"] for row in titles])
    for day in range(days):
        when = first + timedelta(days=day)
        chances = base * np.where(release <= when.isoformat(), 1.0, 0.25)
        count = int(rng.poisson(_DOCUMENTS_A_DAY * _WEEKDAYS[when.weekday()]))
        more = [b.title for b in bursts for _ in range(int(rng.poisson(b.size * b.level(day))))]
        writer.day(when, count, chances / chances.sum(), more)
    truth = pl.DataFrame(
        {
            "tmdb_id": [titles[burst.title]["tmdb_id"] for burst in bursts],
            "first_day": [first + timedelta(days=burst.first_day) for burst in bursts],
            "peak_day": [first + timedelta(days=burst.first_day + RAMP.index(max(RAMP))) for burst in bursts],
            "size": [burst.size for burst in bursts],
        }
    ).sort("tmdb_id")
    reviews, offers = _extras(rng, titles, days, first)
    title_types: _Types = {
        "tmdb_id": pl.Int64,
        "year": pl.Int32,
        "cast": pl.List(pl.String),
        "directors": pl.List(pl.String),
    }
    frames = {
        "titles": pl.DataFrame(titles, schema_overrides=title_types).sort("tmdb_id"),
        "documents": writer.frame(),
        "tmdb_lists": _lists(titles, heat, first),
        "charts": _charts(rng, titles, heat, first),
        "tmdb_reviews": reviews,
        "tmdb_providers": offers,
        "truth_trends": truth,
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.write_parquet(out / f"{name}.parquet")
    about = {"generator": "sandbox.generator", "seed": seed, "days": days, "posters": True}
    about |= {"first_day": first.isoformat(), "last_day": last_day.isoformat()}
    (out / "world.json").write_text(json.dumps(about, indent=1) + "\n")


def default_world(cache_dir: Path, last_day: date | None = None) -> Path:
    """The world that a newcomer gets: seed 7, 45 days, made once per generator version; returns its folder."""
    seed, days, last = 7, 45, last_day or date(2026, 11, 20)
    digest = sha256(f"{seed}|{days}|{last.isoformat()}".encode())
    for name in ("generator.py", "generator_text.py", "generator_titles.py", "genres.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    folder = cache_dir / f"sandbox-{digest.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    cache_dir.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=cache_dir))
    try:
        generate(seed, days, last, made)
        made.chmod(0o755)
        os.rename(made, folder)
    except OSError:
        if not folder.is_dir():  # another process was faster: its folder holds the same bytes
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder
