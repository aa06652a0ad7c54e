"""The differences between the finished site and its target, and the order in which to send them."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BollardsError, on_line, printable
from generator.publish.headers import IMMUTABLE_FOLDERS
from generator.published import CATALOGUE

# This file in the target lists the files that deploys put there, and may therefore remove.
MANIFEST = ".bollards-deploy.json"
_VERSION = 1

FRONT_PAGE = "index.html"
# It switches returning visitors to the new site, so it is sent after everything else.
WORKER = "sw.js"
PICTURES = "pictures/"


@dataclass(frozen=True, slots=True)
class Site:
    """The finished site: its folder, and the size of each file by its path."""

    root: Path
    files: Mapping[str, int]

    @property
    def bytes(self) -> int:
        return sum(self.files.values())

    def apart(self) -> tuple["Site", "Site"]:
        """Its pictures, and everything else."""
        pictures = {path: size for path, size in self.files.items() if path.startswith(PICTURES)}
        others = {path: size for path, size in self.files.items() if path not in pictures}
        return Site(self.root, pictures), Site(self.root, others)


@dataclass(frozen=True, slots=True)
class Difference:
    """How a target differs from the site; paths are relative to the site's root.

    Attributes:
        new: files that the target does not have.
        changed: files that have other content or other headers in the target.
        removed: files of an earlier deploy that the site no longer has.
        is_unfinished: whether the target's manifest is missing, or that of an interrupted deploy.
        notes: messages for the owner before anything is sent.
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
    """Files that may be sent in any order, once all earlier stages are complete."""

    title: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files that earlier deploys put into a target.

    Attributes:
        files: a mark by path. Each kind of target has its own marks; "" means none.
        finished: False during a deploy, and after an interrupted one.
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
    """Read the manifest of an earlier deploy.

    Raises:
        BollardsError: it is not a manifest, or that of a later version of the program.
    """
    try:
        data = json.loads(text)
        version, files, finished = data["version"], data["files"], data["finished"]
        whole = isinstance(version, int) and all(isinstance(mark, str) for mark in files.values())
        # A manifest with paths outside of the target could remove any file.
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
    """Whether a path is that of a file below the target's root, and is valid UTF-8."""
    parts = path.split("/")
    named = all(part not in ("", ".", "..") for part in parts)
    return named and "\0" not in path and path.encode("utf-8", "replace").decode() == path


def kind_of(path: str) -> str:
    """ "resource" (used by pages), "page" or "data" (everything else)."""
    if path.split("/", 1)[0] in IMMUTABLE_FOLDERS:
        return "resource"
    return "page" if path.endswith(".html") else "data"


def stages(difference: Difference) -> list[Stage]:
    """The files to send, in an order that keeps every reachable page complete at every moment.

    New pages and data are sent before anything links to them. Then the changed files that link to
    them follow, then the home page, and last the service worker. Old files are removed after that.
    """
    new, changed = difference.new, difference.changed
    parts = (
        ("pictures, style and scripts", _of("resource", new | changed)),
        ("new data", _of("data", new)),
        ("new pages", _of("page", new)),
        ("changed data", _of("data", changed)),
        ("changed pages", _of("page", changed)),
        ("home page", sorted({FRONT_PAGE} & (new | changed))),
        ("service worker", sorted({WORKER} & (new | changed))),
    )
    return [Stage(title, tuple(files)) for title, files in parts if files]


def removal(difference: Difference) -> list[Stage]:
    """The files to remove, in order: pages before the files that they use."""
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


def refuse_foreign(target: str, site: Site, difference: Difference) -> None:
    """Refuse to overwrite files of others in a target without an earlier deploy.

    A catalogue there tells that it is a site of ours. Where only pictures go, nothing does, but
    their names change with their content.

    Raises:
        BollardsError: there are files of the same names that are not a site of ours.
    """
    is_ours = CATALOGUE in site.files and CATALOGUE not in difference.new
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
    """A size in readable units: "812 bytes", "3.4 kB", "12.0 MB", "1.20 GB"."""
    if size < 1000:
        return f"{size} byte" if size == 1 else f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.2f} GB"


def described(
    target: str, site: Site, difference: Difference, *, every_file: bool = False
) -> list[str]:
    """A plan as lines to print for `--dry-run`: a summary, or with every file."""
    lines = []
    for stage in stages(difference):
        size = sum(site.files[path] for path in stage.files)
        lines.append(f"Would send {stage.title}: {counted(len(stage.files))}, {megabytes(size)}")
        if every_file:
            lines += [f"  {path} ({megabytes(site.files[path])})" for path in stage.files]
    for stage in removal(difference):
        lines.append(f"Would then remove {stage.title}: {counted(len(stage.files))}")
        if every_file:
            lines += [f"  {path}" for path in stage.files]
    sent = difference.new | difference.changed
    size = sum(site.files[path] for path in sent)
    lines.append(
        f"{target}: {counted(len(sent))} of {len(site.files)} to send, {megabytes(size)};"
        f" {counted(len(difference.removed))} to remove."
        f" The whole site: {counted(len(site.files))}, {megabytes(site.bytes)}."
    )
    return [on_line(line) for line in lines]


def counted(number: int) -> str:
    """ "1 file", "2 files"."""
    return "1 file" if number == 1 else f"{number} files"
