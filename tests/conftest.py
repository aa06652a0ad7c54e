"""Shared by many tests: drawn photos, sites built from them once, and a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.browser.find import MISSING, find_browser
from tests.sites import ProjectAt, copied, give_kept, made_once

# A busy machine must not fail a test: no example has a deadline, and a page may take its time.
# Where all is well, nobody waits for these limits.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What `make check` asks for.
settings.register_profile("quick", settings.get_profile("patient"), max_examples=25)
settings.load_profile("patient")
expect.set_options(timeout=30_000)

# What a test needs decides what it is: nobody has to remember a mark.
_MARKS = {"browser": pytest.mark.browser, "built_site": pytest.mark.whole}


# Files whose tests start processes, draw many scenes or read large pictures: a second a test or so.
_SLOW = (
    "bench/",
    "build/test_cluster.py",
    "build/test_several.py",
    "build/test_whole.py",
    "collect/test_corpus.py",
    "deploy/",
    "docs/",
    "embed/test_imgbeddings.py",
    "embed/test_named.py",
    "embed/test_onnx.py",
    "evaluate/",
    "isolate/test_builtin.py",
    "publish/test_swap.py",
    "pull/",
    "render/test_detail_pages.py",
    "test_cli.py",
    "test_memory.py",
    "test_package.py",
    "test_plugins.py",
    "torture/",
    "training/",
)

# Files that take longest, to begin with: a worker that got one last would let the others wait.
_FIRST = ("torture/", "browser/test_identify.py", "browser/", "test_package.py", "build/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores, because each waits at times: for a disk, a page, a process."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a browser, those that build a whole site, and slow files."""
    here = Path(__file__).parent

    def turn(item: pytest.Item) -> int:
        name = item.path.relative_to(here).as_posix()
        return next((n for n, first in enumerate(_FIRST) if name.startswith(first)), len(_FIRST))

    items.sort(key=turn)
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(_SLOW):
            item.add_marker(pytest.mark.slow)
        for name in _MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(_MARKS[name])


_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_COUNTRIES = ("germany", "france", "isle-of-man-uk", "alberta-canada")
_DESIGNS = 3
_BOLLARDS = 3


@pytest.fixture(scope="session")
def drawn_photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """18 photos of 9 bollards of 3 designs, two views each, in folders named after countries."""
    return made_once(tmp_path_factory, "drawn", _draw) / "photos"


def _draw(root: Path) -> None:
    from generator.training.scenes import random_design, random_surroundings, render_scene

    rng = np.random.default_rng(20)
    for kind in range(_DESIGNS):
        design = random_design(rng)
        for number in range(_BOLLARDS):
            place = root / "photos" / _COUNTRIES[(kind + number) % len(_COUNTRIES)]
            place.mkdir(parents=True, exist_ok=True)
            around = random_surroundings(rng)
            for view, letter in (("front", "a"), ("back", "b")):
                scene = render_scene(design, rng, size=(240, 300), view=view, surroundings=around)
                scene.image.save(place / f"{kind}{number}{letter}.jpg", quality=88)


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path) -> Path:
    """A site of the drawn photos, built without any settings, for all tests that only read it."""

    def make(root: Path) -> None:
        (root / "site.toml").touch()
        shutil.copytree(drawn_photos, root / "photos")
        build(Project(root), Progress(quiet=True))

    return made_once(tmp_path_factory, "built", make)


@pytest.fixture(scope="session")
def project_at(drawn_photos: Path, built_site: Path) -> ProjectAt:
    """Makes a site project in a folder, with the drawn photos and the given site.toml.

    Its first build takes a tenth of the time, because it has the caches of another build, but not
    the site, ledger or report of it. `cold` leaves out the caches, too.
    """

    def make(root: Path, settings: str = "", *, photos: bool = True, cold: bool = False) -> Project:
        root.mkdir(parents=True, exist_ok=True)
        project = Project(root)
        project.settings.write_text(settings, encoding="utf-8")
        if photos:
            shutil.copytree(drawn_photos, project.photos)
        else:
            project.photos.mkdir()
        if photos and not cold:
            give_kept(built_site, project)
        return project

    return make


@pytest.fixture
def make_project(tmp_path: Path, project_at: ProjectAt) -> Callable[..., Project]:
    """Makes a site project in a folder of the test's own."""

    def make(name: str = "site", settings: str = "", **how: bool) -> Project:
        return project_at(tmp_path / name, settings, **how)

    return make


@pytest.fixture
def built_project(tmp_path: Path, built_site: Path) -> Project:
    """The built site for a test that changes it."""
    return copied(built_site, tmp_path / "site")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def quiet() -> Progress:
    return Progress(quiet=True)
