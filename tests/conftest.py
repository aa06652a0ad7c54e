"""What many tests need: a small collection of drawn photos, and site projects made of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from generator.progress import Progress
from generator.project import Project
from tests.browser.find import MISSING, find_browser

# A busy machine must not fail a test: no example has a deadline, and a page may take its time.
# Where all is well, nobody waits for these limits.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
expect.set_options(timeout=30_000)

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
    from generator.training.scenes import random_design, random_surroundings, render_scene

    folder = tmp_path_factory.mktemp("drawn") / "photos"
    rng = np.random.default_rng(20)
    for kind in range(_DESIGNS):
        design = random_design(rng)
        for number in range(_BOLLARDS):
            place = folder / _COUNTRIES[(kind + number) % len(_COUNTRIES)]
            place.mkdir(parents=True, exist_ok=True)
            around = random_surroundings(rng)
            for view, letter in (("front", "a"), ("back", "b")):
                scene = render_scene(design, rng, size=(240, 300), view=view, surroundings=around)
                scene.image.save(place / f"{kind}{number}{letter}.jpg", quality=88)
    return folder


@pytest.fixture
def make_project(tmp_path: Path, drawn_photos: Path) -> Callable[..., Project]:
    """Makes a site project with the drawn photos and the given site.toml."""

    def make(name: str = "site", settings: str = "", photos: bool = True) -> Project:
        root = tmp_path / name
        root.mkdir()
        (root / "site.toml").write_text(settings, encoding="utf-8")
        if photos:
            shutil.copytree(drawn_photos, root / "photos")
        else:
            (root / "photos").mkdir()
        return Project(root)

    return make


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
