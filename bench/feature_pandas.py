"""features/title_day of a day in plain pandas, from the same files: what bench/feature_speed.py times beside ours."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

HALF_LIVES = {"12h": 0.5, "1d": 1.0, "2d": 2.0, "4d": 4.0, "7d": 7.0, "14d": 14.0}
CATALOGUE = ["title_id", "media_type", "year", "release_date", "popularity"]


def _read(lake: Path, table: str, days: Iterable[date], columns: list[str] | None = None) -> pd.DataFrame:
    frames = []
    for day in days:
        path = lake / table / f"date={day}" / "data.parquet"
        if path.exists():
            frames.append(pd.read_parquet(path, columns=columns).assign(date=day))
    return pd.concat(frames, ignore_index=True)


def _signals(lake: Path, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Signals of the day by title, and the voices of the window."""
    days = [day - timedelta(days=n) for n in range(29)]
    voices = _read(lake, "features/voices", days)
    today, past = voices[voices["date"] == day].copy(), voices[voices["date"] < day]
    today["known"] = today["voice_id"].isin(past["voice_id"].unique())
    sites = today.groupby(["title_id", "site"]).agg(authors=("known", "size"), known=("known", "sum")).reset_index()
    known_days = past["date"].nunique()
    others = np.minimum(sites["authors"] - sites["known"], sites["known"])
    sites["counted"] = sites["authors"] if known_days < 7 else sites["known"] + others
    volumes = past.groupby(["date", "site"]).size().unstack(fill_value=0)
    counted = sites.groupby("site")["counted"].sum()
    usual = volumes.median().reindex(counted.index, fill_value=0.0)
    active = (volumes > 0).sum().reindex(counted.index, fill_value=0)
    cap = 5 * usual + np.minimum(active / 7, 1.0)
    weight = (cap / counted.where(counted > 0)).clip(upper=1.0).fillna(1.0)
    if known_days < 7:
        weight[:] = 1.0
    sites["voices"] = sites["counted"] * sites["site"].map(weight)
    sites["heard"] = sites["counted"] > 0
    by_title = sites.groupby("title_id").agg(
        known_authors=("known", "sum"), voices=("voices", "sum"), counted_sites=("heard", "sum")
    )
    said = today.groupby("title_id").agg(
        mentions=("mentions", "sum"),
        authors=("voice_id", "size"),
        sites=("site", "nunique"),
        sentiment=("sentiment", "mean"),
        rating=("rating", "mean"),
    )
    charts = _read(lake, "staging/charts", [day])
    totals = charts.groupby(["chart", "chart_date"])["value"].transform("sum")
    charts["chart_share"] = charts["value"] / totals
    entries = _read(lake, "linking/chart_entries", [day]).dropna(subset=["title_id"])
    entries = entries.merge(
        charts[["chart", "chart_date", "rank", "chart_share", "days_in_release"]], on=["chart", "chart_date", "rank"]
    )
    charted = entries.groupby("title_id").agg(
        chart_rank=("rank", "min"), chart_share=("chart_share", "max"), chart_days=("days_in_release", "max")
    )
    lists = _read(lake, "staging/lists", [day]).groupby("title_id").agg(list_rank=("rank", "min"))
    frame = said.join(by_title).join(charted, how="outer").join(lists, how="outer").reset_index()
    counts = ["mentions", "authors", "known_authors", "voices", "sites", "counted_sites"]
    frame[counts] = frame[counts].fillna(0)
    return frame.assign(date=day), voices


