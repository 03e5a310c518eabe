"""The report of a day as a page for a person: one HTML file that asks nobody for anything. page.html draws."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.drift.quality import LEAST_LABELS
from trending_assets.drift.words import AGAINST_WORDS, TEST_WORDS, Found, by_column

TEMPLATE = Path(__file__).with_name("page.html")
MOST_FREQUENT, MOST_MOVED = 6, 4
"""Categories that a picture shows: the most frequent ones, and of the others those whose share moved most."""
TICKS = 7
"""Edges of bins that are written under a picture at most."""
WIDTH, HEIGHT = 340, 130
"""Size of a histogram's plot in its own units."""
SUBJECT_WORDS = {
    "trends/trend_scores.score": "Popular now: the order foretold for the next day",
    "trends/trend_scores.expected": "Popular now: mentions foretold for the next 7 days",
    "genre/predictions.genre": "Genres predicted by the model in production",
    "scoring/document_scores.sentiment": "Sentiment that the LLM reads in a text",
}
METRIC_WORDS = {
    "ndcg_20": "first 20 places, NDCG; 1 is the best possible order",
    "coverage_95": "counts inside the 95% interval; 0.95 is right",
    "macro_f1": "macro F1 against TMDb's genres; 1 is perfect",
    "precision": "share of predicted genres that are right",
    "spearman": "rank correlation with the rating in the same text; 1 agrees fully",
}
UNITS = {"mean": " sd", "median": " sd", "mann_whitney": " sd", "psi": " PSI", "chi_squared": " V", "ks": " D"}
"""What the effect of a test is measured in."""

Row = Mapping[str, Any]


def report_page(
    day: date, report: pl.DataFrame, profiles: pl.DataFrame, baseline: pl.DataFrame, quality: pl.DataFrame
) -> str:
    """The day's rows of drift/report, drift/profiles, drift/baseline and drift/quality as HTML.

    The frames may carry `date`; rows of other days are left out. Same rows, same bytes.
    """
    from jinja2 import Environment, StrictUndefined

    tests, now, past, judged = (_rows(frame, day) for frame in (report, profiles, baseline, quality))
    columns = by_column(row for row in tests if row["test"] not in ("schema", "quality"))
    schema = by_column(row for row in tests if row["test"] == "schema")
    worse = by_column(row for row in tests if row["test"] == "quality")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(figure=figure, percent=percent, chance=chance, long_day=long_day, short_day=short_day)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    cards = _cards(columns, {row["column"]: row for row in now}, past)
    of: dict[str, list[dict[str, Any]]] = {verdict: [] for verdict in ("drifted", "noted", "stable", "no_baseline")}
    for card in cards:
        of[card["found"].verdict].append(card)
    return template.render(
        day=day,
        headline=headline(day, columns, schema, worse),
        cards=of,
        schema=schema,
        worse=[one for one in worse if one.verdict in ("drifted", "noted")],
        quality=sorted(judged, key=lambda row: (_place(row["subject"], SUBJECT_WORDS), row["subject"], row["metric"])),
        baselines=_baselines(past),
        TEST_WORDS=TEST_WORDS,
        AGAINST_WORDS=AGAINST_WORDS,
        SUBJECT_WORDS=SUBJECT_WORDS,
        METRIC_WORDS=METRIC_WORDS,
        UNITS=UNITS,
        LEAST_LABELS=LEAST_LABELS,
        WIDTH=WIDTH,
        HEIGHT=HEIGHT,
    )


def headline(day: date, columns: Sequence[Found], schema: Sequence[Found], worse: Sequence[Found]) -> str:
    """The page in a sentence, without its full stop."""
    when = long_day(day)
    drifted = [one for one in columns if one.verdict == "drifted"]
    strongly = sum(one.severity == "large" for one in drifted)
    others = [
        words
        for found, words in ((schema, "the schema changed"), (worse, "predictions turned out worse"))
        if any(one.verdict == "drifted" for one in found)
    ]
    if drifted:
        extent = [f"{strongly} strongly"] if strongly else []
        return "; ".join([f"{len(drifted)} of {len(columns)} columns drifted on {when}", *extent, *others])
    if others:
        return f"No column drifted on {when}, but {' and '.join(others)}"
    if not columns:
        return f"No column was watched on {when}"
    if all(one.verdict == "no_baseline" for one in columns):
        return f"There is nothing yet to hold {when} against"
    return f"Nothing drifted on {when}"


def _rows(frame: pl.DataFrame, day: date) -> list[dict[str, Any]]:
    if "date" in frame.columns:
        frame = frame.filter(pl.col("date") == day)
    return frame.drop("profile", "date", strict=False).to_dicts()


def _place(name: str, words: Mapping[str, str]) -> int:
    return list(words).index(name) if name in words else len(words)


def _baselines(past: Sequence[Row]) -> list[dict[str, Any]]:
    """Each version of a baseline that was used, once."""
    found = {(row["against"], row["version"]): row for row in past}
    names = "against", "version", "first_day", "last_day", "days"
    return [{name: found[key][name] for name in names} for key in sorted(found, key=lambda k: (k[0] != "trailing", k))]


