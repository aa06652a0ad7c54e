"""A new site project, and the end of what the program made in one."""

import shlex
import shutil
from pathlib import Path

from generator import __version__
from generator.errors import BollardsError
from generator.project import Project
from generator.publish.swap import is_ours

_TEMPLATE = Path(__file__).parent / "project"
_WORKFLOWS = Path(__file__).parent / "workflows"
# Kept under plain names in the package: tools leave dot files out of packages.
_RENAMED = {"gitignore": ".gitignore"}
# Where each service looks for its workflow.
_PLACES = {"github": Path(".github/workflows/site.yml"), "gitlab": Path(".gitlab-ci.yml")}


def start_project(directory: Path, *, with_examples: bool, ci: str = "") -> list[str]:
    """Write a new site project; nothing that is there already is touched.

    Args:
        directory: where to.
        with_examples: put a few drawn photos in.
        ci: "github" or "gitlab" for a workflow that builds and deploys on each push. An existing
            project gets just that.

    Returns:
        What was done and what comes next, as lines to print.

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
    if has_photos or not with_examples:
        lines.append(
            f"Put photos into {directory / 'photos'}, in a folder for each country,"
            " such as photos/france/."
        )
    else:
        lines.append(
            f"{directory / 'photos'} holds a few drawn examples, so that you see a site at once;"
            " delete them, and ledger.json, when you add your own photos, in a folder for each"
            " country."
        )
    if ci:
        lines += _write_workflow(directory, ci)
    lines += [
        f"Next: bollards serve {quoted}",
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
    return [f"Each push will build and deploy the site: {target} says how, and what to set up."]


def clean_project(project: Project) -> list[str]:
    """Delete `public/` and the cache of a project; returns lines to print.

    Raises:
        BollardsError: this is no site project, or something cannot be deleted.
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
