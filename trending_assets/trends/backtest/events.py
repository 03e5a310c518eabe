"""How early a list has what is about to be big: lead time, recall, precision and a score after NAB."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from trending_assets.trends.backtest.baselines import over_days
from trending_assets.trends.backtest.days import WARM_UP
from trending_assets.trends.backtest.metrics import lists
from trending_assets.trends.backtest.panel import Array, Places

CENSORED = 14
"""Days before and after an event in which a list may have the title; leads lie between -14 and 14."""
LATE = 7
"""Days after an event up to which an alert still counts as right."""
ALERTS = 5
"""Alerts of a day that are looked at."""
FALSE_ALERT = 0.11
"""What a false alert costs in NAB's standard profile, an event seen at once being worth 1."""

Event = tuple[int, int]


@dataclass(frozen=True)
class Earliness:
    """Median lead in days (missed events count as -14), recall and precision of the alerts, NAB-style score, 1 at best."""

    lead: float
    recall: float
    precision: float
    nab: float


def events(counts: Array, first: int, last: int) -> list[Event]:
    """(day, title) where a title enters the 20 most mentioned of a trailing week and was not there in the 28 days before."""
    week = over_days(counts, 7)
    inside = np.zeros(counts.shape, dtype=bool)
    for day, listed in enumerate(lists(np.where(week > 0, week, -np.inf))):
        inside[day, listed[listed >= 0]] = True
    return [
        (day, int(title))
        for day in range(max(first, WARM_UP), last + 1)
        for title in np.flatnonzero(inside[day] & ~inside[day - WARM_UP : day].any(axis=0))
    ]


def leads(ranked: Places, happened: Iterable[Event]) -> list[int | None]:
    """Days from a title's first appearance in the list to its event, in the 14 days around it; None where there is none."""
    found: list[int | None] = []
    for day, title in happened:
        start = max(day - CENSORED, 0)
        there = np.flatnonzero((ranked[start : day + CENSORED + 1] == title).any(axis=1))
        found.append(day - (start + int(there[0])) if there.size else None)
    return found


def first_alerts(ranked: Places, first: int, last: int) -> list[Event]:
    """The day's first five as alerts (day, title), from 14 days before the first day to 7 after the last."""
    days = range(max(first - CENSORED, 0), min(last + LATE, ranked.shape[0] - 1) + 1)
    return [(day, int(title)) for day in days for title in ranked[day, :ALERTS] if title >= 0]


def earliness(ranked: Places, alerts: Iterable[Event], happened: list[Event], first: int, last: int) -> Earliness:
    """Lead of the list, and how right and early the alerts are, for the events of days first to last.

    An alert is right when its title's event lies at most 7 days before it or 14 days after it; alerts of one title that are
    less than 14 days apart are one false alert. Only alerts of days first to last count for precision and as false.
    """
    raised = sorted(set(alerts))
    by_title: dict[int, list[int]] = {}
    for day, title in raised:
        by_title.setdefault(title, []).append(day)
    hits = [
        next((d for d in by_title.get(title, []) if day - CENSORED <= d <= day + LATE), None) for day, title in happened
    ]
    lead = [-CENSORED if one is None else one for one in leads(ranked, happened)]
    right = {
        (d, title)
        for day, title in happened
        for d in by_title.get(title, [])
        if day - CENSORED <= d <= day + LATE and first <= d <= last
    }
    counted = [(day, title) for day, title in raised if first <= day <= last]
    rewards = [
        -1.0 if hit is None else float(2 / (1 + np.exp(5 * (hit - day) / 7)) - 1)
        for hit, (day, _) in zip(hits, happened, strict=True)
    ]
    false = _episodes([alert for alert in counted if alert not in right])
    nothing = float("nan")
    return Earliness(
        lead=float(np.median(lead)) if lead else nothing,
        recall=float(np.mean([hit is not None for hit in hits])) if hits else nothing,
        precision=len(right) / len(counted) if counted else nothing,
        nab=(sum(rewards) - FALSE_ALERT * false) / len(rewards) if rewards else nothing,
    )


def _episodes(alerts: list[Event]) -> int:
    """Alerts of a title in a row, less than 14 days apart, count once."""
    newest: dict[int, int] = {}
    episodes = 0
    for day, title in sorted(alerts):
        episodes += day - newest.get(title, -CENSORED - 1) >= CENSORED
        newest[title] = day
    return episodes
