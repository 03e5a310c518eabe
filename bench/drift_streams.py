"""Made days of watched columns on which nothing drifts, or one column does from a day on: seeded, rows clustered by title.

Twelve columns, near the real ones in shape. A numeric value is a normal one, sqrt(day) d + sqrt(icc) t + sqrt(rest) e of its day,
title and row, sent through the column's own curve: the intra-class correlation is `icc` on that normal scale. A category is
drawn from its title's shares, which are Dirichlet with concentration (1 - icc) / icc around the column's: two rows of a title
are alike with probability icc + (1 - icc) sum p^2 (Dirichlet-multinomial; Mosimann 1962). Whether a value is missing is drawn
in the same way. Columns are independent of each other, which is the hardest case for a family of tests.

`days(Stream(rows=1000, icc=0.2), seed=1, count=21)` yields a dict of arrays a day: floats with nan for null, or codes of
categories (`Column.categories`) with -1 for null. `profile_row` makes of a column what drift/profiles holds of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Day = Mapping[str, Array]

SIZES = (50, 100, 200, 500, 1000, 5000, 20_000, 100_000)
ICCS = (0.0, 0.1, 0.2, 0.4)
CLUSTER = 20
"""Rows a title and day, on average."""
LIFE = 7
"""Days that a title stays in a stream of staying titles, on average; geometric."""
WEEK = np.array([0.9, 0.85, 0.85, 0.9, 1.15, 1.25, 1.1])
"""Rows by weekday over their mean, Monday first, where a stream has a week."""


@dataclass(frozen=True)
class Column:
    """A column: numeric with `curve` (normal to values) and inner `edges` of bins, or categorical with `shares`."""

    name: str
    curve: Callable[[Array], Array] | None = None
    edges: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()
    nulls: float = 0.0

    @property
    def numeric(self) -> bool:
        """Whether it has bins."""
        return self.curve is not None

    @property
    def categories(self) -> list[str]:
        """Names of the codes, ascending."""
        return [f"{self.name} {code:02}" for code in range(len(self.shares))]


@dataclass(frozen=True)
class Stream:
    """What a stream is like.

    `titles`: fresh ones every day, or ones that stay for about LIFE days. `sizes`: equal, or varied (gamma-distributed shares of
    the day). `day_effect`: share of the variance that all rows of a day have in common. `week`: rows follow WEEK.
    """

    rows: int
    icc: float
    titles: Literal["fresh", "staying"] = "fresh"
    sizes: Literal["equal", "varied"] = "equal"
    day_effect: float = 0.0
    week: bool = False

    @property
    def name(self) -> str:
        """The stream in words."""
        more = f", day effect {self.day_effect:g}" if self.day_effect else ""
        return f"{self.rows:,} rows, ICC {self.icc:g}, {self.titles} titles, {self.sizes} sizes{more}" + (
            ", by weekday" if self.week else ""
        )


@dataclass(frozen=True)
class Shift:
    """A drift of one column that begins on the day of index `since`.

    Numeric: the normal scale moves by `size` standard deviations. Categorical: the shares move by Cramér's V = `size`, spread
    over all categories (every other one grows) or from the most frequent one to the next (`two`).
    """

    column: str
    size: float
    since: int
    form: Literal["spread", "two"] = "spread"


def days(stream: Stream, seed: int, count: int, shift: Shift | None = None) -> Iterator[dict[str, Array]]:
    """The days one after the other, the first a Monday. The same arguments give the same bytes.

    A shift leaves the draws as they are: the days before it, and the other columns, are those of the quiet stream.
    """
    first, *each = np.random.default_rng(seed).spawn(1 + len(COLUMNS))
    titles = -(-stream.rows // CLUSTER)
    weights = np.ones(titles)
    states = [_Drawn(column, stream, titles, rng) for column, rng in zip(COLUMNS, each, strict=True)]
    for day in range(count):
        new = np.arange(titles)
        if stream.titles == "staying" and day:
            new = np.flatnonzero(first.random(titles) < 1 / LIFE)
        if stream.sizes == "varied":
            weights[new] = first.gamma(2.0, size=len(new))
        rows = round(stream.rows * (WEEK[day % 7] if stream.week else 1.0))
        if stream.sizes == "varied":
            of = np.repeat(np.arange(titles), first.multinomial(rows, weights / weights.sum()))
        else:
            of = np.arange(rows) * titles // rows
        drawn = {}
        for column, state in zip(COLUMNS, states, strict=True):
            on = shift if shift and shift.column == column.name and day >= shift.since else None
            drawn[column.name] = state.day(new, of, on)
        yield drawn


def counts_of(column: Column, values: Array) -> Array:
    """Non-null values per bin (a bin holds its lower edge) or category."""
    if column.numeric:
        places = np.searchsorted(np.asarray(column.edges, float), values[~np.isnan(values)], side="right")
        return np.bincount(places, minlength=len(column.edges) + 1)
    return np.bincount(values[values >= 0], minlength=len(column.shares))


def profile_row(column: Column, values: Array) -> dict[str, Any]:
    """The column's day as a row of drift/profiles, without whylogs' bytes."""
    counts = counts_of(column, values)
    row: dict[str, Any] = {
        "column": column.name,
        "kind": "numeric" if column.numeric else "categorical",
        "count": len(values),
        "nulls": len(values) - int(counts.sum()),
        **dict.fromkeys(("minimum", "mean", "median", "maximum", "stddev")),
        "bin_edges": list(column.edges),
        "bin_counts": counts.tolist() if column.numeric else [],
        "categories": [name for name, seen in zip(column.categories, counts, strict=False) if seen],
        "category_counts": [] if column.numeric else counts[counts > 0].tolist(),
    }
    present = values[~np.isnan(values)] if column.numeric else values[:0]
    if len(present):
        row |= {"minimum": float(present.min()), "maximum": float(present.max()), "mean": float(present.mean())}
        row |= {"median": float(np.median(present))}
        row |= {"stddev": float(present.std(ddof=1)) if len(present) > 1 else None}
    return row


def cramers_v(before: Array, after: Array) -> float:
    """Cramér's V of two samples of equal size with these shares: V^2 = chi^2 / (2n) = sum (p - q)^2 / (p + q) / 2."""
    return float(np.sqrt(((before - after) ** 2 / (before + after)).sum() / 2))


