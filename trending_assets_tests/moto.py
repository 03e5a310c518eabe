"""A stand-in for AWS's API as a process of its own (moto's server of the extra tools)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trending_assets.s3 import free_port
from trending_assets.up import child, wait_for
from trending_assets_tests.unit.deploy.tools import tool

ACCOUNT = "123456789012"
REGION = "eu-central-1"


@contextmanager
def moto(log: Path) -> Iterator[dict[str, str]]:
    """Serve on 127.0.0.1 until the block ends; yields AWS's variables for it. Skips where it is not installed.

    Raises PermanentFailure where it does not start.
    """
    server, port = tool("moto_server"), free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with child([server, "-H", "127.0.0.1", "-p", str(port)], log, kept) as process:
        wait_for(f"{url}/moto-api/data.json", "moto's server", process, log)
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }


def client(service: str, url: str) -> Any:
    """A boto3 client of the stand-in at `url`."""
    import boto3

    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    return boto3.client(service, endpoint_url=url, **keys)  # type: ignore[call-overload]
