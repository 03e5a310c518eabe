"""Our reading of microdata held against extruct's, and its limits."""

from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.parsers import microdata

TYPES = ("https://schema.org/Review", "https://schema.org/Movie")


def _extruct(item: Any) -> Any:
    """extruct's item in our form."""
    if isinstance(item, list):
        return [_extruct(part) for part in item]
    if not isinstance(item, dict):
        return " ".join(item.split())
    made = {"@type": item.get("type", [])} | ({"@id": item["id"]} if "id" in item else {})
    made |= {name: _extruct(value) for name, value in item.get("properties", {}).items()}
    return made | ({"name": _extruct(item["value"])} if "value" in item else {})


_LEAF = st.tuples(
    st.sampled_from(["p", "b", "meta", "time", "link", "img", "data"]),
    st.sampled_from(["name", "author", "name url"]),
    st.integers(0, 9),
)


def _markup(node: Any) -> str:
    if isinstance(node[0], str):
        tag, name, n = node
        extra = {"meta": f'content="c{n}"', "time": f'datetime="201{n}"', "link": f'href="http://a.example/{n}"'}
        extra |= {"img": f'src="http://a.example/{n}.png"', "data": f'value="v{n}"'}
        return f'<{tag} itemprop="{name}" {extra.get(tag, "")}>' + (
            "" if tag in ("meta", "link", "img") else f"t{n}</{tag}>"
        )
    kind, prop, children = node
    inside = "".join(map(_markup, children)) or "alone"
    return f'<div itemscope itemtype="{TYPES[kind]}" itemprop="{prop}">{inside}</div>'


_ITEM = st.recursive(
    _LEAF,
    lambda inner: st.tuples(
        st.integers(0, 1), st.sampled_from(["review", "itemReviewed"]), st.lists(inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_ITEM, max_size=4))
def test_it_is_what_extruct_reads(nodes: list[Any]) -> None:
    from extruct.w3cmicrodata import MicrodataExtractor

    inside = "".join(map(_markup, nodes))
    tree = lxml.html.document_fromstring(
        f'<html><body><div itemscope itemtype="{TYPES[0]}">{inside}<i>x</i></div></body></html>'
    )
    ours = microdata.items(tree)
    theirs = [_extruct(item) for item in MicrodataExtractor().extract_items(tree, "")]
    if not inside:
        theirs = [{"@type": TYPES[0]}]  # an empty top item: extruct takes the words around it
    assert ours == theirs


def test_references_and_loops() -> None:
    tree = lxml.html.document_fromstring(
        '<div itemscope itemtype="A" itemref="x y gone"></div><p id="x" itemprop="name">one</p>'
        '<div id="y" itemprop="self" itemscope itemref="y"><b itemprop="name">two</b></div>'
    )
    assert microdata.items(tree) == [
        {"@type": "A", "name": "one", "self": {"@type": [], "name": "two", "self": {"@type": []}}}
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<div itemscope itemtype=x><p itemprop=y>z</p></div>" * microdata.MAX_MARKED,
        "<div itemscope itemtype=x itemref='"
        + " ".join(f"a{n}" for n in range(microdata.MAX_REFERENCES + 1))
        + "'></div>",
        "<div itemscope itemtype=x>" + "<div itemprop=y>" * 200 + "word " * 100_000,
    ],
    ids=["elements", "references", "values in values"],
)
def test_too_much_is_refused(markup: str) -> None:
    with pytest.raises(BadInput) as caught:
        microdata.items(lxml.html.document_fromstring(markup))
    assert caught.value.reason is Reason.TOO_LARGE


def test_items_around_many_elements_take_no_quadratic_time() -> None:
    """extruct needs 13 s for 8 nested items around 16,000 elements, and longer than anyone waits for 24."""
    nested = '<div itemscope itemtype="http://schema.org/Review" itemprop="review"><p itemprop="name">x</p>' * 24
    made: Any = microdata.items(lxml.html.document_fromstring(nested + "<i>w</i>" * 16_000))
    assert made[0]["review"]["review"]["name"] == "x"
