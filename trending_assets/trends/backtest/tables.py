"""The result of a backtest as one tidy table for the lake, and as few lines for people."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, empty
from trending_assets.trends.backtest.panel import TARGETS
from trending_assets.trends.backtest.run import OURS, Result

TABLE = "trends/backtest"
WORDS = {"1d": "next day", "7d": "next 7 days", "rise": "rise"}
METRICS = {"ndcg": "NDCG@20", "precision": "P@20", "rbo": "RBO", "spearman": "Spearman"}
_NOTHING = {"method": OURS, "stratum": "all", "low": None, "high": None, "p_holm": None, "note": None}


def nothing() -> pl.DataFrame:
    """The table of a backtest that could not be made."""
    return empty(TABLES[TABLE])


def tidy(result: Result) -> pl.DataFrame:
    """Rows of trends/backtest: one a figure."""
    facts = {name: result.facts[name] for name in ("tuning_from", "tuning_to", "test_from", "test_to")}
    rows = [{**_NOTHING, **row, **facts} for row in _rows(result)]
    frame = pl.DataFrame(rows, schema=TABLES[TABLE].schema)
    return frame.with_columns(pl.col("value", "low", "high").fill_nan(None)).drop_nulls("value")


def _rows(result: Result) -> Iterator[dict[str, Any]]:
    days = result.facts["test_days"]
    for row in result.methods.iter_rows(named=True):
        kept = {name: row[name] for name in ("method", "target", "metric", "value", "low", "high")}
        yield {"section": row["kind"], "n": days, "note": row["chosen"] or None, **kept}
    for row in result.differences.iter_rows(named=True):
        kept = {name: row[name] for name in ("method", "target", "metric", "value", "low", "high", "p_holm")}
        marks = {"best": "best on the tuning days", "best_on_test": "best on the test days"}
        named = [words for mark, words in marks.items() if row[mark]]
        yield {"section": "difference", "n": days, "note": ", ".join(named) or None, **kept}
    for row in result.coverage.iter_rows(named=True):
        kept = {"section": "coverage", "target": "7d", "stratum": row["stratum"], "n": row["n"]}
        yield {**kept, "metric": "covered", "value": row["value"], "low": row["low"], "high": row["high"]}
        for metric in ("below", "above", "width"):
            yield {**kept, "metric": metric, "value": row[metric]}
    for row in result.reliability.iter_rows(named=True):
        kept = {"section": "reliability", "target": "7d", "stratum": row["bin"], "n": row["n"]}
        yield {**kept, "metric": "seen", "value": row["value"], "low": row["low"], "high": row["high"]}
        yield {**kept, "metric": "expected", "value": row["expected"]}
    for row in result.strata.iter_rows(named=True):
        kept = {name: row[name] for name in ("target", "method", "stratum", "value", "low", "high", "n")}
        yield {"section": "stratum", "metric": "ndcg", **kept}
        if row["method"] == OURS:
            share = {"metric": "share of the true first 20", "value": row["share"], "low": None, "high": None}
            yield {"section": "stratum", **kept, **share}
    for row in result.events.iter_rows(named=True):
        for metric in ("lead", "recall", "precision", "nab"):
            kept = {"section": "events", "target": "rise", "method": row["method"], "n": row["n"]}
            yield {**kept, "metric": metric, "value": row[metric]}


def figure(value: float, low: float, high: float, sign: bool = False) -> str:
    """A mean with its interval."""
    form = "+.3f" if sign else ".3f"
    return f"{value:{form}} [{low:{form}}, {high:{form}}]".replace("-", "\N{MINUS SIGN}")


def methods(result: Result, metric: str = "ndcg") -> tuple[list[str], list[list[str]]]:
    """Header and rows of the methods, ours first, then by the mean over the targets."""
    rows = result.methods.filter(pl.col("metric") == metric)
    order = rows.group_by("method", "kind").agg(pl.col("value").mean())
    first = pl.col("kind").replace_strict({"ours": 0, "baseline": 1, "ceiling": 2})
    listed = order.sort(first, -pl.col("value"), "method")
    cells = {(r["method"], r["target"]): figure(r["value"], r["low"], r["high"]) for r in rows.iter_rows(named=True)}
    names = {"ceiling": " (ceiling)"}
    body = [
        [name + names.get(kind, ""), *(cells.get((name, target), "") for target in TARGETS)]
        for name, kind, _ in listed.iter_rows()
    ]
    return [METRICS[metric], *(WORDS[target] for target in TARGETS)], body


def verdicts(result: Result, metric: str = "ndcg") -> list[dict[str, Any]]:
    """By target: ours, the best tuned baseline and the difference, with a word on it."""
    found = []
    for target in TARGETS:
        here = result.differences.filter(pl.col("target") == target, pl.col("metric") == metric)
        best, after = (here.filter(pl.col(mark)).row(0, named=True) for mark in ("best", "best_on_test"))
        values = {
            r["method"]: r
            for r in result.methods.filter(pl.col("target") == target, pl.col("metric") == metric).iter_rows(named=True)
        }
        word = "better" if best["low"] > 0 else "worse" if best["high"] < 0 else "no difference shown"
        found.append(
            {"target": target, "words": WORDS[target], "ours": values[OURS], "best": values[best["method"]]}
            | {"difference": best, "on_test": after, "word": word}
        )
    return found


def sentences(result: Result) -> list[str]:
    """One line a target: the difference to the best tuned baseline, and to the best of the test days."""
    return [
        f"{v['words']}: {figure(v['difference']['value'], v['difference']['low'], v['difference']['high'], sign=True)} "
        f"against {v['difference']['method']} (best on the tuning days; Holm's p {v['difference']['p_holm']:.4f}); "
        f"{figure(v['on_test']['value'], v['on_test']['low'], v['on_test']['high'], sign=True)} "
        f"against {v['on_test']['method']} (best on the test days)"
        for v in verdicts(result)
    ]


def covered(result: Result) -> str:
    """One line on the intervals."""
    parts = [
        f"{row['stratum']}: {row['value']:.1%} of {row['n']:,}"
        for row in result.coverage.iter_rows(named=True)
        if row["value"] == row["value"]
    ]
    return "95% intervals hold, by mentions expected: " + "; ".join(parts) if parts else "No interval was given."


def markdown(result: Result) -> str:
    """The methods as a Markdown table, with the verdicts below."""
    head, body = methods(result)
    table = "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])
    return "\n\n".join([table, "\n".join(f"- {line}" for line in [*sentences(result), covered(result)])])


def days_in_words(result: Result) -> str:
    """What was judged, in a sentence."""
    f = result.facts
    return (
        f"{f['test_days']} test days, {f['test_from']} to {f['test_to']}; baselines tuned on {f['tuning_days']} days, "
        f"{f['tuning_from']} to {f['tuning_to']}; {f['mentioned']:,} titles mentioned since {f['history_from']}."
    )
