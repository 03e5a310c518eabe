"""Staging: raw tables made clean by dbt (SQL in dbt_project/models/staging)."""

from trending_assets.staging.dbt import table_dbt_assets

ASSETS = [table_dbt_assets("staging")]
