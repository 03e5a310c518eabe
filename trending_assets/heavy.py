"""Heavy steps outside of their run, by Dagster Pipes: a process beside it, or an ECS task of its own with more machine.

A step names a module, `python -m <module> <arguments>`, which opens Pipes, does the work, publishes it and reports its
materialization. A failure that a person is meant to read is reported as the message {"failure": sentence}, and the
process ends with 0; another end is an accident. No secret is handed over: a process inherits the environment, a task has the
secrets of its task definition, and what is passed on (the lake's address, Pipes' own context) holds none.
"""

import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from trending_assets.failures import PermanentFailure
from trending_assets.run_sizes import HEAVY
from trending_assets.settings import Settings

NOTHING = "Nothing of it was published."
POLL_SECONDS = 6


def run_outside(
    context: dg.AssetExecutionContext,
    settings: Settings,
    module: str,
    arguments: Sequence[str],
    extras: Mapping[str, Any],
) -> dg.MaterializeResult[Any]:
    """Do the context's asset in the process or task that settings name; what it reported.

    Raises dg.Failure with one sentence where it failed, was killed, could not be started or ended without a result.
    """
    name = context.asset_key.to_user_string()
    try:
        if settings.heavy_steps == "ecs":
            done = _task(context, settings, ["python", "-m", module, *arguments], extras)
        else:
            done = _process(context, [sys.executable, "-m", module, *arguments], extras)
    except PermanentFailure as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    except dg.DagsterExecutionInterruptedError:
        raise
    except Exception as error:  # boto's, the waiter's and Pipes' own errors have no common base
        # A training is long: what ended it is automation's to try again (automation.again), not the step's at once.
        raise dg.Failure(f"{name} outside of its run: {_ended(error)} {NOTHING}", allow_retries=False) from error
    for message in done.get_custom_messages():
        if isinstance(message, dict) and "failure" in message:
            raise dg.Failure(str(message["failure"]), allow_retries=False)
    if not any(
        isinstance(result, dg.MaterializeResult) for result in done.get_results(implicit_materializations=False)
    ):
        why = f"{name} outside of its run ended without a result; its log says why. {NOTHING}"
        raise dg.Failure(why, allow_retries=False)
    return done.get_materialize_result(implicit_materialization=False)


def _ended(error: Exception) -> str:
    """How the process or task ended, as a sentence."""
    text = " ".join(str(error).split())
    _, found, code = text.rpartition("failed with code ")
    if not found:
        text = "no task was started; ask ECS why" if isinstance(error, IndexError) else text
        return f"{text.removesuffix('.')}."
    if not code.startswith("-"):
        return f"its process ended with exit code {code}; what it said is above in the log of the run."
    killed = signal.Signals(-int(code)).name
    why = ", which the kernel sends where memory runs out" if killed == "SIGKILL" else ""
    return f"its process was ended by {killed}{why}."


def _process(context: dg.AssetExecutionContext, command: list[str], extras: Mapping[str, Any]) -> Any:
    return dg.PipesSubprocessClient().run(context=context, command=command, extras=dict(extras))


def _task(context: dg.AssetExecutionContext, settings: Settings, command: list[str], extras: Mapping[str, Any]) -> Any:
    parameters = task_parameters(settings, command, context.run.run_id)
    import boto3
    from dagster_aws.pipes import PipesCloudWatchMessageReader, PipesECSClient

    reader = PipesCloudWatchMessageReader(client=boto3.client("logs"))
    client = PipesECSClient(client=boto3.client("ecs"), message_reader=reader)
    return client.run(
        context=context,
        run_task_params=parameters,  # type: ignore[arg-type]
        extras=dict(extras),
        pipes_container_name=settings.heavy_container,
        waiter_config={"Delay": POLL_SECONDS, "MaxAttempts": HEAVY.seconds // POLL_SECONDS},
    )


def task_parameters(settings: Settings, command: list[str], run_id: str) -> dict[str, Any]:
    """What ECS is asked to run, but for Pipes' own variables. Raises PermanentFailure naming the settings that are missing."""
    needed = {
        "TRENDING_HEAVY_CLUSTER": settings.heavy_cluster,
        "TRENDING_HEAVY_TASK_DEFINITION": settings.heavy_task_definition,
        "TRENDING_HEAVY_SUBNETS": settings.heavy_subnets,
    }
    if missing := [name for name, value in needed.items() if not value]:
        raise PermanentFailure(f"TRENDING_HEAVY_STEPS=ecs needs {', '.join(missing)}.")
    network = {"subnets": _listed(settings.heavy_subnets), "assignPublicIp": "DISABLED"}
    if groups := _listed(settings.heavy_security_groups):
        network["securityGroups"] = groups
    size: dict[str, Any] = {"cpu": str(HEAVY.cpu), "memory": str(HEAVY.memory)}
    if HEAVY.storage:
        size["ephemeralStorage"] = {"sizeInGiB": HEAVY.storage}
    return {
        "cluster": settings.heavy_cluster,
        "taskDefinition": settings.heavy_task_definition,
        "count": 1,
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": network},
        "startedBy": run_id,
        "overrides": {**size, "containerOverrides": [{"name": settings.heavy_container, "command": command}]},
    }


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
