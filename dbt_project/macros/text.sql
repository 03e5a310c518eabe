{#- Small pure expressions over text and numbers. -#}

{% macro canonical_url(url) -%}
  {#-
    One address per document: scheme and host in lower case, without default port, fragment, utm_*, fbclid and gclid
    parameters and trailing slashes. RFC 3986 section 6.2 names the first two. What has no scheme is only trimmed.
    A fragment #review-2 stays: it tells the reviews of one page apart.
  -#}
  case
    when regexp_matches(trim({{ url }}), '^[A-Za-z][A-Za-z0-9+.-]*://') then
      lower(regexp_extract(trim({{ url }}), '^([^:]+)://', 1)) || '://'
      || regexp_replace(
        lower(regexp_extract(trim({{ url }}), '^[^:]+://([^/?#]*)', 1)),
        case lower(regexp_extract(trim({{ url }}), '^([^:]+)://', 1)) when 'http' then ':(80)?$' when 'https' then ':(443)?$' else ':$' end,
        ''
      )
      || rtrim(regexp_extract(trim({{ url }}), '^[^:]+://[^/?#]*([^?#]*)', 1), '/')
      || coalesce('?' || nullif(array_to_string(list_filter(
        string_split(regexp_extract(trim({{ url }}), '^[^?#]*[?]([^#]*)', 1), '&'),
        lambda part: part != '' and not regexp_matches(part, '^(?i:utm_[^=]*|fbclid|gclid)(=|$)')
      ), '&'), ''), '')
      || regexp_extract(trim({{ url }}), '#review-[0-9]+$')
    else trim({{ url }})
  end
{%- endmacro %}

{% macro fold_space(text) -%}
  {#- Runs of whitespace, Unicode's included, become one space; nothing but whitespace becomes null. -#}
  nullif(trim(regexp_replace({{ text }}, '[\s\p{Z}\x{0085}]+', ' ', 'g')), '')
{%- endmacro %}

{% macro share_of(value, best) -%}
  {#- value / best on 0 to 1; null where either is missing, not finite or out of range. -#}
  case when isfinite({{ best }}) and {{ best }} > 0 and {{ value }} between 0 and {{ best }} then {{ value }} / {{ best }} end
{%- endmacro %}
