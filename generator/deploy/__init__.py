"""deploy: a finished site goes to where its visitors are; only what changed, in a safe order.

In goes `public/` as the last build left it, and a target: a folder or rsync host, a branch for
GitHub Pages, an S3-compatible bucket. One file a kind of target; each can `compare`, which writes
nothing, and `send`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from generator.build.freshness import is_fresh
from generator.config import load_settings
from generator.deploy.hosts import ALL, GITHUB_PAGES, GITLAB_PAGES, Host, exceeded
from generator.deploy.plan import Difference, Site, counted, described, megabytes, read_site
from generator.deploy.target import (
    FORMS,
    Bucket,
    Folder,
    PagesBranch,
    Target,
    parse_target,
    without_password,
)
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project

__all__ = ["deploy"]


class _Remote(Protocol):
    def compare(self, site: Site) -> Difference: ...

    def send(self, site: Site, difference: Difference, progress: Progress) -> None: ...


def deploy(
    project: Project,
    to: str,
    progress: Progress,
    *,
    endpoint: str = "",
    dry_run: bool = False,
) -> tuple[list[str], list[str]]:
    """Bring the finished site of a project to its target.

    Args:
        project: whose `public/` is sent; nothing is built.
        to: the target as its owner writes it; "" for the one in site.toml.
        progress: where to show how far it is.
        endpoint: address of an S3-compatible server; "" for the one in site.toml.
        dry_run: only tell what would be done.

    Returns:
        What was done, and warnings; as lines to print.

    Raises:
        BollardsError: nothing to deploy, a wrong target, or one that refuses; a later deploy takes
            up where this one ended.
    """
    settings = load_settings(project.settings).deploy
    target = _target(to, settings.to, project)
    # A build must not exchange the folder that is being sent; a look at it may be wrong by a build.
    with nullcontext() if dry_run else project.locked():
        whole = read_site(project.public)
        warnings = _warnings(target, whole)
        if not is_fresh(project):
            warnings.append(
                f"{project.public} is older than the photos, the settings or the program:"
                " `bollards build` first, to deploy the present state."
            )
        with _opened(target, project, endpoint or settings.endpoint, whole) as (
            remote,
            site,
            where,
        ):
            difference = remote.compare(site)
            warnings += difference.notes
            name = without_password(to or settings.to)
            if where:
                name = f"{name} ({where})"
            if dry_run:
                others = [
                    line for host in ALL if host != _host(target) for line in exceeded(host, site)
                ]
                lines = [*described(name, site, difference), *others]
                return [*lines, "Nothing was sent (--dry-run)."], warnings
            if difference.is_empty:
                return [f"Nothing to send: {name} is up to date."], warnings
            remote.send(site, difference, progress)
    sent = difference.new | difference.changed
    size = megabytes(sum(site.files[path] for path in sent))
    return [
        f"Sent {counted(len(sent))} ({size}) to {name}, removed {len(difference.removed)};"
        f" {len(site.files) - len(sent)} were there already."
    ], warnings


def _target(to: str, set_to: str, project: Project) -> Target:
    if not to and not set_to:
        raise BollardsError(
            f"Where to? Name a target with --to, or set `to` under [deploy] in {project.settings}."
            f" The forms are:\n{FORMS}"
        )
    # A folder is meant from where it was written: the command line, or site.toml.
    target = parse_target(to or set_to, Path.cwd() if to else project.root)
    if isinstance(target, Folder):
        _refuse_project(target.path, project)
    return target


def _refuse_project(folder: Path, project: Project) -> None:
    """Keep the site out of the folders it comes from, and these out of the site's."""
    place = folder.resolve()
    # The photos may lie elsewhere, behind a link.
    sources = [path.resolve() for path in (project.root, project.photos, project.public)]
    if any(place.is_relative_to(source) or source.is_relative_to(place) for source in sources):
        raise BollardsError(
            f"{folder}: is where the site comes from. Name a folder outside of {project.root}"
        )
    if folder.exists() and not folder.is_dir():
        raise BollardsError(f"{folder}: is a file; expected a folder, or a name that is free.")


@contextmanager
def _opened(
    target: Target, project: Project, endpoint: str, site: Site
) -> Iterator[tuple[_Remote, Site, str]]:
    """The target, ready to compare; the part of the site that goes there; and where that is.

    The last is "" where the target says so itself.
    """
    # Each is imported only when it is meant: boto3 is slow, and not always installed.
    if isinstance(target, Bucket):
        from generator.deploy.s3 import for_buckets, open_bucket

        part = for_buckets(site)
        yield open_bucket(target, endpoint, part), part, ""
    elif isinstance(target, PagesBranch):
        from generator.deploy.pages_branch import open_pages

        with open_pages(target, project, site) as remote:
            yield remote, site, remote.named()
    else:
        from generator.deploy.rsync import RsyncTarget

        if isinstance(target, Folder):
            yield RsyncTarget(str(target.path), target.path), site, ""
        else:
            yield RsyncTarget(target.address, None), site, ""


def _host(target: Target) -> Host | None:
    """The host that is known to be behind a target."""
    if not isinstance(target, PagesBranch):
        return None
    return GITLAB_PAGES if "gitlab" in target.remote else GITHUB_PAGES


def _warnings(target: Target, site: Site) -> list[str]:
    host = _host(target)
    return exceeded(host, site) if host else []