def moved(shares: Array, size: float, form: Literal["spread", "two"]) -> Array:
    """Shares at Cramér's V = `size` from these, by halving the interval of the step. The size has to be in reach."""

    def at(step: float) -> Array:
        if form == "two":
            return shares + step * shares[0] * np.array([-1.0, 1.0, *[0.0] * (len(shares) - 2)])
        grown = shares * (1 + step * np.where(np.arange(len(shares)) % 2, 1.0, -1.0))
        return np.asarray(grown / grown.sum())

    low, high = 0.0, 1.0
    if cramers_v(shares, at(high)) < size:
        raise ValueError(f"shares cannot move by V = {size}")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cramers_v(shares, at(middle)) < size else (low, middle)
    return at(high)


class _Drawn:
    """One column of a stream, with what its titles have in common."""

    def __init__(self, column: Column, stream: Stream, titles: int, rng: np.random.Generator) -> None:
        self.column, self.stream, self.rng = column, stream, rng
        self.effect = np.zeros(titles)
        self.tables = [np.asarray([column.nulls, 1 - column.nulls])] if column.nulls else []
        if not column.numeric:
            self.tables.append(np.asarray(column.shares))
        self.theirs = [np.zeros((titles, len(table))) for table in self.tables]

    def day(self, new: Array, of: Array, shift: Shift | None) -> Array:
        """Values of rows whose titles are `of`, titles `new` drawn anew."""
        drawn = [self._category(place, new, of) for place in range(len(self.tables))]
        # Drawn whether there is a shift or not, so that a shift changes nothing else.
        if self.column.curve:
            values = self.column.curve(self._normal(new, of) + (shift.size if shift else 0.0))
        else:
            luck, values, shares = self.rng.random((2, len(of))), drawn[-1], np.asarray(self.column.shares)
            if shift:
                values = _move(values, shares, moved(shares, shift.size, shift.form), luck)
        if self.column.nulls:
            values[drawn[0] == 0] = np.nan if self.column.curve else -1
        return values

    def _normal(self, new: Array, of: Array) -> Array:
        icc, common = self.stream.icc, self.stream.day_effect
        self.effect[new] = self.rng.standard_normal(len(new))
        values = np.sqrt(1 - icc - common) * self.rng.standard_normal(len(of))
        if icc:
            values += np.sqrt(icc) * self.effect[of]
        return np.asarray(values + np.sqrt(common) * self.rng.standard_normal())

    def _category(self, place: int, new: Array, of: Array) -> Array:
        shares, theirs = self.tables[place], self.theirs[place]
        luck = self.rng.random(len(of))
        if self.stream.icc:
            drawn = self.rng.standard_gamma(shares * (1 / self.stream.icc - 1), size=(len(new), len(shares)))
            theirs[new] = np.cumsum(drawn / drawn.sum(axis=1, keepdims=True), axis=1)
            # Title i's steps lie in [i, i + 1): one search does for all rows.
            steps = theirs + np.arange(len(theirs))[:, None]
            found = np.searchsorted(steps.ravel(), luck + of, side="right") - of * len(shares)
        else:
            found = np.searchsorted(np.cumsum(shares), luck, side="right")
        found = np.clip(found, 0, len(shares) - 1)
        if self.stream.day_effect:
            todays = self.rng.dirichlet(shares * (1 / self.stream.day_effect - 1))
            found = _move(found, shares, todays, self.rng.random((2, len(of))))
        return found


