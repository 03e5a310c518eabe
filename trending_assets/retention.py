"""How long what is kept, in one place: `trending lake prune` enforces it, docs/retention.md is written from it.

Days count back from the newest day of the lake, not from the clock. Whatever the age, a partition stays while something
needs it: a window that reaches back to it, a judge that looks at the last months, or a served day whose evidence it holds.
`python -m trending_assets.retention > docs/retention.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trending_assets.contracts import DOCUMENT_TABLES, TABLES
from trending_assets.partitions import EVIDENCE_DAYS, LATE_DAYS, PAST_DAYS

RERUN_DAYS = 31
"""Days back that may be materialized again: a month, the longest single run of `trending run`."""
SERVED_DAYS = 400
"""Days that the API serves; older ones leave the pointer, their history (numbers a title) stays."""
SERVED_VERSIONS = 30
"""Versions of what is served that can be gone back to."""
SYNCED_RUN_DAYS, RUN_DAYS, LOG_DAYS = 7, 180, 30
"""Of the state folder: W&B runs after their sync, runs that were never synced, and logs."""


@dataclass(frozen=True)
class Rule:
    """`prefix` of keys of daily partitions and how many days of it are kept; None: for good. The longest prefix decides.

    `only` is the end of the keys that a rule is about, where it is not about all.
    """

    prefix: str
    days: int | None
    why: str
    only: str = ""


RULES: Sequence[Rule] = (
    Rule("raw/", 400, "texts and names of people: no longer than a served day cites them"),
    Rule("raw/tmdb_catalogue/", 60, "the whole catalogue every day; what was drawn from it is in staging/titles"),
    Rule("listings/", 60, "what the next day's conditional requests carry"),
    Rule("quarantine/", 90, "starts of payloads, to find out what broke"),
    Rule("staging/", 400, "as raw"),
    Rule("staging/titles/", 120, "the whole catalogue every day; a model's training set is kept by DVC"),
    Rule("linking/", 400, "as raw"),
    Rule("scoring/", 400, "as raw"),
    Rule("scoring/ledger/", None, "what was paid for"),
    Rule("features/", 800, "what models learn from: two years, and the same days a year before"),
    Rule("features/voices/", 400, "accounts of people"),
    Rule("trends/", None, "the product's own record"),
    Rule("genre/", None, "predictions, so that a model can be judged later"),
    Rule("drift/", 400, "the same days a year before"),
    Rule("drift/", 180, "pages of a day; the tables that they are drawn from stay", only=".html"),
    Rule("marts/", 400, "as serving"),
    Rule("serving/bundle/", SERVED_DAYS, "as what is served"),
)

OTHERS: Sequence[tuple[str, str, str]] = (
    (
        "served days",
        f"{SERVED_DAYS} days",
        "`trending lake prune` takes older days out of `serving/current.json`; their objects go with the versions",
    ),
    (
        "versions of what is served",
        f"the last {SERVED_VERSIONS}",
        "`trending serving prune`, which `trending lake prune` calls",
    ),
    ("history, models, registry, training sets (`serving/objects` that are named, `genre/`)", "for good", "nothing"),
    (
        "older versions of an object, deleted ones included",
        "as the bucket's lifecycle says",
        "S3: until then a deleted text can be brought back, and after that it is gone",
    ),
    (
        "W&B runs",
        f"{SYNCED_RUN_DAYS} days after their sync, {RUN_DAYS} without",
        "`trending lake prune`, in the state folder of the machine it runs on; copies in `wandb/data` go with their runs",
    ),
    ("logs of the state folder", f"{LOG_DAYS} days", "`trending lake prune`"),
    (
        "the LLM ledger (SQLite or Postgres)",
        "for good",
        "nothing: it is the record of money, and what was paid for is never asked again",
    ),
    ("ticks of schedules, sensors and automation", "as `dagster.yaml` says (`retention`)", "Dagster's daemon"),
    ("runs and events in Dagster's storage", "for good", "by hand in Dagit, or `dagster run delete`"),
    ("compute logs in S3, log groups", "as their lifecycle and retention say (Terraform)", "AWS"),
)

CITED = (
    *DOCUMENT_TABLES,
    "staging/documents",
    "staging/clusters",
    "linking/mentions",
    "scoring/document_scores",
    "scoring/title_digests",
    "marts/evidence",
    "marts/titles",
    "marts/trends",
)
"""Tables that the figures and citations of a served day rest on."""

READ_BESIDE: Mapping[str, tuple[int, str]] = {
    **{table: (PAST_DAYS, "known addresses of undated documents") for table in DOCUMENT_TABLES},
    **dict.fromkeys(
        ("features/title_signals", "trends/trend_scores", "features/voices", "trends/alerts", "staging/titles"),
        (120, "trends/backtest"),
    ),
    "staging/documents": (28, "scoring/evaluation"),
    "raw/tmdb_titles": (30, "details that are carried on"),
}
"""What is read by the lake's own days and not by a partition mapping: days back, and by whom."""


