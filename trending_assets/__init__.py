"""Trending Now: what is rising in film and TV, from the scraped page to the served number."""
