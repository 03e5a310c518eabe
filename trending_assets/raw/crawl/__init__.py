"""Crawling: one process a source, polite to each host, safe against each address, every input accounted for."""
