{{ config(tags=['marts'], meta={'dagster': {'ref': {'name': 'mart_titles'}}}) }}
-- The mart has a row for each ranked title of the day that something is known of, and no other.
select coalesce(s.date, m.date) as date, coalesce(s.title_id, m.title_id) as title_id
from (select * from {{ lake('trends', 'trend_scores') }} where basis <> 'catalogue') as s
full outer join {{ ref('mart_titles') }} as m on m.date = s.date and m.title_id = s.title_id
where s.title_id is null or m.title_id is null
