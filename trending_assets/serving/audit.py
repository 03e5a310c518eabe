"""What a day's bundle must keep before anybody is shown it."""

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import pairwise

import orjson
import polars as pl
import polars.selectors as cs

from trending_assets.serving.build import Bundle, Day
from trending_assets.serving.container import JSON
from trending_assets.serving.encoding import end_of, to_json
from trending_assets.serving.exports import CSV, PARQUET, flat
from trending_assets.serving.facets import LISTS
from trending_assets.serving.history import COLUMNS
from trending_assets.serving.listing import PAGE, READY, listing, next_page
from trending_assets.serving.search import open_database, phrase

FIXED_PATHS = (
    *(ready.path for ready in READY),
    *(f"/v1/{name}" for name in (*LISTS, "charts", "drift", "spend", "lineage")),
    *(f"/v1/exports/{name}.{kind}" for name in ("trends", "titles", "evidence") for kind in ("parquet", "csv")),
)
INTERNAL = ("rows", "rows.offsets", "trends.head", "facets", "search")

Bodies = Mapping[str, bytes]


def audit(inputs: Day, bundle: Bundle) -> list[str]:
    """Every reason not to publish, as sentences. An empty list means that the bundle may go out."""
    marts = [*_ranks(inputs.trends), *_not_numbers(inputs), *_titles(inputs)]
    if marts or (problems := _paths(inputs, bundle)):
        return marts or problems  # what follows would say the same again, in more words
    bodies = {entry.name: entry.body for entry in bundle.entries}
    checks = (_answers, _about, _rows, _facets, _search, _exports, _cells)
    return [problem for check in checks for problem in check(inputs, bundle, bodies)]


def _ranks(trends: pl.DataFrame) -> Iterator[str]:
    """Ranks are 1 to the number of titles. Rising ranks are those of the whole catalogue, so the mart has gaps in them."""
    ranks = trends["rank"].sort().to_list()
    wanted = list(range(1, len(ranks) + 1))
    if ranks != wanted:
        odd = next(rank for rank, right in zip(ranks, wanted, strict=True) if rank != right)
        yield f"the ranks of marts/trends are not 1 to {len(ranks)}, each once (first odd one: {odd})"
    rising = trends["rising_rank"].drop_nulls()
    if repeated := rising.len() - rising.n_unique():
        yield f"marts/trends.rising_rank repeats itself in {repeated} rows"


def _not_numbers(inputs: Day) -> Iterator[str]:
    tables = {"trends": inputs.trends, "titles": inputs.titles, "evidence": inputs.evidence}
    frames = {f"marts/{name}": frame for name, frame in tables.items()}
    for name, frame in (frames | {"drift/report": inputs.drift, "staging/charts": inputs.charts}).items():
        for column in frame.select(cs.float()).iter_columns():
            if bad := int((column.is_nan() | column.is_infinite()).sum()):
                yield f"{name}.{column.name} is NaN or infinite in {bad} rows"


def _titles(inputs: Day) -> Iterator[str]:
    ranked, described = inputs.trends["title_id"], inputs.titles["title_id"]
    if set(ranked.to_list()) != set(described.to_list()) or ranked.len() != described.len():
        yield f"marts/trends has {ranked.len()} titles and marts/titles {described.len()}, not the same ones"
    strangers = set(inputs.evidence["title_id"].to_list()) - set(ranked.to_list())
    if strangers:
        yield f"marts/evidence has documents of {len(strangers)} unranked titles ({min(strangers)})"


def _paths(inputs: Day, bundle: Bundle) -> list[str]:
    titles = [f"/v1/titles/{title}{part}" for title in inputs.titles["title_id"] for part in ("", "/evidence")]
    wanted, found = sorted([*FIXED_PATHS, *INTERNAL, *titles]), sorted(entry.name for entry in bundle.entries)
    if found == wanted:
        return []
    odd = sorted(set(found) ^ set(wanted))
    return [f"the bundle has {len(found)} entries, not {len(wanted)} (first odd one: {odd[0] if odd else 'one twice'})"]


