"""Trending Now: what is rising in film and TV, from the scraped page to the served number."""

import warnings

# Dagster's beta parts that this project uses on purpose (single-run backfills, partitioned checks) warn at every load.
warnings.filterwarnings("ignore", message=r"[\s\S]*currently in (beta|preview)")
