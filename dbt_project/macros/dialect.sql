{#-
  What DuckDB and Spark say differently, in one place: the models are the same text for both. Patterns are of the common part of
  RE2 and Java: no \s, \b or $ (they differ in \v, in Unicode and before a last line break), but [ \t\n\f\r] and \z.
-#}

{% macro regex_matches(text, pattern) -%}{{ return(adapter.dispatch('regex_matches')(text, pattern)) }}{%- endmacro %}
{% macro duckdb__regex_matches(text, pattern) -%}regexp_matches({{ text }}, '{{ pattern }}'){%- endmacro %}
{% macro spark__regex_matches(text, pattern) -%}regexp_like({{ text }}, r'{{ pattern }}'){%- endmacro %}

{% macro regex_part(text, pattern, group=0) -%}
  {#- The first match or one of its groups; '' without a match. -#}
  {{ return(adapter.dispatch('regex_part')(text, pattern, group)) }}
{%- endmacro %}
{% macro duckdb__regex_part(text, pattern, group) -%}regexp_extract({{ text }}, '{{ pattern }}', {{ group }}){%- endmacro %}
{% macro spark__regex_part(text, pattern, group) -%}regexp_extract({{ text }}, r'{{ pattern }}', {{ group }}){%- endmacro %}

{% macro regex_replace(text, pattern, by) -%}
  {#- Every match replaced. -#}
  {{ return(adapter.dispatch('regex_replace')(text, pattern, by)) }}
{%- endmacro %}
{% macro duckdb__regex_replace(text, pattern, by) -%}regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g'){%- endmacro %}
{% macro spark__regex_replace(text, pattern, by) -%}regexp_replace({{ text }}, r'{{ pattern }}', '{{ by }}'){%- endmacro %}

{% macro trim_spaces(text) -%}
  {#- Without the space separators (Unicode's category Zs) at both ends: DuckDB's trim. Spark's trim takes U+0020 alone. -#}
  {{ return(adapter.dispatch('trim_spaces')(text)) }}
{%- endmacro %}
{% macro duckdb__trim_spaces(text) -%}trim({{ text }}){%- endmacro %}
{% macro spark__trim_spaces(text) -%}
  trim(both ' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000' from {{ text }})
{%- endmacro %}

{% macro lower_case(text) -%}
  {#- Each letter by itself: DuckDB's lower. Spark's makes i̇ (two) of İ, and of Σ what its place in the word asks for. -#}
  {{ return(adapter.dispatch('lower_case')(text)) }}
{%- endmacro %}
{% macro duckdb__lower_case(text) -%}lower({{ text }}){%- endmacro %}
{% macro spark__lower_case(text) -%}lower(translate({{ text }}, '\u0130\u03a3', 'i\u03c3')){%- endmacro %}

{% macro sha256_hex(text) -%}{{ return(adapter.dispatch('sha256_hex')(text)) }}{%- endmacro %}
{% macro duckdb__sha256_hex(text) -%}sha256({{ text }}){%- endmacro %}
{% macro spark__sha256_hex(text) -%}sha2({{ text }}, 256){%- endmacro %}

{% macro parts_without(text, separator, pattern) -%}
  {#- The text's parts without empty ones and those that match, joined again; null where none is left. -#}
  {{ return(adapter.dispatch('parts_without')(text, separator, pattern)) }}
{%- endmacro %}
{% macro duckdb__parts_without(text, separator, pattern) -%}
  nullif(array_to_string(list_filter(
    string_split({{ text }}, '{{ separator }}'),
    lambda part: part != '' and not {{ regex_matches('part', pattern) }}
  ), '{{ separator }}'), '')
{%- endmacro %}
{% macro spark__parts_without(text, separator, pattern) -%}
  nullif(array_join(filter(
    split({{ text }}, '{{ separator }}'),
    part -> part != '' and not {{ regex_matches('part', pattern) }}
  ), '{{ separator }}'), '')
{%- endmacro %}

{% macro empty_list() -%}{{ return(adapter.dispatch('empty_list')()) }}{%- endmacro %}
{% macro duckdb__empty_list() -%}[]{%- endmacro %}
{% macro spark__empty_list() -%}array(){%- endmacro %}

{% macro lake_type(data_type) -%}
  {#- A type of schema.yml, which names DuckDB's, in the engine's words. -#}
  {{ return(adapter.dispatch('lake_type')(data_type)) }}
{%- endmacro %}
{% macro duckdb__lake_type(data_type) -%}{{ data_type }}{%- endmacro %}
{% macro spark__lake_type(data_type) -%}
  {%- set name = data_type | replace('TIMESTAMP WITH TIME ZONE', 'timestamp') | replace('VARCHAR', 'string') -%}
  {%- set name = modules.re.sub('(\\w+)\\[\\]', 'array<\\1>', name) | replace('STRUCT(', 'struct<') | replace(')', '>') -%}
  {{- modules.re.sub('(struct<.*>)\\[\\]', 'array<\\1>', name) -}}
{%- endmacro %}
