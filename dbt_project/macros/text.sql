{#- Small pure expressions over text and numbers. -#}

{% macro canonical_url(url) -%}
  {#-
    One address per document: scheme and host in lower case, without default port, fragment, utm_*, fbclid and gclid
    parameters and trailing slashes. RFC 3986 section 6.2 names the first two. What has no scheme is only trimmed.
    A fragment #review-2 stays: it tells the reviews of one page apart.
  -#}
  {%- set whole = trim_spaces(url) -%}
  {%- set scheme = lower_case(regex_part(whole, '^([^:]+)://', 1)) -%}
  {%- set host = lower_case(regex_part(whole, '^[^:]+://([^/?#]*)', 1)) -%}
  case
    when {{ regex_matches(whole, '^[A-Za-z][A-Za-z0-9+.-]*://') }} then
      {{ scheme }} || '://'
      || case {{ scheme }}
        when 'http' then {{ regex_replace(host, ':(80)?\\z', '') }}
        when 'https' then {{ regex_replace(host, ':(443)?\\z', '') }}
        else {{ regex_replace(host, ':\\z', '') }}
      end
      || trim(trailing '/' from {{ regex_part(whole, '^[^:]+://[^/?#]*([^?#]*)', 1) }})
      || coalesce('?' || {{ parts_without(
        regex_part(whole, '^[^?#]*[?]([^#]*)', 1), '&', '^(?i:utm_[^=]*|fbclid|gclid)(=|\\z)'
      ) }}, '')
      || {{ regex_part(whole, '#review-[0-9]+\\z') }}
    else {{ whole }}
  end
{%- endmacro %}

{% macro fold_space(text) -%}
  {#- Runs of whitespace, Unicode's included, become one space; nothing but whitespace becomes null. -#}
  nullif({{ trim_spaces(regex_replace(text, '[ \\t\\n\\f\\r\\p{Z}\\x{0085}]+', ' ')) }}, '')
{%- endmacro %}

{% macro share_of(value, best) -%}
  {#- value / best on 0 to 1; null where either is missing, not finite or out of range. NaN is above infinity on both engines. -#}
  case
    when {{ best }} > 0 and {{ best }} < cast('infinity' as double) and {{ value }} between 0 and {{ best }} then {{ value }} / {{ best }}
  end
{%- endmacro %}
