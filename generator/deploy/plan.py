"""What differs between the finished site and its target, and in which order it goes there."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BollardsError, printable
from generator.publish.headers import IMMUTABLE_FOLDERS
from generator.published import CATALOGUE

# Kept in the target: what a deploy put there, and may therefore remove again.
MANIFEST = ".bollards-deploy.json"
_VERSION = 1

FRONT_PAGE = "index.html"
# It makes returning visitors take up the new site, and so comes when all of that is there.
WORKER = "sw.js"


@dataclass(frozen=True, slots=True)
class Site:
    """The finished site: its folder, and the size of each file by its path in it."""

    root: Path
    files: Mapping[str, int]

    @property
    def bytes(self) -> int:
        return sum(self.files.values())


@dataclass(frozen=True, slots=True)
class Difference:
    """How a target differs from the site; paths relative to the site's root.

    Attributes:
        new: files that the target does not have.
        changed: files that it has with other content or other headers.
        removed: files that an earlier deploy put there and that the site has no more.
        is_unfinished: the target's manifest does not say yet that all is as it should be; a deploy
            was cut off, or none has been here.
        notes: what the owner should know before anything is sent.
    """

    new: frozenset[str]
    changed: frozenset[str]
    removed: frozenset[str] = frozenset()
    is_unfinished: bool = False
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.removed or self.is_unfinished)


@dataclass(frozen=True, slots=True)
class Stage:
    """Files that may go up in any order among themselves, once all earlier stages are there."""

    title: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What earlier deploys put into a target.

    Attributes:
        files: a mark by path. What the mark says is the target's own affair; "" says nothing.
        finished: False while a deploy is at work, and ever after if it was cut off.
    """

    files: Mapping[str, str]
    finished: bool

    def to_json(self) -> str:
        data = {
            "about": "Files that `bollards deploy` put here, and may remove. Keep this one.",
            "version": _VERSION,
            "finished": self.finished,
            "files": dict(sorted(self.files.items())),
        }
        return json.dumps(data, ensure_ascii=False, indent=0) + "\n"


def read_site(public: Path) -> Site:
    """List the files of a finished site.

    Raises:
        BollardsError: there is no finished site in this folder.
    """
    if not public.is_dir() or not (public / CATALOGUE).is_file():
        raise BollardsError(
            f"{public}: there is no finished site to deploy. Build it first: bollards build"
        )
    files: dict[str, int] = {}
    root = str(public)
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118 (thousands of files: no Path objects)
            relative = os.path.relpath(path, root).replace(os.sep, "/")
            if not _is_inside(relative):
                raise BollardsError(
                    f"{printable(path)}: expected a name in UTF-8. Rename the file that it was"
                    " made from, then build and deploy again."
                )
            if relative != MANIFEST:
                files[relative] = os.stat(path).st_size  # noqa: PTH116
    return Site(public, files)


