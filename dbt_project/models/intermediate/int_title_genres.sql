{{ config(tags=['marts']) }}
-- A title's most probable genre by each model: above its threshold where one is, ties by name.
select
  date,
  title_id,
  max(genre) filter (where champion) as genre_model,
  max(genre) filter (where model = 'xgboost') as genre_xgboost,
  max(genre) filter (where model = 'bert') as genre_bert
from (
  select *, row_number() over (partition by date, title_id, model order by predicted desc, probability desc, genre) as place
  from {{ lake('genre', 'predictions') }}
) as placed
where place = 1
group by date, title_id
