"""The protocol: what is judged on which days, by which baselines, and how sure the verdict is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.trends.backtest import bootstrap, events, metrics
from trending_assets.trends.backtest.baselines import GRIDS, Baseline, Grid, around, choices
from trending_assets.trends.backtest.boosting import GRID as BOOSTING_GRID
from trending_assets.trends.backtest.boosting import NAME as BOOSTING
from trending_assets.trends.backtest.boosting import boosting
from trending_assets.trends.backtest.coverage import coverage, outcomes, reliability
from trending_assets.trends.backtest.days import AHEAD, WARM_UP, Range
from trending_assets.trends.backtest.panel import TARGETS, Array, Flags, Panel, Places, panel_of, targets
from trending_assets.trends.backtest.strata import ndcg_within, share_of_truth, strata
from trending_assets.trends.command import Step

OURS = "Trending Now"
COLUMN = {"1d": "score", "7d": "expected", "rise": "rising_score"}
"""What answers each target: popular now, the mentions expected over the next 7 days, rising."""
FAMILY = ("ndcg", "precision")
"""Metrics whose differences to the best tuned baseline are tested together, over all targets."""


@dataclass(frozen=True)
class Result:
    """What a backtest found, as tidy frames (columns in `docs/data-dictionary.md` under trends/backtest), for the test days.

    `methods`: method, kind (ours, baseline, ceiling), target, metric, value, low, high, tuning (mean on the tuning days),
    chosen (its parameters). `days`: date, method, target, value (NDCG@20). `differences`: target, metric, method (the
    baseline that is taken from ours), value, low, high, p_value, p_holm (null outside the family), best (best tuned
    baseline by the tuning days), best_on_test. `coverage`: stratum, value, low, high, below, above, width, n.
    `reliability`: bin, expected, value, low, high, n. `strata`: stratum, target, method, value, low, high, n (days), share
    (of the true first 20). `events`: method, lead, recall, precision, nab, n (events). `facts`: sizes and days.
    """

    methods: pl.DataFrame
    days: pl.DataFrame
    differences: pl.DataFrame
    coverage: pl.DataFrame
    reliability: pl.DataFrame
    strata: pl.DataFrame
    events: pl.DataFrame
    facts: Mapping[str, Any]


@dataclass
class _Found:
    """Rows of the frames while they grow."""

    methods: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    strata: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Setting:
    """What every method is judged with."""

    panel: Panel
    tuning: Places
    test: Places
    weights: Array

    def cut(self) -> Array:
        """Counts up to the end of the tuning days, of the titles mentioned by then: choosing sees nothing later."""
        counts = self.panel.counts[: self.tuning[-1] + AHEAD + 1]
        return np.ascontiguousarray(counts[:, counts.any(axis=0)])


@dataclass(frozen=True)
class _Judged:
    """A method's ranking for one target: scores on the test days, first places of every day, metrics by test day."""

    name: str
    scores: Array
    ranked: Places
    values: dict[str, Array]
    tuning: float


