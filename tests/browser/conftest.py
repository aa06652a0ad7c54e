"""A built site on a plain file server under a sub-path, and pages of a real browser."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Page, Request

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.training.scenes import random_design, random_surroundings, render_scene
from tests.browser.hosts import hosted
from tests.browser.reviewing import opened
from tests.review.conftest import served
from tests.sites import ProjectAt, made_once

SUB_PATH = "some/where"
QUIZZED = ("germany", "france", "italy", "norway", "japan", "peru", "kenya", "canada")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Project:
    """The drawn collection, one photo of unknown country, built once for all browser tests."""
    settings = f'[site]\ntitle = "Posts & poles"\nbase_url = "https://example.org/{SUB_PATH}/"\n'

    def make(root: Path) -> None:
        project = project_at(root, settings)
        unknown = project.photos / "somewhere"
        unknown.mkdir()
        min((project.photos / "germany").glob("*.jpg")).rename(unknown / "lost.jpg")
        build(project, Progress(quiet=True))

    return Project(made_once(tmp_path_factory, "browsed", make))


@pytest.fixture(scope="session")
def catalogue(built: Project) -> dict[str, Any]:
    """The catalogue of the built site, as other programs read it."""
    text = (built.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.fixture(scope="session")
def types(built: Project) -> list[dict[str, Any]]:
    """The types of the built site, as its home page fetches them."""
    (path,) = (built.public / "assets").glob("types.*.json")
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["types"]
    return loaded


@pytest.fixture(scope="session")
def address(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built site is served: under a sub-path, as on a shared host."""
    root = tmp_path_factory.mktemp("host")
    (root / SUB_PATH).parent.mkdir(parents=True)
    shutil.copytree(built.public, root / SUB_PATH)
    with hosted(root) as host:
        yield f"{host}{SUB_PATH}/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the test fails on errors in the console, refused and failed requests.

    The service worker is off, because it would load every type's picture in each test. It has its
    own tests (test_offline.py).
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)

    def thrown(error: Error) -> None:
        # The flow from page to page that a visitor who moves on at once does not see to its end.
        if "ViewTransition" not in str(error) and "Transition was" not in str(error):
            complaints.append(str(error))

    page.on("pageerror", thrown)

    def failed(request: Request) -> None:
        # What a page no longer wants because the visitor moved on has not failed.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"{request.url}: {request.failure}")

    page.on("requestfailed", failed)
    yield page
    context.close()
    assert not complaints


@pytest.fixture(scope="session")
def drawn_quiz(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Six designs in some of eight countries each: enough for four answers of every kind."""

    def make(root: Path) -> None:
        rng = np.random.default_rng(7)
        for kind in range(6):
            design = random_design(rng)
            for number in range(4):
                place = root / "photos" / QUIZZED[(kind + number) % len(QUIZZED)]
                place.mkdir(parents=True, exist_ok=True)
                around = random_surroundings(rng)
                for view, letter in (("front", "a"), ("back", "b")):
                    scene = render_scene(
                        design,
                        rng,
                        size=(160, 200),
                        view=view,  # type: ignore[arg-type]
                        surroundings=around,
                    )
                    scene.image.save(place / f"{kind}{number}{letter}.jpg", quality=85)
        (root / "site.toml").write_text("", encoding="utf-8")
        build(Project(root), Progress(quiet=True))

    return Project(made_once(tmp_path_factory, "quizzed", make))


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Drawn bollards that the collection does not have: large, small, wide, slim, turned."""
    rng = np.random.default_rng(77)
    folder = tmp_path_factory.mktemp("strangers")
    files = []
    for number, (size, framing) in enumerate(
        [
            ((400, 500), "close"),
            ((1500, 1900), "close"),
            ((1280, 720), "wide"),
            ((90, 300), "close"),
            ((1000, 600), "wide"),
            ((240, 300), "close"),
        ]
    ):
        scene = render_scene(
            random_design(rng),
            rng,
            size=size,
            framing=framing,  # type: ignore[arg-type]
            surroundings=random_surroundings(rng),
        )
        path = folder / f"{number}.{'png' if number == 3 else 'jpg'}"
        exif = Image.Exif()
        if number == 5:
            exif[0x0112] = 6  # the camera was held sideways
            scene.image.rotate(90, expand=True).save(path, quality=92, exif=exif)
        else:
            scene.image.save(path, quality=92)
        files.append(path)
    return files


@pytest.fixture
def stage(page: Page, address: str) -> Page:
    page.goto(urljoin(address, "identify/"))
    return page


@pytest.fixture
def review(built_project: Project) -> Iterator[str]:
    """Where the review page of a built collection is served."""
    with served(built_project) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, review: str) -> Iterator[Page]:
    """The review page as it opens: the first unnamed type, its first photo in focus."""
    with opened(browser, review) as page:
        yield page
