"""Makes a new site project, and cleans an existing one."""

import hashlib
import shlex
import shutil
from collections.abc import Collection
from pathlib import Path

from generator import __version__
from generator.errors import BollardsError
from generator.project import Project
from generator.publish.swap import is_ours

_TEMPLATE = Path(__file__).parent / "project"
_WORKFLOWS = Path(__file__).parent / "workflows"
# These have plain names in the package, because tools leave dot files out of packages.
_RENAMED = {"gitignore": ".gitignore"}
# The path at which each service expects its workflow.
_PLACES = {"github": Path(".github/workflows/site.yml"), "gitlab": Path(".gitlab-ci.yml")}


def start_project(directory: Path, *, with_examples: bool, ci: str = "") -> list[str]:
    """Write a new site project. Existing files are not touched.

    Args:
        directory: the folder of the project.
        with_examples: whether to add a few drawn photos.
        ci: "github" or "gitlab" for a workflow that builds and deploys on each push. An existing
            project gets only that.

    Returns:
        Lines to print: the files written, and the next steps.

    Raises:
        BollardsError: the folder already holds a site project, or cannot be written.
    """
    quoted = shlex.quote(str(directory))
    if (directory / "site.toml").exists() and ci:
        return _write_workflow(directory, ci)
    if (directory / "site.toml").exists():
        raise BollardsError(
            f"{directory / 'site.toml'}: there is a site project here already."
            f" Build it with `bollards build {quoted}`, or choose another folder."
        )
    has_photos = (directory / "photos").is_dir() and any((directory / "photos").iterdir())
    try:
        for source in sorted(_TEMPLATE.rglob("*")):
            relative = source.relative_to(_TEMPLATE)
            is_example = relative.parts[0] == "photos" and len(relative.parts) > 1
            if is_example and (has_photos or not with_examples):
                continue
            target = directory / relative.with_name(_RENAMED.get(source.name, source.name))
            if source.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            elif not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        (directory / "photos").mkdir(exist_ok=True)
    except OSError as error:
        raise BollardsError(f"{error.filename or directory}: {error.strerror}.") from None
    lines = [f"Made a site project in {directory}."]
    if has_photos:
        lines.append(f"The photos in {directory / 'photos'} are used; they stay as they are.")
    elif not with_examples:
        lines.append(
            f"Put photos into {directory / 'photos'}, in a folder for each country,"
            " such as photos/france/."
        )
    else:
        lines.append(
            f"{directory / 'photos'} holds a few drawn examples, so that you see a site at once;"
            " delete them when you add your own photos, in a folder for each country. They leave no"
            " trace."
        )
    if ci:
        lines += _write_workflow(directory, ci)
    lines += [
        f"Next: bollards studio {quoted}",
        f"Settings, with comments: {directory / 'site.toml'}",
    ]
    return lines


def _write_workflow(directory: Path, ci: str) -> list[str]:
    target = directory / _PLACES[ci]
    if target.exists():
        raise BollardsError(
            f"{target}: there is a workflow already, which stays as it is. Move it away to get a"
            " new one."
        )
    text = (_WORKFLOWS / f"{ci}.yml").read_text(encoding="utf-8")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("@VERSION@", __version__), encoding="utf-8", newline="\n")
    except OSError as error:
        raise BollardsError(f"{error.filename or target}: {error.strerror}.") from None
    return [f"Each push will build and deploy the site: {target} explains how, and what to set up."]


def example_digests(files: Collection[str]) -> frozenset[str]:
    """The SHA-256 of the drawn examples whose paths below photos/ are among `files`."""
    folder = _TEMPLATE / "photos"
    return frozenset(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.relative_to(folder).as_posix() in files and path.is_file()
    )


def clean_project(project: Project) -> list[str]:
    """Delete `public/` and the cache of a project; return lines to print.

    Raises:
        BollardsError: the folder is not a site project, or something cannot be deleted.
    """
    if not project.settings.exists():
        raise BollardsError(
            f"{project.root}: there is no site.toml here, so nothing was deleted."
            " Name the folder of a site project."
        )
    if not project.public.exists() and not project.work.exists():
        return ["Nothing to delete."]
    lines = []
    with project.locked():
        for folder in (project.public, project.work):
            if folder.is_symlink() or not folder.is_dir():
                continue
            if folder == project.public and not is_ours(folder):
                lines.append(f"Kept {folder}: it holds files that bollards did not make.")
                continue
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise BollardsError(f"{error.filename}: {error.strerror}.") from None
            lines.append(f"Deleted {folder}")
    return lines
