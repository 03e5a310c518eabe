"""`python -m bench.as_of`: as-of queries against a made history with late, tied and backfilled rows.

The same questions go to our own join, to Feast over the lake's store, to Feast's own file store as it comes and with
`filter_by_created_timestamp`, and to a naive loop in plain Python that shares no code with them: counts of differences and
seconds. Then a made lake is pushed to the online store day by day in random order, and each title is read from both stores.
"""

import argparse
import logging
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.contracts import TABLES, TIME, Column
from trending_assets.features.store.as_of import AS_OF, CREATED, EVENT, TITLE, TITLE_DAY, event_time, features_as_of
from trending_assets.features.store.push import push, read
from trending_assets.features.store.views import feature_columns, feature_store, store_over
from trending_assets.lake import Lake, open_lake

START = date(2013, 3, 1)
MICRO = timedelta(microseconds=1)


def made_value(column: Column, rng: random.Random) -> Any:
    """A value that the contract's column may have, null one time in four where it may be."""
    if column.nullable and rng.random() < 0.25:
        return None
    low = 0 if column.low is None else int(column.low)
    high = low + 100 if column.high is None else int(column.high)
    if column.dtype in (pl.Int32, pl.Int64):
        return rng.randint(low, high)
    if column.dtype == pl.Float64:
        return rng.uniform(low, high)
    if column.dtype == pl.String:
        return rng.choice(column.values or ("x", "y", "é"))
    if column.dtype == pl.Boolean:
        return rng.random() < 0.5
    if column.dtype == pl.Date:
        return START + timedelta(days=rng.randrange(100))
    if column.dtype == pl.List(pl.String):
        return [rng.choice("abc") for _ in range(rng.randrange(3))]
    return []


def made_day(titles: Sequence[str], rng: random.Random) -> pl.DataFrame:
    """Rows of features/title_day with random values, one a title."""
    table = TABLES[TITLE_DAY]
    columns = {c.name: [made_value(c, rng) for _ in titles] for c in table.columns if c.name != TITLE}
    return pl.DataFrame({TITLE: list(titles), **columns}, schema=table.schema)


