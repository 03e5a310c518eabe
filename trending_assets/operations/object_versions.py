"""The versions that a bucket keeps of a lake's objects: listing them, and making one current again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from trending_assets.failures import PermanentFailure
from trending_assets.store import S3Store, open_store

FROM = "restored-from"
"""Metadata of an object that was brought back: the version that it is a copy of."""


@dataclass(frozen=True)
class Version:
    """One version of an object, or a deletion of it (`etag` is then empty). `key` is relative to the lake."""

    key: str
    id: str
    at: datetime
    size: int
    etag: str
    latest: bool

    @property
    def deletion(self) -> bool:
        return not self.etag


def versioned_store(uri: str) -> tuple[str, S3Store]:
    """The lake's address and its store, for a bucket that keeps versions.

    Raises PermanentFailure for a folder, and for a bucket without versioning.
    """
    root, store = open_store(uri)
    if not isinstance(store, S3Store):
        raise PermanentFailure(f"{root} is a folder, and a folder keeps no versions: bring it back from your backup.")
    status = store.client.get_bucket_versioning(Bucket=store.bucket).get("Status", "never switched on")
    if status != "Enabled":
        raise PermanentFailure(
            f"The bucket {store.bucket} keeps no versions (versioning: {status}), so nothing can be brought back. Switch it "
            "on for what comes; terraform/modules/lake does."
        )
    return root, store


def kept_since(store: S3Store, now: datetime) -> datetime | None:
    """The moment from which on the bucket has every version; None where no rule of its lifecycle takes any away.

    A role that may not read the lifecycle is told nothing: then None, too.
    """
    from botocore.exceptions import ClientError

    try:
        rules = store.client.get_bucket_lifecycle_configuration(Bucket=store.bucket).get("Rules", [])
    except ClientError:
        return None
    rules = [rule for rule in rules if rule.get("Status") == "Enabled"]
    days = [rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") for rule in rules]
    return now - timedelta(days=min(found)) if (found := [day for day in days if day]) else None


def object_versions(store: S3Store, prefix: str = "") -> Iterator[list[Version]]:
    """The versions of each object whose key begins with `prefix`, newest first; objects ascending by key.

    S3 tells whole seconds and lists versions apart from deletions. Of several versions in one second its order decides; of
    a version and a deletion in one second the version counts as the later one, unless S3 calls the deletion the latest.
    """
    begin = f"{store.prefix}/" if store.prefix else ""
    pages = store.client.get_paginator("list_object_versions").paginate(Bucket=store.bucket, Prefix=begin + prefix)
    open_key, found = None, list[Version]()
    for page in pages:
        by_key: dict[str, list[Version]] = {}
        for entry in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            one = _version(entry, len(begin))
            by_key.setdefault(one.key, []).append(one)
        for key in sorted(by_key):
            if key != open_key:
                if found:
                    yield _newest_first(found)
                open_key, found = key, []
            found += by_key[key]  # the versions of one key may go on over pages
    if found:
        yield _newest_first(found)


def _version(entry: dict[str, Any], cut: int) -> Version:
    at = datetime.fromtimestamp(entry["LastModified"].timestamp(), UTC)
    etag = str(entry.get("ETag", "")).strip('"')
    return Version(entry["Key"][cut:], entry["VersionId"], at, int(entry.get("Size", 0)), etag, bool(entry["IsLatest"]))


def _newest_first(found: list[Version]) -> list[Version]:
    return sorted(
        found, key=lambda one: (not one.latest, -one.at.timestamp(), one.deletion)
    )  # stable: S3's order stays


def as_of(versions: list[Version], moment: datetime) -> Version | None:
    """The newest version that is not after a moment; None where there was none yet, or it was a deletion."""
    found = next((one for one in versions if one.at <= moment), None)
    return None if found is None or found.deletion else found


def same_bytes(store: S3Store, current: Version, wanted: Version) -> bool:
    """Whether the current version holds what another one does: by its id, its hash, or where it was copied from.

    The last is for buckets that encrypt by KMS, whose ETags are no hashes.
    """
    if current.deletion:
        return False
    if current.id == wanted.id:
        return True
    if current.size != wanted.size:
        return False
    if current.etag == wanted.etag:
        return True
    held = store.client.head_object(Bucket=store.bucket, Key=_key(store, current.key))
    return held.get("Metadata", {}).get(FROM) == wanted.id


def read_bytes(store: S3Store, version: Version) -> bytes:
    """The bytes of a version."""
    place = {"Bucket": store.bucket, "Key": _key(store, version.key), "VersionId": version.id}
    body: bytes = store.client.get_object(**place)["Body"].read()
    return body


def bring_back(store: S3Store, version: Version) -> None:
    """Make a version current again, as a new version with its bytes: none is lost by it."""
    key = _key(store, version.key)
    store.client.copy_object(
        Bucket=store.bucket,
        Key=key,
        CopySource={"Bucket": store.bucket, "Key": key, "VersionId": version.id},
        MetadataDirective="REPLACE",
        Metadata={FROM: version.id},
    )


def _key(store: S3Store, key: str) -> str:
    return f"{store.prefix}/{key}" if store.prefix else key
