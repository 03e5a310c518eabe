"""The record of what a bundle rests on: every asset, what is upstream of it, its code version and the hash of its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trending_assets.lake import Lake


@dataclass(frozen=True)
class Node:
    """An asset of the graph, named group/table."""

    upstream: tuple[str, ...]
    code_version: str | None
    daily: bool


def ancestors(graph: Mapping[str, Node], name: str) -> set[str]:
    """Everything upstream of an asset, near and far, without itself."""
    found: set[str] = set()
    waiting = list(graph[name].upstream) if name in graph else []
    while waiting:
        asset = waiting.pop()
        if asset not in found:
            found.add(asset)
            waiting += graph[asset].upstream if asset in graph else ()
    return found


class Hashes:
    """SHA-256 of partitions in the lake. Those of unpartitioned tables are read once, however many days ask."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._whole: dict[str, str | None] = {}

    def of(self, table: str, day: date | None) -> str | None:
        """Hash of a partition's object, None where there is none."""
        if day is not None:
            return self._lake.sha256(table, day)
        if table not in self._whole:
            self._whole[table] = self._lake.sha256(table)
        return self._whole[table]


def record(graph: Mapping[str, Node], bundle: str, day: date, hashes: Hashes) -> Sequence[dict[str, Any]]:
    """One row an asset, by name, with the hash of its partition of `day` (or of the whole table where it has none).

    Only what is upstream of `bundle` has a hash: another asset may be halfway through the same run, and its hash would make
    the record depend on who was faster.
    """
    settled = ancestors(graph, bundle)
    return [
        {
            "asset": name,
            "partition": day if node.daily else None,
            "upstream": sorted(node.upstream),
            "code_version": node.code_version,
            "sha256": hashes.of(name, day if node.daily else None) if name in settled else None,
            "run_id": None,
            "materialized_at": None,
        }
        for name, node in sorted(graph.items())
    ]
