"""Rows of features/voices: who wrote about what on which day of a made past."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import polars as pl

from trending_assets.contracts import TABLES

START = date(2013, 3, 1)
SCHEMA = {"date": pl.Date, **TABLES["features/voices"].schema}


def day(n: int) -> date:
    """Day n of the past."""
    return START + timedelta(days=n)


def said(n: int, title_id: str, voice_ids: Iterable[str], rating: float | None = None) -> pl.DataFrame:
    """A post of each voice about the title on day n."""
    rows = [
        {"date": day(n), "title_id": title_id, "voice_id": v, "site": v.partition("/")[0], "mentions": 1, "posts": 1}
        | {"reviews": 0, "sentiment": None, "rating": rating}
        for v in voice_ids
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def accounts(site: str, count: int, begin: int = 0) -> list[str]:
    """`count` accounts of a site."""
    return [f"{site}/{n}" for n in range(begin, begin + count)]


def regulars(days: int, site: str = "old", titles: int = 3, each: int = 4) -> pl.DataFrame:
    """Days 0 to days - 1, on each of which the same accounts of the site write about each title."""
    names = [f"movie-{n + 1}" for n in range(titles)]
    return pl.concat(
        said(n, name, accounts(site, each, each * k), 0.5) for n in range(days) for k, name in enumerate(names)
    )


def random_past(seed: int, days: int, sites: int = 4, titles: int = 12) -> pl.DataFrame:
    """Voices drawn at random: regulars and passers-by, a site that begins late, and a day of which nothing is known."""
    rng = np.random.default_rng(seed)
    frames = []
    for n in range(days):
        if n == days - 5:
            continue
        for site in range(sites if n > days // 2 else sites - 1):
            for title in np.flatnonzero(rng.random(titles) < 0.4):
                names = rng.choice(30, rng.integers(1, 6), replace=False)
                frames.append(said(n, f"movie-{title}", (f"s{site}/{k}" for k in names), float(rng.random())))
    return pl.concat(frames)
