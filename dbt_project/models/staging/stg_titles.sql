{{ config(alias='titles', key=['title_id']) }}
-- Every title that TMDb's export, details or lists of the day know, with the details where they were asked for.
with catalogue as (
  select * from {{ lake('raw', 'tmdb_catalogue') }}
),

details as (
  select * from {{ lake('raw', 'tmdb_titles') }}
),

listed as (
  -- A title on several lists: the facts are the same on each, so the first list by name speaks.
  select * from (
    select *, row_number() over (partition by date, media_type, tmdb_id order by list) as place from {{ lake('raw', 'tmdb_lists') }}
  ) as every
  where place = 1
),

known as (
  select date, media_type, tmdb_id from catalogue
  union
  select date, media_type, tmdb_id from details
  union
  select date, media_type, tmdb_id from listed
)

select
  k.date,
  k.media_type || '-' || k.tmdb_id as title_id,
  k.tmdb_id,
  k.media_type,
  d.imdb_id,
  coalesce(nullif(d.title, ''), nullif(l.title, ''), c.original_title, '') as title,
  coalesce(nullif(d.original_title, ''), nullif(l.original_title, ''), c.original_title, l.title, d.title) as original_title,
  year(coalesce(d.release_date, l.release_date)) as year,
  coalesce(d.release_date, l.release_date) as release_date,
  nullif({{ trim_spaces('d.overview') }}, '') as overview,
  nullif({{ trim_spaces('d.tagline') }}, '') as tagline,
  coalesce(d.genres, {{ empty_list() }}) as genres,
  coalesce(d.keywords, {{ empty_list() }}) as keywords,
  coalesce(c.popularity, d.popularity, l.popularity) as popularity,
  -- Votes of a list are of the day; those of the details are as old as the details. Without votes there is no mean.
  case
    when l.vote_count > 0 then l.vote_average
    when l.vote_count is null and d.vote_count > 0 then d.vote_average
  end as vote_average,
  coalesce(l.vote_count, d.vote_count) as vote_count,
  d.runtime as runtime_minutes,
  coalesce(d.original_language, l.original_language) as original_language,
  coalesce(d.{{ adapter.quote("cast") }}, {{ empty_list() }}) as {{ adapter.quote("cast") }},
  coalesce(d.directors, {{ empty_list() }}) as directors,
  coalesce(d.platforms, {{ empty_list() }}) as platforms,
  d.poster_path,
  coalesce(d.alternative_titles, {{ empty_list() }}) as alternative_titles,
  d.title is not null as has_details
from known as k
left join catalogue as c using (date, media_type, tmdb_id)
left join details as d using (date, media_type, tmdb_id)
left join listed as l using (date, media_type, tmdb_id)
