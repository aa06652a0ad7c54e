"""`[pictures] base_url`: everything that a site says leads to the pictures on their other host."""

import json
import re
from pathlib import Path

import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.publish.headers import headers_of_all
from generator.published import pictures_url, read_published
from tests.sites import ProjectAt, made_once

AWAY = "https://pictures.example.org/bollards/"
SETTINGS = f"""
[site]
base_url = "https://example.org/"
languages = ["de"]
[pictures]
base_url = "{AWAY}"
"""
# They list paths, and the worker and keep.js know where these are.
_LISTS = re.compile(r"(?:.*/)?(offline\.json|files\.[0-9a-f]+\.json)")


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Project:
    def make(root: Path) -> None:
        build(project_at(root, SETTINGS), Progress(quiet=True))

    return Project(made_once(tmp_path_factory, "pictures-away", make))


def test_every_page_and_data_file_names_the_other_host(away: Project) -> None:
    named = re.compile(rb"([^\"'=(,\s<>]*)pictures/[0-9a-f]{12}-")
    with_pictures = set()
    for path in away.public.rglob("*"):
        name = path.relative_to(away.public).as_posix()
        if path.is_file() and not name.startswith("pictures/") and not _LISTS.fullmatch(name):
            before = set(named.findall(path.read_bytes()))
            assert before <= {AWAY.encode()}, name
            if before:
                with_pictures.add(name.partition("/")[0].removesuffix(path.suffix) + path.suffix)
    # Pages, feeds, the map of the site, data and what modules read.
    assert with_pictures >= {
        *("index.html", "types.html", "photos.html", "countries.html", "de.html", "feed.xml"),
        *("sitemap.xml", "data.json", "data.ts", "assets.json"),
    }


def test_the_policy_lets_pages_and_worker_fetch_pictures_from_there_and_nothing_else(
    away: Project,
) -> None:
    header = headers_of_all(away.public)["Content-Security-Policy"]
    page = (away.public / "index.html").read_text(encoding="utf-8")
    for policy in (header, page.replace("&#39;", "'")):
        for rule in ("img-src", "connect-src"):
            assert f"{rule} 'self' https://pictures.example.org" in policy
    assert header.count("https://") == 2


def test_pictures_are_built_beside_the_pages_and_found_there_by_the_program(away: Project) -> None:
    assert pictures_url(away.public) == AWAY
    index = json.loads((away.public / "data" / "index.json").read_text(encoding="utf-8"))
    assert index["pictures"] == AWAY
    for photo in read_published(away.public).photos.values():
        for picture in photo.pictures:
            assert (away.public / picture.path).is_file()
