"""Photos in an S3-compatible bucket."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.buckets import Bucket, Use, code_of, explaining, objects, open_client
from generator.pull.source import DroppedError, RefusedError, RemoteFile, ReplacedError
from generator.pull.transfer import PIECE, THREADS


@dataclass(frozen=True, slots=True)
class S3Source:
    """A bucket, or the part of it below a prefix; `client` is boto3's for S3."""

    client: Any
    bucket: Bucket
    use: Use

    @property
    def named(self) -> str:
        return str(self.bucket)

    def files(self) -> Sequence[RemoteFile]:
        """See `Source.files`."""
        with explaining(self.use):
            return [
                _file(entry, entry["Key"][len(self.bucket.prefix) :])
                for entry in objects(self.client, self.bucket)
                # Some programs store an empty object for a folder.
                if not entry["Key"].endswith("/")
            ]

    def read(self, file: RemoteFile, start: int) -> Iterator[bytes]:
        """See `Source.read`."""
        from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
        from urllib3.exceptions import HTTPError

        try:
            with explaining(self.use):
                try:
                    body = self._opened(file, start)
                except ClientError as error:
                    raise _refused(code_of(error.response), error) from None
                except HTTPClientError as error:
                    raise DroppedError(str(error)) from None
            with body:
                yield from body.iter_chunks(PIECE)
        except (HTTPClientError, IncompleteReadError, HTTPError, OSError) as error:
            raise DroppedError(str(error)) from None

    def _opened(self, file: RemoteFile, start: int) -> Any:
        part = {"Range": f"bytes={start}-"} if start else {}
        return self.client.get_object(
            Bucket=self.bucket.name,
            Key=self.bucket.prefix + file.path,
            # Bytes of two contents must never be put together.
            IfMatch=f'"{file.mark}"',
            **part,
        )["Body"]


def open_bucket(bucket: Bucket, endpoint: str) -> S3Source:
    """A bucket to fetch from. Nothing is asked of the server yet.

    Raises:
        BollardsError: boto3 is not installed, or a setting in the environment is wrong.
    """
    use = Use(
        str(bucket),
        "To fetch photos from a bucket",
        "to list the bucket and to read objects in it (s3:ListBucket, s3:GetObject)",
        "`endpoint` under [photos]",
        "Correct its name, or name its server with `endpoint` under [photos].",
    )
    return S3Source(open_client(endpoint, THREADS, use), bucket, use)


def _file(entry: Any, path: str) -> RemoteFile:
    etag = str(entry["ETag"]).strip('"')
    # The ETag is the MD5 of what was sent in one part and not encrypted with keys of the owner's
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html). `fetch` copes with others.
    md5 = etag if re.fullmatch("[0-9a-f]{32}", etag) else ""
    return RemoteFile(path, int(entry["Size"]), etag, md5)


def _refused(code: str, error: Exception) -> Exception:
    if code in ("PreconditionFailed", "412"):
        return ReplacedError()
    if code in ("NoSuchKey", "404"):
        return RefusedError("was removed while photos were fetched. Pull again")
    if code in ("AccessDenied", "403", "Forbidden"):
        return RefusedError("access denied: the credentials need s3:GetObject for it")
    if code == "InvalidObjectState":
        return RefusedError("is in an archive (Glacier). Restore it there first, then pull again")
    if code in ("InternalError", "SlowDown", "ServiceUnavailable", "500", "503", "RequestTimeout"):
        return DroppedError(f"the server answered {code}")
    return error
