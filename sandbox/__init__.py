"""A small internet on loopback that replays a world: TMDb, review and post sites, charts and an LLM endpoint."""
