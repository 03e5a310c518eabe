"""spring-2013 up to its last tuning day, with posts planted in it, and the ranking that comes out: for bench/spam.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from bench.shared import SHARED
from trending_assets.contracts import TABLES
from trending_assets.features.files import FileFeatures, features_of_files, of_voices
from trending_assets.features.parameters import FEATURES, FeatureParameters
from trending_assets.partitions import HISTORY_DAYS, PAST_DAYS, days_between
from trending_assets.trends.rank import rank_days

BEGINS, ENDS = date(2013, 2, 28), date(2013, 5, 29)
"""First day of the world, and the last one that may be looked at: later days are the test days of the ranking."""
FIRST = BEGINS + timedelta(days=PAST_DAYS + 7)
"""First day that is attacked: its past is whole."""
HELD_UP = 500
"""A title of this rank or a better one without any post has a release or a chart that holds it up."""
PLAIN = replace(FEATURES, min_known_days=10_000)
"""The rules switched off: every voice counts, no site has a cap."""
VOICES = {"date": pl.Date, **TABLES["features/voices"].schema}


def ranked(features: FileFeatures, day: date) -> dict[str, int]:
    """Rank by title_id: the one place that says how a ranking is made of features."""
    scores = rank_days(features.title_days([day]), [day], None, features.sites)
    return dict(scores.select("title_id", "rank").iter_rows())


@dataclass(frozen=True)
class World:
    """Features of all days by `parameters`."""

    features: FileFeatures
    parameters: FeatureParameters
    _untouched: dict[date, dict[str, int]] = field(default_factory=dict)

    def planted(self, day: date, rows: pl.DataFrame | None = None) -> FileFeatures:
        """Features of the day and the 27 before it, with rows added to features/voices."""
        first = day - timedelta(days=HISTORY_DAYS - 1)
        rows = self.features.voices.clear() if rows is None else rows
        days = sorted({*rows["date"]})
        oldest = (days[0] if days else day) - timedelta(days=PAST_DAYS)
        window = pl.concat([self.features.voices.filter(pl.col("date").is_between(oldest, day)), rows])
        anew = days_between(days[0], day) if days else []  # what is planted gives later days a past
        kept = self.features.signals.filter(pl.col("date").is_between(first, day), ~pl.col("date").is_in(anew))
        at = pl.col("date").is_in(anew)
        charts, entries = (frame.filter(at) for frame in (self.features.charts, self.features.chart_entries))
        made = of_voices(self.features.titles, window, anew, charts, entries, self.parameters)
        sites = self.features.sites.filter(pl.col("date").is_between(first, day), ~at)
        return replace(made, signals=pl.concat([kept, made.signals]), sites=pl.concat([sites, made.sites]))

    def ranks(self, day: date, rows: pl.DataFrame | None = None) -> dict[str, int]:
        """The ranking of the day with the rows planted. One without any is made once."""
        if rows is not None:
            return ranked(self.planted(day, rows), day)
        if day not in self._untouched:
            self._untouched[day] = ranked(self.planted(day), day)
        return self._untouched[day]

    def accounts_with_a_past(self, day: date, site: str) -> list[str]:
        """Accounts of the site that wrote in the 28 days before the day and not on it, ascending."""
        at = pl.col("date")
        mine = self.features.voices.filter(pl.col("site") == site)
        before = mine.filter(at.is_between(day - timedelta(days=PAST_DAYS), day - timedelta(days=1)))["voice_id"]
        return sorted({*before} - {*mine.filter(at == day)["voice_id"]})

    def unknown(self, day: date) -> list[str]:
        """Titles that nobody wrote about in the 28 days up to the day and that nothing else holds up, ascending."""
        window = pl.col("date").is_between(day - timedelta(days=HISTORY_DAYS - 1), day)
        named = {*self.features.signals.filter(window)["title_id"]}
        held_up = {title_id for title_id, rank in self.ranks(day).items() if rank <= HELD_UP}
        return sorted({*self.features.titles["title_id"]} - named - held_up)


def world_of(features: FileFeatures, parameters: FeatureParameters = FEATURES) -> World:
    """A world of the features' voices, anew by the parameters."""
    days = features.signals["date"].unique().sort().to_list()
    return World(
        of_voices(features.titles, features.voices, days, features.charts, features.chart_entries, parameters),
        parameters,
    )


def spring() -> FileFeatures:
    """Features of spring-2013 up to its last tuning day."""
    folder = SHARED / "worlds" / "spring-2013"
    return features_of_files(
        folder / "titles.parquet", folder / "documents.parquet", folder / "charts.parquet", BEGINS, ENDS
    )


def posts(day: date, title_id: str, voice_ids: Iterable[str], mentions: int = 1) -> pl.DataFrame:
    """Rows of features/voices: each voice writes `mentions` posts about the title on the day."""
    names = list(voice_ids)
    return pl.DataFrame(
        {
            "date": [day] * len(names),
            "title_id": [title_id] * len(names),
            "voice_id": names,
            "site": [name.partition("/")[0] for name in names],
            "mentions": [mentions] * len(names),
            "posts": [mentions] * len(names),
            "reviews": [0] * len(names),
            "sentiment": [None] * len(names),
            "rating": [None] * len(names),
        },
        schema=VOICES,
    )


def new_accounts(site: str, count: int) -> list[str]:
    """Accounts that nobody has seen before."""
    return [f"{site}/made-up-{n}" for n in range(count)]
