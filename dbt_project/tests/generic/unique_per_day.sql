{% test unique_per_day(model, key) %}
-- Keys that stand twice in one day's partition.
select date, {{ key | join(', ') }}, count(*) as copies
from {{ model }}
group by all
having count(*) > 1
{% endtest %}