def backtest(
    counts: pl.DataFrame,
    scores: pl.DataFrame,
    tuning: Range,
    test: Range,
    *,
    alerts: pl.DataFrame | None = None,
    releases: pl.DataFrame | None = None,
    voices: pl.DataFrame | None = None,
    step: Step = lambda what, done, total: None,
) -> Result:
    """Judge the rankings of the test days beside baselines that are tuned on the tuning days alone.

    `counts`: date, title_id, authors (distinct voices: the truth). `scores`: date, title_id, score, rising_score, expected,
    expected_low, expected_high (mentions of the next 7 days) as the ranking of each day gave them; a title without a row is
    not ranked. `alerts`: date, title_id, p_value. `releases`: title_id, release_date. `voices`: date, title_id, voice_id,
    for the split-half ceiling. The popular list is judged on 1d, the expectation on 7d, the rising list on rise. A day is
    judged when it has a ranking, 28 days of history and 7 known days after it; those of a tuning day lie in the tuning days
    too. The order of rows has no influence. Raises PermanentFailure where no day can be judged.
    """
    if counts.filter(pl.col("authors") > 0).is_empty():
        raise PermanentFailure("Nobody mentions any title, so there is nothing to backtest.")
    panel = panel_of(counts, scores, releases)
    ours = {column: panel.matrix(scores, column) for column in set(COLUMN.values())}
    ranked = np.asarray(np.isfinite(ours["score"]).any(axis=1))
    setting = _setting(panel, ranked, tuning, test)
    happened = events.events(panel.counts, int(setting.test[0]), int(setting.test[-1]))
    inside = strata(panel, setting.test, releases)
    found = _Found()
    baselines = {**GRIDS, BOOSTING: (boosting(panel.counts), BOOSTING_GRID)}
    total = len(TARGETS) * (len(baselines) + 1)
    for number, target in enumerate(TARGETS):
        gains = targets(panel.counts, setting.test)[target]
        mine = _judge(setting, OURS, ours[COLUMN[target]], target, gains)
        _add(found, setting, mine, "ours", target, "")
        step(f"{target}: {OURS}", number * (len(baselines) + 1) + 1, total)
        beside: list[_Judged] = []
        for place, (name, (baseline, grid)) in enumerate(baselines.items()):
            chosen = _choose(setting, name, baseline, grid, target)
            judged = _judge(setting, name, baseline(panel.counts, target, **chosen), target, gains)
            _add(found, setting, judged, "baseline", target, _in_words(chosen))
            beside.append(judged)
            step(f"{target}: {name}", number * (len(baselines) + 1) + place + 2, total)
        for name, values in _ceilings(panel, setting, target, gains, voices):
            _add_values(found, setting, name, "ceiling", target, values, None, "")
        best = max(beside, key=lambda judged: judged.tuning)
        _add_differences(found, setting, mine, beside, best, target)
        _add_strata(found, setting, [mine, best], inside, target, gains)
        if target == "rise":
            _add_events(found, setting, [mine, *beside], happened, _alerts(panel, alerts))
    days = [panel.days[t] for t in setting.test]
    spoken = outcomes(panel, scores, setting.test)
    differences = pl.DataFrame(found.differences).with_columns(pl.col("p_holm").cast(pl.Float64))
    return Result(
        methods=pl.DataFrame(found.methods, infer_schema_length=None),
        days=pl.DataFrame(found.days),
        differences=_holm(differences),
        coverage=coverage(spoken, days, setting.weights),
        reliability=reliability(spoken, days, setting.weights),
        strata=pl.DataFrame(found.strata, infer_schema_length=None),
        events=pl.DataFrame(found.events),
        facts={
            "titles": scores["title_id"].n_unique(),
            "mentioned": counts.filter(pl.col("authors") > 0)["title_id"].n_unique(),
            "voices": int(counts["authors"].sum()),
            "history_from": panel.days[0],
            "tuning_from": panel.days[setting.tuning[0]],
            "tuning_to": panel.days[setting.tuning[-1]],
            "tuning_days": setting.tuning.size,
            "test_from": days[0],
            "test_to": days[-1],
            "test_days": len(days),
            "events": len(happened),
            "draws": setting.weights.shape[0],
            "block": bootstrap.BLOCK,
        },
    )


def _setting(panel: Panel, ranked: Flags, tuning: Range, test: Range) -> _Setting:
    for what, (first, last) in (("tuning", tuning), ("test", test)):
        if last < first:
            raise PermanentFailure(f"The last {what} day {last} is before the first, {first}.")
    if tuning[1] >= test[0]:
        raise PermanentFailure(f"The tuning days end on {tuning[1]}, which is not before the first test day {test[0]}.")
    places = panel.judged(tuning, ranked, closed=True), panel.judged(test, ranked)
    for what, (first, last), days in zip(("tuning", "test"), (tuning, test), places, strict=True):
        if days.size == 0:
            raise PermanentFailure(
                f"No {what} day from {first} to {last} can be judged: a day needs a ranking, {WARM_UP} days of history and "
                f"{AHEAD} known days after it, and mentions are known from {panel.days[0]} to {panel.days[-1]}."
            )
    return _Setting(panel, *places, bootstrap.draw(places[1].size))


def _choose(setting: _Setting, name: str, baseline: Baseline, grid: Grid, target: str) -> dict[str, Any]:
    """The parameters with the best mean NDCG on the tuning days; the first of equals."""
    options = list(choices(grid))
    if len(options) == 1:
        return options[0]
    counts = setting.cut()
    fitted = boosting(counts) if name == BOOSTING else baseline
    gains = targets(counts, setting.tuning)[target]

    def quality(option: dict[str, Any]) -> float:
        scores = fitted(counts, target, **option)[setting.tuning]
        return float(metrics.ndcg(metrics.lists(scores), gains).mean())

    return max(options, key=quality)


