"""Every test of one column of one day against the days before it, from their profiles alone."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    units,
)
from trending_assets.drift.new_categories import Novelty, novelty
from trending_assets.drift.statistics import Finding, align, chi_squared, ks, mean_shift, psi

DAYS = (1, 2)
"""A distribution is tested on the day, and on the day with the one before it: the smaller p counts, doubled."""

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
    known = current["count"] > current["nulls"] and bool(filled)
    if current["kind"] == "numeric":
        if known:
            labels = _bin_labels(current["bin_edges"])
            counts = [row["bin_counts"] for row in [*filled, current]]
            found += [*_summary(current, filled), *_distributions(counts, labels, (_ks, _psi))]
        return [_schema(current, past, found[0].finding, None), *found]
    new = None
    if known:
        sides = [dict(zip(row["categories"], row["category_counts"], strict=True)) for row in [*filled, current]]
        labels, counts = align(sides[-WINDOW - 1 :])
        found += _distributions(counts, labels, (_chi_squared,))
        new = novelty(sides[-2 * WINDOW - 1 : -1], sides[-1], _design(counts))
    return [_schema(current, past, found[0].finding, new), *found]


def _distributions(
    counts: Sequence[Sequence[int]], labels: Sequence[str], tests: Sequence[Callable[..., Finding]]
) -> list[Tested]:
    table = np.asarray(counts, float)
    told = _largest_move(table, labels)
    best: dict[str, Finding] = {}
    tried: dict[str, int] = {}
    for days in DAYS:
        left, right = merged_bins(table[:-1], table[-1], days)
        of = units(left, right, days)
        whole = units(table[:-1], table[-1], days)
        if of is None or whole is None:
            continue
        for test in tests:
            one = test(of, whole, left, right, table)
            tried[one.test] = tried.get(one.test, 0) + 1
            if one.test not in best or one.p_value < best[one.test].p_value:
                best[one.test] = one
    found = []
    for name, one in best.items():
        p = min(1.0, one.p_value * tried[name])
        found.append(Tested(Finding(name, one.statistic, p, one.effect), told))
    return found


def _samples(of: Units, history: Array, current: Array) -> tuple[list[float], list[float]]:
    """(baseline, current unit) as counts by bin."""
    table = np.vstack([history, current])
    own = table[len(table) - of.days :].sum(axis=0)
    base = table[max(0, len(table) - of.days - WINDOW) : len(table) - of.days].sum(axis=0)
    return base.tolist(), own.tolist()


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
    """Share of nulls, as a table of two bins."""
    table = np.array([[row["nulls"], row["count"] - row["nulls"]] for row in [*past, current]], float)
    now, before = current["nulls"] / current["count"], table[:-1][-WINDOW:, 0].sum() / table[:-1][-WINDOW:].sum()
    of = units(table[:-1], table[-1])
    detail = f"{_share(now)} of values are missing; it was {_share(before)}."
    if of is None or not table[:, 0].any():
        return Tested(Finding("missing", now, 1.0, abs(now - before)), detail, decides=False)
    p = quadratic_spread(of).p_value(float((of.share**2 / np.maximum(of.weights, 1e-12)).sum()))
    return Tested(Finding("missing", now, p, abs(now - before)), detail)


def _summary(current: Row, past: Sequence[Row]) -> list[Tested]:
    """Mean and median by day; minimum and maximum by their place among the days."""
    window = past[-WINDOW:]
    deviation = _pooled_deviation(window)
    found = []
    for name, room in (("mean", 1.0), ("median", np.pi / 2)):
        values = np.array([row[name] for row in [*past, current]])
        rows = np.array([row["count"] - row["nulls"] for row in [*past, current]], float)
        residuals, sizes, factor, before = _against_past(values, rows)
        floor = room * deviation**2 / rows[-1]
        spread = scalar_spread(residuals, sizes, rows[-1], floor, factor) if len(residuals) else None
        difference = float(values[-1] - before)
        if spread is None:
            finding = Finding(name, 0.0, 1.0, abs(difference) / deviation if deviation else 0.0)
        else:
            finding = mean_shift(name, difference, deviation, spread)
        where = "higher" if difference > 0 else "lower" if difference < 0 else "the same"
        size = f"{finding.effect:.2f} standard deviations {where}" if difference else where
        detail = f"The {name} is {values[-1]:.4g}; it was {before:.4g}: {size}."
        found.append(Tested(finding, detail, decides=name == "mean"))
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


def _against_past(values: Array, rows: Array) -> tuple[Array, Array, float, float]:
    """(residuals of past days against the days before each, their rows, factor of the baseline's error, baseline's value)."""
    residuals, sizes, last = [], [], len(values) - 1
    for day in range(max(1, last - WINDOW), last):
        base = slice(max(0, day - WINDOW), day)
        share = max(1 + 1 / (day - base.start), 1 + rows[day] / rows[base].sum())
        residuals.append((values[day] - np.average(values[base], weights=rows[base])) / np.sqrt(share))
        sizes.append(rows[day])
    base = slice(max(0, last - WINDOW), last)
    factor = max(1 + 1 / (last - base.start), 1 + rows[last] / rows[base].sum())
    return np.array(residuals), np.array(sizes), factor, float(np.average(values[base], weights=rows[base]))


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
