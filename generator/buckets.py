"""S3-compatible buckets (Amazon S3, Cloudflare R2, MinIO, ...), through boto3.

Credentials and the server come from the usual places: environment variables and ~/.aws
(https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html).
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from generator.errors import BollardsError, printable


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket and a prefix, which is "" or ends with a slash."""

    name: str
    prefix: str

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}"


def parse_bucket(text: str) -> Bucket | None:
    """The bucket of an address such as "s3://BUCKET/PREFIX"; None if it has another form."""
    # Like https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, but a
    # bit wider, for servers that are not Amazon's.
    match = re.fullmatch(r"s3://([A-Za-z0-9][A-Za-z0-9._-]*)(?:/(.*))?", text)
    if not match:
        return None
    prefix = (match[2] or "").strip("/")
    return Bucket(match[1], f"{prefix}/" if prefix else "")


@dataclass(frozen=True, slots=True)
class Use:
    """What a bucket is used for, in the words of messages about failures.

    Attributes:
        named: the bucket.
        doing: what needs boto3, such as "To deploy to a bucket".
        rights: what the credentials must allow.
        endpoint: where the owner gives the address of the server.
        missing: what to do if there is no such bucket.
    """

    named: str
    doing: str
    rights: str
    endpoint: str
    missing: str


def open_client(endpoint: str, threads: int, use: Use) -> Any:
    """boto3's client for S3.

    Args:
        endpoint: the address of the server; "" means that of the environment, else Amazon's.
        threads: how many requests may run at once.

    Raises:
        BollardsError: boto3 is not installed, or a setting in the environment is wrong.
    """
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise BollardsError(
            f"{use.doing}, the library boto3 is needed, which is not installed with"
            " bollards alone. Add it: pip install 'bollards[s3]'"
        ) from None
    with explaining(use):
        return boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            config=Config(
                retries={"mode": "standard", "max_attempts": 5},
                max_pool_connections=threads,
                # Since 1.36, boto3 adds checksums to every request, which not all servers accept.
                # https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


def objects(client: Any, bucket: Bucket) -> Iterator[Mapping[str, Any]]:
    """The objects below a bucket's prefix, as S3 lists them: Key, ETag, Size and so on."""
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket.name, Prefix=bucket.prefix
    )
    for page in pages:
        yield from page.get("Contents", ())


@contextmanager
def explaining(use: Use) -> Iterator[None]:
    """Turn boto3's errors into messages for the owner."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        NoCredentialsError,
        PartialCredentialsError,
        ProfileNotFound,
    )

    try:
        yield
    except (NoCredentialsError, PartialCredentialsError, ProfileNotFound) as error:
        raise BollardsError(
            f"{use.named}: no complete credentials were found ({error}). Set AWS_ACCESS_KEY_ID and"
            " AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for one of ~/.aws/credentials."
        ) from None
    except ClientError as error:
        raise BollardsError(printable(_explained(use, error.response))) from None
    except (BotoCoreError, ValueError) as error:
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        hint = f" AWS_ENDPOINT_URL is {endpoint}." if endpoint else ""
        raise BollardsError(
            printable(
                f"{use.named}: the server cannot be reached. {str(error).rstrip('.')}.{hint} Check"
                f" {use.endpoint}, which for Cloudflare R2 is"
                " https://ACCOUNT_ID.r2.cloudflarestorage.com, and the network."
            )
        ) from None


def code_of(response: Mapping[str, Any]) -> str:
    """The code of an answer that is an error, such as "NoSuchKey" or "412"."""
    return str(response.get("Error", {}).get("Code", ""))


def _explained(use: Use, response: Mapping[str, Any]) -> str:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    code, message = code_of(response), str(response.get("Error", {}).get("Message", ""))
    if code == "NoSuchBucket":
        return f"{use.named}: there is no such bucket on this server. {use.missing}"
    if code in ("AccessDenied", "403", "Forbidden"):
        return f"{use.named}: access denied. The credentials need {use.rights}."
    if code in ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"):
        return (
            f"{use.named}: the server does not know these credentials ({code}). Check"
            " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where there is one, AWS_SESSION_TOKEN."
        )
    if code in ("PermanentRedirect", "AuthorizationHeaderMalformed", "301"):
        return f"{use.named}: the bucket is in another region. Set AWS_REGION to it. ({message})"
    return (
        f"{use.named}: the server refused: {message or code} ({code}). Files that arrived are kept."
    )
