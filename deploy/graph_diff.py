"""What a change does to the asset graph, as Markdown: `python -m deploy.graph_diff --base-commit main`.

Or in two steps: `--dump FILE` writes the graph of the code that is imported, `--base FILE --head FILE` compares two such files.
Compared are assets, dependencies, code versions, checks, automation, partitions and columns; of every asset whose code or inputs
changed it is said what lies downstream of it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Asset = Mapping[str, Any]
"""deps: names with partition mappings; checks: names, blocking or not; columns: types; code_version, automation, partitions."""
Graph = Mapping[str, Asset]

REPO = Path(__file__).resolve().parent.parent
NOTHING = "The asset graph is unchanged."


def graph() -> dict[str, dict[str, Any]]:
    """The graph of trending_assets.definitions: assets by key (group/name)."""
    import dagster as dg

    from trending_assets.definitions import defs

    assets = defs.resolve_asset_graph()
    found = {}
    for key in sorted(assets.get_all_asset_keys()):
        node = assets.get(key)
        condition, schema = node.automation_condition, node.metadata.get("dagster/column_schema")
        columns = schema.columns if isinstance(schema, dg.TableSchema) else []
        found[key.to_user_string()] = {
            "deps": {
                dep.to_user_string(): _mapping(node.partition_mappings.get(dep)) for dep in sorted(node.parent_keys)
            },
            "code_version": node.code_version,
            "automation": None if condition is None else condition.get_label() or condition.name,
            "partitions": None if node.partitions_def is None else str(node.partitions_def),
            "checks": {
                check.name: "blocking" if assets.get(check).blocking else "not blocking"
                for check in sorted(node.check_keys, key=lambda check: check.name)
            },
            "columns": {c.name: f"{c.type}{'' if c.constraints.nullable else ' not null'}" for c in columns},
        }
    return found


def _mapping(mapping: Any) -> str:
    if mapping is None or type(mapping).__name__ != "TimeWindowPartitionMapping":
        return "same partition" if mapping is None else type(mapping).__name__
    return f"days {mapping.start_offset:+d} to {mapping.end_offset:+d}"


def downstream(assets: Graph, of: str) -> list[str]:
    """Everything that is computed from an asset, however far, sorted."""
    children: dict[str, list[str]] = {}
    for name, asset in assets.items():
        for dep in asset["deps"]:
            children.setdefault(dep, []).append(name)
    found, waiting = set[str](), list(children.get(of, []))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += children.get(name, [])
    return sorted(found)


def _code(text: object) -> str:
    return "`" + str(text).replace("`", "'").replace("\n", " ") + "`"


def _pairs(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Sentences on two mappings from names to what they are."""
    lines = [f"{what} {_code(n)} added ({after[n]})" for n in sorted(after.keys() - before.keys())]
    lines += [f"{what} {_code(n)} **removed**" for n in sorted(before.keys() - after.keys())]
    return lines + [
        f"{what} {_code(n)}: {before[n]} → {after[n]}"
        for n in sorted(before.keys() & after.keys())
        if before[n] != after[n]
    ]


def changes(before: Asset, after: Asset) -> list[str]:
    """What differs between an asset and itself, a sentence each."""
    lines = []
    for field, what in (("code_version", "code version"), ("partitions", "partitions"), ("automation", "automation")):
        if before[field] != after[field]:
            lines.append(f"{what}: {_code(before[field])} → {_code(after[field])}")
    lines += _pairs("dependency", before["deps"], after["deps"])
    lines += _pairs("check", before["checks"], after["checks"])
    lines += _pairs("column", before["columns"], after["columns"])
    return lines


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


def compare(base: Graph, head: Graph) -> str:
    """The differences as Markdown."""
    added, removed = sorted(head.keys() - base.keys()), sorted(base.keys() - head.keys())
    changed = {name: changes(base[name], head[name]) for name in sorted(base.keys() & head.keys())}
    changed = {name: lines for name, lines in changed.items() if lines}
    if not (added or removed or changed):
        return NOTHING
    lines = [f"**{len(added)} assets added, {len(removed)} removed, {len(changed)} changed** (of {len(head)})."]
    for name in added:
        asset = head[name]
        reads = _list(asset["deps"]) or "nothing"
        lines.append(
            f"- added {_code(name)}: reads {reads}; {asset['automation']}; {asset['partitions'] or 'no partitions'}"
        )
    for name in removed:
        readers = [reader for reader, asset in base.items() if name in asset["deps"]]
        lines.append(f"- **removed** {_code(name)}" + (f", which {_list(sorted(readers))} read" if readers else ""))
    for name, sentences in changed.items():
        lines += [f"- changed {_code(name)}", *(f"  - {sentence}" for sentence in sentences)]
    moved = [
        name
        for name in changed
        if any(base[name][field] != head[name][field] for field in ("code_version", "deps", "partitions", "columns"))
    ]
    if moved or added:
        lines += ["", "| code, inputs or columns changed | downstream |", "|---|---|"]
        lines += [f"| {_code(name)} | {_list(downstream(head, name)) or 'nothing'} |" for name in [*added, *moved]]
    return "\n".join(lines)


def dump(code: Path, file: Path) -> None:
    """Write the graph of another checkout's code to a file. Raises RuntimeError where that code does not load."""
    # This file, run as a script: the other checkout need not have it.
    done = subprocess.run(
        [sys.executable, "-P", str(Path(__file__).resolve()), "--dump", str(file)],
        env={**os.environ, "PYTHONPATH": str(code)},
        cwd=code,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The graph of {code} does not load:\n{done.stderr[-3000:]}")


def of_commit(commit: str) -> Graph:
    """The graph as it stands at a commit of this repository. Raises RuntimeError where there is no such commit, or no graph."""
    with tempfile.TemporaryDirectory() as name:
        code = Path(name) / "code"
        made = ["git", "-C", str(REPO), "worktree", "add", "--quiet", "--detach", str(code), "--end-of-options", commit]
        done = subprocess.run(made, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{commit} cannot be checked out: {done.stderr.strip()}")
        try:
            dump(code, Path(name) / "graph.json")
            return _read(Path(name) / "graph.json")
        finally:
            subprocess.run(["git", "-C", str(REPO), "worktree", "remove", "--force", str(code)], check=True)


def _read(file: Path) -> Graph:
    found: Graph = json.loads(file.read_text(encoding="utf-8"))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write what was asked for. Returns the exit status: 2 where something cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dump", type=Path, metavar="FILE", help="write this code's graph")
    base = parser.add_mutually_exclusive_group()
    base.add_argument("--base", type=Path, metavar="FILE", help="the graph before")
    base.add_argument("--base-commit", metavar="COMMIT", help="the same, of a commit")
    parser.add_argument("--head", type=Path, metavar="FILE", help="the graph after; this code's where it is left out")
    options = parser.parse_args(arguments)
    if not (options.dump or options.base or options.base_commit):
        parser.error("say --dump FILE, --base FILE or --base-commit COMMIT")
    try:
        if options.dump:
            options.dump.write_text(json.dumps(graph(), indent=1), encoding="utf-8")
            return 0
        before = _read(options.base) if options.base else of_commit(options.base_commit)
        print(compare(before, _read(options.head) if options.head else graph()))
    except (OSError, ValueError, RuntimeError) as error:
        print(f"The graphs cannot be compared. {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
