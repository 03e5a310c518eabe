"""Replacing one object in one step, only if nobody else has: a lock and a rename on a folder, If-Match on S3."""

from collections.abc import Callable

from trending_assets.failures import PermanentFailure, is_transient_status
from trending_assets.store import LocalStore, S3Store, Store

LOCK_SECONDS = 30.0
REFUSED = (404, 409, 412)
"""S3: gone, changed at the same time, changed before."""

Mark = str | None
"""What says whether an object is still the one that was read: its ETag; None where there was none."""

PutIf = Callable[[Store, str, bytes, bytes | None, Mark], bool]
"""Store, key, new bytes, bytes and mark as they were read; whether the new bytes are in place."""


def read_marked(store: Store, key: str) -> tuple[bytes | None, Mark]:
    """An object with its mark."""
    if not isinstance(store, S3Store):
        return store.get(key), None
    try:
        found = store.client.get_object(**_place(store, key))
        return found["Body"].read(), found["ETag"]
    except store.client.exceptions.NoSuchKey:
        return None, None


def put_if_unchanged(store: Store, key: str, data: bytes, old: bytes | None, mark: Mark) -> bool:
    """Put an object if it is still what `read_marked` gave. False: it is not, or it is not sure that it was put.

    Raises PermanentFailure for a store that cannot do it.
    """
    if isinstance(store, S3Store):
        return _put_s3(store, key, data, mark)
    if isinstance(store, LocalStore):
        return _put_local(store, key, data, old)
    raise PermanentFailure(f"{type(store).__name__} has no way to replace an object in one step.")


def _put_local(store: LocalStore, key: str, data: bytes, old: bytes | None) -> bool:
    from filelock import FileLock, Timeout

    place = store.root / key
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place.with_name(f".{place.name}.lock"), timeout=LOCK_SECONDS):
            if store.get(key) != old:
                return False
            store.put(key, data)
            return True
    except Timeout:
        return False


def _put_s3(store: S3Store, key: str, data: bytes, mark: Mark) -> bool:
    from botocore.exceptions import ClientError, HTTPClientError

    only_if = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
    try:
        store.client.put_object(**_place(store, key), Body=data, **only_if)
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status in REFUSED or is_transient_status(status):
            return False
        raise
    except HTTPClientError:  # no answer: whether it was put, the next read tells
        return False
    return True


def _place(store: S3Store, key: str) -> dict[str, str]:
    return {"Bucket": store.bucket, "Key": f"{store.prefix}/{key}" if store.prefix else key}
