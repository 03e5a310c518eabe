"""Objects under one root, by key: a local folder or a prefix of an S3 bucket. Imports neither Polars nor boto3 by itself."""

import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from trending_assets.failures import PermanentFailure, TransientFailure, is_transient_status


class Store(Protocol):
    """Objects under one root, by relative key. `get` gives None where there is no object."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, data: bytes) -> None: ...
    def list(self, prefix: str) -> list[str]: ...
    def delete(self, key: str) -> None: ...


@dataclass(frozen=True)
class LocalStore:
    """A folder. A put is written beside its place, synced and renamed."""

    root: Path

    def get(self, key: str) -> bytes | None:
        try:
            return (self.root / key).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, key: str, data: bytes) -> None:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)  # mkstemp makes 0600; others read the lake
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def list(self, prefix: str) -> list[str]:
        base = self.root / prefix
        found = (p for p in base.rglob("*") if p.is_file() and not p.name.startswith(".writing-"))
        return sorted(p.relative_to(self.root).as_posix() for p in found)

    def delete(self, key: str) -> None:
        (self.root / key).unlink(missing_ok=True)


@dataclass(frozen=True)
class S3Store:
    """A prefix of a bucket. Address and credentials are AWS's own variables (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …)."""

    bucket: str
    prefix: str
    client: Any

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    def get(self, key: str) -> bytes | None:
        try:
            body: bytes = self.client.get_object(Bucket=self.bucket, Key=self._key(key))["Body"].read()
            return body
        except self.client.exceptions.NoSuchKey:
            return None

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self._key(key), Body=data)

    def list(self, prefix: str) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self._key(prefix).rstrip("/") + "/"
        )
        cut = len(self.prefix) + 1 if self.prefix else 0
        return sorted(entry["Key"][cut:] for page in pages for entry in page.get("Contents", []))

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self._key(key))


def absolute_lake(uri: str) -> str:
    """The lake's address as every process sees it: a relative folder becomes absolute."""
    return uri if "://" in uri else str(Path(uri).expanduser().resolve())


def open_store(uri: str, attempts: int = 5) -> tuple[str, Store]:
    """The root's address (no trailing slash) and its store, for a local path or s3://bucket/prefix.

    `attempts` is how often S3 is asked before a failure is believed. Raises PermanentFailure for another scheme or a bucket
    that S3 refuses, TransientFailure where S3 is not there.
    """
    if uri.startswith("s3://"):
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        prefix = prefix.strip("/")
        root = f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
        return root, S3Store(bucket, prefix, _s3_client(bucket, _s3_endpoint(), attempts))
    if "://" in uri:
        raise PermanentFailure(f"A lake is a folder or s3://bucket/prefix, not {uri.partition('://')[0]}://.")
    root_path = Path(uri).expanduser().resolve()
    if root_path.exists() and not root_path.is_dir():
        raise PermanentFailure(f"The lake {root_path} is a file. Name a folder.")
    return str(root_path), LocalStore(root_path)


@lru_cache(maxsize=8)
def _s3_client(bucket: str, endpoint: str | None, attempts: int) -> Any:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, HTTPClientError

    try:
        client = boto3.Session().client(  # the default session keeps the credentials that it saw first
            "s3", endpoint_url=endpoint, config=Config(retries={"mode": "standard", "max_attempts": attempts})
        )
        _need_bucket(client, bucket)
    except ClientError as error:
        why = error.response.get("Error", {}).get("Message") or error.response.get("Error", {}).get("Code")
        if is_transient_status(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)):
            raise TransientFailure(f"S3 does not answer for the bucket {bucket}: {why}") from None
        raise PermanentFailure(
            f"S3 refuses the bucket {bucket}: {why}. Check its name and the AWS credentials."
        ) from None
    except (HTTPClientError, EndpointConnectionError) as error:
        raise TransientFailure(f"S3 cannot be reached for {bucket}: {error}") from None
    except (BotoCoreError, ValueError) as error:
        raise PermanentFailure(f"S3 cannot be reached for {bucket}: {error}") from None
    return client


def _need_bucket(client: Any, bucket: str) -> None:
    from botocore.exceptions import ClientError

    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") != 404:
            raise
        if client.meta.endpoint_url.endswith(".amazonaws.com"):
            raise PermanentFailure(f"The bucket {bucket} does not exist. Make it with Terraform first.") from None
        client.create_bucket(Bucket=bucket)  # a local S3 server starts empty; on AWS, Terraform makes buckets


def _s3_endpoint() -> str | None:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
