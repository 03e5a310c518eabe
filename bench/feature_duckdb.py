"""features/title_day of a day in DuckDB alone, from the same files: what bench/feature_speed.py times beside ours."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

HALF_LIVES = {"12h": 0.5, "1d": 1.0, "2d": 2.0, "4d": 4.0, "7d": 7.0, "14d": 14.0}

_QUERY = """
with v as (select *, date_diff('day', date, $day) age from {voices}),
past as (select * from v where age > 0),
seen_days as (select distinct age from past),
accounts as (select distinct voice_id from past),
today as (select v.*, a.voice_id is not null known from v left join accounts a using (voice_id) where age = 0),
pairs as (select title_id, site, count(*) authors, count(*) filter (known) known from today group by all),
counted as (
  select *, case when (select count(*) from seen_days) < 7 then authors else known + least(authors - known, known) end counted
  from pairs
),
volumes as (select site, age, count(*) n from past group by all),
usual as (
  select site, median(coalesce(n, 0)) usual, count(n) active
  from (select distinct site from past) cross join seen_days left join volumes using (site, age) group by site
),
weights as (
  select site, case when (select count(*) from seen_days) < 7 or sum(counted) = 0 then 1.0
    else least(1.0, (5 * coalesce(any_value(usual), 0) + least(1.0, coalesce(any_value(active), 0) / 7)) / sum(counted)) end w
  from counted left join usual using (site) group by site
),
weighed as (
  select title_id, sum(known) known_authors, sum(counted * w order by site) voices, count(*) filter (counted > 0) counted_sites
  from counted join weights using (site) group by title_id
),
said as (
  select title_id, sum(mentions) mentions, count(*) authors, count(distinct site) sites,
    avg(sentiment order by voice_id) sentiment, avg(rating order by voice_id) rating
  from today group by title_id
),
shares as (select *, value / sum(value) over (partition by chart, chart_date) part from {charts}),
charted as (
  select title_id, min(rank) chart_rank, max(part) chart_share, max(days_in_release) chart_days
  from {entries} join shares using (chart, chart_date, rank) where title_id is not null group by title_id
),
listed as (select title_id, min(rank) list_rank from {lists} group by title_id),
now as (
  select title_id, coalesce(mentions, 0) mentions, coalesce(authors, 0) authors, coalesce(known_authors, 0) known_authors,
    coalesce(voices, 0) voices, coalesce(sites, 0) sites, coalesce(counted_sites, 0) counted_sites, sentiment, rating,
    chart_rank, chart_share, chart_days, list_rank
  from said full join weighed using (title_id) full join charted using (title_id) full join listed using (title_id)
),
w as (
  select title_id, date_diff('day', date, $day) age, mentions, authors, voices, sentiment, rating, chart_rank, chart_share,
    list_rank
  from {signals}
  union all
  select title_id, 0, mentions, authors, voices, sentiment, rating, chart_rank, chart_share, list_rank from now
),
totals as (select age, sum(voices) total, bool_or(mentions > 0) known from w group by age),
volume as (select age, known, (total + 50) / ((select avg(total) from totals where known) + 50) volume from totals),
known as (select age from volume where known),
editions as (select min(age) age from w where age >= 7 and chart_rank is not null),
told as (
  select title_id, {ewmas},
    sum(voices / volume * 0.5 ** ((age - 1) / 7)) filter (known and age > 0)
      / (select sum(0.5 ** ((age - 1) / 7)) from known where age > 0) voices_before,
    sum(voices) filter (age = 1) voices_lag1, sum(voices) filter (age < 7) voices_7d, sum(voices) voices_28d,
    min(age) filter (mentions > 0) days_since_mention, max(age) filter (mentions > 0) oldest,
    count(*) filter (mentions > 0) active_days, sum(authors) filter (age < 7) authors_7d,
    {sentiment_7d} sentiment_7d, {sentiment_7d} - {sentiment_before} sentiment_change, {rating_7d} rating_7d,
    any_value(chart_rank) filter (age = (select age from editions)) - any_value(chart_rank) filter (age = 0)
      chart_rank_change_7d,
    any_value(chart_share) filter (age = 0) - any_value(chart_share) filter (age = (select age from editions))
      chart_share_change_7d,
    any_value(list_rank) filter (age = 1) - any_value(list_rank) filter (age = 0) list_rank_change_1d,
    any_value(list_rank) filter (age = 7) - any_value(list_rank) filter (age = 0) list_rank_change_7d
  from w left join volume using (age) group by title_id
),
breadth as (select title_id, count(distinct site) sites_7d from v where age < 7 group by title_id)
select title_id, t.media_type, t.year, t.release_date, t.popularity,
  now.* exclude (title_id, sentiment, rating, mentions, authors, known_authors, voices, sites, counted_sites),
  {zeros}, told.* exclude (title_id, oldest, {told_zeros}),
  $day - oldest::int first_seen, ln(t.popularity / b.popularity) popularity_change_7d,
  date_diff('day', t.release_date, $day) days_since_release,
  (coalesce(voices_ewma_1d, 0) + 1) / (coalesce(voices_before, 0) + 1) lift
from {titles} t full join told using (title_id) left join now using (title_id) left join breadth using (title_id)
left join {before} b using (title_id)
order by title_id
"""


def title_day(lake: Path, day: date) -> pa.Table:
    """All columns of features/title_day but `lists`, by title_id."""

    def files(table: str, *ages: int) -> str:
        paths = [lake / table / f"date={day - timedelta(days=age)}" / "data.parquet" for age in ages]
        return f"read_parquet({[str(path) for path in paths if path.exists()]}, hive_partitioning = true)"

    def mean(column: str, ages: str) -> str:
        there = f"filter ({ages} and {column} is not null and authors > 0)"
        return f"(sum({column} * authors) {there} / sum(authors) {there})"

    today = ("mentions", "authors", "known_authors", "voices", "sites", "counted_sites")
    ewmas = [
        f"sum(voices / volume * 0.5 ** (age / {days})) filter (known) / (select sum(0.5 ** (age / {days})) from known) "
        f"voices_ewma_{name}"
        for name, days in HALF_LIVES.items()
    ]
    told = [f"voices_ewma_{name}" for name in HALF_LIVES]
    told += ["voices_before", "voices_lag1", "voices_7d", "voices_28d", "active_days", "authors_7d"]
    query = _QUERY.format(
        voices=files("features/voices", *range(29)),
        signals=files("features/title_signals", *range(1, 28)),
        charts=files("staging/charts", 0),
        entries=files("linking/chart_entries", 0),
        lists=files("staging/lists", 0),
        titles=files("staging/titles", 0),
        before=files("staging/titles", 7),
        ewmas=", ".join(ewmas),
        sentiment_7d=mean("sentiment", "age < 7"),
        sentiment_before=mean("sentiment", "age >= 7"),
        rating_7d=mean("rating", "age < 7"),
        zeros=", ".join(f"coalesce({name}, 0) {name}" for name in (*today, *told, "sites_7d")),
        told_zeros=", ".join(told),
    )
    with duckdb.connect() as connection:
        return connection.execute(query, {"day": day}).to_arrow_table()
