{{ config(alias='charts', key=['chart', 'rank']) }}
-- The newest edition of each chart; the year is taken out of the title, the medium from the chart's name.
{%- set space = '[ \\t\\n\\f\\r]*' %}
{%- set bracketed_year = space ~ '[(]((18|19|20)[0-9]{2})[)]' ~ space ~ '\\z' %}
with placed as (
  select
    *,
    max(chart_date) over (partition by date, chart) as newest,
    row_number() over (partition by date, chart, chart_date, rank order by title) as place
  from {{ lake('raw', 'charts') }}
)

select
  date,
  chart,
  chart_date,
  rank,
  coalesce(nullif({{ regex_replace('title', bracketed_year, '') }}, ''), title) as title,
  try_cast({{ regex_part('title', bracketed_year, 1) }} as integer) as year,
  case
    when left(chart, 10) = 'box_office' then 'movie'
    when left(chart, 6) = 'tvmaze' then 'tv'
    when {{ regex_matches(lower_case('chart'), '^netflix_top10/[^\\n]*film') }} then 'movie'
    when {{ regex_matches(lower_case('chart'), '^netflix_top10/([^\\n]*[^0-9a-z_\\n])?tv([^0-9a-z_]|\\z)') }} then 'tv'
  end as media_type,
  value,
  unit,
  days_in_release
from placed
where chart_date = newest and place = 1
