"""Marts: what the API serves, joined by dbt (SQL in dbt_project/models/marts)."""

from trending_assets.staging.dbt import table_dbt_assets

ASSETS = [table_dbt_assets("marts")]
