"""A page of links: the addresses that a CSS selector picks."""

from trending_assets.raw import values
from trending_assets.raw.parsers.html_page import css_path
from trending_assets.raw.parsers.markup import html_tree


def parse(markup: str, url: str, links: str) -> list[str]:
    """Absolute http(s) addresses that the selector picks, each once, in the page's order, without fragments.

    The selector picks elements with a `href`, or values with `::attr(name)`. A `<base href>` counts. Raises BadInput:
    TOO_LARGE, BROKEN_MARKUP, or WRONG_FORMAT where the selector is none.
    """
    tree = html_tree(markup)
    base = next((there for href in tree.xpath("//base/@href") if (there := values.absolute(url, str(href)))), url)
    found = (part if isinstance(part, str) else part.get("href") for part in tree.xpath(css_path(links)))
    whole = (values.absolute(base, str(href)) for href in found if href)
    return list(dict.fromkeys(address.partition("#")[0] for address in whole if address))
