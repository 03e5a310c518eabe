{{ config(alias='titles', key=['title_id']) }}
-- Facts and digest of every title that is ranked on the day.
select
  t.date,
  t.title_id,
  cast(split_part(t.title_id, '-', 2) as bigint) as tmdb_id,
  split_part(t.title_id, '-', 1) as media_type,
  s.imdb_id,
  coalesce(s.title, t.title_id) as title,
  coalesce(s.original_title, t.title_id) as original_title,
  s.year,
  s.release_date,
  s.overview,
  s.tagline,
  coalesce(s.genres, {{ empty_list() }}) as genres,
  s.runtime_minutes,
  coalesce(s.{{ adapter.quote("cast") }}, {{ empty_list() }}) as {{ adapter.quote("cast") }},
  coalesce(s.directors, {{ empty_list() }}) as directors,
  coalesce(s.platforms, {{ empty_list() }}) as platforms,
  s.poster_path,
  d.vibe_score,
  coalesce(d.vibe_tags, {{ empty_list() }}) as vibe_tags,
  d.too_little,
  coalesce(d.summary, {{ empty_list() }}) as summary,
  d.no_summary,
  coalesce(d.left_out, {{ empty_list() }}) as left_out,
  coalesce(d.dropped, {{ empty_list() }}) as dropped,
  d.model as digest_model,
  d.prompt_version as digest_prompt_version,
  coalesce(d.documents, 0) as documents,
  coalesce(d.voices, 0) as voices,
  coalesce(d.sites, 0) as sites,
  coalesce(d.vibe_weight, 0) as vibe_weight
from {{ lake('trends', 'trend_scores') }} as t
left join {{ lake('staging', 'titles') }} as s on s.date = t.date and s.title_id = t.title_id
left join {{ lake('scoring', 'title_digests') }} as d on d.date = t.date and d.title_id = t.title_id
where t.basis <> 'catalogue'
