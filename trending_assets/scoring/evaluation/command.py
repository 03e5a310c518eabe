"""`trending prompts`: prompt versions, their figures, and which one is in use."""

from trending_assets.failures import PermanentFailure
from trending_assets.lake import Lake
from trending_assets.scoring.asker import LlmAsker, Progress
from trending_assets.scoring.endpoint import model_of
from trending_assets.scoring.evaluation import gate, in_use, report, run
from trending_assets.scoring.prompts import load_prompts
from trending_assets.scoring.schema import Task
from trending_assets.scoring.tally import Tally
from trending_assets.settings import Settings


def evaluate(lake: Lake, settings: Settings, progress: Progress | None = None) -> Tally:
    """Record what is in use, evaluate it and a candidate, and decide: what the two assets do, with the same tables.

    Raises PermanentFailure or TransientFailure where the endpoint is dead; what was answered until then is kept.
    """
    tally, tasks = Tally(), in_use.all_tasks()
    effort = run.Effort(settings.evaluation_replicates, settings.evaluation_documents)
    with LlmAsker(settings, progress, lake) as asker:
        lake.write(run.TABLE, run.evaluate(lake, asker, tasks, effort, tally))
        lake.write(in_use.TABLE, gate.decide(lake, tasks, asker.model))
    return tally


def use(lake: Lake, settings: Settings, choice: str) -> str:
    """Put a version into use by hand; `choice` is TASK=VERSION. Gives a closing sentence. Raises PermanentFailure."""
    name, _, version = choice.partition("=")
    tasks = {task.name: task for task in in_use.all_tasks()}
    if name not in tasks or not version:
        raise PermanentFailure(f"--use {choice} is not TASK=VERSION; the tasks are {' and '.join(tasks)}.")
    prompt = in_use.use(lake, tasks[name], model_of(settings), version)
    return (
        f"{name} is scored with {prompt.version} from now on; what was scored before is scored again when materialized."
    )


def listing(lake: Lake, settings: Settings) -> str:
    """The versions of every task with their figures and the last decision, as lines for the terminal."""
    return "\n\n".join(_of_task(lake, task, model_of(settings)) for task in in_use.all_tasks())


def _of_task(lake: Lake, task: Task, model: str) -> str:
    used, waiting = in_use.prompt_in_use(lake, task, model), in_use.candidate(lake, task, model)
    decided = in_use.decisions(lake, task, model)
    lines = [f"{task.name} (model {model})"]
    said = {row["prompt_version"]: f"{row['verdict']}. {row['reason']}" for row in decided.iter_rows(named=True)}
    versions = dict.fromkeys([*(prompt.version for prompt in load_prompts(task.name)), *said, used.version])
    for version in sorted(versions, key=lambda version: (int(version.partition("-")[0]), version)):
        state = "in use" if version == used.version else "candidate" if waiting and version == waiting.version else ""
        lines.append(f"  {version:<12} {state:<10} {said.get(version, 'no decision')}".rstrip())
    return "\n".join([*lines, report.text(lake.read(run.TABLE, missing="skip"), task.name, model)])
