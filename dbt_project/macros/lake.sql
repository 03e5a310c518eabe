{#- Where tables lie and how a range of their days is read: <lake>/<group>/<table>/date=YYYY-MM-DD/data.parquet. -#}

{% macro lake_root() -%}
  {{ return(var('lake') or env_var('TRENDING_LAKE')) }}
{%- endmacro %}

{% macro lake_days(days_back=0) -%}
  {#- The days of this call as YYYY-MM-DD, ascending, with `days_back` days before the first. -#}
  {%- set first = modules.datetime.date.fromisoformat(var('from_day')) - modules.datetime.timedelta(days=days_back) -%}
  {%- set last = modules.datetime.date.fromisoformat(var('to_day')) -%}
  {%- set days = [] -%}
  {%- for n in range((last - first).days + 1) -%}
    {%- do days.append((first + modules.datetime.timedelta(days=n)).isoformat()) -%}
  {%- endfor -%}
  {{ return(days) }}
{%- endmacro %}

{% macro lake_location(table, day) -%}
  {{ return(lake_root() ~ '/' ~ table ~ '/date=' ~ day ~ '/data.parquet') }}
{%- endmacro %}

{% macro lake(group, name, days_back=0) -%}
  {#-
    Rows of a lake table over this call's days (and `days_back` days before), with the partition's day in `date`.
    Only those days' objects are listed (a month at a time) and opened. Every day of the call itself must be there; days
    before it may be missing, as before the history began. In a unit test this is the given input.
  -#}
  {%- set relation = source(group, name) -%}
  {%- if not execute or relation is none or relation.is_cte -%}
    {{ return(relation) }}
  {%- endif -%}
  {%- set days = lake_days_there(group ~ '/' ~ name, lake_days(days_back)) -%}
  {%- set missing = lake_days() | reject('in', days) | list -%}
  {%- if missing -%}
    {%- do exceptions.raise_compiler_error(group ~ '/' ~ name ~ ' has no partition for ' ~ missing | join(', ') ~ '. Materialize it first.') -%}
  {%- endif -%}
  {{ lake_files(group ~ '/' ~ name, days) }}
{%- endmacro %}

{% macro lake_days_there(table, days) -%}
  {#- Those of the days that have an object. -#}
  {{ return(adapter.dispatch('lake_days_there')(table, days)) }}
{%- endmacro %}

{% macro duckdb__lake_days_there(table, days) -%}
  {%- set wanted = {} -%}
  {%- set months = [] -%}
  {%- for day in days -%}
    {%- do wanted.update({lake_location(table, day): day}) -%}
    {%- if day[:8] not in months -%}{%- do months.append(day[:8]) -%}{%- endif -%}
  {%- endfor -%}
  {%- set globs = [] -%}
  {%- for month in months -%}
    {%- do globs.append("select file from glob('" ~ lake_location(table, month ~ '*') | replace("'", "''") ~ "')") -%}
  {%- endfor -%}
  {%- set found = [] -%}
  {%- for file in run_query(globs | join(' union all ') ~ ' order by file').columns[0].values() if file in wanted -%}
    {%- do found.append(wanted[file]) -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}

{% macro spark__lake_days_there(table, days) -%}
  {#- lake_has is a function of trending_assets/staging/dbt_spark.py: Spark's SQL lists no objects. -#}
  {%- set found = run_query(
    "select day from (select explode(array('" ~ days | join("', '") ~ "')) as day) where lake_has(" ~ spark_text(lake_root()) ~ ", '" ~ table ~ "', day)"
  ).columns[0].values() -%}
  {{ return(found | sort) }}
{%- endmacro %}

{% macro lake_files(table, days) -%}
  {#- The objects of the days as what stands in a FROM clause. -#}
  {{ return(adapter.dispatch('lake_files')(table, days)) }}
{%- endmacro %}

{% macro duckdb__lake_files(table, days) -%}
  {%- set files = [] -%}
  {%- for day in days -%}
    {%- do files.append("'" ~ lake_location(table, day) | replace("'", "''") ~ "'") -%}
  {%- endfor -%}
  read_parquet([{{ files | join(', ') }}], hive_partitioning = true, hive_types = {'date': 'DATE'})
{%- endmacro %}

{% macro spark__lake_files(table, days) -%}
  (
    select *, cast(regexp_extract(_metadata.file_path, 'date=([0-9-]+)/data[.]parquet', 1) as date) as date
    from parquet.`{{ lake_location(table, '{' ~ days | join(',') ~ '}') | replace('`', '``') }}`
  )
{%- endmacro %}

{% macro spark_text(text) -%}
  {#- A literal of Spark's SQL. -#}
  {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}
