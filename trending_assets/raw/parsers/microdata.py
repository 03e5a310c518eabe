"""The microdata of a page (html.spec.whatwg.org/multipage/microdata.html) in the form of JSON-LD, in one pass.

Our own: extruct's XPath needs quadratic time in the elements below nested items (8 items around 16,000 elements: 13 s, where
this takes a few milliseconds). The tests hold the two against each other.
"""

from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.plain_text import plain

MAX_MARKED = 5_000
"""Elements of a page with itemscope or itemprop."""
MAX_REFERENCES = 200
"""Ids in the itemref attributes of a page."""
MAX_VALUE_CHARACTERS = 20_000_000
"""Markup of all values of a page together: values may stand in each other."""
_DEPTH = 12
_ADDRESSES = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
}
_LINKED = frozenset({"url", "sameas", "image", "mainentityofpage", "thumbnailurl", "@id"})
"""Properties of which a link gives its address; of any other (author, say) it gives its words."""


def has_microdata(markup: str) -> bool:
    """Whether a page may hold microdata."""
    return "itemscope" in markup and "itemtype" in markup


def items(tree: Any) -> list[dict[str, Any]]:
    """The top items of a page, in its order. Raises BadInput (TOO_LARGE) beyond the limits above."""
    return _Reader(tree).top()


class _Reader:
    def __init__(self, tree: Any) -> None:
        self.tree = tree
        marked = tree.xpath("//*[@itemscope or @itemprop]")
        if len(marked) > MAX_MARKED:
            raise BadInput(
                Reason.TOO_LARGE,
                f"The page has {len(marked):,} elements of microdata; at most {MAX_MARKED:,} are read.",
            )
        self.scopes = {node: None for node in marked if node.get("itemscope") is not None}
        self.owner = {node: next((a for a in node.iterancestors() if a in self.scopes), None) for node in marked}
        self.properties: dict[Any, list[Any]] = {scope: [] for scope in self.scopes}
        for node in marked:
            if node.get("itemprop") and self.owner[node] is not None:
                self.properties[self.owner[node]].append(node)
        self.left = MAX_VALUE_CHARACTERS
        self._add_references()

    def top(self) -> list[dict[str, Any]]:
        inside = {node for nodes in self.properties.values() for node in nodes}
        return [self.item(scope, ()) for scope in self.scopes if scope not in inside]

    def _add_references(self) -> None:
        wanted = [(scope, name) for scope in self.scopes for name in (scope.get("itemref") or "").split()]
        if len(wanted) > MAX_REFERENCES:
            raise BadInput(Reason.TOO_LARGE, f"The page's microdata has more than {MAX_REFERENCES} itemrefs.")
        for scope, name in wanted:
            for there in self.tree.xpath("//*[@id=$id][1]", id=name):
                inside = [node for node in there.iter() if node.get("itemprop") and node in self.owner]
                outer = next((a for a in there.iterancestors() if a in self.scopes), None)
                self.properties[scope] += [node for node in inside if node is there or self.owner[node] is outer]

    def item(self, scope: Any, path: tuple[Any, ...]) -> dict[str, Any]:
        """An item as a node; one that stands in itself, or too deep, is left empty."""
        kinds = (scope.get("itemtype") or "").split()
        made: dict[str, Any] = {"@type": kinds[0] if len(kinds) == 1 else kinds}
        if scope.get("itemid"):
            made["@id"] = scope.get("itemid").strip()
        if scope in path or len(path) >= _DEPTH:
            return made
        found = self.properties[scope]
        for node in found:
            for name in node.get("itemprop").split():
                value = self.value(node, name.rstrip("/").rsplit("/", 1)[-1], (*path, scope))
                made.setdefault(name.rstrip("/").rsplit("/", 1)[-1], []).append(value)
        if not found and path:
            made["name"] = [self._text(scope)]  # an item without properties means its words
        return {name: part[0] if isinstance(part, list) and len(part) == 1 else part for name, part in made.items()}

    def value(self, node: Any, name: str, path: tuple[Any, ...]) -> Any:
        if node in self.scopes:
            return self.item(node, path)
        if node.tag == "meta":
            return node.get("content", "")
        if node.tag in _ADDRESSES and (node.tag not in ("a", "area") or name.lower() in _LINKED):
            return node.get(_ADDRESSES[node.tag], "").strip()
        if node.tag in ("data", "meter") and node.get("value") is not None:
            return node.get("value")
        if node.tag == "time" and node.get("datetime"):
            return node.get("datetime")
        return node.get("content") or self._text(node)

    def _text(self, node: Any) -> str:
        if not len(node):
            return node.text or ""
        from lxml import etree

        markup = etree.tostring(node, encoding="unicode", method="html", with_tail=False)
        self.left -= len(markup)
        if self.left < 0:
            raise BadInput(Reason.TOO_LARGE, "The values of the page's microdata stand in each other too often.")
        return plain(markup) or ""
