{{ config(alias='evidence', key=['title_id', 'doc_id']) }}
-- Documents of the trailing days behind each ranked title. `counted` is for vibe score and digest: the ranking
-- counts every one of them. A document without a score is shown, but not counted.
{%- set back = var('evidence_days') - 1 %}
with mentions as (
  select * from {{ lake('linking', 'mentions', days_back=back) }} where title_id is not null
),

documents as (
  select * from {{ lake('staging', 'documents', days_back=back) }}
),

scores as (
  select * from {{ lake('scoring', 'document_scores', days_back=back) }}
),

seen as (
  select
    t.date,
    t.title_id,
    m.doc_id,
    m.date as first_seen,
    o.url,
    o.site,
    o.kind,
    substr(o.author_id, length(o.site) + 2) as author,
    o.published_at,
    o.headline,
    left(o.text, 280) as excerpt,
    o.rating,
    m.confidence,
    m.method,
    s.sentiment,
    s.enthusiasm,
    coalesce(s.about_title and not s.spam, false) as counted,
    s.model,
    s.prompt_version,
    row_number() over (partition by t.date, t.title_id, m.doc_id order by m.date) as place
  from {{ lake('trends', 'trend_scores') }} as t
  inner join mentions as m
    on m.title_id = t.title_id and m.date between t.date - interval {{ back }} days and t.date
  inner join documents as o on o.date = m.date and o.doc_id = m.doc_id
  left join scores as s on s.date = m.date and s.doc_id = m.doc_id
  where t.basis <> 'catalogue'
)

select *
from seen
-- A document that came back after the late window is there twice: its first day stands.
where place = 1
