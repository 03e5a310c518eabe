"""The fast lane: the paths that most requests ask for, answered from the mapped bundle without the framework.

It knows a path with no parameter but `date`, in exactly that form. Whatever it does not know it leaves alone (None), and
the same request then gets the same answer from the FastAPI app.
"""

import re
from datetime import date

from api.answers import history_at_hand, ready
from api.bundles import Bundle, State
from api.reply import Answer

_TITLE = re.compile(r"/v1/titles/((?:movie|tv)-[1-9][0-9]{0,11})(/history|/evidence)?")
_DATE = re.compile(rb"date=([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_PATHS = frozenset(
    f"/v1/{name}" for name in ("trends", "genres", "tags", "platforms", "charts", "drift", "spend")
)
TITLE, HISTORY, EVIDENCE = "/v1/titles/{title_id}", "/v1/titles/{title_id}/history", "/v1/titles/{title_id}/evidence"
_TEMPLATES = {None: TITLE, "/history": HISTORY, "/evidence": EVIDENCE}


def lane(state: State, path: str, query: bytes) -> tuple[Answer, str] | None:
    """The answer and its route's template, None where the framework has to answer."""
    if path in _DAY_PATHS:
        bundle = _bundle(state, query)
        found = ready(bundle, path) if bundle else None
        return (found, path) if found else None
    named = _TITLE.fullmatch(path)
    if named is None:
        return None
    bundle = _bundle(state, query)
    if bundle is None:
        return None
    part = named[2]
    found = history_at_hand(state, named[1], bundle.day) if part == "/history" else ready(bundle, path)
    return (found, _TEMPLATES[part]) if found else None


def _bundle(state: State, query: bytes) -> Bundle | None:
    """The bundle that the query is about, None where it is not at hand or the query says anything else."""
    if not query:
        return state.newest
    day = _DATE.fullmatch(query)
    if day is None:
        return None
    try:
        return state.days.get(date(int(day[1]), int(day[2]), int(day[3])))
    except ValueError:
        return None
