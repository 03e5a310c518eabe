"""Which of TMDb's lists are read, and the discover queries that make announced titles known before anyone writes of them."""

from dataclasses import dataclass
from datetime import date, timedelta

LIST_PAGES = 3
NEW_DAYS, SOON_DAYS, ANNOUNCED_DAYS = 14, 90, 730
"""Days back that count as new, days ahead that count as soon, and days ahead up to which an announced title is looked for."""


@dataclass(frozen=True)
class TmdbList:
    """A list: its medium, its name in the column `list`, its path, and how many pages of 20 are read.

    `window` (days from and to, counted from the day) makes it a discover query by release date, most popular first.
    """

    media: str
    name: str
    path: str
    pages: int = LIST_PAGES
    window: tuple[int, int] | None = None

    def params(self, day: date) -> dict[str, str]:
        """Query parameters for a day."""
        if self.window is None:
            return {}
        field = "primary_release_date" if self.media == "movie" else "first_air_date"
        first, last = (day + timedelta(days=offset) for offset in self.window)
        return {"sort_by": "popularity.desc", f"{field}.gte": first.isoformat(), f"{field}.lte": last.isoformat()}


def _discover(media: str) -> tuple[TmdbList, ...]:
    windows = {
        "discover_new": (1 - NEW_DAYS, 0),
        "discover_soon": (1, SOON_DAYS),
        "discover_announced": (SOON_DAYS + 1, ANNOUNCED_DAYS),
    }
    return tuple(TmdbList(media, name, f"discover/{media}", window=window) for name, window in windows.items())


LISTS = (
    TmdbList("movie", "trending_day", "trending/movie/day"),
    TmdbList("movie", "trending_week", "trending/movie/week"),
    TmdbList("movie", "popular", "movie/popular"),
    TmdbList("movie", "top_rated", "movie/top_rated"),
    TmdbList("movie", "upcoming", "movie/upcoming"),
    TmdbList("movie", "now_playing", "movie/now_playing"),
    *_discover("movie"),
    TmdbList("tv", "trending_day", "trending/tv/day"),
    TmdbList("tv", "trending_week", "trending/tv/week"),
    TmdbList("tv", "popular", "tv/popular"),
    TmdbList("tv", "top_rated", "tv/top_rated"),
    TmdbList("tv", "on_the_air", "tv/on_the_air"),
    TmdbList("tv", "airing_today", "tv/airing_today"),
    *_discover("tv"),
)
