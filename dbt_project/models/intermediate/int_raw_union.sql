{{ config(tags=['staging']) }}
-- Rows of every raw table of documents (sources.yaml, TMDb's reviews) over the days and the late window before them.
{% for name in document_tables() %}
select 'raw/{{ name }}' as source, {{ loop.index }} as priority, * from {{ lake('raw', name, days_back=var('late_days')) }}
{{ 'union all' if not loop.last }}
{% endfor %}
