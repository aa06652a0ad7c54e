"""Where photos are fetched from: addresses, and what every kind of place can do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from generator.buckets import parse_bucket
from generator.errors import BollardsError

FORMS = (
    "  an S3-compatible bucket   s3://BUCKET/PREFIX (Amazon S3, Cloudflare R2, MinIO, ...)\n"
    "  Google Cloud Storage      gs://BUCKET/PREFIX\n"
    "  a WebDAV folder           davs://HOST/PATH (dav:// without encryption)\n"
    "  a folder of this machine  file:///PATH, such as a network drive"
)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in a place.

    Attributes:
        path: below the address, with slashes; any text.
        size: in bytes.
        mark: changes if the content does: an ETag, a version, or size and time.
        md5: the content's MD5 in hexadecimal digits if the list gives it, or "".
    """

    path: str
    size: int
    mark: str
    md5: str = ""


class Source(Protocol):
    """A place with photos."""

    @property
    def named(self) -> str:
        """Its address, as messages show it."""

    def files(self) -> Sequence[RemoteFile]:
        """All files below the address.

        Raises:
            BollardsError: the place cannot be reached or listed.
        """

    def read(self, file: RemoteFile, start: int) -> Iterator[bytes]:
        """The content of a file from byte `start` on, in pieces. Called by several threads.

        Raises:
            RefusedError: the place does not give this file.
            ReplacedError: it has another content than `file.mark` means.
            DroppedError: the connection broke off.
            BollardsError: the place gives no file at all.
        """


class RefusedError(Exception):
    """This file cannot be had; the text says why, as the end of a sentence about the file."""


class ReplacedError(RefusedError):
    """The file has changed since it was listed."""

    def __init__(self) -> None:
        super().__init__("was replaced while it was fetched. Pull again")


class DroppedError(Exception):
    """The connection broke off; the text says how."""


def open_source(address: str, endpoint: str) -> Source:
    """The place that an address means.

    Args:
        address: as the owner writes it, see `FORMS`.
        endpoint: the server of an `s3://` bucket; "" means Amazon's or that of the environment.

    Raises:
        BollardsError: the address has none of the known forms, or a library is not installed.
    """
    # Each is imported only when needed: the libraries are slow to import, or not installed.
    if bucket := parse_bucket(address):
        from generator.pull.s3 import open_bucket

        return open_bucket(bucket, endpoint)
    scheme = address.partition("://")[0]
    if scheme not in ("gs", "davs", "dav", "file") or "::" in address:
        raise BollardsError(f'"{shown(address)}" is not a place of photos. The forms are:\n{FORMS}')
    if shown(address) != address:
        raise BollardsError(
            f"{shown(address)}: passwords do not belong into an address. Set WEBDAV_USER and"
            " WEBDAV_PASSWORD in the environment."
        )
    from generator.pull.drivers import open_place

    return open_place(scheme, address)


def shown(address: str) -> str:
    """An address without a password in it."""
    return re.sub(r"(//)[^/\s]*@", r"\1", address)
