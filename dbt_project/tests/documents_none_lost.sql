{{ config(tags=['staging'], meta={'dagster': {'ref': {'name': 'stg_documents'}}}) }}
-- Every usable raw document is in staging once, unless a raw day of the late window had it already; and nothing else is.
with raw as (
  select distinct date, doc_id from {{ ref('int_raw_documents') }}
),

fresh as (
  select date, doc_id from raw as r
  where date >= date '{{ var("from_day") }}'
    and not exists (
      select 1 from raw as e
      where e.doc_id = r.doc_id and e.date < r.date and e.date >= r.date - interval {{ var('late_days') }} days
    )
)

select coalesce(f.date, d.date) as date, coalesce(f.doc_id, d.doc_id) as doc_id, f.doc_id is null as invented
from fresh as f
full outer join {{ ref('stg_documents') }} as d on d.date = f.date and d.doc_id = f.doc_id
where f.doc_id is null or d.doc_id is null
