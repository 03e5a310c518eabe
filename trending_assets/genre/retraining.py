"""Continuous training: when the genre models are trained again, and the sensor that asks for it.

There is reason to where enough titles are new since the last training set, or where the drift report flags what the models
are fed or say. A candidate that the gate refused is no reason: the same data would give the same candidate.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import dagster as dg
import polars as pl

from trending_assets.io_manager import LakeResource
from trending_assets.lake import Lake
from trending_assets.settings import get_settings

JOB = "genre_training"
EVERY_SECONDS = 900
WATCHED = ("genre/predictions.", "scoring/document_scores.genres")
"""Beginnings of the names of watched columns whose drift asks for a training."""


@dataclass(frozen=True)
class Cursor:
    """What the sensor remembers: the day (UTC) of its last request, and the newest day of the drift report that it acted on."""

    requested: date | None = None
    drift: date | None = None

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """From the sensor's cursor; an empty one from what is none of ours."""
        try:
            raw = json.loads(text or "{}")
            return cls(*(date.fromisoformat(raw[name]) if raw.get(name) else None for name in ("requested", "drift")))
        except (ValueError, TypeError, AttributeError):
            return cls()

    def to_text(self) -> str:
        """As JSON."""
        return json.dumps({name: value.isoformat() for name, value in self.__dict__.items() if value}, sort_keys=True)


@dataclass(frozen=True)
class Wanted:
    """Whether to train, why or why not, and what to remember."""

    train: bool
    reason: str
    cursor: Cursor


def wanted(lake: Lake, cursor: Cursor, today: date, new_titles: int) -> Wanted:
    """Whether the models are to be trained again, at most once a day.

    Before anything was trained nothing is wanted: the first training is the graph's own. `new_titles` are as many titles with
    an overview and a genre that the day of the last training set did not have.
    """
    from trending_assets.genre.registry import KINDS, read_registry

    registry = read_registry(lake)
    candidates = [s.models[s.candidate].trained_through for k in KINDS if (s := registry.of(k)).candidate]
    if not candidates:
        return Wanted(False, "No genre model was trained yet.", cursor)
    if cursor.requested is not None and cursor.requested >= today:
        return Wanted(False, f"A training was asked for on {cursor.requested} already.", cursor)
    through = max(candidates)
    after = max(through, cursor.drift or through)
    if drifted := _drifted(lake, after):
        day, columns = drifted
        return Wanted(True, f"{', '.join(columns)} drifted on {day}.", Cursor(today, day))
    new = _new_titles(lake, through)
    if new >= new_titles:
        return Wanted(True, f"{new:,} titles are new since {through}.", Cursor(today, cursor.drift))
    return Wanted(False, f"{new:,} of {new_titles:,} new titles since {through}, and no drift.", cursor)


def _drifted(lake: Lake, after: date) -> tuple[date, list[str]] | None:
    """The newest day of the drift report, if it is after `after` and flags a watched column."""
    days = lake.days("drift/report")
    if not days or days[-1] <= after:
        return None
    flagged = lake.read("drift/report", [days[-1]]).filter(pl.col("drifted").fill_null(False))
    columns = sorted({name for name in flagged["column"] if name.startswith(WATCHED)})
    return (days[-1], columns) if columns else None


def _new_titles(lake: Lake, through: date) -> int:
    days = lake.days("staging/titles")
    if not days or days[-1] <= through:
        return 0
    return len(_learnable(lake, days[-1]) - _learnable(lake, through))


def _learnable(lake: Lake, day: date) -> set[str]:
    """Titles of a day with an overview and a genre; none where the lake has no such day."""
    from trending_assets.genre.training import MIN_OVERVIEW
    from trending_assets.scoring.vocabulary import to_vocabulary

    columns = ["title_id", "overview", "genres"]
    titles = lake.read("staging/titles", [day], columns=columns, missing="skip").filter(
        pl.col("overview").str.strip_chars().str.len_chars() >= MIN_OVERVIEW
    )
    return {title for title, genres in titles.select("title_id", "genres").iter_rows() if to_vocabulary(genres or [])}


@dg.sensor(
    name="genre_retraining",
    job_name=JOB,
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING if get_settings().automation else dg.DefaultSensorStatus.STOPPED,
    description="Trains the genre models again where enough titles are new, or where what they say drifted.",
)
def genre_retraining(context: dg.SensorEvaluationContext, lake: LakeResource) -> dg.SensorResult | dg.SkipReason:
    """One run of the job genre_training, at most once a day (UTC)."""
    found = wanted(lake.open(), Cursor.read(context.cursor), datetime.now(UTC).date(), get_settings().genre_new_titles)
    if not found.train:
        return dg.SkipReason(found.reason)
    request = dg.RunRequest(f"{JOB}-{found.cursor.requested}", tags={"genre/reason": found.reason})
    return dg.SensorResult([request], cursor=found.cursor.to_text())


SENSORS = [genre_retraining]
