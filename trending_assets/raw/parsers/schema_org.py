"""The schema.org Reviews of a page, and what a page about a film or show says of it, in the many shapes that real pages have."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from trending_assets.failures import BadInput, Reason
from trending_assets.raw import values
from trending_assets.raw.boilerplate import without_boilerplate
from trending_assets.raw.items import Item
from trending_assets.raw.parsers import microdata
from trending_assets.raw.parsers.markup import html_tree, too_deep
from trending_assets.raw.parsers.structured_data import MAX_NODES, Graph, Node, json_ld, types
from trending_assets.raw.parsers.works import (
    WORKS,
    first,
    ids,
    media_type,
    name_of,
    people,
    scaled,
    title_and_year,
    whole_of,
    work_of,
)
from trending_assets.raw.plain_text import fold, plain

MAX_REVIEWS = 1_000
"""Reviews of one page."""
SHORT_TEXT = 200
"""Characters from which what stands on a page counts as the text of a review that has none in the structured data."""
_REVIEWS = frozenset({"Review", "CriticReview", "UserReview", "ReviewNewsArticle", "MediaReview"})
_ARTICLES = frozenset({"Article", "NewsArticle", "BlogPosting", "WebPage", "Report"})


@dataclass(frozen=True)
class MovieFacts:
    """What a page says of a film or show. `rating` is on its own scale to `rating_max`, by `rating_count` people.

    `work_ids` are IMDb ids (tt…) and title_ids; `people` directors, creators and actors.
    """

    title: str | None
    other_titles: tuple[str, ...]
    year: int | None
    media_type: str | None
    rating: float | None
    rating_max: float | None
    rating_count: int | None
    work_ids: tuple[str, ...]
    people: tuple[str, ...]


def parse(markup: str, url: str) -> list[Item]:
    """The reviews of a page, at least one. The first has the page's address; others their own on the same host, or #review-N.

    JSON-LD, else microdata. A page's own single review without a body takes the page's main text; what the first review leaves
    out (time, author, headline, language) is taken from the article that it stands in. Raises BadInput: NO_REVIEW,
    BROKEN_MARKUP, NO_TEXT, TOO_LARGE.
    """
    tree = html_tree(markup)
    graph = json_ld(tree)
    found = _reviews(graph)
    first_graph = graph
    if not found and microdata.has_microdata(markup):
        graph = Graph(microdata.items(tree))
        found = _reviews(graph)
    if not found:
        raise _none(first_graph, tree)
    if len(found) > MAX_REVIEWS:
        raise BadInput(Reason.TOO_LARGE, f"The page has {len(found):,} reviews; at most {MAX_REVIEWS:,} are read.")
    items = [_item(graph, review, work, url) for review, work in found]
    review = found[0][0]
    if len(items) == 1 and not _body(review) and any(node is review for node in graph.nodes):
        items = [_with_main_text(items[0], tree, url)]
    items[0] = _completed(items[0], graph)
    kept = [item for item in items if item.headline or item.text]
    if not kept:
        raise BadInput(Reason.NO_TEXT, "The page's review has neither a headline nor text.")
    return _addressed(kept, url, fold(tree.get("lang"), 40))


def _none(graph: Graph, tree: Any) -> BadInput:
    if graph.cut:
        return BadInput(Reason.TOO_LARGE, f"The page's structured data has more than {MAX_NODES:,} nodes.")
    if graph.broken:
        return BadInput(Reason.BROKEN_MARKUP, "The page's structured data is broken.")
    if too_deep(tree):
        return BadInput(Reason.BROKEN_MARKUP, "The page nests tags so deep that its rest could not be read.")
    return BadInput(Reason.NO_REVIEW, "The page has no schema.org Review.")


def _reviews(graph: Graph) -> list[tuple[Node, Node]]:
    """(review, reviewed work) pairs: reviews of their own first, then reviews that hang on a work or an article."""
    pairs: dict[int, tuple[Node, Node]] = {}
    works = [node for node in graph.nodes if types(node) & WORKS]
    alone = works[0] if len(works) == 1 else {}
    for node in graph.nodes:
        if types(node) & _REVIEWS:
            pairs[id(node)] = (node, _reviewed(graph, node) or alone)
    for node in graph.nodes:
        if "review" not in node and "reviews" not in node:
            continue
        of_work = bool(types(node) & WORKS)
        for review in graph.nodes_of(node.get("review")) + graph.nodes_of(node.get("reviews")):
            work = _reviewed(graph, review)
            # the review of a work often names it by no more than its address
            better = node if of_work and not work.get("name") else work or _reviewed(graph, node) or alone
            if not pairs.get(id(review), (review, {}))[1].get("name"):
                pairs[id(review)] = (review, better)
    return list(pairs.values())


def _reviewed(graph: Graph, node: Node) -> Node:
    """What a review or article is of: itemReviewed, else the film or show that it is about."""
    named = graph.nodes_of(node.get("itemReviewed"))
    about = [part for part in graph.nodes_of(node.get("about")) if types(part) & WORKS]
    return next(iter(named or about), {})


def _body(review: Node) -> str | None:
    bodies = (plain(first(review[name])) for name in ("reviewBody", "articleBody", "text") if name in review)
    return next((made for body in bodies if (made := without_boilerplate(body))), None)


def _item(graph: Graph, review: Node, work: Node, url: str) -> Item:
    rating, best = scaled(graph, review.get("reviewRating"))
    own = values.absolute(url, first(review.get("url"))) or values.absolute(url, first(review.get("@id")))
    return Item(
        url=own or url,
        published_at=_time(review),
        headline=name_of(graph, review.get("headline")) or name_of(graph, review.get("name")),
        text=_body(review) or without_boilerplate(plain(first(review.get("description")))),
        author=name_of(graph, review.get("author")),
        language=_language(review),
        rating=rating,
        rating_max=best,
        work=work_of(graph, work, url),
    )


def _time(node: Node) -> datetime | None:
    return values.moment(first(node.get("datePublished"))) or values.moment(first(node.get("dateCreated")))


def _language(node: Node) -> str | None:
    value = first(node.get("inLanguage"))
    return fold((value.get("alternateName") or value.get("name")) if isinstance(value, dict) else value, 40)


def _with_main_text(item: Item, tree: Any, url: str) -> Item:
    from trending_assets.raw.parsers.html_page import main_text

    try:
        text = without_boilerplate(main_text(tree, url))
    except BadInput:
        return item
    return replace(item, text=text) if len(text or "") >= max(SHORT_TEXT, len(item.text or "")) else item


def _completed(item: Item, graph: Graph) -> Item:
    """A review with time, author, headline and language of the article that it stands in, where it names none."""
    if item.published_at and item.author and item.headline and item.language:
        return item
    article = next((node for node in graph.nodes if types(node) & _ARTICLES and not types(node) & _REVIEWS), None)
    if article is None:
        return item
    return replace(
        item,
        published_at=item.published_at or _time(article),
        author=item.author or name_of(graph, article.get("author")),
        headline=item.headline or name_of(graph, article.get("headline")),
        language=item.language or _language(article),
    )


def _addressed(items: list[Item], url: str, site_language: str | None) -> list[Item]:
    """Each distinct review once, with an address of its own."""
    distinct: dict[tuple[Any, ...], Item] = {}
    for item in items:
        distinct.setdefault((item.author, item.headline, item.text, item.rating, item.work and item.work.title), item)
    taken, host, made = {url}, values.host_of(url), list[Item]()
    for place, item in enumerate(distinct.values(), 1):
        address = url if place == 1 else item.url
        if place > 1 and (address in taken or values.host_of(address) != host):
            address = f"{url.partition('#')[0]}#review-{place}"
        taken.add(address)
        made.append(replace(item, url=address, site_language=site_language))
    return made


def movie(markup: str) -> MovieFacts | None:
    """What a page about a film or show says of it (JSON-LD, else microdata); None where it is about none.

    Relative ids are read against the page's canonical address. Raises BadInput (TOO_LARGE, BROKEN_MARKUP).
    """
    tree = html_tree(markup)
    stated = tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    url = next((str(link) for link in stated if values.host_of(str(link))), "")
    graph = json_ld(tree)
    node = _first_work(graph)
    if node is None and microdata.has_microdata(markup):
        graph = Graph(microdata.items(tree))
        node = _first_work(graph)
    if node is None:
        return None
    whole = whole_of(graph, node)
    title, year = title_and_year(graph, whole)
    other = whole.get("alternateName")
    names = [name_of(graph, part) for part in (other if isinstance(other, list) else [other])]
    rated = next(iter(graph.nodes_of(node.get("aggregateRating"))), {})
    rating, best = scaled(graph, rated)
    counts = [values.whole(first(rated.get(name))) for name in ("ratingCount", "reviewCount")]
    return MovieFacts(
        title=title,
        other_titles=tuple(name for name in names if name and name != title),
        year=year,
        media_type=media_type(node),
        rating=rating,
        rating_max=best,
        rating_count=next((count for count in counts if count is not None), None),
        work_ids=tuple(ids(graph, whole, url)),
        people=people(graph, whole),
    )


def _first_work(graph: Graph) -> Node | None:
    return next((node for node in graph.nodes if types(node) & WORKS), None)
