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
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sandbox import generator_text as say
from sandbox.generator_documents import Writer
from sandbox.generator_tables import WEEKDAYS, Types, charts, reviews_and_offers, tmdb_lists
from sandbox.generator_titles import CODES, MOVIES, SHOWS

FIRST_ID = 900_000_001  # far above TMDb's ids, so that nobody takes one for real
RAMP = (0.4, 0.8, 1.0, 0.8, 0.6, 0.4, 0.3)
_DOCUMENTS_A_DAY = 135.0  # bursts bring the mean to about 150


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
    writer = Writer(rng, titles)
    release = np.array([row["release_date"] for row in titles])
    for day in range(days):
        when = first + timedelta(days=day)
        chances = base * np.where(release <= when.isoformat(), 1.0, 0.25)
        count = int(rng.poisson(_DOCUMENTS_A_DAY * WEEKDAYS[when.weekday()]))
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
    reviews, offers = reviews_and_offers(rng, titles, days, first)
    title_types: Types = {
        "tmdb_id": pl.Int64,
        "year": pl.Int32,
        "cast": pl.List(pl.String),
        "directors": pl.List(pl.String),
    }
    frames = {
        "titles": pl.DataFrame(titles, schema_overrides=title_types).sort("tmdb_id"),
        "documents": writer.frame(),
        "tmdb_lists": tmdb_lists(titles, heat, first),
        "charts": charts(rng, titles, heat, first),
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
    folder_of_code = Path(__file__).parent
    for code in [*sorted(folder_of_code.glob("generator*.py")), folder_of_code / "genres.py"]:
        digest.update(code.read_bytes())
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