def rule_of(key: str) -> Rule | None:
    """The rule that a key falls under: of those that are about it the one with the longest prefix, `only` before all."""
    fitting = [rule for rule in RULES if key.startswith(rule.prefix) and key.endswith(rule.only)]
    return max(fitting, key=lambda rule: (len(rule.prefix), len(rule.only)), default=None)


def days_kept(table: str) -> int | None:
    """Days that a daily table is kept; None: for good."""
    rule = rule_of(f"{table}/date=2026-01-01/data.parquet")
    return None if rule is None else rule.days


def windows() -> dict[str, int]:
    """Days back that some asset reads each table, by the partition mappings of the graph (trending_assets/partitions.py)."""
    import dagster as dg

    from trending_assets.definitions import ASSETS

    reach: dict[str, int] = {}
    for asset in ASSETS:
        for key in asset.keys:
            for dep in asset.asset_deps[key]:
                mapping = asset.get_partition_mapping(dep)
                back = -mapping.start_offset if isinstance(mapping, dg.TimeWindowPartitionMapping) else 0
                name = dep.to_user_string()
                reach[name] = max(reach.get(name, 0), back)
    return reach


def needed_days() -> dict[str, int]:
    """Days of each daily table that must be there for a month to be materialized again, and for what reads it beside."""
    reach = windows()
    return {
        name: max(RERUN_DAYS + reach.get(name, 0), READ_BESIDE.get(name, (0, ""))[0])
        for name, table in TABLES.items()
        if table.daily
    }


def cited_partitions(served: Iterable[date]) -> set[tuple[str, date]]:
    """Partitions that hold the evidence of served days: a document is cited for EVIDENCE_DAYS, and may come LATE_DAYS late."""
    back = EVIDENCE_DAYS + LATE_DAYS
    days = {day - timedelta(days=n) for day in served for n in range(back)}
    return {(table, day) for table in CITED for day in days}


def markdown() -> str:
    """docs/retention.md."""
    lines = [
        "# What is kept how long",
        "",
        "Written by `make docs` from `trending_assets/retention.py`; a test keeps it true. `trending lake prune --lake URI` "
        "enforces it (`--dry-run` says what would go); run it once a week.",
        "",
        "Days count back from the newest day of the lake. Whatever its age, a partition stays while it is needed: for a month "
        f"to be materialized again ({RERUN_DAYS} days and the windows of `trending_assets/partitions.py` before them), for "
        "what looks back further (the backtest: 120 days), and for every served day, of all versions that can be gone "
        "back to, whose documents, links and scores it holds.",
        "",
        "| in the lake | days | why |",
        "|---|---|---|",
    ]
    for rule in sorted(RULES, key=lambda rule: (rule.prefix, rule.only)):
        name = f"`{rule.prefix}`" + (f", `*{rule.only}`" if rule.only else "")
        lines.append(f"| {name} | {'for good' if rule.days is None else rule.days} | {rule.why} |")
    lines += ["", "| beside them | how long | by what |", "|---|---|---|"]
    lines += [f"| {what} | {long} | {by} |" for what, long, by in OTHERS]
    lines += [
        "",
        "A deletion on a bucket with versions is a mark: the bytes go when the bucket's lifecycle takes old versions away, and "
        "`trending lake restore` can bring them back until then. To forget a person at once, delete the versions, too.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