def _answers(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """Every answer parses and says of which day it is, up to when it knew, and of which snapshot."""
    stamp = orjson.loads(to_json({"date": inputs.day, "as_of": end_of(inputs.day), "snapshot": bundle.snapshot}))
    for entry in bundle.entries:
        if entry.content_type != JSON or (entry.name in INTERNAL and entry.name != "trends.head"):
            continue
        try:
            value = orjson.loads(entry.body)
        except orjson.JSONDecodeError:
            yield f"{entry.name} is no JSON"
            continue
        for key, wanted in stamp.items():
            if not isinstance(value, dict) or value.get(key) != wanted:
                yield f"{entry.name} does not carry the {key} {wanted}"


def _about(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """A title's answers are about that title, with its place and with all of its documents."""
    ranks = dict(inputs.trends.select("title_id", "rank").iter_rows())
    documents = {title: set(ids) for title, ids in inputs.evidence.group_by("title_id").agg("doc_id").iter_rows()}
    for title_id, rank in ranks.items():
        path = f"/v1/titles/{title_id}"
        try:
            facts, evidence = orjson.loads(bodies[path]), orjson.loads(bodies[f"{path}/evidence"])
            about = facts["title"]["title_id"], facts["trend"]["title_id"], facts["trend"]["rank"], evidence["title_id"]
            found = {row["doc_id"] for row in evidence["results"]}
        except (orjson.JSONDecodeError, KeyError, TypeError):
            yield f"{path} or its evidence cannot be read"
            continue
        if about != (title_id, title_id, rank, title_id):
            yield f"{path} is about another title or place"
        if found != documents.get(title_id, set()) or {evidence["total"], len(evidence["results"])} != {len(found)}:
            yield f"{path}/evidence does not have the title's documents"


def _cut(bodies: Bodies) -> list[bytes]:
    """The rows of the entry `rows`, as the API cuts them out."""
    whole, offsets = bodies["rows"], struct.unpack(f"<{len(bodies['rows.offsets']) // 8}Q", bodies["rows.offsets"])
    return [whole[start:end] for start, end in pairwise(offsets)]


def _rows(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """Rows are the ranked titles, and every ready list is what composing them gives."""
    rows, ranked = _cut(bodies), inputs.trends.sort("rank")
    try:
        said, head = [orjson.loads(row) for row in rows], orjson.loads(bodies["trends.head"])
    except orjson.JSONDecodeError:
        yield "rows or trends.head cannot be read"
        return
    wanted = ranked.to_dicts()
    if len(said) != len(wanted) or any(not row.items() >= mart.items() for row, mart in zip(said, wanted, strict=True)):
        yield f"rows are not the {ranked.height} rows of marts/trends by rank"
        return
    media = ranked["media_type"].to_list()
    rising = ranked.with_row_index("row").drop_nulls("rising_rank").sort("rising_rank", "row")["row"].to_list()
    for ready in READY:
        order: Sequence[int] = rising if ready.name == "rising" else range(len(rows))
        chosen = [row for row in order if ready.media_type in (None, media[row])]
        more = next_page(bundle.snapshot, PAGE, len(chosen), ready.params())
        page = [rows[row] for row in chosen[:PAGE]]
        if bodies[ready.path] != listing(head, ready.name, len(chosen), PAGE, more, page):
            yield f"{ready.path} is not what its rows give"


def _facets(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """Facets point at the rows that have what they say, and counts count them."""
    found, ranked = orjson.loads(bodies["facets"]), inputs.trends.sort("rank")
    columns = {"title_ids": "title_id", "titles": "title", "media_types": "media_type", "years": "year"}
    for name, column in {**columns, "scores": "score", "rising_scores": "rising_score"}.items():
        if found[name] != ranked[column].to_list():
            yield f"facets.{name} is not marts/trends.{column} by rank"
    risen = ranked["rising_rank"].gather(found["rising"]).to_list()
    if risen != ranked["rising_rank"].drop_nulls().sort().to_list():
        yield "facets.rising does not point at the rows by rising_rank"
    for name, column in LISTS.items():
        named = ranked.with_row_index("row").select("row", pl.col(column).alias("name")).explode("name").drop_nulls()
        wanted: dict[str, list[int]] = {}
        for row, value in named.unique(maintain_order=True).iter_rows():
            wanted.setdefault(value, []).append(row)
        if found[name] != wanted:
            yield f"facets.{name} does not point at the rows of marts/trends.{column}"
        counted = {row["name"]: row["titles"] for row in orjson.loads(bodies[f"/v1/{name}"])["results"]}
        if counted != {value: len(rows) for value, rows in wanted.items()}:
            yield f"/v1/{name} does not count the titles of marts/trends.{column}"


def _search(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """The index finds every title that holds a letter or a digit by its own name."""
    rows = inputs.trends.sort("rank").select("title_id").with_row_index("row")
    names = rows.join(inputs.titles.select("title_id", "title"), on="title_id", maintain_order="left")
    names = names.filter(pl.col("title").str.contains(r"[\p{L}\p{N}]"))
    with closing(open_database(bodies["search"])) as connection:
        (height,) = connection.execute("select count(*) from search").fetchone()
        if height != rows.height:
            yield f"the search index has {height} rows, not {rows.height}"
        ask = "select 1 from search where search match ? and rowid = ? and row = ?"
        lost = [
            title_id
            for row, title_id, title in names.iter_rows()
            if connection.execute(ask, (f"title : {phrase(title)}", row + 1, row)).fetchone() is None
        ]
    if lost:
        yield f"search does not find {len(lost)} titles by their own name ({lost[0]})"


def _exports(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """What is downloaded reads back as the tables are."""
    tables = {"trends": inputs.trends, "titles": inputs.titles, "evidence": inputs.evidence}
    for name, table in tables.items():
        wanted = table.select(pl.lit(inputs.day).alias("date"), pl.all())
        if not _same(bodies[f"/v1/exports/{name}.parquet"], PARQUET, wanted):
            yield f"/v1/exports/{name}.parquet does not read back as marts/{name}"
        if not _same(bodies[f"/v1/exports/{name}.csv"], CSV, flat(wanted)):
            yield f"/v1/exports/{name}.csv does not read back as marts/{name}"


def _same(body: bytes, kind: str, wanted: pl.DataFrame) -> bool:
    try:
        if kind == PARQUET:
            return pl.read_parquet(io.BytesIO(body)).equals(wanted)
        found = pl.read_csv(io.BytesIO(body), schema=wanted.schema)
    except pl.exceptions.PolarsError:
        return False
    texts = cs.string().fill_null("")  # a CSV does not tell an empty text from none
    return found.with_columns(texts).equals(wanted.with_columns(texts))


def _cells(inputs: Day, bundle: Bundle, bodies: Bodies) -> Iterator[str]:
    """The day's cells of the history are those of the ranked titles, on this day."""
    ranks = {title: dict(zip(COLUMNS, orjson.loads(cell), strict=True)) for title, cell in bundle.cells.items()}
    wanted = dict(inputs.trends.select("title_id", "rank").iter_rows())
    found = {title: cell.get("rank") for title, cell in ranks.items() if cell.get("date") == inputs.day.isoformat()}
    if found != wanted:
        yield f"the history of {inputs.day} does not have the ranks of marts/trends"
