"""The fast lane: the paths that most requests ask for, answered from the mapped bundle without the framework.

It knows a path with no parameter but `date`, in exactly that form. Whatever it does not know it leaves alone (None), and
the same request then gets the same answer from the FastAPI app.
"""

import re
from datetime import date

from api.answers import history_at_hand, ready
from api.bundles import Bundle, State
from api.reply import AnyAnswer

_TITLE = re.compile(r"/v1/titles/((?:movie|tv)-[1-9][0-9]{0,11})(/history|/evidence)?")
_DATE = re.compile(rb"date=([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_PATHS = frozenset(f"/v1/{name}" for name in ("trends", "genres", "tags", "platforms", "charts", "drift", "spend"))


def lane(state: State, path: str, query: bytes) -> AnyAnswer | None:
    """The answer, None where the framework has to give it."""
    named = None
    if path not in _DAY_PATHS and (named := _TITLE.fullmatch(path)) is None:
        return None
    bundle = _bundle(state, query)
    if bundle is None:
        return None
    part = named[2] if named else None
    found = history_at_hand(state, named[1], bundle.day) if named and part == "/history" else ready(bundle, path)
    if found is not None:
        found.route = f"/v1/titles/{{title_id}}{part or ''}" if named else path
    return found


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
