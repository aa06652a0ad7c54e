"""The new site replaces the old one in one step.

The order of writes, so that neither a killed process nor a power cut can leave half a site:

1. Pictures and other kept files are written under other names and renamed. They are not synced one
   by one: each has a digest, and one that did not reach the disk is made again.
2. The new site grows in `.bollards/staging`. Nothing of it is visible.
3. `ledger.json` is written, synced and renamed. It comes before the site: an address that is
   published must be remembered, but one that is remembered need not be published.
4. Everything is synced, in one call if the system has one (`generator.keep.sync_all`).
5. The two folders change places (`make_live`), and the folders that hold their names are synced.
6. Only then the build writes down that it is done. What says so is not synced: without it the
   next build does its work again.

`curation.toml` and the history of decisions are synced with each decision, the history first:
a decision that is noted there and not in `curation.toml` is dropped at the next start.
"""

import ctypes
import os
import shutil
import sys
from pathlib import Path

from generator.errors import BollardsError
from generator.keep import sync_all, sync_folder
from generator.published import CATALOGUE

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def make_live(staging: Path, public: Path, retired: Path) -> None:
    """Put the finished folder `staging` in the place of `public`; both are on one file system.

    On Linux, the two folders are exchanged in a single step. Elsewhere there are two renames: the
    first is undone if the second fails, and `recover` undoes it if the process ends between them.

    Args:
        staging: the new site.
        public: the folder that the site is served from; it may not exist yet.
        retired: an unused name, needed briefly if the system cannot exchange folders.

    Afterwards the old site is at `staging`, for the next build to start from.

    Raises:
        OSError: the new site could not be put in place; `public` is as it was.
    """
    public.parent.mkdir(parents=True, exist_ok=True)
    sync_all(staging)
    _change_places(staging, public, retired)
    sync_folder(public.parent)
    sync_folder(staging.parent)


def _change_places(staging: Path, public: Path, retired: Path) -> None:
    if not public.exists():
        staging.rename(public)
        return
    if _exchange(staging, public):
        return
    public.rename(retired)
    try:
        staging.rename(public)
    except BaseException:
        retired.rename(public)
        raise
    retired.rename(staging)


def recover(public: Path, retired: Path) -> None:
    """Finish a swap that was interrupted between its two renames."""
    if retired.exists() and not public.exists():
        retired.rename(public)
    shutil.rmtree(retired, ignore_errors=True)


def refuse_foreign(public: Path) -> None:
    """Make sure that the folder to be replaced is a site of this program.

    Raises:
        BollardsError: `public` is a file, a symbolic link, or a folder with somebody else's files.
    """
    if public.is_symlink():
        raise BollardsError(
            f"{public}: is a symbolic link to {public.readlink()}; expected a folder that can be"
            " replaced as a whole. Remove the link, and let the link or the server's setting point"
            " the other way: to this folder."
        )
    if not public.exists():
        return
    if not public.is_dir():
        raise BollardsError(f"{public}: is a file; the site needs a folder of this name. Move it.")
    if not is_ours(public):
        raise BollardsError(
            f"{public}: holds files that bollards did not make (there is no {CATALOGUE}), and a"
            " build replaces the whole folder. Move them to another place first."
        )


def is_ours(public: Path) -> bool:
    """Whether a folder is a built site, or empty."""
    return (public / CATALOGUE).is_file() or next(public.iterdir(), None) is None


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two paths in one step (Linux renameat2); False if that is not possible.

    Not every file system supports this, and each reports it differently. Whatever the reason, two
    plain renames then either work or fail with the true one.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return False
    names = os.fsencode(a), os.fsencode(b)
    return bool(renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)
