"""`trending genre models` and `trending genre rollback`: what the registry holds, and the way back."""

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import Kind
from trending_assets.genre.registry import KINDS, KindState, Registry, read_registry, update
from trending_assets.lake import Lake


def rollback(lake: Lake, kind: Kind | None = None, to: str | None = None) -> str:
    """Take the champion of a kind (production's without one) back to the one before it, or to `to`; says what it did.

    What is taken back is not promoted again by a later run. `to` may also name a model that was taken back. Raises
    PermanentFailure where there is nothing to go back to.
    """
    said: list[str] = []

    def back(registry: Registry) -> Registry:
        chosen = kind or _kind_of(registry, to)
        state = registry.of(chosen)
        changed = _rolled_back(chosen, state, to)
        through = changed.models[changed.promoted[-1].model].trained_through
        said[:] = [
            f"{chosen}: the champion is {changed.champion} (trained through {through}), it was {state.champion}. "
            f"genre/predictions of days from {through} on follow when they are materialized again."
        ]
        return registry.with_kind(chosen, changed)

    update(lake, back)
    return said[0]


def _kind_of(registry: Registry, model: str | None) -> Kind:
    if model is not None:
        found = [kind for kind in KINDS if model in registry.of(kind).models]
        if not found:
            raise PermanentFailure(f"There is no model {model}. `trending genre models` lists them.")
        return found[0]
    if registry.production is None:
        raise PermanentFailure("No genre model was promoted yet. Materialize genre/champion first.")
    return registry.production


def _rolled_back(kind: Kind, state: KindState, to: str | None) -> KindState:
    ids = [place.model for place in state.promoted]
    if to is not None and to in state.withdrawn:
        return state.with_promoted(to, state.opponent_of(to))
    if to is not None and to not in ids:
        raise PermanentFailure(f"{to} was never promoted, so the {kind} champion cannot go back to it.")
    if to is not None and to == ids[-1]:
        raise PermanentFailure(f"{to} is the {kind} champion already.")
    if len(ids) < 2:
        raise PermanentFailure(f"The {kind} champion has no one before it." if ids else f"{kind} has no champion.")
    at = ids.index(to) if to is not None else len(ids) - 2
    return state.model_copy(
        update={"promoted": state.promoted[: at + 1], "withdrawn": (*state.withdrawn, *ids[at + 1 :])}
    )


def listing(lake: Lake) -> list[str]:
    """Every model with its aliases and the gate's reason, for a person. Raises PermanentFailure where there is none."""
    registry = read_registry(lake)
    if not registry.kinds:
        raise PermanentFailure(f"{lake.uri} has no genre model. Materialize genre/xgboost and genre/champion first.")
    lines: list[str] = []
    for kind in (kind for kind in KINDS if kind in registry.kinds):
        state = registry.of(kind)
        lines.append(f"{kind}{' (production)' if registry.production == kind else ''}")
        for model, facts in state.models.items():
            names = [
                *(["champion"] if model == state.champion else []),
                *(["candidate"] if model == state.candidate else []),
                *(["promoted"] if model != state.champion and state.place_of(model) else []),
                *(["taken back"] if model in state.withdrawn else []),
            ]
            lines.append(
                f"  {model}  through {facts.trained_through}  data {facts.data_version[:12]}  {', '.join(names)}".rstrip()
            )
            pairs = [(pair, v) for pair, v in registry.verdicts.items() if pair.startswith(f"{kind} {model} ")]
            lines += [
                f"      against {pair.split()[-1]}: {v.reason}".replace("against alone: ", "") for pair, v in pairs
            ]
    return lines
