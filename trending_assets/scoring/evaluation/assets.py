"""Assets of the prompts: how well each version scores, and which one is in use."""

import dagster as dg
import polars as pl

from trending_assets.failures import PermanentFailure, TransientFailure
from trending_assets.io_manager import LakeResource
from trending_assets.scoring.endpoint import model_of
from trending_assets.scoring.evaluation.in_use import all_tasks
from trending_assets.scoring.tally import Tally
from trending_assets.settings import get_settings
from trending_assets.table_asset import table_asset


@table_asset(
    "scoring/evaluation",
    kinds={"openai", "scipy"},
    code_version="1",
    deps=["staging/documents"],
    root=True,
    pool="llm",
)
def evaluation(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    """Ask the prompt in use and its candidate about labelled documents; without a candidate there is nothing to ask twice."""
    from trending_assets.scoring.asker import LlmAsker
    from trending_assets.scoring.evaluation import report, run

    settings, tally, opened = get_settings(), Tally(), lake.open()
    effort = run.Effort(settings.evaluation_replicates, settings.evaluation_documents)
    try:
        with LlmAsker(settings, lake=opened) as asker:
            table = run.evaluate(opened, asker, all_tasks(), effort, tally)
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    except TransientFailure as error:
        raise dg.RetryRequested(max_retries=2, seconds_to_wait=error.retry_after or 30) from error
    facts = tally.metadata()
    context.add_output_metadata({name: "unknown" if value is None else value for name, value in facts.items()})
    for task in all_tasks():
        side_by_side = report.markdown(table, task.name, model_of(settings))
        context.add_output_metadata({task.name: dg.MetadataValue.md(side_by_side)})
    return table


@table_asset("scoring/prompts", kinds={"polars"}, code_version="1", deps=["scoring/evaluation"])
def prompts(context: dg.AssetExecutionContext, lake: LakeResource) -> pl.DataFrame:
    """Record the first version, or decide on a candidate that was evaluated. Asks nothing."""
    from trending_assets.scoring.evaluation import gate

    opened, model = lake.open(), model_of(get_settings())
    try:
        log = gate.decide(opened, all_tasks(), model)
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    for task in all_tasks():
        last = log.filter((pl.col("task") == task.name) & (pl.col("model") == model)).sort("decision").to_dicts()[-1]
        facts = {"in_use": last["in_use"], "verdict": f"{last['prompt_version']} {last['verdict']}: {last['reason']}"}
        context.add_output_metadata({f"{task.name}_{name}": value for name, value in facts.items()})
    return log


ASSETS: list[dg.AssetsDefinition] = [evaluation, prompts]
