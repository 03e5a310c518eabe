"""The lineage of the tables, written from the asset graph and contracts: `python -m trending_assets.lineage`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from trending_assets.contracts import TABLES
from trending_assets.definitions import ASSETS, defs
from trending_assets.retention import days_kept

STAGES = ("raw", "staging", "linking", "scoring", "features", "trends", "genre", "drift", "marts", "serving")
EXTRA = "genre/bert"
"""Only there where the extra `bert` is installed: left out, so that the page is the same everywhere."""


@dataclass(frozen=True)
class Read:
    """One input of a table: its name, and which of its days."""

    name: str
    days: str


def reads() -> dict[str, list[Read]]:
    """What each table is read from, by name."""
    found: dict[str, list[Read]] = {}
    for asset in ASSETS:
        for key in asset.keys:
            name = key.to_user_string()
            if name != EXTRA:
                deps = sorted(asset.asset_deps[key], key=lambda dep: dep.to_user_string())
                found[name] = [
                    Read(dep.to_user_string(), _days(asset, name, dep)) for dep in deps if dep.to_user_string() != EXTRA
                ]
    return dict(sorted(found.items(), key=lambda item: (STAGES.index(item[0].split("/")[0]), item[0])))


def _days(asset: dg.AssetsDefinition, name: str, dep: dg.AssetKey) -> str:
    if not TABLES[dep.to_user_string()].daily:
        return "as it is"
    if not TABLES[name].daily:
        return "its days"
    mapping = asset.get_partition_mapping(dep)
    if not isinstance(mapping, dg.TimeWindowPartitionMapping) or (mapping.start_offset, mapping.end_offset) == (0, 0):
        return "the day"
    first, last = -mapping.start_offset, -mapping.end_offset
    if dep.to_user_string() == name and first == last:
        return "the day before"
    if last == 0:
        return f"the day and {first} before"
    return f"{first - last + 1} days before" if last == 1 else f"the day and days {last} to {first} before"


def readers(of: Mapping[str, list[Read]]) -> dict[str, list[str]]:
    """What reads each table."""
    found: dict[str, list[str]] = {name: [] for name in of}
    for name, sources in of.items():
        for source in sources:
            found.setdefault(source.name, []).append(name)
    return found


def _box(name: str) -> str:
    return name.replace("/", "_")


def diagram(stage: str, of: Mapping[str, list[Read]]) -> Iterator[str]:
    """A Mermaid graph of a stage: its tables, and what other stages give it. A broken line is a window of days."""
    inside = [name for name in of if name.startswith(f"{stage}/")]
    yield "```mermaid"
    yield "flowchart LR"
    yield f"  subgraph {stage}"
    yield from (f'    {_box(name)}["{name}"]' for name in inside)
    yield "  end"
    outside = sorted({read.name for name in inside for read in of[name]} - set(inside))
    yield from (f'  {_box(name)}(["{name}"])' for name in outside)
    for name in inside:
        for read in of[name]:
            arrow = "-->" if read.days in ("the day", "as it is", "its days") else "-.->"
            yield f"  {_box(read.name)} {arrow} {_box(name)}"
    yield "```"


def _checks(key: dg.AssetKey) -> str:
    graph: Any = defs.resolve_asset_graph()
    found = sorted(graph.get(key).check_keys, key=lambda check: (not graph.get(check).blocking, check.name))
    return ", ".join(f"{check.name}{'' if graph.get(check).blocking else ' (warns)'}" for check in found)


def _table(name: str, of: Mapping[str, list[Read]], by: Mapping[str, list[str]]) -> Iterator[str]:
    key = dg.AssetKey(name.split("/"))
    condition = defs.resolve_asset_graph().get(key).automation_condition
    kept = days_kept(name) if TABLES[name].daily else None
    sources = "; ".join(f"`{read.name}` ({read.days})" for read in of[name]) or "what the sources say"
    yield f"### {name}\n"
    yield f"{TABLES[name].meaning}\n"
    yield f"- **read from** {sources}"
    yield f"- **read by** {', '.join(f'`{reader}`' for reader in by.get(name, [])) or 'nothing in the graph'}"
    yield f"- **checks** {_checks(key)}"
    yield f"- **made** {condition.get_label() if condition else 'by hand'}; **kept** " + (
        f"{kept} days" if kept else "for good"
    )
    yield ""


def markdown() -> str:
    """The whole page as Markdown."""
    of = reads()
    by = readers(of)
    lines = [
        "# Lineage",
        "",
        "Written by `make docs` from the asset graph; a test keeps it true. Columns stand in the "
        "[data dictionary](data-dictionary.md), how long a table is kept in [retention](retention.md). Windows are those of "
        "`trending_assets/partitions.py`. In a picture, a broken line is a window of days, and a round "
        "box is another stage's table. `genre/bert` (an extra) stands beside `genre/xgboost`, read from and by the same.",
        "",
    ]
    for stage in STAGES:
        lines += [f"## {stage}", "", *diagram(stage, of), ""]
        for name in of:
            if name.startswith(f"{stage}/"):
                lines += _table(name, of, by)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
