"""Built sites that many tests share: made once a run, by whichever worker needs them first."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from PIL import Image

from generator.project import Project
from generator.training.scenes import random_design, random_surroundings, render_scene

ProjectAt = Callable[..., Project]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, which `make` fills on the first request. Tests must not change it.

    With pytest-xdist all workers share it: the first one makes it, the others wait.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / "made-once" / name
    done = folder.with_name(f"{name}.done")
    folder.parent.mkdir(exist_ok=True)
    with FileLock(folder.with_name(f"{name}.lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def give_kept(site: Path, project: Project) -> None:
    """Give a project the caches of another's build, but not its ledger and report."""
    project.work.mkdir()
    source = Project(site)
    shutil.copy2(source.cache, project.cache)
    for folder in source.work.iterdir():
        if folder.is_dir() and folder not in (source.staging, source.retired):
            shutil.copytree(folder, project.work / folder.name)


def copied(site: Path, root: Path) -> Project:
    """A built site that a test may change."""
    return Project(shutil.copytree(site, root))


def three_bollards() -> Image.Image:
    """A drawn scene with three bollards side by side, 1500 x 500 px."""
    rng = np.random.default_rng(3)
    picture = Image.new("RGB", (1500, 500))
    for place in range(3):
        scene = render_scene(
            random_design(rng, form="flat"), rng, size=(500, 500), framing="close",
            surroundings=random_surroundings(rng),
        )  # fmt: skip
        picture.paste(scene.image, (500 * place, 0))
    return picture
