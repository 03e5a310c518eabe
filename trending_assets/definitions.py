"""The whole graph, assembled: no logic here."""

import dagster as dg

from trending_assets.automation import automation_sensor, hourly
from trending_assets.checks import contract_checks, missing_day_check
from trending_assets.drift.assets import ASSETS as DRIFT
from trending_assets.features.assets import ASSETS as FEATURES
from trending_assets.genre import retraining
from trending_assets.genre.assets import ASSETS as GENRE
from trending_assets.io_manager import LakeIOManager, LakeResource
from trending_assets.linking.assets import ASSETS as LINKING
from trending_assets.marts.assets import ASSETS as MARTS
from trending_assets.partitions import DAILY
from trending_assets.progress import progress_logger
from trending_assets.raw.assets import ASSETS as RAW
from trending_assets.run_sizes import SIZES
from trending_assets.scoring import waits
from trending_assets.scoring.assets import ASSETS as SCORING
from trending_assets.scoring.evaluation.assets import ASSETS as PROMPTS
from trending_assets.serving.assets import ASSETS as SERVING
from trending_assets.settings import get_settings
from trending_assets.staging.assets import ASSETS as STAGING
from trending_assets.staging.dbt_project import dbt_resource
from trending_assets.table_asset import table_names
from trending_assets.trends.assets import ASSETS as TRENDS
from trending_assets.trends.backtest.assets import ASSETS as JUDGED

STAGES = [RAW, STAGING, LINKING, PROMPTS, SCORING, waits.CHECKS, FEATURES, TRENDS, JUDGED, GENRE, DRIFT, MARTS, SERVING]
EVERYTHING = [thing for stage in STAGES for thing in stage]
ASSETS = [thing for thing in EVERYTHING if not isinstance(thing, dg.AssetChecksDefinition)]
CHECKS = [thing for thing in EVERYTHING if isinstance(thing, dg.AssetChecksDefinition)]
LONG = dg.AssetSelection.assets("scoring/evaluation", "trends/backtest")  # weekly or by hand, not with the days
MODELS = dg.AssetSelection.assets(  # trained weekly, not daily
    *[key for a in ASSETS for key in a.keys if a.partitions_def is None and key.path[0] == "genre"]
)

missing_days = missing_day_check(table_names(ASSETS))
GRAPH = dg.AssetSelection.all() - dg.AssetSelection.checks(missing_days) - LONG

daily = dg.define_asset_job(
    "daily",
    tags=SIZES["daily"].tags(),
    selection=GRAPH - MODELS,
    partitions_def=DAILY,
    description="One day, from the sources to the served bundle, with the models that are there.",
)
everything = dg.define_asset_job(
    "everything",
    tags=SIZES["everything"].tags(),
    selection=GRAPH,
    partitions_def=DAILY,
    description="What `trending run` executes: a day or a range of days, and the models trained anew.",
)
prompts = dg.define_asset_job(
    "prompts",
    tags=SIZES["prompts"].tags(),
    selection=dg.AssetSelection.assets("scoring/evaluation", "scoring/prompts"),
    description="Evaluates the prompts in use and a new version, and decides which one is in use.",
)
genre_training = dg.define_asset_job(
    retraining.JOB,
    tags=SIZES[retraining.JOB].tags(),
    selection=MODELS,
    description="Trains the genre models on the newest titles and lets the gate decide; predictions follow.",
)
rescore = dg.define_asset_job(
    "rescore",
    tags=SIZES["rescore"].tags(),
    selection=dg.AssetSelection.assets(*waits.RESCORED) - dg.AssetSelection.checks(missing_days),
    partitions_def=DAILY,
    description="Asks the LLM what waited for budget or a batch; automation takes it from there.",
)
watch = dg.define_asset_job(
    "watch",
    tags=SIZES["watch"].tags(),
    selection=dg.AssetSelection.checks(missing_days),
    description="Looks for due days that are missing in the lake, also after an old day was backfilled.",
)

LAKE = LakeResource(uri=get_settings().lake)

defs = dg.Definitions(
    assets=ASSETS,
    asset_checks=[*CHECKS, *contract_checks(table_names(ASSETS)), missing_days],
    jobs=[daily, everything, genre_training, prompts, rescore, watch],
    schedules=[hourly(watch)],
    sensors=[automation_sensor(), *waits.SENSORS, *retraining.SENSORS],
    resources={"lake": LAKE, "io_manager": LakeIOManager(lake=LAKE), "dbt": dbt_resource()},
    loggers={"progress": progress_logger},
    executor=dg.in_process_executor,  # a process a step would import the code location again for every one
)