def title_day(lake: Path, day: date) -> pd.DataFrame:
    """All columns of features/title_day but `lists`, by title_id."""
    today, voices = _signals(lake, day)
    columns = [
        "title_id",
        "mentions",
        "authors",
        "voices",
        "sentiment",
        "rating",
        "chart_rank",
        "chart_share",
        "list_rank",
    ]
    past = _read(lake, "features/title_signals", [day - timedelta(days=n) for n in range(1, 28)], columns)
    window = pd.concat([past, today[[*columns, "date"]]], ignore_index=True)
    window["age"] = (pd.Timestamp(day) - pd.to_datetime(window["date"])).dt.days

    def wide(column: str) -> pd.DataFrame:
        return window.pivot(index="title_id", columns="age", values=column).reindex(columns=range(28))

    mentions, said, authors = (wide(c).fillna(0.0) for c in ("mentions", "voices", "authors"))
    known = (mentions > 0).any()
    totals = said.sum()
    volume = (totals + 50) / (totals[known].mean() + 50)
    ordinary = said / volume
    ages = np.arange(28)

    def ewma(half_life: float, since: int = 0) -> pd.Series:
        weights = np.where(known & (ages >= since), 0.5 ** ((ages - since) / half_life), 0.0)
        return ordinary.mul(weights).sum(axis=1) / weights.sum()

    def felt(column: str, begin: int, end: int) -> pd.Series:
        values, weights = wide(column).loc[:, begin:end], authors.loc[:, begin:end]
        there = values.notna() & (weights > 0)
        return (values * weights).where(there).sum(axis=1) / weights.where(there).sum(axis=1).replace(0, np.nan)

    seen = mentions > 0
    out = pd.DataFrame(index=mentions.index)
    for name, half_life in HALF_LIVES.items():
        out[f"voices_ewma_{name}"] = ewma(half_life)
    out["voices_before"] = ewma(7.0, 1)
    out["voices_lag1"], out["voices_7d"] = said[1], said.loc[:, :6].sum(axis=1)
    out["voices_28d"] = said.sum(axis=1)
    out["days_since_mention"] = seen.idxmax(axis=1).where(seen.any(axis=1))
    oldest = seen.loc[:, ::-1].idxmax(axis=1).where(seen.any(axis=1))
    out["first_seen"] = pd.Timestamp(day) - pd.to_timedelta(oldest, unit="D")
    out["active_days"], out["authors_7d"] = seen.sum(axis=1), authors.loc[:, :6].sum(axis=1)
    recent = voices[pd.to_datetime(voices["date"]) > pd.Timestamp(day) - pd.Timedelta(days=7)]
    out["sites_7d"] = recent.groupby("title_id")["site"].nunique()
    out["sentiment_7d"], out["rating_7d"] = felt("sentiment", 0, 6), felt("rating", 0, 6)
    out["sentiment_change"] = out["sentiment_7d"] - felt("sentiment", 7, 27)
    ranks, shares, lists = wide("chart_rank"), wide("chart_share"), wide("list_rank")
    editions = [age for age in range(7, 28) if ranks[age].notna().any()]
    if editions:
        out["chart_rank_change_7d"] = ranks[editions[0]] - ranks[0]
        out["chart_share_change_7d"] = shares[0] - shares[editions[0]]
    out["list_rank_change_1d"], out["list_rank_change_7d"] = lists[1] - lists[0], lists[7] - lists[0]
    titles = _read(lake, "staging/titles", [day], CATALOGUE).set_index("title_id")
    before = _read(lake, "staging/titles", [day - timedelta(days=7)], ["title_id", "popularity"]).set_index("title_id")
    copied = ["mentions", "authors", "known_authors", "sites", "counted_sites", "voices", "chart_rank", "chart_share"]
    frame = titles.join(out, how="outer").join(today.set_index("title_id")[[*copied, "chart_days", "list_rank"]])
    zero = [
        *copied[:6],
        "voices_7d",
        "voices_28d",
        "voices_before",
        "voices_lag1",
        "active_days",
        "authors_7d",
        "sites_7d",
    ]
    zero += [f"voices_ewma_{name}" for name in HALF_LIVES]
    frame[zero] = frame[zero].fillna(0)
    frame["lift"] = (frame["voices_ewma_1d"] + 1) / (frame["voices_before"] + 1)
    frame["popularity_change_7d"] = np.log(frame["popularity"] / before["popularity"].reindex(frame.index))
    frame["days_since_release"] = (pd.Timestamp(day) - pd.to_datetime(frame["release_date"])).dt.days
    return frame.sort_index().reset_index()
