"""The next site as files, in a folder of its own until it takes the place of the live one."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator import publish
from generator.build.photos import Photos
from generator.catalogue import Catalogue, Photo
from generator.config import Settings
from generator.errors import Problem
from generator.identify.bundle import publish_lookup
from generator.output import Output
from generator.own.links import written
from generator.own_files import read_own
from generator.own_site import OwnSite
from generator.page_store import PageStore
from generator.project import Project
from generator.render import render
from generator.render.endpoints import write_endpoints
from generator.render.exports import write_exports


def write_site(
    project: Project,
    settings: Settings,
    editions: Sequence[Catalogue],
    photos: Photos,
    own: OwnSite,
    store: PageStore,
) -> Output:
    """Write all pages, pictures and data.

    Args:
        project: the paths of the site project.
        settings: all of site.toml.
        editions: the catalogue in each language, that of the root first.
        photos: with their vectors and the embedder.
        own: the owner's own pages and menus.
        store: finds the pages of the last build again.
    """
    catalogue, *translated = editions
    out = Output(project.staging)
    _place_pictures(catalogue.photos, project.pictures, out)
    lookup = None
    if photos.embedder.runs_in_browser:
        model = photos.embedder.browser_model()
        lookup = publish_lookup(catalogue, photos.rows, model, out, project.work / "packed")
    render(
        catalogue,
        settings,
        out,
        project.work,
        project.templates,
        translated=translated,
        locale=project.locale,
        lookup=lookup,
        fonts=project.fonts,
        own_site=own,
        store=store,
    )
    write_exports(catalogue, out)
    write_endpoints(catalogue, out, translated)
    return out


def finish_site(
    project: Project,
    catalogue: Catalogue,
    settings: Settings,
    out: Output,
    own: OwnSite,
    store: PageStore,
) -> list[Problem]:
    """Add the files that hosts read, and the owner's; make sure that no link is broken.

    Returns:
        The problems with the owner's files.

    Raises:
        BollardsError: a link is broken.
    """
    publish.write_host_files(out, settings.security, settings.pictures.base_url)
    publish.write_redirects(catalogue, out)
    if own.domain:
        out.write("CNAME", f"{own.domain}\n")
    problems = _write_static(own, out)
    broken = publish.broken_links(
        out.root,
        settings.site.base_url,
        frozenset(out.files),
        store,
        out.page_digests,
        settings.pictures.base_url,
    )
    publish.refuse(written(broken, project, out.files, catalogue.site))
    publish.write_service_worker(catalogue, out)
    out.finish()
    store.save(out.page_digests)
    return problems


def _write_static(own: OwnSite, out: Output) -> list[Problem]:
    """Put the owner's files beside the program's, and in the place of none."""
    files = {*out.files, "sw.js"}
    folders = {path[:cut] for path in files for cut in range(len(path)) if path[cut] == "/"}
    problems = []
    for address, source in own.static.items():
        above = {address[:cut] for cut in range(len(address)) if address[cut] == "/"}
        if address == "CNAME" and own.domain:
            continue
        if address in files or address in folders or above & files:
            reason = "is left out: the program has a file or page of this name. Rename it."
            problems.append(Problem(f"static/{address}", reason, skipped=True))
            continue
        try:
            out.write(address, read_own(source))
        except OSError as error:
            reason = f"is left out: {error.strerror or error}."
            problems.append(Problem(f"static/{address}", reason, skipped=True))
    return problems


def forget_pictures(photos: Iterable[Photo], kept: Path, aside: Iterable[str]) -> None:
    """Delete pictures of photos that are gone and of settings that have changed.

    Args:
        photos: those on the site.
        kept: the folder of the pictures.
        aside: paths of unpublished pictures that the review page shows.
    """
    paths = _picture_paths(photos).union(aside)
    wanted = {path.rpartition("/")[2] for path in paths}
    for entry in os.scandir(kept):
        if entry.name not in wanted:
            Path(entry.path).unlink(missing_ok=True)


def _place_pictures(photos: Iterable[Photo], kept: Path, out: Output) -> None:
    """Put every published picture into the new site."""
    for path in _picture_paths(photos):
        out.link(path, kept.parent / path)


def _picture_paths(photos: Iterable[Photo]) -> set[str]:
    return {
        picture.path
        for photo in photos
        for picture in (*photo.pictures.photo, *photo.pictures.crop)
    }
