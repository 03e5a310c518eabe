"""Texts that two engines could read differently: made by hand, by hypothesis (the same each time), and every character."""

import sys
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

SPACES = "".join(chr(c) for c in (*range(9, 14), 0x1C, 0x1F, 0x20, 0x85, 0xA0, 0x180E, 0x2000, 0x200B, 0x2028, 0x2029))
BY_HAND = (
    *(
        "",
        " ",
        "   ",
        "\x00",
        "a\x00b",
        "\u3000 a \u3000",
        "\u00a0",
        "a\u2028\u2029b",
        "\ufeffa",
        "\v",
        "a\vb",
        "\x85a\x85",
    ),
    *(
        "👩‍👩‍👧‍👦 film 🎬",
        "مرحبا  بالعالم",
        "\u202eabc\u202c",
        "e\u0301 é",
        "İstanbul",
        "ΟΔΟΣ Σ",
        "ſtraße ẞ",
        "K",
        "ǅ",
        "\U0010ffff",
    ),
    *(
        "x" * 20_000,
        " x" * 5_000,
        "\n" * 5_000,
        "'quoted' \\n \\u0041 \"x\" `y`",
        "$1 \\1 %s {{ x }}",
        "a\r\nb\rc\n",
        "null",
        "NaN",
    ),
)
URLS = (
    *(
        "http://",
        "http:///",
        "http://?",
        "http://#",
        "HTTP://A.B:80",
        "https://a.b:443/",
        "https://a.b:80/",
        "ftp://A.B:/x/",
        "http://a:080",
    ),
    *(
        "http://a.b//?&&&",
        "http://a/?utm_source",
        "http://a/?UTM_A=1&b",
        "http://a/?utm_=&gclid",
        "http://a/?fbclids=1",
        "http://a/?x=1?y=2#z",
    ),
    *(
        "http://u:p@H.X/P/",
        "http://[::1]:80/",
        "//a.b/c",
        "a.b/c",
        "mailto:x@y",
        " http://a/ ",
        "\u00a0http://a/\u3000",
        "\thttp://a",
        "1a://b",
    ),
    *(
        "http://a/\n",
        "http://a:80\n",
        "http://a/?q\n#review-1",
        "http://a#review-12",
        "http://a/#review-1\n",
        "http://a/#review-x",
        "http:/a",
        "x+y.z-1://A",
    ),
    *(
        "http://a/%C3%A9?q=%26",
        "http://É.fr/É",
        "http://ΣΑΣ.gr/Σ",
        "http://İ.tr",
        "http://\x00/\x00",
        "http://a/?utm_ſ=1&x=1",
        "http://K/?x",
        "http://a/'\"\\`",
    ),
)


def made(count: int = 300) -> tuple[list[str], list[str]]:
    """(addresses, texts) that hypothesis draws, `count` of each."""
    urls: list[str] = []
    texts: list[str] = []
    part = st.text(st.sampled_from("aB/?#&=:.@%-_ 80é\u00a0\n") | st.characters(exclude_categories=["Cs"]), max_size=12)
    query = st.lists(st.sampled_from(["utm_x=1", "UTM_Y", "fbclid=", "gclid", "a=1", "", "b"]), max_size=5).map(
        "&".join
    )
    url = st.builds(
        "{}://{}/{}?{}#{}".format, st.sampled_from(["http", "HTTPS", "ftp", "h t"]), part, part, query, part
    )
    text = st.text(st.sampled_from(SPACES) | st.characters(exclude_categories=["Cs"]), max_size=60)

    quiet = settings(
        max_examples=count, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    @quiet
    @given(url | part, text)
    def draw(one: str, other: str) -> None:
        urls.append(one)
        texts.append(other)

    draw()
    return urls, texts


def every_character(block: int = 64) -> tuple[list[str], list[str]]:
    """(addresses, texts) in which every character of Unicode stands once: in a host beside letters, in a text between letters."""
    codes = [c for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF]
    blocks = [[chr(c) for c in codes[at : at + block]] for at in range(0, len(codes), block)]
    urls = [f"http://{n}." + ".".join(f"A{c}b" for c in part if c not in "/?#") for n, part in enumerate(blocks)]
    return urls, ["".join(f"A{c}b" for c in part) for part in blocks]


def documents(urls: list[str], texts: list[str]) -> list[dict[str, Any]]:
    """Raw documents: each address with a plain text, each text at a plain address, as headline, text, author and language."""
    given = [
        {"url": url, "site": "odd", "text": "plain", "payload_sha256": f"{n}"}
        for n, url in enumerate(dict.fromkeys(urls))
    ]
    given += [  # a text is in turn headline, text, author and language
        {"url": f"http://text/{n}", "headline": text, "text": text, "author": text, "language": text}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    return given
