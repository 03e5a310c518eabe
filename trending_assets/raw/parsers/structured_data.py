"""The JSON-LD of a page as a graph of plain nodes. What they mean: works.py and schema_org.py."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

Node = dict[str, Any]

MAX_NODES = 20_000
"""Nodes of a page that are looked at."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")
_DEPTH = 12


class Graph:
    """The nodes of a page in its order.

    `broken` tells whether some of its JSON-LD could not be read, `cut` whether it has more than MAX_NODES.
    """

    def __init__(self, values: list[Any], broken: bool = False) -> None:
        self.broken, self.cut = broken, False
        self.nodes: list[Node] = []
        for value in values:
            self._flatten(value, 0)
        self._by_id: dict[str, Node] | None = None

    def _flatten(self, value: Any, depth: int) -> None:
        if depth > _DEPTH:
            return
        if len(self.nodes) >= MAX_NODES:
            self.cut = True
            return
        if isinstance(value, list):
            for part in value:
                self._flatten(part, depth + 1)
        elif isinstance(value, dict):
            self.nodes.append(value)
            for name in _INSIDE:
                if isinstance(value.get(name), list | dict):
                    self._flatten(value[name], depth + 1)

    def node(self, value: Node) -> Node:
        """The node itself; where it is no more than a reference (`@id`), the node that it refers to."""
        if "@id" not in value or len(value) > 2:
            return value
        if self._by_id is None:
            self._by_id = {}
            for node in self._all():
                known = self._by_id.get(node["@id"])
                if len(node) > 2 and (known is None or len(node) > len(known)):
                    self._by_id[node["@id"]] = node
        reference = value["@id"]
        return self._by_id.get(reference, value) if isinstance(reference, str) else value

    def _all(self) -> Iterator[Node]:
        """Every node with an `@id`, nested ones too."""
        pending: list[Any] = list(reversed(self.nodes))
        seen = 0
        while pending and seen < MAX_NODES:
            value, seen = pending.pop(), seen + 1
            if isinstance(value, dict):
                if isinstance(value.get("@id"), str):
                    yield value
                pending += [part for part in reversed(list(value.values())) if isinstance(part, dict | list)]
            elif isinstance(value, list):
                pending += [part for part in reversed(value) if isinstance(part, dict | list)]

    def nodes_of(self, value: Any) -> list[Node]:
        """The nodes of a property: one, a list of them, references resolved."""
        parts = value if isinstance(value, list) else [value]
        return [self.node(part) for part in parts if isinstance(part, dict)]


def types(node: Node) -> frozenset[str]:
    """Types of a node without their namespace: Review for https://schema.org/Review and schema:Review."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(n.rstrip("/").rsplit("/", 1)[-1].removeprefix("schema:") for n in names if isinstance(n, str))


def json_ld(tree: Any) -> Graph:
    """The JSON-LD of a page. One script at a time: a broken one does not take the others with it."""
    values: list[Any] = []
    broken = False
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text
        if not text or text.isspace():
            continue
        try:
            values.append(orjson.loads(text))
        except orjson.JSONDecodeError:
            try:
                values += _repaired(text)
            except (ValueError, RecursionError, IndexError):
                broken = True
    return Graph(values, broken)


def _repaired(text: str) -> list[Any]:
    """JSON with raw line breaks, comments or trailing commas, as extruct reads it. Raises ValueError or RecursionError."""
    try:
        return [json.loads(text, strict=False)]
    except ValueError:
        pass
    import lxml.html
    from extruct.jsonld import JsonLdExtractor

    page = lxml.html.document_fromstring("<html><head></head><body></body></html>")
    script = lxml.html.Element("script", type="application/ld+json")
    script.text = _NOT_XML.sub(" ", text)
    page.body.append(script)
    found: list[Any] = JsonLdExtractor().extract_items(page)
    return found
