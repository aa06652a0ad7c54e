"""A small site before and after a change of everything that an owner may change."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from generator.project import Project
from tests.torture.attempt import attempt, copied

_SETTINGS = '[site]\ntitle = "Posts"\ndescription = "{description}"\n{more}'
_ADDRESS = 'base_url = "https://bollards.example"\n'
_TEMPORARY = ".*.????????????????"


@dataclass(frozen=True)
class Sites:
    """The originals of which all copies are made.

    Attributes:
        old: a project that was built.
        changed: the same after its owner's changes, not built yet.
        new: the same, built.
    """

    old: Project
    changed: Project
    new: Project

    @property
    def before(self) -> dict[str, str]:
        return digests(self.old.public)

    @property
    def after(self) -> dict[str, str]:
        return digests(self.new.public)


def make_sites(folder: Path, *, address: bool) -> Sites:
    """Build both states.

    Args:
        folder: gets them.
        address: whether they have a `base_url`, and so feeds and pictures for links, which take
            more than half of a build's time.

    Raises:
        RuntimeError: a build fails.
    """
    more = _ADDRESS if address else ""
    old = Project(folder / "old")
    rng = np.random.default_rng(4)
    for number, country in enumerate(("germany", "france", "germany", "spain", "italy", "france")):
        draw(old.photos / country / f"{number}.jpg", rng)
    old.settings.write_text(_SETTINGS.format(description="Before", more=more), encoding="utf-8")
    _build(old)
    changed = Project(copied(old.root, folder / "changed"))
    draw(changed.photos / "norway" / "new.png", rng)
    next(changed.photos.glob("spain/*")).unlink()
    shutil.move(changed.photos / "italy", changed.photos / "austria")
    changed.settings.write_text(_SETTINGS.format(description="After", more=more), encoding="utf-8")
    changed.curation.write_text(
        '[photos."germany/0.jpg"]\nhidden = true\n\n[bollards."france/1.jpg"]\ncountry = "PT"\n',
        encoding="utf-8",
    )
    changed.photo_table.write_text("file,credit\nfrance/5.jpg,Ada\n", encoding="utf-8")
    new = Project(copied(changed.root, folder / "new"))
    _build(new)
    return Sites(old, changed, new)


def draw(path: Path, rng: np.random.Generator) -> None:
    """A photo of a post."""
    pixels = np.full((150, 120, 3), rng.integers(90, 200, 3), np.uint8)
    pixels[30:140, 50:70] = 240
    pixels[40:60, 50:70] = rng.integers(0, 255, 3)
    pixels += rng.integers(0, 12, pixels.shape, dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def owners(project: Project) -> dict[str, str]:
    """The digests of everything that is the owner's."""
    found = digests(project.photos)
    for path in (project.settings, project.curation, project.photo_table):
        if path.exists():
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def left_over(project: Project) -> list[str]:
    """Unfinished files of a process that ended."""
    return [str(path) for path in project.root.rglob(_TEMPORARY) if path.is_file()]


def mended(sites: Sites, project: Project) -> str:
    """What is wrong with a project after another build; "" if nothing is."""
    outcome = attempt(["build", project.root, "--quiet"])
    if outcome.code != 0:
        return f"the next build failed with {outcome.code}: {outcome.text[-2000:]}"
    after, wanted = digests(project.public), sites.after
    if after != wanted:
        wrong = sorted(path for path in {*after, *wanted} if after.get(path) != wanted.get(path))
        return f"the next site differs in {len(wrong)} files: {', '.join(wrong[:8])}"
    if project.ledger.read_bytes() != sites.new.ledger.read_bytes():
        return "the ledger differs"
    if owners(project) != owners(sites.changed):
        return "a file of the owner's has changed"
    left = left_over(project)
    return f"left over: {', '.join(left)}" if left else ""


def torn(sites: Sites, project: Project) -> str:
    """What is wrong with a project after an interrupted build; "" if a whole site is published."""
    retired = project.retired
    # Where folders cannot change places in one step, the next build brings the old one back.
    public = project.public if project.public.exists() or not retired.exists() else retired
    live = digests(public)
    return "" if live in (sites.before, sites.after) else "the live site is neither old nor new"


def _build(project: Project) -> None:
    outcome = attempt(["build", project.root, "--quiet"])
    if outcome.code != 0:
        raise RuntimeError(outcome.text)
