"""The sanity training: it passes on what learns, and fails on what does not."""

from dataclasses import replace

import pytest

from trending_assets.failures import PermanentFailure
from trending_assets.genre import sanity
from trending_assets.genre.bundle import MODEL_JSON, Kind
from trending_assets.genre.extra import missing_parts
from trending_assets.genre.models import GenreModel, Trained, train
from trending_assets.genre.training import build_training_set

needs_bert = pytest.mark.skipif(bool(missing_parts()), reason=f"the extra bert lacks {', '.join(missing_parts())}")


@pytest.mark.parametrize("kind", ["xgboost", pytest.param("bert", marks=[pytest.mark.bert, needs_bert])])
def test_the_loss_falls_and_the_majority_class_is_beaten(kind: Kind) -> None:
    found = sanity.check(kind, lambda _: None)
    assert found.sound and found.last_loss < 0.8 * found.first_loss and found.macro_f1 > 2 * found.majority_f1


def test_a_training_that_learns_nothing_fails() -> None:
    rows = build_training_set(sanity.made_titles(), sanity.THROUGH)
    sound = train("xgboost", rows, "0" * 64, lambda _: None)
    silent = replace(sound.model.meta, thresholds=(1.0,) * len(sound.model.meta.genres))
    mute = GenreModel(sound.model.files | {MODEL_JSON: silent.to_json()})
    rising = [{"step": float(n), "loss": float(n)} for n in range(20)]
    for made in (Trained(mute, sound.evaluation, []), Trained(sound.model, sound.evaluation, rising)):
        found = sanity.measure(made, rows)
        assert (found.macro_f1 > found.majority_f1) != (found.last_loss < found.first_loss), "one reason alone"
        with pytest.raises(PermanentFailure, match="sanity training failed"):
            sanity.hold(found)
