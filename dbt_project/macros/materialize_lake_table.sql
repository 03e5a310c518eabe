{#-
  Builds the model once over all days of the call, then writes one object a day. The model's SQL yields the table's columns and
  `date`; they are cast to the types of schema.yml, which is generated from contracts.py. The table stays for the tests of the
  same call. Config: `key`, the columns that order the rows, so that equal rows are equal bytes.
-#}

{% macro lake_columns(compiled_code) -%}
  select
    {% for column in model.columns.values() -%}
    cast({{ adapter.quote(column.name) }} as {{ lake_type(column.data_type) }}) as {{ adapter.quote(column.name) }},
    {% endfor -%}
    cast(date as date) as date
  from (
    {{ compiled_code }}
  )
{%- endmacro %}

{% macro log_rows(table, counts) -%}
  {#- dbt.py reads these lines: rows of each partition. -#}
  {%- for day in lake_days() -%}
    {%- do log(table ~ ' date=' ~ day ~ ': ' ~ counts.get(day, 0) ~ ' rows', info=true) -%}
  {%- endfor -%}
{%- endmacro %}

{% materialization lake_table, adapter='duckdb' %}
  {#-
    In memory. Local folders are there before (Dagster makes them); DuckDB writes beside the object and renames, an S3 put is
    atomic.
  -#}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set table = this.schema ~ '/' ~ this.identifier -%}
  {%- set order = config.require('key') | join(', ') -%}
  {%- set on_s3 = lake_root().startswith('s3://') -%}

  {{ run_hooks(pre_hooks) }}
  {% do adapter.drop_relation(target_relation) %}

  {% call statement('main') -%}
    create or replace table {{ target_relation }} as
    {{ lake_columns(compiled_code) }}
  {%- endcall %}

  {%- set counts = {} -%}
  {%- for row in run_query('select cast(date as varchar), count(*) from ' ~ target_relation ~ ' group by 1') -%}
    {%- do counts.update({row[0]: row[1]}) -%}
  {%- endfor -%}
  {%- for day in lake_days() %}
    {% do run_query(
      'copy (select * exclude (date) from ' ~ target_relation ~ " where date = date '" ~ day ~ "' order by " ~ order ~ ") to '"
      ~ lake_location(table, day) | replace("'", "''") ~ "' (format parquet, compression zstd"
      ~ ('' if on_s3 else ', use_tmp_file true') ~ ')'
    ) %}
  {%- endfor %}
  {% do log_rows(table, counts) %}

  {{ run_hooks(post_hooks) }}
  {{ adapter.commit() }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization lake_table, adapter='spark' %}
  {#-
    Spark writes a folder of files of names of its own. So the table lies in the session's scratch, partitioned by `date`: rows
    of a day go to one task, which sorts them and writes one file, without the column `date`. lake_put (a function of
    trending_assets/staging/dbt_spark.py) puts that file in its place as every other object of the lake is put.
  -#}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set table = this.schema ~ '/' ~ this.identifier -%}

  {{ run_hooks(pre_hooks) }}
  {% do adapter.drop_relation(target_relation) %}

  {% call statement('main') -%}
    create table {{ target_relation }} using parquet partitioned by (date) as
    {{ lake_columns(compiled_code) }}
    distribute by date sort by date, {{ config.require('key') | join(', ') }}
  {%- endcall %}

  {%- set counts, files = {}, {} -%}
  {%- for row in run_query(
    'select cast(date as string), _metadata.file_path, count(*) from ' ~ target_relation ~ ' where date is not null group by all'
  ) -%}
    {%- if row[0] in files -%}
      {%- do exceptions.raise_compiler_error(table ~ ' of ' ~ row[0] ~ ' lies in several files; one was expected.') -%}
    {%- endif -%}
    {%- do counts.update({row[0]: row[2]}) -%}
    {%- do files.update({row[0]: row[1]}) -%}
  {%- endfor -%}
  {%- set puts = [] -%}
  {%- for day in lake_days() -%}
    {%- do puts.append("('" ~ day ~ "', " ~ (spark_text(files[day]) if day in files else 'cast(null as string)') ~ ')') -%}
  {%- endfor -%}
  {% do run_query(
    'select lake_put(' ~ spark_text(lake_root()) ~ ", '" ~ table ~ "', day, file) from values " ~ puts | join(', ') ~ ' as t(day, file)'
  ) %}
  {% do log_rows(table, counts) %}

  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
