{{ config(alias='trends', key=['title_id']) }}
-- The ranking of the day with every score beside it; entries of the catalogue that nothing is known of are left out.
select
  t.date,
  t.title_id,
  t.rank,
  coalesce(s.title, t.title_id) as title,
  s.year,
  split_part(t.title_id, '-', 1) as media_type,
  t.score,
  t.rising_rank,
  t.rising_score,
  t.basis,
  t.expected,
  t.expected_low,
  t.expected_high,
  t.level,
  t.lift,
  t.lift_low,
  t.lift_high,
  t.direction,
  t.missing_sites,
  a.title_id is not null as alert,
  t.mentions,
  t.authors,
  t.sites,
  t.mention_points,
  t.release_points,
  t.chart_points,
  t.list_points,
  d.sentiment,
  d.vibe_score,
  coalesce(d.vibe_tags, {{ empty_list() }}) as vibe_tags,
  coalesce(s.genres, {{ empty_list() }}) as genres,
  d.primary_genre as genre_llm,
  d.secondary_genre as genre_llm_secondary,
  g.genre_model,
  g.genre_xgboost,
  g.genre_bert,
  coalesce(s.platforms, {{ empty_list() }}) as platforms,
  s.poster_path
from {{ lake('trends', 'trend_scores') }} as t
left join {{ lake('staging', 'titles') }} as s on s.date = t.date and s.title_id = t.title_id
left join {{ lake('trends', 'alerts') }} as a on a.date = t.date and a.title_id = t.title_id
left join {{ lake('scoring', 'title_digests') }} as d on d.date = t.date and d.title_id = t.title_id
left join {{ ref('int_title_genres') }} as g on g.date = t.date and g.title_id = t.title_id
where t.basis <> 'catalogue'
