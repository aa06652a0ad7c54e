"""Photos in places that fsspec has a driver for: Google Cloud Storage, WebDAV, folders."""

import base64
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from generator.errors import BollardsError, printable
from generator.pull.source import DroppedError, RefusedError, RemoteFile, ReplacedError
from generator.pull.transfer import PIECE

_EXTRAS = {"gs": ("gcsfs", "gcs"), "dav": ("webdav4", "webdav"), "davs": ("webdav4", "webdav")}
# What drivers call the version of a content, the surest first; else size and time must do.
_VERSIONS = ("generation", "etag", "ETag", "md5Hash")
_TIMES = ("mtime", "modified", "updated", "LastModified")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in a file system of fsspec's.

    Attributes:
        named: its address.
        system: the file system.
        root: the folder in it, without a slash at its end.
    """

    named: str
    system: Any
    root: str

    def files(self) -> Sequence[RemoteFile]:
        """See `Source.files`."""
        try:
            # Without this, a folder that is not there would be empty.
            self.system.ls(self.root, detail=False)
            found: Mapping[str, Mapping[str, Any]] = self.system.find(self.root, detail=True)
        except Exception as error:
            raise BollardsError(printable(f"{self.named}: {_said(error)}.")) from None
        root = self.root.strip("/")
        return [
            RemoteFile(
                name.strip("/").removeprefix(root).lstrip("/"),
                int(about["size"] or 0),
                _mark(about),
                _md5(about),
            )
            for name, about in found.items()
        ]

    def read(self, file: RemoteFile, start: int) -> Iterator[bytes]:
        """See `Source.read`."""
        path = f"{self.root}/{file.path}"
        try:
            self._refuse_another(path, file)
            # Files are read from front to back, once.
            with self.system.open(path, "rb", cache_type="none") as stream:
                stream.seek(start)
                while piece := stream.read(PIECE):
                    yield piece
            self._refuse_another(path, file)
        except RefusedError:
            raise
        except (FileNotFoundError, PermissionError) as error:
            raise RefusedError(_said(error)) from None
        except Exception as error:
            if _status(error) in (401, 403):
                raise RefusedError(_said(error)) from None
            raise DroppedError(_said(error)) from None

    def _refuse_another(self, path: str, file: RemoteFile) -> None:
        if _mark(self.system.info(path)) != file.mark:
            raise ReplacedError


def open_place(scheme: str, address: str) -> Place:
    """The folder that an address means; `scheme` is that before "://".

    Raises:
        BollardsError: a library is not installed, or refuses the address.
    """
    kind = scheme
    options: dict[str, Any] = {}
    root = address.partition("://")[2].rstrip("/")
    if scheme in ("dav", "davs"):
        user, password = os.environ.get("WEBDAV_USER"), os.environ.get("WEBDAV_PASSWORD")
        options = {
            "base_url": f"http{'s' if scheme == 'davs' else ''}://{root}/",
            "auth": (user, password or "") if user else None,
        }
        kind, root = "webdav", ""
    elif scheme == "file":
        root = unquote(root) or "/"
    else:
        # What is asked about a file must be answered by the server.
        options = {"use_listings_cache": False}
        # It logs each try with a traceback, where one message is enough.
        logging.getLogger("gcsfs").addHandler(logging.NullHandler())
    try:
        import fsspec

        system = fsspec.filesystem(kind, skip_instance_cache=True, **options)
    except ImportError:
        library, extra = _EXTRAS[scheme]
        raise BollardsError(
            f"{address}: the library {library} is needed, which is not installed with bollards"
            f" alone. Add it: pip install 'bollards[{extra}]'"
        ) from None
    except Exception as error:
        raise BollardsError(printable(f"{address}: {_said(error)}.")) from None
    return Place(address.rstrip("/"), system, root)


def _mark(about: Mapping[str, Any]) -> str:
    version = next((str(about[key]) for key in _VERSIONS if about.get(key)), "")
    if not version:
        version = next((str(about[key]) for key in _TIMES if about.get(key)), "")
    return f"{about['size']} {version}"


def _md5(about: Mapping[str, Any]) -> str:
    """Google's MD5 of a content, in hexadecimal digits; "" if the list has none."""
    try:
        return base64.b64decode(str(about.get("md5Hash", "")), validate=True).hex()
    except ValueError:
        return ""


def _status(error: Exception) -> int:
    """The status of an answer that a driver took for an error; 0 if there was none."""
    status = getattr(getattr(error, "response", None), "status_code", 0)
    return int(getattr(error, "code", 0) or status or 0) if str(status).isdigit() else 0


def _said(error: Exception) -> str:
    """Why a place cannot be read, as the end of a sentence, with what to do."""
    status = _status(error)
    if isinstance(error, FileNotFoundError) or status == 404:
        return "is not there. Check the address"
    if isinstance(error, PermissionError) or status in (401, 403):
        return (
            "access denied. Check the permissions, and for WebDAV WEBDAV_USER and WEBDAV_PASSWORD"
            " in the environment"
        )
    text = " ".join(str(error).split()).rstrip(".")[:300]
    return f"cannot be read: {text or type(error).__name__}. Check the address and the network"
