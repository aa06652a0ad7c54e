"""deploy: publishes a finished site on a host. It sends only changes, in a safe order.

It takes `public/` as the last build left it, and a target: a folder or rsync host, a branch for
GitHub Pages, or an S3-compatible bucket. Pictures may have a target of their own. Each kind of
target has its own file, with `difference`, which writes nothing, and `send`.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from generator.buckets import Bucket
from generator.build.freshness import is_fresh
from generator.config import Settings, load_settings
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
from generator.published import pictures_url

__all__ = ["deploy"]


class _Remote(Protocol):
    def difference(self, site: Site) -> Difference: ...

    def send(
        self, site: Site, difference: Difference, progress: Progress
    ) -> Callable[[], None]: ...


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What goes to one target.

    Attributes:
        name: the target, safe to display.
        host: the well-known host behind it, if any.
    """

    name: str
    host: Host | None
    remote: _Remote
    site: Site
    difference: Difference

    def told(self) -> str:
        """What was sent, as a line to print."""
        if self.difference.is_empty:
            return f"Nothing to send: {self.name} is up to date."
        sent = self.difference.new | self.difference.changed
        size = megabytes(sum(self.site.files[path] for path in sent))
        return (
            f"Sent {counted(len(sent))} ({size}) to {self.name}, removed"
            f" {len(self.difference.removed)}; {len(self.site.files) - len(sent)} were there"
            " already."
        )


def deploy(
    project: Project,
    to: str,
    progress: Progress,
    *,
    endpoint: str = "",
    pictures_to: str = "",
    dry_run: bool = False,
    every_file: bool = False,
) -> tuple[list[str], list[str]]:
    """Publish the finished site of a project on its target, and its pictures on theirs.

    Args:
        project: the project whose `public/` is sent; nothing is built.
        to: the target as the owner writes it; "" means the one in site.toml.
        progress: shows the progress.
        endpoint: the address of an S3-compatible server; "" means the one in site.toml.
        pictures_to: the target of the pictures, if they are not beside the pages; "" likewise.
        dry_run: only report what would be done.
        every_file: name every file in that report.

    Returns:
        Lines to print, and warnings.

    Raises:
        BollardsError: there is nothing to deploy, or a target is wrong or refuses. A later deploy
            continues where this one ended.
    """
    settings = load_settings(project.settings)
    target = _target(to, settings.deploy.to, project)
    # A build must not replace the folder that is being sent. A dry run may be out by a build.
    with nullcontext() if dry_run else project.locked(), ExitStack() as opened:
        whole = read_site(project.public)
        away = _away(project, settings, pictures_to or settings.deploy.pictures_to)
        pictures, pages = whole.apart() if away else (None, whole)
        warnings = []
        if not is_fresh(project):
            warnings.append(
                f"{project.public} is older than the photos, the settings or the program:"
                " `bollards build` first, to deploy the present state."
            )
        # Every target is looked at before anything is sent. Pictures come first: no page may show
        # one that is not there yet.
        deliveries = []
        if away and pictures is not None:
            place = _target(pictures_to, settings.deploy.pictures_to, project)
            server = settings.deploy.pictures_endpoint or endpoint or settings.deploy.endpoint
            name = pictures_to or settings.deploy.pictures_to
            _refuse_together(place, target)
            deliveries.append(_delivery(opened, place, project, server, pictures, name))
        server = endpoint or settings.deploy.endpoint
        deliveries.append(
            _delivery(opened, target, project, server, pages, to or settings.deploy.to)
        )
        for one in deliveries:
            warnings += exceeded(one.host, one.site) if one.host else []
            warnings += one.difference.notes
        if dry_run:
            return [*_plan(deliveries, every_file), "Nothing was sent (--dry-run)."], warnings
        if not all(one.difference.is_empty for one in deliveries):
            project.deployed.touch()
        tidy = [
            one.remote.send(one.site, one.difference, progress)
            for one in deliveries
            if not one.difference.is_empty
        ]
        # Old pictures go last, as old pages show them.
        for remove_old in reversed(tidy):
            remove_old()
    return [one.told() for one in deliveries], warnings


def _delivery(
    opened: ExitStack, target: Target, project: Project, endpoint: str, part: Site, name: str
) -> _Delivery:
    """Look at a target, which stays open as long as `opened`."""
    remote, site, where = opened.enter_context(_opened(target, project, endpoint, part))
    shown = without_password(name)
    return _Delivery(
        f"{shown} ({where})" if where else shown,
        _host(target),
        remote,
        site,
        remote.difference(site),
    )


def _plan(deliveries: Sequence[_Delivery], every_file: bool) -> list[str]:
    lines = []
    for one in deliveries:
        lines += described(one.name, one.site, one.difference, every_file=every_file)
    pages = deliveries[-1]
    for host in ALL:
        if host != pages.host:
            lines += exceeded(host, pages.site)
    return lines


def _away(project: Project, settings: Settings, to: str) -> bool:
    """Whether the pictures of the built site have a target of their own.

    Raises:
        BollardsError: the site was built with another setting, or the target is unknown.
    """
    built, wanted = pictures_url(project.public), settings.pictures.base_url
    if built != wanted:
        raise BollardsError(
            f"{project.public}: its pages have their pictures"
            f" {f'from {built}' if built else 'beside them'}, but [pictures] base_url in"
            f' {project.settings} is "{wanted}". Build the site again, then deploy: bollards build'
        )
    if wanted and not to:
        raise BollardsError(
            f"Where do the pictures go? The pages have them from {wanted}. Name a folder, a host or"
            f" a bucket with --pictures-to, or set `pictures_to` under [deploy] in"
            f" {project.settings}."
        )
    if to and not wanted:
        raise BollardsError(
            f"{without_password(to)}: pictures cannot go there alone, because the pages look for"
            " them beside themselves. Set `base_url` under [pictures] in"
            f" {project.settings} to their address, then build."
        )
    return bool(wanted)


def _refuse_together(pictures: Target, pages: Target) -> None:
    if isinstance(pictures, PagesBranch):
        raise BollardsError(
            "The pictures cannot go to a branch, which changes as a whole: old pages would lose"
            " theirs before new pages are there. Name a folder, a host or a bucket."
        )
    if pictures == pages:
        raise BollardsError(
            "The pictures and the pages have the same target. Name another folder, or another"
            " prefix of the bucket, for the pictures."
        )


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
