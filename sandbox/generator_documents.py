"""The documents of the generated world: who writes what, where and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from sandbox import generator_text as say

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
SYLLABLES = ("ba", "do", "ki", "lu", "mar", "nel", "ot", "pim", "ra", "sol", "ta", "vik", "wen", "yo", "zan", "fe")


def _authors(rng: np.random.Generator, number: int) -> tuple[list[str], np.ndarray]:
    names = ["".join(say.pick(rng, list(SYLLABLES)) for _ in range(3)) + str(at) for at in range(number)]
    weights = 1.0 / (np.arange(number) + 5.0) ** 0.9
    return names, weights / weights.sum()


class Writer:
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
        schema: dict[str, pl.DataType | type[pl.DataType]] = {
            "url": pl.String, "site": pl.String, "kind": pl.String, "author": pl.String,
            "published_at": pl.Datetime("us", "UTC"), "headline": pl.String, "text": pl.String, "rating": pl.Float64,
            "rating_max": pl.Float64, "language": pl.String, "truth_tmdb_id": pl.Int64,
        }  # fmt: skip
        return pl.DataFrame([{name: row[name] for name in schema} for row in self.rows], schema=schema)
