{{ config(tags=['staging']) }}
-- Every usable raw document of the days and of the late window before them, cleaned. Rows without text and headline are out.
with cleaned as (
  select
    *,
    {{ canonical_url('url') }} as canonical_url,
    {{ fold_space('headline') }} as folded_headline,
    coalesce({{ fold_space('text') }}, {{ fold_space('headline') }}) as folded_text
  from {{ ref('int_raw_union') }}
)

select
  date,
  left({{ sha256_hex('canonical_url') }}, 16) as doc_id,
  canonical_url as url,
  source,
  priority,
  site,
  kind,
  site || '/' || coalesce({{ trim_spaces('author') }}, '') as author_id,
  published_at,
  folded_headline as headline,
  folded_text as text,
  {{ share_of('rating', 'rating_max') }} as rating,
  nullif({{ regex_part(lower_case(trim_spaces('language')), '^[a-z]+') }}, '') as language,
  work_title,
  work_year,
  work_media_type,
  work_id,
  work_people,
  {{ sha256_hex("coalesce(folded_headline, '') || chr(10) || folded_text") }} as text_hash,
  payload_sha256
from cleaned
where folded_text is not null
