"""deploy: publishes a finished site on a host. It sends only changes, in a safe order.

It takes `public/` as the last build left it, and a target: a folder or rsync host, a branch for
GitHub Pages, or an S3-compatible bucket. Each kind of target has its own file, with `difference`,
which writes nothing, and `send`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from generator.buckets import Bucket
from generator.build.freshness import is_fresh
from generator.config import load_settings
from generator.deploy.hosts import ALL, GITHUB_PAGES, GITLAB_PAGES, Host, exceeded
from generator.deploy.plan import Difference, Site, counted, described, megabytes, read_site
from generator.deploy.target import (
    FORMS,
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
    def difference(self, site: Site) -> Difference: ...

    def send(self, site: Site, difference: Difference, progress: Progress) -> None: ...


def deploy(
    project: Project,
    to: str,
    progress: Progress,
    *,
    endpoint: str = "",
    dry_run: bool = False,
    every_file: bool = False,
) -> tuple[list[str], list[str]]:
    """Publish the finished site of a project on its target.

    Args:
        project: the project whose `public/` is sent; nothing is built.
        to: the target as the owner writes it; "" means the one in site.toml.
        progress: shows the progress.
        endpoint: the address of an S3-compatible server; "" means the one in site.toml.
        dry_run: only report what would be done.
        every_file: name every file in that report.

    Returns:
        Lines to print, and warnings.

    Raises:
        BollardsError: there is nothing to deploy, or the target is wrong or refuses. A later deploy
            continues where this one ended.
    """
    settings = load_settings(project.settings).deploy
    target = _target(to, settings.to, project)
    # A build must not replace the folder that is being sent. A dry run may be out by a build.
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
            difference = remote.difference(site)
            warnings += difference.notes
            name = without_password(to or settings.to)
            if where:
                name = f"{name} ({where})"
            if dry_run:
                others = [
                    line for host in ALL if host != _host(target) for line in exceeded(host, site)
                ]
                lines = [*described(name, site, difference, every_file=every_file), *others]
                return [*lines, "Nothing was sent (--dry-run)."], warnings
            if difference.is_empty:
                return [f"Nothing to send: {name} is up to date."], warnings
            project.deployed.touch()
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
    # A relative folder is relative to where it was written: the current folder, or that of
    # site.toml.
    target = parse_target(to or set_to, Path.cwd() if to else project.root)
    if isinstance(target, Folder):
        _refuse_project(target.path, project)
    return target


def _refuse_project(folder: Path, project: Project) -> None:
    """Refuse a target inside a folder that the site is made from, or around one."""
    place = Path(os.path.realpath(folder))
    # The photos may be elsewhere, behind a link.
    sources = [path.resolve() for path in (project.root, project.photos, project.public)]
    if any(place.is_relative_to(source) or source.is_relative_to(place) for source in sources):
        raise BollardsError(
            f"{folder}: the site is made from this folder. Name a folder outside of {project.root}"
        )
    if folder.exists() and not folder.is_dir():
        raise BollardsError(f"{folder}: this is a file; expected a folder, or an unused name.")


@contextmanager
def _opened(
    target: Target, project: Project, endpoint: str, site: Site
) -> Iterator[tuple[_Remote, Site, str]]:
    """The target, ready to use; the part of the site that goes there; and its address.

    The address is "" if the target reports it itself.
    """
    # Each is imported only when needed: boto3 is slow to import, and not always installed.
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
    """The well-known host behind a target, if any."""
    if not isinstance(target, PagesBranch):
        return None
    return GITLAB_PAGES if "gitlab" in target.remote else GITHUB_PAGES


def _warnings(target: Target, site: Site) -> list[str]:
    host = _host(target)
    return exceeded(host, site) if host else []
