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
  {%- set wanted = {} -%}
  {%- set months = [] -%}
  {%- for day in lake_days(days_back) -%}
    {%- do wanted.update({lake_location(group ~ '/' ~ name, day): day}) -%}
    {%- if day[:8] not in months -%}{%- do months.append(day[:8]) -%}{%- endif -%}
  {%- endfor -%}
  {%- set globs = [] -%}
  {%- for month in months -%}
    {%- do globs.append("select file from glob('" ~ lake_location(group ~ '/' ~ name, month ~ '*') | replace("'", "''") ~ "')") -%}
  {%- endfor -%}
  {%- set found = run_query(globs | join(' union all ') ~ ' order by file').columns[0].values() -%}
  {%- set files = [] -%}
  {%- set days = [] -%}
  {%- for file in found if file in wanted -%}
    {%- do files.append("'" ~ file | replace("'", "''") ~ "'") -%}
    {%- do days.append(wanted[file]) -%}
  {%- endfor -%}
  {%- set missing = lake_days() | reject('in', days) | list -%}
  {%- if missing -%}
    {%- do exceptions.raise_compiler_error(group ~ '/' ~ name ~ ' has no partition for ' ~ missing | join(', ') ~ '. Materialize it first.') -%}
  {%- endif -%}
  read_parquet([{{ files | join(', ') }}], hive_partitioning = true, hive_types = {'date': 'DATE'})
{%- endmacro %}
