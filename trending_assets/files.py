"""Parquet files that a person names on the command line: read and written with errors that say what is wrong."""

from pathlib import Path

import polars as pl

from trending_assets.failures import PermanentFailure


def read_file(path: Path) -> pl.DataFrame:
    """All columns of a Parquet file. Raises PermanentFailure where it is not there or is none."""
    if not path.is_file():
        raise PermanentFailure(f"There is no file {path}.")
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise PermanentFailure(f"{path} is no Parquet file: {str(error).splitlines()[0]}") from None


def write_file(frame: pl.DataFrame, out: Path) -> int:
    """Write the frame as Parquet; gives its rows. Raises PermanentFailure where it cannot be written."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(out)
    except OSError as error:
        raise PermanentFailure(f"{out} cannot be written: {error.strerror or error}.") from None
    return frame.height
