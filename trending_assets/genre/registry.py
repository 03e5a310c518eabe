"""The registry of genre models in the lake: every trained model, and which one is candidate, champion or in production.

A model's bundle is immutable, `genre/models/<kind>/<model id>.zip`. What points to them is one small object,
`genre/registry.json`, which is changed by compare-and-swap alone: two promoters at once lose nothing. No wall clock in it.
"""

import json
import random
import time
from collections.abc import Callable
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from trending_assets.conditional import PutIf, put_if_unchanged, read_marked
from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.genre.bundle import Kind, pack, unpack
from trending_assets.genre.gate import Verdict
from trending_assets.genre.models import GenreModel
from trending_assets.lake import Lake

REGISTRY = "genre/registry.json"
ATTEMPTS = 60
KINDS: tuple[Kind, ...] = ("xgboost", "bert")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Registered(_Frozen):
    """What the registry knows of a model. `genres` is how many it predicts: one of 0 predicts nothing."""

    data_version: str
    trained_through: date
    genres: int


class Place(_Frozen):
    """A promoted model, and the one that it was held against (None: it was the first of its kind for its days)."""

    model: str
    over: str | None


class KindState(_Frozen):
    """Of one kind: models by id in the order of their training, the last trained one, the promoted ones, and those taken back.

    `promoted` is sorted by trained_through, so that a model of past days never stands above one that knew more; the last is
    the champion.
    """

    models: dict[str, Registered] = {}
    candidate: str | None = None
    promoted: tuple[Place, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def champion(self) -> str | None:
        """Id of the last promoted model."""
        return self.promoted[-1].model if self.promoted else None

    def place_of(self, model: str) -> Place | None:
        """The model's place among the promoted ones; None where it has none."""
        return next((place for place in self.promoted if place.model == model), None)

    def opponent_of(self, model: str) -> str | None:
        """Whose place the model would take: the last promoted one that knew nothing after it did."""
        through = self.models[model].trained_through
        known = [p.model for p in self.promoted if self.models[p.model].trained_through <= through]
        return known[-1] if known else None

    def with_promoted(self, model: str, over: str | None) -> "KindState":
        """The state with the model promoted above every one that knew nothing after it did."""
        through = self.models[model].trained_through
        at = sum(self.models[p.model].trained_through <= through for p in self.promoted)
        promoted = (*self.promoted[:at], Place(model=model, over=over), *self.promoted[at:])
        return self.model_copy(
            update={"promoted": promoted, "withdrawn": tuple(m for m in self.withdrawn if m != model)}
        )


class Contest(_Frozen):
    """Which kind's champion won against the other kind's."""

    winner: Kind
    reason: str


class Registry(_Frozen):
    """All of it. `verdicts` are by kind, candidate and opponent; `contests` by the champions of the kinds."""

    kinds: dict[Kind, KindState] = {}
    production: Kind | None = None
    verdicts: dict[str, Verdict] = {}
    contests: dict[str, Contest] = {}

    def of(self, kind: Kind) -> KindState:
        """State of a kind, an empty one where nothing was trained."""
        return self.kinds.get(kind, KindState())

    def verdict(self, kind: Kind, candidate: str, opponent: str | None) -> Verdict | None:
        """What the gate said of the two; None where it was not asked."""
        return self.verdicts.get(_pair(kind, candidate, opponent))

    def with_kind(self, kind: Kind, state: KindState) -> "Registry":
        """The registry with another state of a kind."""
        return self.model_copy(update={"kinds": {**self.kinds, kind: state}})

    def with_verdict(self, kind: Kind, candidate: str, opponent: str | None, verdict: Verdict) -> "Registry":
        """The registry with a verdict kept."""
        return self.model_copy(update={"verdicts": {**self.verdicts, _pair(kind, candidate, opponent): verdict}})


def model_key(kind: Kind, model: str) -> str:
    """Key of a model's bundle in the lake."""
    return f"genre/models/{kind}/{model}.zip"


def read_registry(lake: Lake) -> Registry:
    """The registry as it stands; an empty one where no model was registered."""
    return _parse(lake.store.get(REGISTRY))


def update(lake: Lake, change: Callable[[Registry], Registry], put: PutIf = put_if_unchanged) -> Registry:
    """Replace the registry by what `change` makes of it, and give that. `change` is called again where somebody was faster.

    What `change` raises, this raises. Raises TransientFailure where others are faster every time.
    """
    for attempt in range(ATTEMPTS):
        old, mark = read_marked(lake.store, REGISTRY)
        before = _parse(old)
        after = change(before)
        if after == before:
            return before
        text = json.dumps(after.model_dump(mode="json"), indent=1, ensure_ascii=False)
        if put(lake.store, REGISTRY, text.encode(), old, mark):
            return after
        time.sleep(random.uniform(0, 0.01 * min(attempt + 1, 20)))
    raise TransientFailure(f"{lake.uri}/{REGISTRY} is changed by others all the time. Try again.")


def register(lake: Lake, model: GenreModel) -> str:
    """Put a model into the lake and make it the candidate of its kind. Gives the key of its bundle."""
    kind, key = model.meta.kind, model_key(model.meta.kind, model.id)
    lake.store.put(key, pack(model.files))
    facts = Registered(
        data_version=model.meta.data_version,
        trained_through=model.meta.trained_through,
        genres=len(model.meta.genres),
    )

    def enter(registry: Registry) -> Registry:
        state = registry.of(kind)
        models = {**state.models, model.id: facts}
        return registry.with_kind(kind, state.model_copy(update={"models": models, "candidate": model.id}))

    update(lake, enter)
    return key


def load(lake: Lake, kind: Kind, model: str) -> GenreModel:
    """Read a model from the lake. Raises PermanentFailure where its bundle is gone."""
    data = lake.store.get(model_key(kind, model))
    if data is None:
        raise PermanentFailure(f"{lake.uri}/{model_key(kind, model)} is gone. Train again: materialize genre/{kind}.")
    return GenreModel(unpack(data))


def champion(lake: Lake, kind: Kind) -> GenreModel | None:
    """The kind's champion; None where nothing of the kind was promoted."""
    found = read_registry(lake).of(kind).champion
    return load(lake, kind, found) if found else None


def for_day(lake: Lake, kind: Kind, day: date, allow_newer: bool) -> GenreModel:
    """The model that scores a day; raises as `id_for_day`."""
    return load(lake, kind, id_for_day(lake, read_registry(lake), kind, day, allow_newer))


def id_for_day(lake: Lake, registry: Registry, kind: Kind, day: date, allow_newer: bool) -> str:
    """Id of the last promoted model that knew nothing after `day`; with `allow_newer` the oldest later one where there is none.

    Raises PermanentFailure where no model may score the day.
    """
    state = registry.of(kind)
    early = [place.model for place in state.promoted if state.models[place.model].trained_through <= day]
    if early:
        return early[-1]
    if not state.promoted:
        raise PermanentFailure(missing(lake, registry, kind))
    first = state.promoted[0].model
    if allow_newer:
        return first
    raise PermanentFailure(
        f"Every promoted {kind} genre model was trained on days after {day} (the oldest through "
        f"{state.models[first].trained_through}), so it knows what {day} could not. Materialize genre/training_set with "
        f"through={day}, genre/{kind} and genre/champion, or set allow_newer_model: true."
    )


def missing(lake: Lake, registry: Registry, kind: Kind) -> str:
    """Why a kind has no champion, and what to do, in a sentence or two."""
    if registry.of(kind).candidate:
        return f"No {kind} genre model was promoted yet. Materialize genre/champion, and read its reason."
    if lake.store.list(f"genre/{kind}/model"):
        return (
            f"The {kind} genre models of this lake are from before the registry and are not read any more. Train again: "
            f"materialize genre/training_set, genre/{kind} and genre/champion."
        )
    return f"There is no {kind} genre model. Materialize genre/{kind} and genre/champion first."


def _pair(kind: Kind, candidate: str, opponent: str | None) -> str:
    return f"{kind} {candidate} {opponent or 'alone'}"


def _parse(data: bytes | None) -> Registry:
    if data is None:
        return Registry()
    try:
        return Registry.model_validate_json(data)
    except ValidationError as error:
        wrong = ", ".join(".".join(str(part) for part in entry["loc"]) or "the whole" for entry in error.errors()[:3])
        raise PermanentFailure(f"{REGISTRY} is not a registry of genre models (wrong: {wrong}).") from None
