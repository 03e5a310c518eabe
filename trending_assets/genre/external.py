"""A training outside of the run that asked for it: `python -m trending_assets.genre.external KIND`, started by heavy.py.

Dagster Pipes says which lake; what comes of it is reported back: facts of the materialization, or the sentence of a failure.
"""

import logging
import sys

from dagster_pipes import PipesContext, open_dagster_pipes

from trending_assets.failures import TrendingError
from trending_assets.genre.bundle import Kind
from trending_assets.genre.fitting import TRAINING_SET, fit
from trending_assets.lake import open_lake
from trending_assets.settings import get_settings


def work(pipes: PipesContext, kind: Kind) -> None:
    """Train, publish and report. Raises TrendingError with a sentence for people."""
    lake, settings = open_lake(pipes.get_extra("lake")), get_settings()
    fitted = fit(lake, kind, lake.read(TRAINING_SET), settings, pipes.log.info)
    if fitted.warning:
        pipes.log.warning(fitted.warning)
    pipes.report_asset_materialization(metadata=fitted.facts)


def main(kind: str) -> None:
    """One training. An error for people becomes a message and exit 0, anything else the exit of a broken program."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    with open_dagster_pipes() as pipes:
        try:
            work(pipes, kind)  # type: ignore[arg-type]
        except TrendingError as error:
            pipes.report_custom_message({"failure": str(error)})


if __name__ == "__main__":
    main(sys.argv[1])
