"""Loads a world folder into memory and checks its shape. Columns named truth_* are never read."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from sandbox.clock import clock_us, end_of_day

TITLE_COLUMNS = (
    "tmdb_id imdb_id media_type title original_title year release_date overview tagline genres keywords popularity "
    "vote_average vote_count runtime original_language cast directors"
)
DOCUMENT_COLUMNS = "url site kind author published_at headline text rating rating_max language"
CHART_COLUMNS = "chart date rank title value unit days_in_release"
LIST_COLUMNS = (
    "snapshot_date media_type list rank tmdb_id title release_date popularity vote_average vote_count genre_ids "
    "original_language"
)
REVIEW_COLUMNS = "tmdb_id media_type author rating content created_at"
PROVIDER_COLUMNS = "tmdb_id media_type region offer provider_id provider_name"
CHANGE_COLUMNS = "date media_type tmdb_id"

Row = dict[str, Any]
TitleKey = tuple[str, int]


class WorldError(Exception):
    """A world folder that cannot be served; the text is one sentence for people."""


@dataclass
class Site:
    """The documents of one site, newest first (ties by url)."""

    name: str
    kind: str
    order: list[int]
    newest_first_us: list[int]  # negated, so that it ascends

    def visible(self, clock: datetime) -> int:
        """Index in `order` of the newest document that the clock can see; later ones are all visible."""
        return bisect_left(self.newest_first_us, -clock_us(clock))


@dataclass
class World:
    """A loaded world. `documents` is column-wise: one Python list per column."""

    name: str
    titles: dict[TitleKey, Row]
    documents: dict[str, list[Any]]
    sites: dict[str, Site]
    document_by_url: dict[str, int]
    charts: dict[str, dict[date, list[Row]]]
    lists: dict[tuple[str, str], dict[date, list[Row]]]
    list_days: list[date]
    reviews: dict[TitleKey, list[Row]]
    providers: dict[TitleKey, list[Row]]
    changes: dict[date, set[TitleKey]]
    posters: bool
    first_day: date
    last_day: date
    caches: dict[str, Any] = field(default_factory=dict)
    generated: bool = False

    @property
    def default_clock(self) -> datetime:
        """The end of the world's newest day."""
        return end_of_day(self.last_day)

    def snapshot_day(self, clock: datetime) -> date | None:
        """The day of the newest list snapshot that the clock can see."""
        at = bisect_right(self.list_days, clock.date())
        return self.list_days[at - 1] if at else None


def _read(folder: Path, name: str, needed: str, required: bool = False) -> pl.DataFrame | None:
    path, columns = folder / f"{name}.parquet", needed.split()
    if not path.is_file():
        if required:
            raise WorldError(f"World folder {folder} has no {name}.parquet; a world needs at least its titles.")
        return None
    try:
        frame = pl.read_parquet(path)
    except Exception as error:
        raise WorldError(f"{path} cannot be read as Parquet: {error}.") from error
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise WorldError(f"{path} lacks the column(s) {', '.join(missing)}; it needs {', '.join(columns)}.")
    return frame.select(columns)