def parse_manifest(text: str | bytes, where: str) -> Manifest:
    """Read what an earlier deploy left behind.

    Raises:
        BollardsError: it is not a manifest, or one of a later version of the program.
    """
    try:
        data = json.loads(text)
        version, files, finished = data["version"], data["files"], data["finished"]
        whole = isinstance(version, int) and all(isinstance(mark, str) for mark in files.values())
        # Paths that lead out of the target would let a manifest remove anything at all.
        inside = whole and all(_is_inside(path) for path in files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        inside = False
    if not inside:
        raise BollardsError(
            f"{where}: not a list of deployed files as `bollards deploy` writes it. Delete this"
            " file and deploy again; what only an earlier site had then has to be removed by hand."
        )
    if version > _VERSION:
        raise BollardsError(
            f"{where}: written by a later version of bollards (format {version}; this one knows"
            f" {_VERSION}). Deploy with that version, or update this one."
        )
    return Manifest(files, finished is True)


def _is_inside(path: str) -> bool:
    """Whether a path names one file below the target's root, and can be written in UTF-8."""
    parts = path.split("/")
    named = all(part not in ("", ".", "..") for part in parts)
    return named and "\0" not in path and path.encode("utf-8", "replace").decode() == path


def kind_of(path: str) -> str:
    """ "resource" (what pages show), "page", or "data" (all else)."""
    if path.split("/", 1)[0] in IMMUTABLE_FOLDERS:
        return "resource"
    return "page" if path.endswith(".html") else "data"


def stages(difference: Difference) -> list[Stage]:
    """What to send, in an order in which every page that can be reached is whole at every moment.

    New pages and data go up while nothing leads to them yet; only then do the files change that
    lead to them, the front page after all of these, and last the service worker. Old files are
    removed after that.
    """
    new, changed = difference.new, difference.changed
    parts = (
        ("pictures, style and scripts", _of("resource", new | changed)),
        ("new data", _of("data", new)),
        ("new pages", _of("page", new)),
        ("changed data", _of("data", changed)),
        ("changed pages", _of("page", changed)),
        ("front page", sorted({FRONT_PAGE} & (new | changed))),
        ("service worker", sorted({WORKER} & (new | changed))),
    )
    return [Stage(title, tuple(files)) for title, files in parts if files]


def removal(difference: Difference) -> list[Stage]:
    """What to remove, in order: pages before what they show."""
    parts = (
        ("old pages", sorted({FRONT_PAGE} & difference.removed) + _of("page", difference.removed)),
        ("old data", sorted({WORKER} & difference.removed) + _of("data", difference.removed)),
        ("old pictures, style and scripts", _of("resource", difference.removed)),
    )
    return [Stage(title, tuple(files)) for title, files in parts if files]


def _of(kind: str, files: Iterable[str]) -> list[str]:
    return sorted(
        path for path in files if kind_of(path) == kind and path not in (FRONT_PAGE, WORKER)
    )


def refuse_foreign(target: str, difference: Difference) -> None:
    """Make sure that nothing of somebody else's is overwritten where no deploy has been before.

    Raises:
        BollardsError: files of the same names are there, and they are no site of ours.
    """
    is_ours = CATALOGUE not in difference.new
    if is_ours or not difference.changed:
        return
    found = sorted(difference.changed)
    shown = ", ".join(found[:3]) + (", …" if len(found) > 3 else "")
    raise BollardsError(
        printable(
            f"{target}: holds {shown} that bollards did not put there, and a deploy would"
            " overwrite them. Name an empty or new place, or move these files away first."
        )
    )


def megabytes(size: int) -> str:
    """A size as people say it: "812 bytes", "3.4 kB", "12.0 MB", "1.20 GB"."""
    if size < 1000:
        return f"{size} byte" if size == 1 else f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.2f} GB"


def described(target: str, site: Site, difference: Difference) -> list[str]:
    """All of a plan, as lines to print for `--dry-run`."""
    lines = []
    for stage in stages(difference):
        size = sum(site.files[path] for path in stage.files)
        lines.append(f"Would send {stage.title}: {counted(len(stage.files))}, {megabytes(size)}")
        lines += [f"  {path} ({megabytes(site.files[path])})" for path in stage.files]
    for stage in removal(difference):
        lines.append(f"Would then remove {stage.title}: {counted(len(stage.files))}")
        lines += [f"  {path}" for path in stage.files]
    sent = difference.new | difference.changed
    size = sum(site.files[path] for path in sent)
    lines.append(
        f"{target}: {counted(len(sent))} of {len(site.files)} to send, {megabytes(size)};"
        f" {counted(len(difference.removed))} to remove."
        f" The whole site: {counted(len(site.files))}, {megabytes(site.bytes)}."
    )
    return [printable(line) for line in lines]


def counted(number: int) -> str:
    """ "1 file", "2 files"."""
    return "1 file" if number == 1 else f"{number} files"
