"""Which form the pages of a site have."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from sandbox.world import World

Form = Literal["json_ld", "microdata", "plain"]


def form_of(world: World, site: str) -> Form:
    """The form of a site's pages."""
    if not world.generated or world.sites[site].kind != "review":
        return "json_ld"
    return review_form(site)


def review_form(site: str) -> Form:
    """The form of a review site's pages in a generated world."""
    forms: tuple[Form, ...] = ("json_ld", "json_ld", "plain", "microdata")
    return forms[int(sha256(site.encode()).hexdigest(), 16) % 4]
