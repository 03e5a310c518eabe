"""Options that several commands of `trending` share."""

from pathlib import Path
from typing import Annotated

import typer

World = Annotated[str, typer.Option(help="A world's folder, served on loopback; or `live`: the real services.")]
LakeUri = Annotated[
    str, typer.Option("--lake", envvar="TRENDING_LAKE", help="Root of the lake: a folder or s3://bucket/prefix.")
]
From = Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD (UTC).")]
To = Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD (UTC).")]
Titles = Annotated[Path, typer.Option(help="Parquet of titles, in the shape of a world's titles.parquet.")]
Documents = Annotated[Path, typer.Option(help="Parquet of documents, in the shape of a world's documents.parquet.")]
Out = Annotated[Path, typer.Option(help="Parquet file to write.")]
Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)]
