{% macro generate_schema_name(custom_schema_name, node) -%}
  {#- A model's schema is its group in the lake, as it stands in dbt_project.yml. -#}
  {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