def _move(values: Array, before: Array, after: Array, luck: Array) -> Array:
    """Rows moved from the categories that shrink to those that grow, so that the shares are met in whatever clusters."""
    change = after - before
    grown = np.cumsum(np.maximum(change, 0))
    leaves = luck[0] < (np.maximum(-change, 0) / before)[values]
    goes = np.minimum(np.searchsorted(grown / grown[-1], luck[1], side="right"), len(before) - 1)
    return np.where(leaves, goes, values)


def _shares(*weights: float) -> tuple[float, ...]:
    return tuple(weight / sum(weights) for weight in weights)


def _curve(of: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """A quantile function of normal values by a fine table: an inverse beta of every value would take seconds a day."""
    grid = np.linspace(-6, 6, 2401)
    table: list[Array] = []

    def curve(normal: Array) -> Array:
        if not table:
            from scipy.special import ndtr

            table.append(of(ndtr(grid)))
        return np.interp(normal, grid, table[0])

    return curve


def _beta(probability: Array) -> Array:
    from scipy.special import betaincinv

    return np.asarray(betaincinv(5.0, 2.0, probability))


_TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_GENRES = (20, 14, 10, 9, 8, 7, 6, 5, 4, 4, 3, 3, 2, 1.5, 1.2, 1, 0.8, 0.5)
COLUMNS = (
    Column(
        "sentiment",
        lambda z: np.clip(0.15 + 0.35 * z, -1, 1),
        (-0.8, -0.6, -0.4, -0.2, -0.05, 0.05, 0.2, 0.4, 0.6, 0.8),
    ),
    Column("enthusiasm", lambda z: np.clip(np.rint(55 + 20 * z), 0, 100), (10, 20, 30, 40, 50, 60, 70, 80, 90)),
    Column("rating", lambda z: np.clip(np.rint(7 + 1.8 * z), 1, 10) / 10, _TENTHS, nulls=0.3),
    Column(
        "text_length", lambda z: np.rint(np.exp(4.6 + 1.1 * z)) + 1, (25, 50, 75, 100, 150, 200, 400, 800, 1600, 3200)
    ),
    Column("confidence", _curve(_beta), _TENTHS),
    Column("authors", lambda z: np.floor(np.exp(0.9 + 1.1 * z)) + 1, (1, 2, 3, 5, 8, 13, 21, 34, 55)),
    Column("voices", lambda z: np.exp(0.8 + 1.2 * z), (0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55)),
    Column("genres", shares=_shares(*_GENRES)),
    Column("predicted_genre", shares=_shares(*(weight**1.4 for weight in _GENRES))),
    Column("vibe_tags", shares=_shares(*((rank + 2) ** -1.6 for rank in range(1, 61)))),
    Column("site", shares=(0.45, 0.25, 0.15, 0.1, 0.05)),
    Column("language", shares=(0.86, 0.05, 0.04, 0.02, 0.02, 0.01), nulls=0.05),
)
"""The family, most frequent category first. A value's null is drawn by title as its category is."""
