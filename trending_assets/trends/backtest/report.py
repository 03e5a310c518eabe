"""The report page of a backtest: one HTML file that asks nobody for anything. report.html draws, this file scales."""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.trends.backtest import tables
from trending_assets.trends.backtest.panel import TARGETS
from trending_assets.trends.backtest.run import OURS, Result

HARDEST = 6
"""Baselines that are drawn, those that come nearest; the table has all."""
TEMPLATE = Path(__file__).with_name("report.html")


@dataclass(frozen=True)
class Axis:
    """Values `low` to `high` on pixels `start` to `end`; values outside are drawn at the nearer end."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False
    count: int = 5

    def __call__(self, value: float) -> float:
        kept = min(max(value, self.low), self.high)
        low, high, at = (
            (math.log10(v) for v in (self.low, self.high, kept)) if self.log else (self.low, self.high, kept)
        )
        return round(self.start + (at - low) / (high - low) * (self.end - self.start), 1)

    @cached_property
    def ticks(self) -> list[float]:
        """About `count` round values, or the powers of 10."""
        if self.log:
            return [
                10.0**n for n in range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high)) + 1)
            ]
        rough = (self.high - self.low) / self.count
        scale = 10.0 ** math.floor(math.log10(rough))
        step = min((n * scale for n in (1, 2, 5, 10)), key=lambda s: abs(s - rough))
        first = math.ceil(self.low / step - 1e-9)
        return [round(n * step, 10) for n in range(first, math.floor(self.high / step + 1e-9) + 1)]


def page(result: Result, what: str) -> str:
    """The report as HTML; `what` says in a few words what was measured on."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    head, body = tables.methods(result)
    _, precision = tables.methods(result, "precision")
    return template.render(
        what=what,
        days=tables.days_in_words(result),
        facts=result.facts,
        ours=OURS,
        words=tables.WORDS,
        targets=TARGETS,
        verdicts=tables.verdicts(result),
        lines=[_lines(result, verdict) for verdict in tables.verdicts(result)],
        forests=[_forest(result, target) for target in TARGETS],
        methods=(head, body),
        precision=precision,
        steadiness=_steadiness(result),
        chosen=_chosen(result),
        coverage=_coverage(result),
        reliability=_reliability(result),
        strata=_strata(result),
        events=result.events.sort(-pl.col("nab"), "method").to_dicts(),
        figure=tables.figure,
    )


def _lines(result: Result, verdict: dict[str, Any]) -> dict[str, Any]:
    """NDCG by day of ours and the best tuned baseline."""
    here = result.days.filter(pl.col("target") == verdict["target"])
    series = {
        method: here.filter(pl.col("method") == method).sort("date").select("date", "value").rows()
        for method in (OURS, verdict["best"]["method"])
    }
    values = [value for rows in series.values() for _, value in rows]
    low = max(0.0, math.floor((min(values) - 0.02) * 10) / 10)
    dates = [day for day, _ in series[OURS]]
    x = Axis(0, max((dates[-1] - dates[0]).days, 1), 34, 352)
    step = max(1, round(len(dates) / 4))
    return {
        "words": verdict["words"],
        "series": {
            name: [(x((day - dates[0]).days), value, day) for day, value in rows] for name, rows in series.items()
        },
        "dates": [(x((day - dates[0]).days), day) for day in dates[::step]],
        "y": Axis(low, 1.0, 188, 10),
    }


def _forest(result: Result, target: str) -> dict[str, Any]:
    """Differences of NDCG to the hardest baselines, with the best tuned one whatever its place."""
    here = result.differences.filter(pl.col("target") == target, pl.col("metric") == "ndcg").sort("value", "method")
    rows = here.with_row_index().filter((pl.col("index") < HARDEST) | pl.col("best")).to_dicts()
    low, high = min(0.0, *(r["low"] for r in rows)), max(0.05, *(r["high"] for r in rows))
    edge = (high - low) * 0.04
    return {
        "words": tables.WORDS[target],
        "rows": rows,
        "x": Axis(low - edge, high + edge, 158, 352, count=3),
        "height": 24 * len(rows) + 34,
    }


def _coverage(result: Result) -> dict[str, Any]:
    rows = [row for row in result.coverage.to_dicts() if row["value"] == row["value"]]
    low = min((row["low"] for row in rows), default=0.9)
    return {
        "rows": rows,
        "x": Axis(min(0.9, math.floor(low * 20) / 20), 1.0, 110, 452),
        "height": 34 * max(len(rows), 1) + 40,
    }


def _reliability(result: Result) -> dict[str, Any]:
    """Seen against expected on logarithmic axes; the smallest value that is drawn is .03."""
    rows = result.reliability.to_dicts()
    top = max([row[name] for row in rows for name in ("expected", "high")], default=10.0)
    top = 10.0 ** math.ceil(math.log10(max(top, 10.0)))
    return {"rows": rows, "x": Axis(0.03, top, 44, 452, log=True), "y": Axis(0.03, top, 286, 10, log=True)}


def _strata(result: Result) -> list[dict[str, Any]]:
    """A row a stratum and target: share of the true first 20, ours and the best tuned baseline."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in result.strata.iter_rows(named=True):
        entry = found.setdefault(
            (row["stratum"], row["target"]),
            {"stratum": row["stratum"], "words": tables.WORDS[row["target"]], "share": row["share"], "n": row["n"]},
        )
        entry["ours" if row["method"] == OURS else "best"] = row
    return list(found.values())


def _steadiness(result: Result) -> list[dict[str, Any]]:
    """RBO and Spearman of ours and of the best tuned baseline by target."""
    found = []
    for verdict in tables.verdicts(result):
        here = result.methods.filter(pl.col("target") == verdict["target"])
        for name in (OURS, verdict["best"]["method"]):
            rows = {r["metric"]: r for r in here.filter(pl.col("method") == name).iter_rows(named=True)}
            found.append({"words": verdict["words"], "method": name, "rbo": rows["rbo"], "spearman": rows["spearman"]})
    return found


def _chosen(result: Result) -> dict[tuple[str, str], str]:
    """Parameters by method and target."""
    rows = result.methods.filter(pl.col("metric") == "ndcg").iter_rows(named=True)
    return {(row["method"], row["target"]): row["chosen"] for row in rows}
