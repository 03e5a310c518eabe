{{ config(tags=['staging'], meta={'dagster': {'ref': {'name': 'stg_titles'}}}) }}
-- Every title of TMDb's export and every title with details is there.
select r.date, r.media_type, r.tmdb_id
from (
  select date, media_type, tmdb_id from {{ lake('raw', 'tmdb_catalogue') }}
  union
  select date, media_type, tmdb_id from {{ lake('raw', 'tmdb_titles') }}
) as r
anti join {{ ref('stg_titles') }} as t using (date, media_type, tmdb_id)
