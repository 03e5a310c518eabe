"""Column lineage is read from compiled SQL."""

from trending_assets.staging.dbt_lineage import column_lineage

LISTS = "read_parquet(['/lake/x/raw/tmdb_lists/date=2026-11-20/data.parquet'], hive_types = {'date': 'DATE'})"


def test_expressions_stars_and_constants() -> None:
    sql = f"""
        with cut as (
          select * exclude (title), 1 as one from {LISTS}
          qualify row_number() over (partition by date order by rank) = 1
        )
        select date, media_type || '-' || tmdb_id as title_id, media_type, 'fixed' as list, one as rank from cut
    """
    assert column_lineage("staging/lists", sql) == {
        "title_id": [("raw/tmdb_lists", "media_type"), ("raw/tmdb_lists", "tmdb_id")],
        "media_type": [("raw/tmdb_lists", "media_type")],
        "list": [],
        "rank": [],
    }


def test_joins_name_both_tables() -> None:
    posts = LISTS.replace("raw/tmdb_lists", "linking/mentions")
    sql = f"""
        select l.rank, m.title_id, l.media_type, coalesce(m.method, l.list) as list
        from {LISTS} as l join {posts} as m using (date)
    """
    found = column_lineage("staging/lists", sql)
    assert found["title_id"] == [("linking/mentions", "title_id")]
    assert found["list"] == [("linking/mentions", "method"), ("raw/tmdb_lists", "list")]
