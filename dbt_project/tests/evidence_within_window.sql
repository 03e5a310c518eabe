{{ config(tags=['marts'], meta={'dagster': {'ref': {'name': 'mart_evidence'}}}) }}
-- Evidence is of the trailing days only, and never from after the day.
select date, title_id, doc_id, first_seen
from {{ ref('mart_evidence') }}
where first_seen > date or first_seen <= date - interval {{ var('evidence_days') }} days
