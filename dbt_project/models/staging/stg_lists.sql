{{ config(alias='lists', key=['title_id', 'list']) }}
-- TMDb's lists of the day by title_id.
select
  date,
  media_type || '-' || tmdb_id as title_id,
  media_type,
  list,
  rank
from {{ lake('raw', 'tmdb_lists') }}
