"""The new site replaces the old one in one step."""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def make_live(staging: Path, public: Path, retired: Path) -> None:
    """Put the finished folder `staging` in the place of `public`; both on one file system.

    Where the system can (Linux), the two folders change places in a single step. Elsewhere two
    renames follow each other, and the first is undone if the second fails.

    Args:
        staging: the new site.
        public: where the site is served from; may not exist yet.
        retired: a free name for the old site, which is removed at the end.

    Raises:
        OSError: the new site could not be put in place; `public` is as it was.
    """
    public.parent.mkdir(parents=True, exist_ok=True)
    if not public.exists():
        staging.rename(public)
        return
    if _exchange(staging, public):
        old = staging
    else:
        public.rename(retired)
        try:
            staging.rename(public)
        except OSError:
            retired.rename(public)
            raise
        old = retired
    # The new site is live; what is left of the old one is rubbish that the next build clears too.
    shutil.rmtree(old, ignore_errors=True)


def recover(public: Path, retired: Path) -> None:
    """Finish a swap by two renames that was cut off between them."""
    if retired.exists() and not public.exists():
        retired.rename(public)
    shutil.rmtree(retired, ignore_errors=True)


def _exchange(a: Path, b: Path) -> bool:
    """Let two paths change places in one step (Linux renameat2); False where that cannot be had."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE)
    if result == 0:
        return True
    if ctypes.get_errno() in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(b))
