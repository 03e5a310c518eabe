"""Assets of the genre models: training set, XGBoost, BERT where its extra is installed, champion and predictions."""

import logging
from datetime import date
from typing import Any

import dagster as dg
import polars as pl

from trending_assets.failures import PermanentFailure
from trending_assets.genre.bundle import Kind
from trending_assets.genre.extra import missing_parts
from trending_assets.io_manager import LakeResource
from trending_assets.partitions import to_days
from trending_assets.settings import get_settings
from trending_assets.table_asset import source, table_asset

_MISSING = missing_parts()
if _MISSING:
    logging.getLogger(__name__).warning(
        "genre/bert is left out: %s not installed (make setup EXTRAS=bert).", ", ".join(_MISSING)
    )
KINDS: tuple[Kind, ...] = ("xgboost",) if _MISSING else ("xgboost", "bert")
"""Kinds of model that this installation can train and ask."""

EXTERNAL = "trending_assets.genre.external"
"""The program that trains outside of a run."""


class TrainingSetConfig(dg.Config):
    """What the training set may know."""

    through: str | None = None
    """Newest day (YYYY-MM-DD); the newest day of staging/titles in the lake when not given."""


class PredictionConfig(dg.Config):
    """Which models may score a day."""

    allow_newer_model: bool = False
    """Let a champion that was trained on later days score a day that has no other."""


@table_asset(
    "genre/training_set",
    kinds={"polars"},
    code_version="2",
    deps=["staging/titles"],
    root=True,
    first_at_once=True,
)
def training_set(context: dg.AssetExecutionContext, config: TrainingSetConfig, lake: LakeResource) -> pl.DataFrame:
    """Titles of one day with an overview and genres, and those of a catalogue where one is set, split by title group."""
    from trending_assets.genre.catalogues import read_catalogue, shaped
    from trending_assets.genre.training import build, split_sizes

    opened = lake.open()
    through = _through(config.through, opened.days("staging/titles"))
    titles = shaped(opened.read("staging/titles", [through]).drop("date"))
    catalogue = get_settings().genre_catalogue
    try:
        more = [read_catalogue(catalogue)] if catalogue else []
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    built = build(pl.concat([titles, *more], how="diagonal_relaxed"), through)
    if built.rows.height < 50:
        context.log.warning(
            "Only %d titles of %s can be learned from; figures will mean little.", built.rows.height, through
        )
    left_out = {f"left out: {reason}": count for reason, count in built.left_out.items()}
    context.add_output_metadata(
        {"through": through.isoformat(), "catalogue": catalogue or "none", **split_sizes(built.rows), **left_out}
    )
    return built.rows


def _through(asked: str | None, known: list[date]) -> date:
    if not known:
        raise dg.Failure("The lake has no day of staging/titles. Materialize one first.", allow_retries=False)
    try:
        through = date.fromisoformat(asked) if asked else known[-1]
    except ValueError:
        raise dg.Failure(f"through is {asked!r}, not a day like 2026-02-11.", allow_retries=False) from None
    if through not in known:
        raise dg.Failure(
            f"The lake has no staging/titles of {through}; it has {known[0]} to {known[-1]}. Set through to a day of it.",
            allow_retries=False,
        )
    return through


def _train(
    context: dg.AssetExecutionContext, kind: Kind, training_set: pl.DataFrame, lake: LakeResource
) -> dg.MaterializeResult[Any]:
    from trending_assets.genre.fitting import fit

    opened, settings = lake.open(), get_settings()
    if settings.heavy_steps != "inline":
        from trending_assets.heavy import run_outside

        return run_outside(context, settings, EXTERNAL, [kind], {"lake": opened.uri})
    try:
        fitted = fit(opened, kind, training_set, settings, context.log.info)
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    if fitted.warning:
        context.log.warning(fitted.warning)
    return dg.MaterializeResult(metadata=fitted.facts)


@table_asset(
    "genre/xgboost",
    kinds={"xgboost", "wandb"},
    code_version="2",
    ins={"training_set": source("genre/training_set")},
)
def xgboost(
    context: dg.AssetExecutionContext, training_set: pl.DataFrame, lake: LakeResource
) -> dg.MaterializeResult[Any]:
    """Train XGBoost; the model stands beside its evaluation in the lake."""
    return _train(context, "xgboost", training_set, lake)


@table_asset(
    "genre/bert",
    kinds={"pytorch", "wandb"},
    code_version="2",
    ins={"training_set": source("genre/training_set")},
)
def bert(
    context: dg.AssetExecutionContext, training_set: pl.DataFrame, lake: LakeResource
) -> dg.MaterializeResult[Any]:
    """Fine-tune BERT; the model stands beside its evaluation in the lake."""
    return _train(context, "bert", training_set, lake)


@table_asset(
    "genre/champion",
    kinds={"polars", "wandb"},
    code_version="2",
    ins={"training_set": source("genre/training_set")},
    deps=[f"genre/{kind}" for kind in KINDS],
)
def champion(context: dg.AssetExecutionContext, training_set: pl.DataFrame, lake: LakeResource) -> pl.DataFrame:
    """Hold each kind's candidate against its champion, promote it where the gate lets it pass."""
    from trending_assets.genre.champion import decide
    from trending_assets.genre.tracking import track_promotion

    opened = lake.open()
    try:
        decision = decide(opened, training_set, opened.sha256("genre/training_set") or "")
        for verdict in decision.news:
            track_promotion(verdict, get_settings())
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    for found in decision.table.to_dicts():
        context.log.info("%s: %s", found["model"], found["reason"])
    context.add_output_metadata(
        {
            "production": next((f["model"] for f in decision.table.to_dicts() if f["production"]), "none"),
            "reasons": {f["model"]: f["reason"] for f in decision.table.to_dicts()},
            "p95_ms_of_one_title": decision.latency_ms,  # wall clock: here, and not in the table
        }
    )
    return decision.table


@table_asset(
    "genre/predictions",
    kinds={"xgboost"},
    code_version="2",
    ins={"titles": source("staging/titles"), "signals": source("features/title_signals", columns=("title_id",))},
    deps=["genre/champion"],
)
def predictions(
    context: dg.AssetExecutionContext,
    config: PredictionConfig,
    titles: pl.DataFrame,
    signals: pl.DataFrame,
    lake: LakeResource,
) -> pl.DataFrame:
    """Ask the champion of each kind for the day's titles."""
    from trending_assets.genre.predictions import predict_days

    try:
        return predict_days(lake.open(), titles, signals, to_days(context.partition_keys), config.allow_newer_model)
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error


ASSETS: list[dg.AssetsDefinition] = [
    training_set,
    xgboost,
    *([bert] if "bert" in KINDS else []),
    champion,
    predictions,
]
