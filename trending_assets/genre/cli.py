"""`trending genre …`: train, judge and ask the genre models."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from trending_assets.failures import PermanentFailure
from trending_assets.options import LakeUri, Out, Titles

app = typer.Typer(help="Train a genre model on a file, or predict with one.", no_args_is_help=True)

ModelName = Annotated[str, typer.Option(help="xgboost or bert.")]


@app.command("train")
def train(
    model: ModelName,
    titles: Titles,
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    encoder: Annotated[
        str | None,
        typer.Option(help="What BERT starts from: all-MiniLM-L6-v2, or a BERT of the Hugging Face hub by its name."),
    ] = None,
) -> None:
    """Train a genre model on a file of titles; writes the model, its evaluation and its card."""
    from trending_assets.genre import command

    print(command.train(_kind(model, "--model"), titles, out, encoder))


@app.command("data")
def data(
    lake: LakeUri,
    out: Out,
    model: Annotated[str | None, typer.Option(help="A model's folder, or the id of a model in the lake.")] = None,
    version: Annotated[str | None, typer.Option(help="Data version, as a model names it.")] = None,
) -> None:
    """Bring back the training set that a model saw, byte for byte, by DVC."""
    from trending_assets.genre.data_command import bring_back

    print(bring_back(model, version, lake, out))


@app.command("runs")
def runs(
    run: Annotated[str | None, typer.Argument(help="Id, name or folder of one run, to see what it holds.")] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Folder of W&B runs; wandb of the state folder.")] = None,
) -> None:
    """List the W&B runs of trainings and promotions, or all that one of them holds."""
    from trending_assets.genre.runs_command import list_runs, show_run
    from trending_assets.settings import get_settings

    place = folder or get_settings().state_dir / "wandb"
    print("\n".join(show_run(place, run) if run else list_runs(place)))


@app.command("predict")
def predict(model: Annotated[Path, typer.Option(help="Folder of a trained model.")], titles: Titles, out: Out) -> None:
    """Predict genres for a file of titles: title_id, genre, probability, predicted."""
    from trending_assets.genre.command import predict

    print(f"{predict(model, titles, out):,} rows in {out}")


@app.command("models")
def models(lake: LakeUri) -> None:
    """Every model of a lake: which is the candidate, the champion, in production, and what the gate said."""
    from trending_assets.genre.aliases import listing
    from trending_assets.lake import open_lake

    print("\n".join(listing(open_lake(lake))))


@app.command("rollback")
def rollback(
    lake: LakeUri,
    kind: Annotated[str | None, typer.Option(help="xgboost or bert; the one in production without it.")] = None,
    to: Annotated[
        str | None, typer.Option(help="Id of the model, as models shows it; the one before without it.")
    ] = None,
) -> None:
    """Take a champion back to an earlier one. A later run does not promote it again; --to brings it back."""
    from trending_assets.genre.aliases import rollback
    from trending_assets.lake import open_lake

    print(rollback(open_lake(lake), None if kind is None else _kind(kind, "--kind"), to))


@app.command("sanity")
def sanity(model: ModelName = "xgboost") -> None:
    """Train shortly on made titles: exit 1 unless the loss falls and the majority class is beaten."""
    from trending_assets.genre.sanity import check

    print(check(_kind(model, "--model")).sentence)


def _kind(name: str, option: str) -> Literal["xgboost", "bert"]:
    if name not in ("xgboost", "bert"):
        raise PermanentFailure(f"{option} {name} is unknown; use xgboost or bert.")
    return "xgboost" if name == "xgboost" else "bert"
