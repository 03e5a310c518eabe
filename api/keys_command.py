"""`trending keys`: make, list and revoke API keys."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.keys import KeyFile

app = typer.Typer(help="API keys: make one, list them, revoke one.", no_args_is_help=True)

File = Annotated[Path | None, typer.Option("--file", help="File of hashed keys; TRENDING_API_KEYS without it.")]


@app.command()
def add(
    name: Annotated[str, typer.Option(help="Whom the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may be used for: read (default), export, classify. Give each.")
    ] = None,
    per_minute: Annotated[
        float | None, typer.Option(help="Requests a minute of this key; the common rate without it.")
    ] = None,
    file: File = None,
) -> None:
    """Make a key and print it, this once: the file keeps its hash alone. A running API takes it within a second."""
    import secrets
    import sys
    from datetime import UTC, datetime
    from hashlib import sha256

    from pydantic import ValidationError

    from api.keys import SCOPES, KeyRecord
    from trending_assets.failures import PermanentFailure

    wrong = [one for one in scope or () if one not in SCOPES]
    if wrong:
        raise PermanentFailure(f"--scope {wrong[0]} is unknown; take one of {', '.join(SCOPES)}.")
    path, key_id = _path(file), secrets.token_hex(4)
    key = f"tn_{key_id}_{secrets.token_urlsafe(32)}"
    scopes = tuple(one for one in SCOPES if one in (scope or ["read"]))
    try:
        record = KeyRecord(
            id=key_id,
            name=name,
            sha256=sha256(key.encode()).hexdigest(),
            scopes=scopes,
            requests_per_minute=per_minute,
            created=datetime.now(UTC).replace(microsecond=0),
        )
    except ValidationError as error:
        option = {"requests_per_minute": "--per-minute"}.get(str(error.errors()[0]["loc"][0]), "--name")
        raise PermanentFailure(f"{option}: {error.errors()[0]['msg']}.") from None
    _change(path, lambda keys: keys.keys.append(record))
    print(f"The key {key_id} of {name} ({', '.join(scopes)}) is shown this once:", file=sys.stderr)
    print(key)


@app.command("list")
def list_keys(file: File = None) -> None:
    """List the keys: id, whom each is for, scopes, rate and when it was made."""
    from api.keys import read_key_file

    path = _path(file)
    records = read_key_file(path).keys
    if not records:
        print(f"{path} holds no key. `trending keys add --name NAME` makes one.")
    for record in records:
        rate = f"{record.requests_per_minute:g} a minute" if record.requests_per_minute else "common rate"
        print(f"{record.id}  {record.name:<20} {','.join(record.scopes):<20} {rate:<15} {record.created:%Y-%m-%d}")


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as `list` shows it.")], file: File = None) -> None:
    """Take a key out of the file. A running API refuses it within a second."""
    from trending_assets.failures import PermanentFailure

    path = _path(file)

    def without(keys: "KeyFile") -> None:
        kept = [record for record in keys.keys if record.id != key_id]
        if len(kept) == len(keys.keys):
            raise PermanentFailure(f"{path} has no key {key_id}. `trending keys list` shows them.")
        keys.keys[:] = kept

    _change(path, without)
    print(f"The key {key_id} is revoked.")


def _path(file: Path | None) -> Path:
    from trending_assets.failures import PermanentFailure
    from trending_assets.settings import get_settings

    found = file or get_settings().api_keys
    if found is None:
        raise PermanentFailure("Name the file of the keys: set TRENDING_API_KEYS, or give --file.")
    return found.expanduser()


def _change(path: Path, change: "Callable[[KeyFile], object]") -> None:
    """Read, change and replace the file as one step; it is the owner's alone unless its mode says otherwise."""
    import os
    import shutil
    import tempfile

    from filelock import FileLock

    from api.keys import read_key_file
    from trending_assets.failures import PermanentFailure

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            keys = read_key_file(path)
            change(keys)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            try:
                with os.fdopen(handle, "w") as out:
                    out.write(keys.model_dump_json(indent=1) + "\n")
                    out.flush()
                    os.fsync(out.fileno())
                if path.exists():
                    shutil.copymode(path, temporary)
                os.replace(temporary, path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise PermanentFailure(f"The file of API keys {path} cannot be written: {error.strerror}.") from None
