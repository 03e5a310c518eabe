{% materialization lake_table, adapter='duckdb' %}
  {#-
    Builds the model once, in memory, over all days of the call, then writes one object a day. The model's SQL yields the
    table's columns and `date`; they are cast to the types of schema.yml, which is generated from contracts.py. The table
    stays for the tests of the same call. Config: `key`, the columns that order the rows, so that equal rows are equal bytes.
    Local folders are there before (Dagster makes them); DuckDB writes beside the object and renames, an S3 put is atomic.
  -#}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set table = this.schema ~ '/' ~ this.identifier -%}
  {%- set order = config.require('key') | join(', ') -%}
  {%- set on_s3 = lake_root().startswith('s3://') -%}

  {{ run_hooks(pre_hooks) }}
  {% do adapter.drop_relation(target_relation) %}

  {% call statement('main') -%}
    create or replace table {{ target_relation }} as
    select
      {% for column in model.columns.values() -%}
      cast("{{ column.name }}" as {{ column.data_type }}) as "{{ column.name }}",
      {% endfor -%}
      cast("date" as date) as "date"
    from (
      {{ compiled_code }}
    )
  {%- endcall %}

  {%- set counts = {} -%}
  {%- for row in run_query('select cast("date" as varchar), count(*) from ' ~ target_relation ~ ' group by 1') -%}
    {%- do counts.update({row[0]: row[1]}) -%}
  {%- endfor -%}
  {%- for day in lake_days() %}
    {% do run_query(
      'copy (select * exclude ("date") from ' ~ target_relation ~ " where \"date\" = date '" ~ day ~ "' order by " ~ order ~ ") to '"
      ~ lake_location(table, day) | replace("'", "''") ~ "' (format parquet, compression zstd"
      ~ ('' if on_s3 else ', use_tmp_file true') ~ ')'
    ) %}
    {% do log(table ~ ' date=' ~ day ~ ': ' ~ counts.get(day, 0) ~ ' rows', info=true) %}
  {%- endfor %}

  {{ run_hooks(post_hooks) }}
  {{ adapter.commit() }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