def url_key(url: str) -> str:
    """`host/path?query` of a URL, which is how a request names a document."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def _documents(frame: pl.DataFrame | None) -> tuple[dict[str, list[Any]], dict[str, Site], dict[str, int]]:
    if frame is None:
        return {column: [] for column in [*DOCUMENT_COLUMNS.split(), "us"]}, {}, {}
    frame = frame.sort(["published_at", "url"], descending=[True, False]).with_columns(
        us=pl.col("published_at").dt.epoch("us")
    )
    columns = {name: frame[name].to_list() for name in [*DOCUMENT_COLUMNS.split(), "us"]}
    sites: dict[str, Site] = {}
    for at, (name, kind, moment) in enumerate(zip(columns["site"], columns["kind"], columns["us"], strict=True)):
        site = sites.get(name)
        if site is None:
            site = sites[name] = Site(name, kind, [], [])
        site.order.append(at)
        site.newest_first_us.append(-moment)
    return columns, dict(sorted(sites.items())), {url_key(url): at for at, url in enumerate(columns["url"])}


def _by_title(frame: pl.DataFrame | None) -> dict[TitleKey, list[Row]]:
    grouped: dict[TitleKey, list[Row]] = {}
    for row in frame.to_dicts() if frame is not None else []:
        grouped.setdefault((row["media_type"], row["tmdb_id"]), []).append(row)
    return grouped


def _span(
    documents: pl.DataFrame | None, lists: pl.DataFrame | None, charts: pl.DataFrame | None, titles: pl.DataFrame
) -> tuple[date, date]:
    """First and last day: documents and lists; charts where a world has neither; else the newest release."""
    firsts: list[date] = []
    last: date | None = None
    if lists is not None and lists.height:
        firsts.append(lists["snapshot_date"].min())  # type: ignore[arg-type]
        last = lists["snapshot_date"].max()  # type: ignore[assignment]
    if documents is not None and documents.height:
        days = documents["published_at"].dt.date()
        firsts.append(days.min())  # type: ignore[arg-type]
        last = days.max()  # type: ignore[assignment]
    if last is None and charts is not None and charts.height:
        firsts.append(charts["date"].min())  # type: ignore[arg-type]
        last = charts["date"].max()  # type: ignore[assignment]
    if last is None:
        newest = titles["release_date"].str.to_date("%Y-%m-%d", strict=False).max()
        last = newest if isinstance(newest, date) else date(2000, 1, 1)
        firsts.append(last)
    return min(firsts), last


def load_world(folder: Path) -> World:
    """Load a world folder (shapes: the worlds README). Raises WorldError with one clear sentence.

    Only titles.parquet must be there. tmdb_reviews.parquet, tmdb_providers.parquet and world.json are what the
    project's own generator adds: TMDb reviews, watch providers, and the wish for drawn posters. tmdb_changes.parquet
    (date, media_type, tmdb_id) names changed titles besides those whose facts differ between snapshots of the lists.
    """
    if not folder.is_dir():
        raise WorldError(f"World folder {folder} does not exist; give a folder that has titles.parquet.")
    titles = _read(folder, "titles", TITLE_COLUMNS, required=True)
    assert titles is not None
    documents = _read(folder, "documents", DOCUMENT_COLUMNS)
    charts = _read(folder, "charts", CHART_COLUMNS)
    lists = _read(folder, "tmdb_lists", LIST_COLUMNS)
    if documents is not None and documents.schema["published_at"] != pl.Datetime("us", "UTC"):
        try:
            documents = documents.with_columns(pl.col("published_at").cast(pl.Datetime("us", "UTC")))
        except Exception as error:
            raise WorldError(f"{folder}/documents.parquet: published_at must be a UTC time in microseconds.") from error
    about = folder / "world.json"
    settings = json.loads(about.read_text()) if about.is_file() else {}
    columns, sites, by_url = _documents(documents)
    chart_rows: dict[str, dict[date, list[Row]]] = {}
    if charts is not None:
        for row in charts.sort("chart", "date", "rank").to_dicts():
            chart_rows.setdefault(row["chart"], {}).setdefault(row["date"], []).append(row)
    list_rows: dict[tuple[str, str], dict[date, list[Row]]] = {}
    if lists is not None:
        for row in lists.sort("media_type", "list", "snapshot_date", "rank").to_dicts():
            days = list_rows.setdefault((row["media_type"], row["list"]), {})
            days.setdefault(row["snapshot_date"], []).append(row)
    changes = _read(folder, "tmdb_changes", CHANGE_COLUMNS)
    changed: dict[date, set[TitleKey]] = {}
    for day, media, tmdb_id in changes.iter_rows() if changes is not None else ():
        changed.setdefault(day, set()).add((media, tmdb_id))
    first, last = _span(documents, lists, charts, titles)
    last = date.fromisoformat(settings["last_day"]) if "last_day" in settings else last
    first = date.fromisoformat(settings["first_day"]) if "first_day" in settings else first
    return World(
        name=folder.name,
        titles={(row["media_type"], row["tmdb_id"]): row for row in titles.sort("media_type", "tmdb_id").to_dicts()},
        documents=columns,
        sites=sites,
        document_by_url=by_url,
        charts=chart_rows,
        lists=list_rows,
        list_days=sorted({day for days in list_rows.values() for day in days}),
        reviews=_by_title(_read(folder, "tmdb_reviews", REVIEW_COLUMNS)),
        providers=_by_title(_read(folder, "tmdb_providers", PROVIDER_COLUMNS)),
        changes=changed,
        posters=bool(settings.get("posters", False)),
        first_day=first,
        last_day=last,
        generated="generator" in settings,
    )


def day_of(text: str) -> date | None:
    """An ISO day, or None when the text is not one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_utc(moment: datetime) -> datetime:
    """The same moment with the standard UTC zone (Polars gives a ZoneInfo)."""
    return moment.astimezone(UTC)


def empty_world() -> World:
    """A world that knows nothing: what the LLM alone is served with."""
    day = date(1970, 1, 1)
    return World("empty", {}, {}, {}, {}, {}, {}, [], {}, {}, {}, False, day, day)
