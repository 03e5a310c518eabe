"""What an S3 server was asked, as AWS's IAM would see it: actions on ARNs, with what KMS is asked on the way.

After the Service Authorization Reference (Actions for Amazon S3) and the user guide's "Required permissions for Amazon S3 API
operations". A request that is not known here is an error, so that nothing is overlooked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from urllib.parse import parse_qs, unquote, urlsplit

from deploy.iam.evaluate import Request
from trending_assets.s3 import environment
from trending_assets_tests.unit.serving.fault_proxy import FaultProxy, fault_proxy

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def kms(action: str, bucket: str) -> Request:
    """What S3 asks KMS in the caller's name. With a bucket key the encryption context is the bucket's ARN."""
    context = {
        "kms:ViaService": f"s3.{REGION}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}",
    }
    return Request(f"kms:{action}", KEY, context)


def actions(method: str, path: str, copy_source: str | None = None) -> list[Request]:
    """The actions that a request to a path-style address needs. Raises ValueError for one that is not known."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
    of_bucket, of_object = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/{key}"
    match method, bool(key):
        case "HEAD", False:
            return [Request("s3:ListBucket", of_bucket)]
        case "GET", False if not query.keys() - {
            "list-type",
            "prefix",
            "delimiter",
            "max-keys",
            "continuation-token",
            "encoding-type",
            "start-after",
            "fetch-owner",
            "marker",
        }:
            return [Request("s3:ListBucket", of_bucket, {"s3:prefix": query["prefix"]} if "prefix" in query else {})]
        case (("GET" | "HEAD"), True) if not query.keys() - {"x-id", "partNumber"}:
            return [Request("s3:GetObject", of_object), kms("Decrypt", bucket)]
        case "PUT", True if not query.keys() - {"x-id", "partNumber", "uploadId"}:
            more = [Request("s3:GetObject", f"arn:aws:s3:::{unquote(copy_source).lstrip('/')}")] if copy_source else []
            several = [kms("Decrypt", bucket)] if "uploadId" in query or copy_source else []
            return [Request("s3:PutObject", of_object), kms("GenerateDataKey", bucket), *several, *more]
        case "POST", True if "uploads" in query or "uploadId" in query:
            return [Request("s3:PutObject", of_object), kms("GenerateDataKey", bucket), kms("Decrypt", bucket)]
        case "DELETE", True if "uploadId" in query:
            return [Request("s3:AbortMultipartUpload", of_object)]
        case "DELETE", True if not query.keys() - {"x-id"}:
            return [Request("s3:DeleteObject", of_object)]
    raise ValueError(f"{method} {path}: which permission S3 asks for this is not known here.")


class Recorder(FaultProxy):
    """Writes down what was asked; nothing goes wrong on the way."""

    def __init__(self, port: int, share: float, seed: int) -> None:
        super().__init__(port, share, seed)
        self.asked: list[tuple[str, str, str | None]] = []

    def told(self, method: str, path: str, headers: Message) -> None:
        self.asked.append((method, path, headers.get("x-amz-copy-source")))

    def requests(self) -> list[Request]:
        """What was asked, as IAM sees it, each once, in order of the first time."""
        found = [one for asked in self.asked for one in actions(*asked)]
        return list({(one.action, one.resource, str(one.context)): one for one in found}.values())


@contextmanager
def recording(port: int) -> Iterator[tuple[dict[str, str], Recorder]]:
    """A recorder in front of the S3 server on that port; yields AWS's variables for it, and the recorder."""
    with fault_proxy(port, 0.0, 1, Recorder) as (address, proxy):
        assert isinstance(proxy, Recorder)
        yield environment(port) | {"AWS_ENDPOINT_URL": address}, proxy
