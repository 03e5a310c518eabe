"""Every test of one column of one day against the days before it, from their profiles alone."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trending_assets.drift.day_null import (
    TRUST_BINS,
    WINDOW,
    Array,
    Units,
    effective_rows,
    merged_bins,
    quadratic_spread,
    scalar_spread,
    unit_spans,
    units,
)
from trending_assets.drift.new_categories import Novelty, novelty
from trending_assets.drift.statistics import Finding, align, chi_squared, ks, mann_whitney, mean_shift, psi, ridits

SPANS = {1: 0.4, 2: 0.4, 7: 0.2}
"""Days that numbers are tested over (the day and what came before it), and their parts of the level: a small shift that lasts
shows over a week, and weekdays do not."""
CATEGORY_SPANS = {1: 0.5, 2: 0.5}
"""The same for categories: over a week who is there changes anyway, and there are too few weeks to say by how much."""


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tested:
    """A finding, the sentence that goes with it, whether it may alarm (a member of the day's family), and whether it is worth
    reading even where it does not."""

    finding: Finding
    detail: str
    decides: bool = True
    noted: bool = False


def tests_of(current: Row, past: Sequence[Row]) -> list[Tested]:
    """Tests of a row of drift/profiles with values against at least one earlier row of the same kind and bins, oldest first."""
    found = [_missing(current, past)]
    filled = [row for row in past if row["count"] > row["nulls"]]
    # a column that came back empty stays one while the window remembers its values: empty days are no baseline for it
    turned = _missing(current, filled).finding if filled and current["count"] == current["nulls"] else found[0].finding
    known = current["count"] > current["nulls"] and bool(filled)
    if current["kind"] == "numeric":
        if known:
            labels = _bin_labels(current["bin_edges"])
            counts = [row["bin_counts"] for row in [*filled, current]]
            summary = _summary(current, filled)
            found += summary
            moved = _distributions(counts, labels, (_mann_whitney, _ks, _psi), SPANS)
            found += [_told_by_mean(one, summary[0].detail) for one in moved]
        return [_schema(current, past, turned, None), *found]
    new = None
    if known:
        sides = [dict(zip(row["categories"], row["category_counts"], strict=True)) for row in [*filled, current]]
        labels, counts = align(sides[-WINDOW - 1 :])
        found += _distributions(counts, labels, (_chi_squared,), CATEGORY_SPANS)
        new = novelty(sides[-2 * WINDOW - 1 : -1], sides[-1], _design(counts))
    return [_schema(current, past, turned, new), *found]


def _told_by_mean(one: Tested, mean: str) -> Tested:
    """A shift of ranks in words that need no bins."""
    if one.finding.test != "mann_whitney":
        return one
    where = "as before" if not one.finding.statistic else "higher" if one.finding.statistic > 0 else "lower"
    return replace(one, detail=f"Values are {where}. {mean}")


def _distributions(
    counts: Sequence[Sequence[int]],
    labels: Sequence[str],
    tests: Sequence[Callable[..., Finding]],
    parts: Mapping[int, float],
) -> list[Tested]:
    table = np.asarray(counts, float)
    told = _largest_move(table, labels)
    tried: dict[str, dict[int, Finding]] = {}
    for days in parts:
        left, right = merged_bins(table[:-1], table[-1], days)
        of = units(left, right, days)
        whole = units(table[:-1], table[-1], days)
        if of is None or whole is None:
            continue
        for test in tests:
            one = test(of, whole, left, right, table)
            tried.setdefault(one.test, {})[days] = one
    return [Tested(best, told) for spans in tried.values() if (best := best_of(spans, parts))]


def best_of(tried: Mapping[int, Finding], parts: Mapping[int, float]) -> Finding | None:
    """The finding of the span whose p-value over its part is least, with that as p-value (a weighted Bonferroni bound)."""
    if not tried:
        return None
    all_parts = sum(parts[days] for days in tried)
    scaled = {days: one.p_value * all_parts / parts[days] for days, one in tried.items()}
    days = min(scaled, key=lambda one: scaled[one])
    best = tried[days]
    return Finding(best.test, best.statistic, min(1.0, scaled[days]), best.effect)


def _samples(of: Units, history: Array, current: Array) -> tuple[list[float], list[float]]:
    """(baseline, current unit) as counts by bin."""
    table = np.vstack([history, current])
    own = table[len(table) - of.days :].sum(axis=0)
    base = table[max(0, len(table) - of.days - WINDOW) : len(table) - of.days].sum(axis=0)
    return base.tolist(), own.tolist()


def _mann_whitney(of: Units, whole: Units, left: Array, right: Array, table: Array) -> Finding:
    """By the mean ridit of each day."""
    ranks, deviation = ridits(table[:-1][-WINDOW:].sum(axis=0))
    rows = table.sum(axis=1)
    found = _shift("mann_whitney", table @ ranks / rows, rows, deviation, 1.0, of.days)
    if found is None or deviation == 0:
        return Finding("mann_whitney", 0.0, 1.0, 0.0)
    base_rows, own = _samples(whole, table[:-1], table[-1])
    return mann_whitney(base_rows, own, found)


def _psi(of: Units, whole: Units, left: Array, right: Array, table: Array) -> Finding:
    if left.shape[1] < 2:
        return Finding("psi", 0.0, 1.0, 0.0)
    return psi(*_samples(of, left, right), quadratic_spread(of, TRUST_BINS))


def _chi_squared(of: Units, whole: Units, left: Array, right: Array, table: Array) -> Finding:
    spread = quadratic_spread(of) if left.shape[1] > 1 else None
    return chi_squared(*_samples(of, left, right), spread)


def _ks(of: Units, whole: Units, left: Array, right: Array, table: Array) -> Finding:
    return ks(*_samples(whole, table[:-1], table[-1]), *effective_rows(whole))


def _design(counts: Sequence[Sequence[int]]) -> float:
    """By how many times days differ more than independent rows: of the frequent half of the categories against the others."""
    table = np.asarray(counts, float)
    totals = table.sum(axis=0)
    half = np.searchsorted(np.cumsum(totals), totals.sum() / 2) + 1
    two = np.stack([table[:, :half].sum(axis=1), table[:, half:].sum(axis=1)], axis=1)
    of = units(two[:-1], two[-1])
    return quadratic_spread(of).design if of and two.sum(axis=0).all() else 1.0


def _missing(current: Row, past: Sequence[Row]) -> Tested:
    """Share of nulls by day, on the scale asin(sqrt(share)), whose variance 1 / 4n does not depend on the share."""
    rows = np.array([row["count"] for row in [*past, current]], float)
    nulls = np.array([row["nulls"] for row in [*past, current]], float)
    now, before = float(nulls[-1] / rows[-1]), float(nulls[:-1][-WINDOW:].sum() / rows[:-1][-WINDOW:].sum())
    detail = f"{_share(now)} of values are missing; it was {_share(before)}."
    if not nulls.any():
        return Tested(Finding("missing", now, 1.0, 0.0), detail, decides=False)
    found = _shift("missing", np.arcsin(np.sqrt(nulls / rows)), rows, 0.5, 1.0, 1)
    return Tested(Finding("missing", now, found.p_value if found else 1.0, abs(now - before)), detail)


def _summary(current: Row, past: Sequence[Row]) -> list[Tested]:
    """Mean and median by day, minimum and maximum by their place among the days: told, and no alarm. Few large values move a
    mean, and its distribution on a small day is no normal one; whether values moved is asked of their ranks."""
    window = past[-WINDOW:]
    deviation = _pooled_deviation(window)
    rows = np.array([row["count"] - row["nulls"] for row in [*past, current]], float)
    found = []
    for name, room in (("mean", 1.0), ("median", np.pi / 2)):
        values = np.array([row[name] for row in [*past, current]])
        before = float(np.average(values[:-1][-WINDOW:], weights=rows[:-1][-WINDOW:]))
        difference = float(values[-1] - before)
        effect = abs(difference) / deviation if deviation > 0 else float(difference != 0)
        finding = _shift(name, values, rows, deviation, room, 1) or Finding(name, 0.0, 1.0, effect)
        where = "higher" if difference > 0 else "lower" if difference < 0 else "the same"
        size = f"{effect:.2f} standard deviations {where}" if difference else where
        detail = f"The {name} is {values[-1]:.4g}; it was {before:.4g}: {size}."
        found.append(Tested(finding, detail, decides=False))
    for name, sign in (("minimum", -1), ("maximum", 1)):
        extremes = [float(row[name]) for row in window]
        beyond = sum(sign * value >= sign * current[name] for value in extremes)
        edge = max(extremes) if sign > 0 else min(extremes)
        excess = max(0.0, sign * (current[name] - edge))
        finding = Finding(
            name, current[name], (1 + beyond) / (1 + len(extremes)), excess / deviation if deviation > 0 else 0.0
        )
        detail = f"The {name} is {current[name]:.4g}; of the {len(extremes)} days before it was {edge:.4g}."
        found.append(Tested(finding, detail, decides=False))
    return found


def _shift(name: str, values: Array, rows: Array, deviation: float, room: float, days: int) -> Finding | None:
    """The values' mean over the last `days` against the days before, as past days were against theirs; None without any.

    `room` times the variance of the values over the rows is what independent rows give.
    """
    last = len(values) - 1
    spans = unit_spans(last, days)
    if spans is None:
        return None
    ends, starts, firsts = spans
    n, total = (np.concatenate([[0.0], np.cumsum(one)]) for one in (rows, values * rows))
    own, before = n[ends + 1] - n[starts], n[starts] - n[firsts]
    moved = (total[ends + 1] - total[starts]) / own - (total[starts] - total[firsts]) / before
    factors = np.maximum(1 + days / (starts - firsts), 1 + own / before)
    residuals = moved[:-1] / np.sqrt(factors[:-1])
    floor = room * deviation**2 / own[-1]
    spread = scalar_spread(residuals, own[:-1], float(own[-1]), floor, float(factors[-1]), days)
    return mean_shift(name, float(moved[-1]), deviation, spread)


def _pooled_deviation(rows: Sequence[Row]) -> float:
    """Standard deviation of the values of several days within and between them."""
    n = np.array([row["count"] - row["nulls"] for row in rows], float)
    mean = np.array([row["mean"] for row in rows])
    square = np.array([(row["stddev"] or 0.0) ** 2 for row in rows])
    middle = np.average(mean, weights=n)
    return float(np.sqrt(max(0.0, ((n - 1) * square + n * (mean - middle) ** 2).sum() / max(1.0, n.sum() - 1))))


def _schema(current: Row, past: Sequence[Row], missing: Finding, new: Novelty | None) -> Tested:
    """A column that was emptied or filled, or categories that were never seen in the window."""
    window = past[-WINDOW:]
    empty_now = current["nulls"] == current["count"]
    values, rows = sum(row["count"] - row["nulls"] for row in window), sum(row["count"] for row in window)
    name = current["column"]
    if rows and empty_now and values:
        detail = (
            f"{name} is empty: all {current['count']:,} values are missing; {_share(values / rows)} were there before."
        )
        return Tested(Finding("schema", 1.0, missing.p_value, values / rows), detail, noted=True)
    if rows and not values and not empty_now:
        there = 1 - current["nulls"] / current["count"]
        detail = f"{name} is filled: {_share(there)} of values are there; on the days before all were missing."
        return Tested(Finding("schema", 1.0, missing.p_value, there), detail, noted=True)
    if new is None or not new.names:
        finding = Finding("schema", 0.0, 1.0, 0.0)
        return Tested(finding, "Nothing is new: nulls and categories are as before.", decides=False)
    told = ", ".join(f"{category} ({_share(share)})" for category, share in new.names[:5])
    more = f" and {len(new.names) - 5} more" if len(new.names) > 5 else ""
    detail = f"New categories, not seen in the {len(window)} days before: {told}{more}."
    return Tested(Finding("schema", float(len(new.names)), new.p_value, new.share), detail, noted=True)


def _largest_move(table: Array, labels: Sequence[str]) -> str:
    """The three bins whose share moved most, in words."""
    base = table[:-1][-WINDOW:].sum(axis=0)
    before, now = base / base.sum(), table[-1] / table[-1].sum()
    order = sorted(range(len(labels)), key=lambda b: (-abs(now[b] - before[b]), b))[:3]
    told = "; ".join(f"{labels[b]}: {_share(now[b])}, was {_share(before[b])}" for b in order)
    return f"Largest moves of share: {told}."


def _bin_labels(edges: Sequence[float]) -> list[str]:
    inner = [f"{low:g} to {high:g}" for low, high in itertools.pairwise(edges)]
    return [f"below {edges[0]:g}", *inner, f"{edges[-1]:g} and more"]


def _share(value: float) -> str:
    return f"{100 * value:.1f}%"
