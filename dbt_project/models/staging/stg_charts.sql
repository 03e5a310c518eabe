{{ config(alias='charts', key=['chart', 'rank']) }}
-- The newest edition of each chart; the year is taken out of the title, the medium from the chart's name.
with newest as (
  select * from {{ lake('raw', 'charts') }}
  qualify chart_date = max(chart_date) over (partition by date, chart)
    and row_number() over (partition by date, chart, chart_date, rank order by title) = 1
)

select
  date,
  chart,
  chart_date,
  rank,
  coalesce(nullif(regexp_replace(title, '\s*\((18|19|20)\d{2}\)\s*$', ''), ''), title) as title,
  try_cast(regexp_extract(title, '\(((18|19|20)\d{2})\)\s*$', 1) as integer) as year,
  case
    when starts_with(chart, 'box_office') then 'movie'
    when starts_with(chart, 'tvmaze') then 'tv'
    when regexp_matches(lower(chart), '^netflix_top10/.*film') then 'movie'
    when regexp_matches(lower(chart), '^netflix_top10/.*\btv\b') then 'tv'
  end as media_type,
  value,
  unit,
  days_in_release
from newest
