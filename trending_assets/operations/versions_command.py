"""`trending lake versions`: the versions of one partition."""

from datetime import date

from trending_assets.contracts import TABLES
from trending_assets.failures import PermanentFailure
from trending_assets.operations.object_versions import FROM, object_versions, versioned_store
from trending_assets.store import S3Store


def listing(lake: str, table: str | None, day: str | None, key: str | None) -> list[str]:
    """One line a version, newest first. Raises PermanentFailure where the object never was, or the bucket keeps no versions."""
    wanted = _key(table, day, key)
    root, store = versioned_store(lake)
    found = next((versions for versions in object_versions(store, wanted) if versions[0].key == wanted), None)
    if found is None:
        raise PermanentFailure(f"{root}/{wanted} never was, or all its versions are gone.")
    lines = [f"{root}/{wanted}"]
    for one in found:
        said = "deleted" if one.deletion else f"{one.size:,} bytes  {one.etag[:12]}"
        copied = "" if one.deletion else _origin(store, wanted, one.id)
        lines.append(f"{'*' if one.latest else ' '} {one.at:%Y-%m-%dT%H:%M:%S}Z  {said}{copied}  {one.id}")
    return lines


def _key(table: str | None, day: str | None, key: str | None) -> str:
    if key is not None and table is None and day is None:
        return key
    if key is not None or table is None:
        raise PermanentFailure("Name a partition by --table and --day, or an object by --key.")
    if table not in TABLES:
        raise PermanentFailure(f"There is no table {table}; docs/data-dictionary.md names all of them.")
    if not TABLES[table].daily:
        return f"{table}/data.parquet"
    try:
        return f"{table}/date={date.fromisoformat(day or '').isoformat()}/data.parquet"
    except ValueError:
        raise PermanentFailure(f"{table} has days: name one by --day, as YYYY-MM-DD.") from None


def _origin(store: S3Store, key: str, version: str) -> str:
    place = {"Bucket": store.bucket, "Key": f"{store.prefix}/{key}" if store.prefix else key, "VersionId": version}
    origin = store.client.head_object(**place).get("Metadata", {}).get(FROM)
    return f"  (brought back from {origin})" if origin else ""
