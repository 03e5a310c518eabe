{{ config(alias='lists', key=['title_id', 'list']) }}
-- TMDb's own lists of the day by title_id. Our discover queries only make titles known: they say nothing of attention.
select
  date,
  media_type || '-' || tmdb_id as title_id,
  media_type,
  list,
  rank
from {{ lake('raw', 'tmdb_lists') }}
where left(list, 9) <> 'discover_'
