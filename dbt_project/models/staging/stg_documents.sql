{{ config(alias='documents', key=['doc_id']) }}
-- One row a document on the first day it was seen: repeats within the day and of the late window before it are folded.
with ranked as (
  select
    *,
    row_number() over (partition by date, doc_id order by priority, payload_sha256, url, site, text_hash) as place,
    -- The newest day before this one on which the document was there already.
    max(date) over (
      partition by doc_id order by date
      range between interval {{ var('late_days') }} days preceding and interval 1 day preceding
    ) as seen_on
  from {{ ref('int_raw_documents') }}
)

select *
from ranked
where place = 1
  and seen_on is null
  and date >= date '{{ var("from_day") }}'