def made_history(titles: int, days: int, rng: random.Random) -> pl.DataFrame:
    """Versions of title-days: written in time, late, several at one event time, equal in both times, and backfilled at once."""
    backfill = event_time(START + timedelta(days=days // 2)) + timedelta(hours=5)
    times: list[tuple[str, datetime, datetime]] = []
    for title in (f"movie-{n}" for n in range(titles)):
        for event in (event_time(START + timedelta(days=n)) for n in range(days)):
            fate = rng.random()
            if fate < 0.15:
                continue  # no row of that day
            created = [event]
            if fate < 0.30:
                created = [event + timedelta(hours=rng.randrange(1, 24 * 9))]
            elif fate < 0.45:
                created += [event + timedelta(hours=rng.choice((0, 6, 30, 200))) for _ in range(rng.randrange(1, 4))]
            elif fate < 0.55:
                created = [event, max(event, backfill)]
            times += [(title, event, at) for at in created]
    rng.shuffle(times)
    frame = made_day([title for title, _, _ in times], rng)
    schema = {EVENT: TIME, CREATED: TIME}
    when = pl.DataFrame({EVENT: [e for _, e, _ in times], CREATED: [c for _, _, c in times]}, schema=schema)
    days_of = when.select((pl.col(EVENT) - pl.duration(days=1)).dt.date().alias("date"))
    return pl.concat([frame.select(TITLE), days_of, frame.drop(TITLE), when], how="horizontal")


def made_queries(history: pl.DataFrame, number: int, rng: random.Random) -> pl.DataFrame:
    """Distinct titles and moments: random ones, those of rows to the microsecond, one before and one after; unknown titles."""
    titles = [*history[TITLE].unique().sort(), "movie-unknown"]
    moments = pl.concat([history[EVENT], history[CREATED]]).unique().sort().to_list()
    first, last = moments[0] - timedelta(days=2), moments[-1] + timedelta(days=2)
    found: set[tuple[str, datetime]] = set()
    while len(found) < number:
        if rng.random() < 0.5:
            moment = rng.choice(moments) + MICRO * rng.choice((-1, 0, 0, 1))
        else:
            moment = first + timedelta(microseconds=rng.randrange((last - first) // MICRO))
        found.add((rng.choice(titles), moment))
    rows = sorted(found)
    rng.shuffle(rows)
    return pl.DataFrame(rows, schema={TITLE: pl.String, AS_OF: TIME}, orient="row")


def oracle(history: pl.DataFrame, queries: pl.DataFrame, features: Sequence[str]) -> list[tuple[Any, ...]]:
    """Each query's features by looking at every row of its title, one after the other."""
    compared = sorted(set(history.columns) - {TITLE, EVENT, CREATED})
    by_title: dict[str, list[dict[str, Any]]] = {}
    for row in history.to_dicts():
        by_title.setdefault(row[TITLE], []).append(row)
    answers = []
    for title, moment in queries.select(TITLE, AS_OF).rows():
        best = None
        for row in by_title.get(title, []):
            created = row[EVENT] if row.get(CREATED) is None else row[CREATED]
            if row[EVENT] > moment or created > moment:
                continue
            values = [(row[name] is not None, row[name]) for name in compared]
            rank = (row[EVENT], created)
            if best is None or rank > best[0] or (rank == best[0] and _later(values, best[1])):
                best = (rank, values, row)
        answers.append(tuple(best[2][name] for name in features) if best else (None,) * len(features))
    return answers


def _later(values: list[tuple[bool, Any]], others: list[tuple[bool, Any]]) -> bool:
    for (there, value), (other_there, other) in zip(values, others, strict=True):
        if there != other_there:
            return there
        if there and value != other:
            return bool(value > other)
    return False


def through_feast(store: Any, queries: pl.DataFrame, features: Sequence[str], **options: bool) -> pl.DataFrame:
    """The same questions as Feast takes them, answers in the questions' order."""
    entities = queries.rename({AS_OF: EVENT}).to_pandas()
    job = store.get_historical_features(entities, [f"title_day:{name}" for name in features], **options)
    answers = pl.from_pandas(job.to_df()).with_columns(pl.col(EVENT).cast(TIME).alias(AS_OF))
    assert isinstance(answers, pl.DataFrame)
    return queries.join(answers, on=[TITLE, AS_OF], how="left", maintain_order="left")


def stock_store(history: Path, folder: Path) -> Any:
    """Feast's own file store and SQLite store over the same file and the same view."""
    from feast import FeatureStore, RepoConfig

    ours = store_over(str(history), folder / "ours")
    stock = FeatureStore(
        config=RepoConfig(
            project="stock",
            provider="local",
            registry=str(folder / "stock.pb"),
            offline_store={"type": "file"},
            online_store={"type": "sqlite", "path": str(folder / "stock.sqlite")},
            entity_key_serialization_version=3,
        )
    )
    stock.apply([ours.get_entity("title"), ours.get_feature_view("title_day")])
    return stock


def plain(frame: pl.DataFrame, features: Sequence[str]) -> list[tuple[Any, ...]]:
    """Answers as plain values in the contract's types: Feast's detour through pandas makes floats of whole numbers."""
    types = feature_columns()
    return frame.select(pl.col(name).cast(types[name]) for name in features).rows()


def different(answers: Sequence[tuple[Any, ...]], right: Sequence[tuple[Any, ...]]) -> int:
    """Queries whose answer is another one."""
    return sum(a != b for a, b in zip(answers, right, strict=True))


def timed_answers(ask: Callable[[], pl.DataFrame], features: Sequence[str]) -> tuple[list[tuple[Any, ...]], float]:
    """Answers and seconds."""
    start = time.perf_counter()
    frame = ask()
    return plain(frame, features), time.perf_counter() - start


def offline(number: int, stock: int, titles: int, days: int, seed: int, folder: Path) -> None:
    """Print what each way of asking gets wrong."""
    rng = random.Random(seed)
    history = made_history(titles, days, rng)
    queries = made_queries(history, number, rng)
    features = list(feature_columns())
    file = folder / "history.parquet"
    history.write_parquet(file)
    key = [TITLE, EVENT, CREATED]
    late = history.filter(pl.col(CREATED) > pl.col(EVENT)).height
    tied = history.height - history.select(TITLE, EVENT).n_unique()
    equal = history.height - history.select(key).n_unique()
    print(
        f"History: {history.height:,} rows of {titles:,} titles and {days} days; {late:,} written late or backfilled,"
    )
    print(f"  {tied:,} tied with another in event time, {equal:,} of those in both times. {number:,} distinct queries.")
    start = time.perf_counter()
    right = oracle(history, queries, features)
    print(f"  naive oracle                          {time.perf_counter() - start:8.2f} s")

    answers, seconds = timed_answers(lambda: features_as_of(history, queries), features)
    print(f"  our join                              {seconds:8.2f} s   {different(answers, right):>7,} differ")
    ours = store_over(str(file), folder / "ours")
    answers, seconds = timed_answers(lambda: through_feast(ours, queries, features), features)
    print(f"  through Feast, the lake's store       {seconds:8.2f} s   {different(answers, right):>7,} differ")

    if stock:
        stock_answers(history, queries.head(stock), right, features, stock_store(file, folder))


def stock_answers(
    history: pl.DataFrame, queries: pl.DataFrame, right: Sequence[tuple[Any, ...]], features: Sequence[str], store: Any
) -> None:
    """Print what Feast's file store gets wrong, and how much of it at rows equal in both times, for which it has no rule."""
    key = [TITLE, EVENT, CREATED]
    twice = features_as_of(history.select(*key, twice=pl.len().over(key) > 1), queries)["twice"].fill_null(False)
    print(f"  and of the first {queries.height:,}:")
    for name, options in (("as it comes", {}), ("created filter on", {"filter_by_created_timestamp": True})):
        ask = partial(through_feast, store, queries, features, **options)
        answers, seconds = timed_answers(ask, features)
        missed = [answer != expected for answer, expected in zip(answers, right, strict=False)]
        unclear = sum(miss and tie for miss, tie in zip(missed, twice, strict=True))
        print(
            f"  Feast's file store, {name:<17} {seconds:8.2f} s   {sum(missed):>7,} differ"
            f" ({unclear:,} of them at rows equal in both times)"
        )


def made_lake(folder: Path, titles: int, days: int, rng: random.Random) -> Lake:
    """A lake of features/title_day in which each title stands in most of the days."""
    lake = open_lake(str(folder))
    for n in range(days):
        there = [f"movie-{t}" for t in range(titles) if rng.random() < 0.9]
        lake.write(TITLE_DAY, made_day(there, rng), START + timedelta(days=n))
    return lake


def online(titles: int, days: int, seed: int, folder: Path) -> None:
    """Push days in random order, some twice; print how many titles are served other features than training reads."""
    rng = random.Random(seed)
    lake = made_lake(folder / "lake", titles, days, rng)
    order = lake.days(TITLE_DAY) + rng.sample(lake.days(TITLE_DAY), days // 2)
    rng.shuffle(order)
    start = time.perf_counter()
    rows = 0
    for day in order:
        rows += push(lake, [day]).written
    pushed = time.perf_counter() - start
    names = [*(f"movie-{t}" for t in range(titles)), "movie-unknown"]
    start = time.perf_counter()
    served = read(feature_store(lake), names)
    seconds = time.perf_counter() - start
    queries = pl.DataFrame({TITLE: names}).with_columns(pl.lit(datetime(2100, 1, 1, tzinfo=UTC)).alias(AS_OF))
    features = list(feature_columns())
    wrong = different(served.select(features).rows(), features_as_of(lake, queries).select(features).rows())
    print(
        f"Online: {titles:,} titles, {days} days pushed in random order, {len(order) - days} of them twice: {pushed:.1f} s,"
    )
    print(
        f"  {rows:,} rows written; read back in {seconds:.2f} s, {wrong:,} titles differ from the lake's newest rows."
    )


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument(
        "--stock", type=int, default=5_000, help="of those also to Feast's own file store, which is slow"
    )
    parser.add_argument("--titles", type=int, default=400)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.getLogger("feast").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRENDING_STATE_DIR"] = folder
        offline(given.queries, given.stock, given.titles, given.days, given.seed, Path(folder))
        online(given.titles * 5, 20, given.seed, Path(folder))


if __name__ == "__main__":
    main()
