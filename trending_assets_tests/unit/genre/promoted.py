"""A registry in which a model was promoted, without asking the gate."""

from trending_assets.genre.gate import Verdict
from trending_assets.genre.models import GenreModel
from trending_assets.genre.registry import Registry, register, update
from trending_assets.lake import Lake

PASSED = Verdict(True, "Promoted.", 0.6, 0.5, 0.1, 0.05, 0.15)


def promote(lake: Lake, model: GenreModel) -> str:
    """Register a model and make it its kind's champion (where no one knew more than it) and production; gives its id."""
    register(lake, model)
    kind = model.meta.kind

    def pass_gate(registry: Registry) -> Registry:
        state = registry.of(kind)
        over = state.opponent_of(model.id)
        promoted = registry.with_kind(kind, state.with_promoted(model.id, over))
        return promoted.with_verdict(kind, model.id, over, PASSED).model_copy(update={"production": kind})

    update(lake, pass_gate)
    return model.id
