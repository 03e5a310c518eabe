"""The bounds on what a parser is handed: normal pages pass, whatever hides in quotes is seen."""

import pytest

from trending_assets.failures import BadInput, Reason
from trending_assets.raw.parsers.markup import MAX_ATTRIBUTES, check_size, html_tree, too_deep

FEW = MAX_ATTRIBUTES - 100
MANY = MAX_ATTRIBUTES * 5
FORMS = {
    "plain": 'a{n}="1" ',
    "no value": "a{n} ",
    "angles in double quotes": 'a{n}="<>" ',
    "angles in single quotes": "a{n}='>' ",
    "open angles": "a{n}=< ",
    "no blanks": 'a{n}="x"',
    "slashes": "a{n}/",
    "quotes within quotes": """a{n}="'>" """,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_tag_with_too_many_attributes_is_seen(form: str) -> None:
    """libxml2 takes 11 s for 100,000 attributes of one tag, and four times as long for twice as many."""
    few, many = ("".join(FORMS[form].format(n=n) for n in range(count)) for count in (FEW, MANY))
    html_tree(f"<p>before</p><p {few}>x</p>")
    for page in (f"<p {many}>x</p>", f"<p>before</p><p {many}", f"<b>x</b>{'<i>y</i>' * 500}<p {many}>x"):
        with pytest.raises(BadInput, match="attributes") as caught:
            check_size(page)
        assert caught.value.reason is Reason.TOO_LARGE


def test_pages_with_long_stretches_pass() -> None:
    check_size(f'<img src="data:image/png;base64,{"A" * 2_000_000}">')
    check_size(f"<script>var words = '{'word ' * 100_000}';</script>" + '<p class="a" id="b">x</p>' * 10_000)
    check_size("<script>" + "if (a < b) { c = \"<i class='x'>\"; } " * 20_000 + "</script>")
    check_size("word " * 900_000)


def test_depth_is_told() -> None:
    assert not too_deep(html_tree("<div>" * 200 + "x" + "</div>" * 200))
    assert too_deep(html_tree("<div>" * 10_000 + "x"))
    assert html_tree("<p>\ud800 lone</p>").text_content() == "? lone"
