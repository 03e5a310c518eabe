"""The feature store: what was known of a title when (as_of.py), and the same through Feast, offline and online."""
