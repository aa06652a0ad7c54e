"""The files in `static/`, which are published as they are."""

import difflib
import os
import stat
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from generator.characters import forbidden_in
from generator.errors import Problem
from generator.project import Project

# Left there by systems and editors.
_JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
# All other hidden files may be secrets, such as .env.
_HIDDEN = frozenset({".well-known", ".htaccess", ".domains"})
# Their lifetime in caches is a year, which suits only files whose names change with their content.
_LASTING = ("assets", "pictures")
# Names that hosts and browsers look for, and that have an effect in exactly this spelling.
_MEANT = (".well-known", "CNAME", "ads.txt", "favicon.ico", "humans.txt", "robots.txt")
_PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".heic")


def find_static(project: Project) -> tuple[dict[str, Path], list[Problem]]:
    """The files by their addresses, and the problems with them."""
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in _files(project.static):
        name = path.relative_to(project.static).as_posix()
        if path.name in _JUNK or path.name.endswith(("~", ".swp")):
            continue
        reason = _unfit(name, path, project.root)
        if reason:
            problems.append(Problem(f"static/{name}", reason, skipped=True))
            continue
        files[name] = path
        if _has_position(path):
            reason = (
                "carries a position (GPS), and is published as it is. Remove its metadata first."
            )
            problems.append(Problem(f"static/{name}", reason, skipped=False, first=True))
    return files, [*problems, *_without_effect(files, project)]


def _files(folder: Path) -> list[Path]:
    found = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(root) / name for name in sorted(names)]
        # os.walk does not follow links to folders, and must not drop them unnoticed.
        found += [Path(root) / name for name in folders if (Path(root) / name).is_symlink()]
    return found


def _unfit(name: str, path: Path, project: Path) -> str:
    """Why a file is not published, or ""."""
    parts = name.split("/")
    if any(part.startswith(".") and part not in _HIDDEN for part in parts):
        return (
            "is left out: hidden files stay private, except"
            f" {', '.join(sorted(_HIDDEN))}. Rename it to publish it."
        )
    if forbidden_in(name) or "\\" in name:
        return "is left out: its name holds a character that no address can have. Rename it."
    if len(parts) > 1 and parts[0] in _LASTING:
        return f"is left out: {parts[0]}/ is the program's. Move it to another folder in static/."
    try:
        real = Path(os.path.realpath(path, strict=True))
        kind = real.stat().st_mode
    except OSError as error:
        return f"is left out: it cannot be read ({error.strerror})."
    if not real.is_relative_to(project.resolve()):
        return "is left out: it is a link to a file outside of the site project. Copy the file."
    if not stat.S_ISREG(kind):
        return "is left out: it is not a file, or it is a link to a folder. Copy the folder itself."
    return ""


def _has_position(path: Path) -> bool:
    if path.suffix.lower() not in _PHOTOS:
        return False
    try:
        with Image.open(path) as image:
            return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return False


def _without_effect(files: dict[str, Path], project: Project) -> list[Problem]:
    """Warnings about files that are published where nothing looks for them."""
    problems = []
    for top in sorted({name.partition("/")[0] for name in files}):
        shown = f"static/{top}"
        if top == "static":
            reason = "is one level too deep: its files are published below static/. Move them up."
            problems.append(Problem(f"{shown}/", reason, skipped=False))
        elif top == project.style.name:
            reason = "has no effect on pages. Move it beside site.toml."
            problems.append(Problem(shown, reason, skipped=False))
        elif top not in _MEANT:
            known = {name.lower(): name for name in _MEANT}
            match = difflib.get_close_matches(top.lower(), known, n=1, cutoff=0.7)
            if match:
                reason = f"is published, but nothing looks for it. Did you mean {known[match[0]]}?"
                problems.append(Problem(shown, reason, skipped=False))
    return problems