def _in_words(chosen: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', '-')} {value:g}" for name, value in chosen.items())


def _judge(setting: _Setting, name: str, scores: Array, target: str, gains: Array) -> _Judged:
    ranked = metrics.lists(scores)
    now = ranked[setting.test]
    values = {
        "ndcg": metrics.ndcg(now, gains),
        "precision": metrics.precision(now, gains),
        "rbo": metrics.rbo(now),
        "spearman": metrics.spearman(scores[setting.test], gains),
    }
    before = targets(setting.panel.counts, setting.tuning)[target]
    tuning = float(metrics.ndcg(ranked[setting.tuning], before).mean())
    return _Judged(name, scores[setting.test], ranked, values, tuning)


def _add(found: _Found, setting: _Setting, judged: _Judged, kind: str, target: str, chosen: str) -> None:
    _add_values(found, setting, judged.name, kind, target, judged.values, judged.tuning, chosen)
    days = (setting.panel.days[t] for t in setting.test)
    found.days += [
        {"date": day, "method": judged.name, "target": target, "value": float(value)}
        for day, value in zip(days, judged.values["ndcg"], strict=True)
    ]


def _add_values(
    found: _Found,
    setting: _Setting,
    name: str,
    kind: str,
    target: str,
    values: Mapping[str, Array],
    tuning: float | None,
    chosen: str,
) -> None:
    for metric, daily in values.items():
        value, low, high = bootstrap.interval(daily, setting.weights)
        row = {"method": name, "kind": kind, "target": target, "metric": metric, "value": value, "low": low}
        found.methods.append(row | {"high": high, "tuning": tuning if metric == "ndcg" else None, "chosen": chosen})


def _ceilings(
    panel: Panel, setting: _Setting, target: str, gains: Array, voices: pl.DataFrame | None
) -> Iterator[tuple[str, dict[str, Array]]]:
    """What nothing causal can be expected to beat: it looks at the days that are foretold, or beside them."""
    if target == "1d":
        ranked = metrics.lists(around(panel.counts, target)[setting.test])
        yield (
            "days around the foretold day",
            {
                "ndcg": metrics.ndcg(ranked, gains),
                "precision": metrics.precision(ranked, gains),
            },
        )
    if voices is not None:
        left, right = (targets(half, setting.test)[target] for half in _halves(panel, voices))
        both = [(metrics.lists(left), right), (metrics.lists(right), left)]
        yield (
            "the other half of the voices",
            {
                "ndcg": np.mean([metrics.ndcg(*pair) for pair in both], axis=0),
                "precision": np.mean([metrics.precision(*pair) for pair in both], axis=0),
            },
        )


def _halves(panel: Panel, voices: pl.DataFrame) -> Iterator[Array]:
    """Counts of either half of the voices, split by a hash of the voice."""
    people = voices["voice_id"].unique().sort()
    half = pl.DataFrame({"voice_id": people, "half": [crc32(str(v).encode()) % 2 for v in people]})
    said = voices.select("date", "title_id", "voice_id").unique().join(half, on="voice_id")
    for n in (0, 1):
        counted = said.filter(pl.col("half") == n).group_by("date", "title_id").agg(authors=pl.len())
        yield np.maximum(panel.matrix(counted, "authors"), 0)


def _add_differences(
    found: _Found, setting: _Setting, mine: _Judged, beside: list[_Judged], best: _Judged, target: str
) -> None:
    for metric in FAMILY:
        best_on_test = max(beside, key=lambda judged: float(judged.values[metric].mean()))
        for judged in beside:
            paired = mine.values[metric] - judged.values[metric]
            value, low, high = bootstrap.interval(paired, setting.weights)
            found.differences.append(
                {"target": target, "metric": metric, "method": judged.name, "value": value, "low": low, "high": high}
                | {"p_value": bootstrap.p_value(paired, setting.weights), "p_holm": None}
                | {"best": judged is best, "best_on_test": judged is best_on_test}
            )


def _holm(differences: pl.DataFrame) -> pl.DataFrame:
    """Fill p_holm of the family: every target and metric against the best tuned baseline."""
    family = differences.filter(pl.col("best"))
    adjusted = family.select("target", "metric", "method").with_columns(
        adjusted=pl.Series(bootstrap.holm(family["p_value"].to_list()), dtype=pl.Float64)
    )
    return (
        differences.join(adjusted, on=["target", "metric", "method"], how="left", maintain_order="left")
        .with_columns(p_holm=pl.col("adjusted"))
        .drop("adjusted")
    )


def _add_strata(
    found: _Found, setting: _Setting, methods: list[_Judged], inside: Mapping[str, Flags], target: str, gains: Array
) -> None:
    for stratum, flags in inside.items():
        share = share_of_truth(gains, flags)
        for judged in methods:
            daily = ndcg_within(judged.scores, gains, flags)
            value, low, high = bootstrap.interval(daily, setting.weights)
            found.strata.append(
                {"stratum": stratum, "target": target, "method": judged.name, "value": value, "low": low, "high": high}
                | {"n": int((~np.isnan(daily)).sum()), "share": share}
            )


def _add_events(
    found: _Found,
    setting: _Setting,
    methods: list[_Judged],
    happened: list[events.Event],
    alerts: list[events.Event] | None,
) -> None:
    """Lead of each rising list, its first five a day as alerts; and our own alerts where they are given."""
    first, last = int(setting.test[0]), int(setting.test[-1])
    raised = {judged.name: (judged, events.first_alerts(judged.ranked, first, last)) for judged in methods}
    if alerts is not None:
        raised[f"{OURS}, alerts"] = (methods[0], alerts)
    for name, (judged, given) in raised.items():
        result = events.earliness(judged.ranked, given, happened, first, last)
        found.events.append({"method": name, **vars(result), "n": len(happened)})


def _alerts(panel: Panel, alerts: pl.DataFrame | None) -> list[events.Event] | None:
    """The five alerts of each day with the smallest p as (day, title)."""
    if alerts is None:
        return None
    surest = alerts.sort("date", "p_value", "title_id").group_by("date", maintain_order=True).head(events.ALERTS)
    matrix = panel.matrix(surest.with_columns(alert=pl.lit(1.0)), "alert")
    return [(int(day), int(title)) for day, title in np.argwhere(matrix > 0)]
