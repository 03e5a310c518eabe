"""What was mentioned and how it was ranked, as matrices of days by titles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from trending_assets.trends.backtest.days import AHEAD, WARM_UP, Range

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KEPT = 100
"""Never mentioned titles of a day's ranking that are looked at; those below cannot enter any judged list."""
TARGETS = ("1d", "7d", "rise")


@dataclass(frozen=True)
class Panel:
    """`counts[t, i]` are the voices of title `ids[i]` on `days[t]`; days are consecutive, ids ascend.

    A day without any row is one that nobody looked at (`known` is false), not one on which nobody spoke.
    """

    days: list[date]
    ids: list[str]
    counts: Array
    known: Flags

    def judged(self, days: Range, ranked: Flags, closed: bool = False) -> Places:
        """Days of the range that have a ranking, 28 days up to them and 7 known days after them, as places of `days`.

        `closed`: the 7 days lie in the range too, so that what is chosen on it rests on nothing that comes after.
        """
        return np.array(
            [
                t
                for t in range(WARM_UP - 1, len(self.days) - AHEAD)
                if days[0] <= self.days[t] <= days[1]
                and ranked[t]
                and self.known[t : t + AHEAD + 1].all()
                and not (closed and self.days[t + AHEAD] > days[1])
            ],
            dtype=np.int64,
        )

    def matrix(self, frame: pl.DataFrame, column: str) -> Array:
        """A column of date, title_id, … as days by titles; -inf where there is no row, or no number."""
        filled = np.full(self.counts.shape, -np.inf)
        row, place = _places(frame, self.days, self.ids)
        values = frame.select(pl.col(column).cast(pl.Float64).fill_nan(None).fill_null(-np.inf)).to_series().to_numpy()
        inside = (row >= 0) & (place >= 0)
        filled[row[inside], place[inside]] = values[inside]
        return filled


def panel_of(counts: pl.DataFrame, scores: pl.DataFrame, releases: pl.DataFrame | None = None) -> Panel:
    """The panel of date, title_id, authors, with every title that can enter a judged list.

    Those are the titles that were mentioned or came out in its days, and of the others the first of each day's lists.
    """
    first, last = min(counts["date"]), max(counts["date"])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    said = counts.filter(pl.col("authors") > 0)["title_id"]
    parts = [said]
    if releases is not None:
        parts.append(releases.filter(pl.col("release_date").is_between(first, last))["title_id"])
    silent = scores.filter(~pl.col("title_id").is_in(said.unique().implode()))
    for column in ("score", "rising_score"):
        order = silent.sort(["date", column, "title_id"], descending=[False, True, False], nulls_last=True)
        parts.append(order.group_by("date").head(KEPT)["title_id"])
    ids = pl.concat(parts).unique().sort().to_list()
    known = np.zeros(len(days), dtype=bool)
    known[[(day - first).days for day in counts["date"].unique()]] = True
    filled = np.zeros((len(days), len(ids)))
    row, place = _places(counts, days, ids)
    inside = place >= 0
    filled[row[inside], place[inside]] = counts["authors"].cast(pl.Float64).to_numpy()[inside]
    return Panel(days, ids, filled, known)


def _places(frame: pl.DataFrame, days: Sequence[date], ids: Sequence[str]) -> tuple[Places, Places]:
    """Row and column of each row of the frame in a panel; -1 for what is not in it."""
    row = (frame["date"] - days[0]).dt.total_days().to_numpy().astype(np.int64)
    row = np.where((row >= 0) & (row < len(days)), row, -1)
    titles = pl.DataFrame({"title_id": pl.Series(ids, dtype=pl.String)}).with_row_index("place")
    found = frame.select("title_id").join(titles, on="title_id", how="left", maintain_order="left")["place"]
    return row, found.cast(pl.Int64).fill_null(-1).to_numpy()


def targets(counts: Array, days: Places) -> dict[str, Array]:
    """What the rankings of `days` should have foretold: gains of days by titles, by target.

    1d: voices of the next day. 7d: voices of the next 7 days. rise: with b a week's share of the last 28 days and f the next
    7 days, (f - b) / sqrt(b + 1) where f is at least 5 and above b, else 0.
    """
    total = running(counts)
    ahead = total[days + AHEAD + 1] - total[days + 1]
    before = (total[days + 1] - total[np.maximum(days + 1 - WARM_UP, 0)]) / 4
    return {"1d": counts[days + 1], "7d": ahead, "rise": gain(ahead, before)}


def gain(ahead: Array, before: Array) -> Array:
    """How far the next 7 days are above a usual week, in units of its Poisson spread; 0 below 5 voices."""
    return np.where(ahead >= 5, np.maximum(0, ahead - before) / np.sqrt(before + 1), 0.0)


def running(counts: Array) -> Array:
    """Sums over the days before each day, one row more than `counts`: days a to b are total[b + 1] - total[a]."""
    return np.vstack([np.zeros((1, counts.shape[1])), counts.cumsum(axis=0)])