def _cards(columns: Sequence[Found], now: Mapping[str, Row], past: Sequence[Row]) -> list[dict[str, Any]]:
    """What is drawn of each column: its findings, the day's figures beside each baseline's, and a picture of each pair."""
    cards: list[dict[str, Any]] = []
    for one in columns:
        current = now.get(one.column)
        against = sorted(
            (row for row in past if row["column"] == one.column), key=lambda row: row["against"] != "trailing"
        )
        pictures = [] if current is None else [p for row in against if (p := picture(current, row))]
        table, _, name = one.column.partition(".")
        summary = [{"who": "this day", **_summary(current)}] if current else []
        summary += [{"who": AGAINST_WORDS[row["against"]], **_summary(row)} for row in against]
        cards.append(
            {
                "id": f"c{len(cards)}",
                "found": one,
                "table": table,
                "name": name or table,
                "pictures": pictures,
                "summary": summary,
            }
        )
    return cards


def _summary(row: Row) -> dict[str, Any]:
    kept = {name: row[name] for name in ("kind", "count", "minimum", "mean", "median", "maximum")}
    return kept | {
        "missing": row["nulls"] / row["count"] if row["count"] else None,
        "categories": len(row["categories"]),
    }


def picture(current: Row, baseline: Row) -> dict[str, Any] | None:
    """Shares of the day and of the baseline side by side; None where a side has no values or the two have other bins.

    `parts` are bins in order, or categories by falling share of the baseline: name, now and past (0 to 1).
    """
    if current["kind"] != baseline["kind"] or current["bin_edges"] != baseline["bin_edges"]:
        return None
    numeric = current["kind"] == "numeric"
    if numeric:
        names = bin_names(current["bin_edges"])
        now, past = current["bin_counts"], baseline["bin_counts"]
    else:
        sides = [dict(zip(row["categories"], row["category_counts"], strict=True)) for row in (current, baseline)]
        names = sorted(sides[0].keys() | sides[1].keys())
        now, past = ([side.get(name, 0) for name in names] for side in sides)
    if not sum(now) or not sum(past):
        return None
    parts = [
        {"name": name, "now": n / sum(now), "past": m / sum(past)} for name, n, m in zip(names, now, past, strict=True)
    ]
    moved = max(parts, key=lambda part: abs(part["now"] - part["past"]))
    drawn = {"against": baseline["against"], "kind": current["kind"], "moved": moved}
    if numeric:
        return drawn | {"parts": parts, **_histogram(parts, current["bin_edges"])}
    shown = _shown(parts)
    rest = len(parts) - len(shown)
    if rest:
        left = {side: max(0.0, 1 - sum(part[side] for part in shown)) for side in ("now", "past")}
        shown.append({"name": f"{rest:,} other{'s' if rest > 1 else ''}", **left})
    most = max(max(part["now"], part["past"]) for part in shown)
    return drawn | {"parts": shown, "most": most}


def _shown(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    frequent = sorted(parts, key=lambda part: (-max(part["now"], part["past"]), part["name"]))
    shown, others = frequent[:MOST_FREQUENT], frequent[MOST_FREQUENT:]
    shown += sorted(others, key=lambda part: (-abs(part["now"] - part["past"]), part["name"]))[:MOST_MOVED]
    return sorted(shown, key=lambda part: (-part["past"], -part["now"], part["name"]))


def _histogram(parts: Sequence[Row], edges: Sequence[float]) -> dict[str, Any]:
    """Bars of equal width on a plot of WIDTH by HEIGHT (x, y, width, height by side), and its ticks."""
    most = max(max(part["now"], part["past"]) for part in parts)
    step = _step(most)
    top = step * math.ceil(most / step - 1e-9)
    wide = WIDTH / len(parts)

    def bar(n: int, share: float, part: float) -> tuple[float, ...]:
        tall = HEIGHT * share / top
        x = wide * (n + (1 - part) / 2)
        return tuple(round(value, 1) for value in (x, HEIGHT - tall, wide * part, tall))

    bars = [{"past": bar(n, p["past"], 0.92), "now": bar(n, p["now"], 0.44)} for n, p in enumerate(parts)]
    every = math.ceil(len(edges) / TICKS)
    across = [(round(wide * (n + 1), 1), figure(edge)) for n, edge in enumerate(edges) if n % every == 0]
    up = [(round(HEIGHT - HEIGHT * n * step / top, 1), percent(n * step)) for n in range(1, round(top / step) + 1)]
    return {"bars": bars, "across": across, "up": up}


def _step(most: float) -> float:
    """A round step that divides 0 to `most` in two to four parts."""
    scale: float = 10.0 ** math.floor(math.log10(most))
    return next(
        step for step in (0.2 * scale, 0.25 * scale, 0.5 * scale, scale, 2 * scale, 5 * scale) if most / step <= 4
    )


def bin_names(edges: Sequence[float]) -> list[str]:
    """Bins in words: below 1, 1 to 2, 2 and more."""
    ends = [figure(edge) for edge in edges]
    middle = [f"{low} to {high}" for low, high in pairwise(ends)]
    return [f"below {ends[0]}", *middle, f"{ends[-1]} and more"]


def figure(value: float | None, digits: int = 3) -> str:
    """A number of about three digits for people: thousands by comma, a true minus, an en dash for none."""
    if value is None:
        return "–"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{min(places, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") if text != "-0" else "0"


def percent(share: float | None) -> str:
    """0.1234 as 12.3%; below one in a thousand that it is less, an en dash for none."""
    if share is None:
        return "–"
    if 0 < share < 0.001:
        return "<0.1%"
    text = f"{100 * share:.1f}".removesuffix(".0")
    return f"{text}%"


def chance(p: float | None) -> str:
    """A p-value: 0.03, 0.0004, <0.0001; an en dash for none."""
    return "<0.0001" if p is not None and p < 0.0001 else figure(p, 2)


def long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def short_day(day: date | None) -> str:
    return "–" if day is None else f"{day.day} {day:%b %Y}"
