"""The target of a deploy, as the owner writes it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from generator.buckets import Bucket, parse_bucket
from generator.errors import BollardsError

DEFAULT_REMOTE = "origin"
DEFAULT_BRANCH = "gh-pages"

FORMS = (
    "  a folder                  /srv/www/bollards\n"
    "  a host, through rsync     host:path, user@host:path, rsync://host/module/path\n"
    "  a branch, through git     pages, pages:REMOTE, pages:REMOTE#BRANCH\n"
    "  an S3-compatible bucket   s3://BUCKET, s3://BUCKET/PREFIX"
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class RsyncHost:
    """A folder on another machine, as rsync names it, without a trailing slash."""

    address: str


@dataclass(frozen=True, slots=True)
class PagesBranch:
    """A branch of a git repository.

    Attributes:
        remote: the name, address or path of a remote.
        is_named: whether the owner named the remote; otherwise it is the default one.
    """

    remote: str
    branch: str
    is_named: bool = field(default=True, compare=False)


Target = Folder | RsyncHost | PagesBranch | Bucket


def parse_target(text: str, base: Path) -> Target:
    """Parse a target.

    Args:
        text: as the owner wrote it.
        base: a relative folder is relative to it.

    Raises:
        BollardsError: the text has none of the known forms.
    """
    if text == "pages" or text.startswith("pages:"):
        remote, _, branch = text.removeprefix("pages").removeprefix(":").partition("#")
        found = PagesBranch(remote or DEFAULT_REMOTE, branch or DEFAULT_BRANCH, bool(remote))
        if found.remote.startswith("-") or found.branch.startswith("-"):
            raise _unknown(text)
        return found
    if text.startswith("s3:"):
        bucket = parse_bucket(text)
        if bucket is None:
            raise _unknown(text)
        return bucket
    if text.startswith("rsync://"):
        return RsyncHost(text.rstrip("/"))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) or text.startswith("-") or not text.strip():
        raise _unknown(text)
    # rsync uses the same rule: a colon before any slash ends the name of a host.
    if re.match(r"[^/:]+:", text) and not Path(text).drive:
        if text.endswith(":"):
            raise BollardsError(
                f"{text}: names a host, but no folder on it. Write host:path, such as"
                f" {text}public_html"
            )
        # "host:/" is the root of the host and keeps its slash.
        return RsyncHost(text if text.endswith(":/") else text.rstrip("/"))
    return Folder((base / Path(text).expanduser()).absolute())


def without_password(text: str) -> str:
    """An address without its password."""
    text = re.sub(r"(https?://)[^/\s]+@", r"\1", text)
    return re.sub(r"(//[^/:@\s]+):[^/\s]+@", r"\1@", text)


def _unknown(text: str) -> BollardsError:
    return BollardsError(
        f'"{without_password(text)}" is not a target for a deploy. The forms are:\n{FORMS}'
    )
