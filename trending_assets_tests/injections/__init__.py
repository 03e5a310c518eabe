"""Attacks in documents, honest documents that look alike, and an endpoint that obeys every attack.

All sentences were written for the project. `attacks()` gives the fixed suite; `adaptive.adaptive` adds what an attacker writes
who sees what was caught.
"""

from trending_assets_tests.injections.controls import Control, controls
from trending_assets_tests.injections.model import DEV, HELD_OUT, Attack, attacks_of
from trending_assets_tests.injections.places import places
from trending_assets_tests.injections.shapes import KINDS as SHAPES
from trending_assets_tests.injections.words import KINDS as WORDS

__all__ = ["DEV", "HELD_OUT", "Attack", "Control", "attacks", "controls"]


def attacks() -> list[Attack]:
    """The suite without the adaptive rounds, in a fixed order."""
    return [*(attack for kind in (*WORDS, *SHAPES) for attack in attacks_of(kind)), *places()]
