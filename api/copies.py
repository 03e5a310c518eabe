"""A folder of files that came from elsewhere: written whole, and the oldest let go where there are too many."""

import os
from pathlib import Path
from tempfile import mkstemp


def put_copy(folder: Path, name: str, data: bytes, most: int) -> None:
    """Write a file beside its place and rename it; at most `most` files stay. A mapped file stays readable when it goes."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = mkstemp(dir=folder, prefix=".writing-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(temporary, folder / name)
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for old in files[: max(0, len(files) - most)]:
        old.unlink(missing_ok=True)
