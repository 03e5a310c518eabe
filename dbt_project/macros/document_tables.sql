{#- Generated from sources.yaml by `python -m trending_assets.staging.dbt_schema`. Do not edit. -#}
{% macro document_tables() -%}
  {{ return(['reviews', 'html_reviews', 'criticism', 'news', 'posts', 'lemmy', 'tmdb_reviews']) }}
{%- endmacro %}
