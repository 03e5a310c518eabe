"""Posters drawn from a title: the generated world owns no artwork."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from zlib import crc32


def poster_svg(title: str, year: int | None) -> str:
    """A 2:3 SVG with the title and year on a colour that comes from the title."""
    seed = crc32(title.encode())
    hue, turn = seed % 360, (seed >> 9) % 180
    lines = wrap(title, 16)[:5]
    words = "".join(
        f'<text x="150" y="{210 + 34 * at}" text-anchor="middle">{escape(line)}</text>' for at, line in enumerate(lines)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 450" role="img" '
        f'aria-label="{escape(title)}"><defs><linearGradient id="g" gradientTransform="rotate({turn % 90})">'
        f'<stop offset="0" stop-color="hsl({hue},45%,28%)"/><stop offset="1" '
        f'stop-color="hsl({(hue + 40) % 360},50%,16%)"/></linearGradient></defs>'
        '<rect width="300" height="450" fill="url(#g)"/>'
        f'<circle cx="{60 + turn}" cy="110" r="62" fill="hsl({(hue + 180) % 360},40%,55%)" opacity="0.35"/>'
        f'<g font-family="sans-serif" font-size="28" font-weight="700" fill="#fff">{words}</g>'
        '<text x="150" y="420" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#fff" '
        f'opacity="0.8">{year or ""}</text></svg>'
    )
