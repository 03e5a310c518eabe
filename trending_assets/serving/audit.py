"""What a day's bundle must keep before anybody is shown it."""

import orjson
import polars as pl
import polars.selectors as cs

from trending_assets.serving.build import Bundle, Day, etag

FIXED_PATHS = ("/v1/trends", "/v1/days", "/v1/drift", "/v1/spend", "/v1/lineage")


def audit(inputs: Day, bundle: Bundle) -> list[str]:
    """Every reason not to publish, as sentences. An empty list means that the bundle may go out."""
    return [*_ranks(inputs.trends), *_not_numbers(inputs), *_titles(inputs), *_bodies(inputs, bundle)]


def _ranks(trends: pl.DataFrame) -> list[str]:
    ranks = trends["rank"].sort().to_list()
    wanted = list(range(1, len(ranks) + 1))
    if ranks == wanted:
        return []
    odd = next((rank for rank, right in zip(ranks, wanted, strict=True) if rank != right), None)
    return [f"the ranks of marts/trends are not 1 to {len(ranks)}, each once (first odd one: {odd})"]


def _not_numbers(inputs: Day) -> list[str]:
    problems = []
    tables = {"trends": inputs.trends, "titles": inputs.titles, "evidence": inputs.evidence}
    frames = {f"marts/{name}": frame for name, frame in tables.items()} | {"drift/report": inputs.drift}
    for name, frame in frames.items():
        for column in frame.select(cs.float()).iter_columns():
            if bad := int((column.is_nan() | column.is_infinite()).sum()):
                problems.append(f"{name}.{column.name} is NaN or infinite in {bad} rows")
    return problems


def _titles(inputs: Day) -> list[str]:
    ranked, described = inputs.trends["title_id"], inputs.titles["title_id"]
    problems = []
    if set(ranked.to_list()) != set(described.to_list()) or ranked.len() != described.len():
        problems.append(f"marts/trends has {ranked.len()} titles and marts/titles {described.len()}, not the same ones")
    strangers = set(inputs.evidence["title_id"].to_list()) - set(ranked.to_list())
    if strangers:
        problems.append(f"marts/evidence has documents of {len(strangers)} unranked titles ({min(strangers)})")
    return problems


def _bodies(inputs: Day, bundle: Bundle) -> list[str]:
    problems = []
    wanted = len(FIXED_PATHS) + 3 * inputs.titles.height
    if bundle.frame.height != wanted or bundle.frame["path"].n_unique() != wanted:
        problems.append(f"the bundle has {bundle.frame.height} paths, not {wanted}")
    for path, body, mark in bundle.frame.select("path", "body", "etag").iter_rows():
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            problems.append(f"{path} is no JSON")
            continue
        if not isinstance(value, dict) or value.get("date") != inputs.day.isoformat():
            problems.append(f"{path} is not of {inputs.day}")
        elif value.get("snapshot") != bundle.snapshot or mark != etag(body):
            problems.append(f"{path} does not carry its snapshot and ETag")
        elif path == "/v1/trends" and len(value["results"]) != inputs.trends.height:
            problems.append(f"{path} has {len(value['results'])} results, not {inputs.trends.height}")
    return problems
