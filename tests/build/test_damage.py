"""Kept files are checked before use: damage is reported, and repaired by the next build."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from generator.report import Report
from tests.build.test_build import digest_of
from tests.sites import ProjectAt

SETTINGS = '[site]\nbase_url = "https://bollards.example"\nlanguages = ["de"]\n'
KEPT = ("pictures", "packed", "sheet", "og", "locale", "templates", "world", "rendered")
FILES = ("index", "places", "clusters", "hidden", "private", "report", "state")


def emptied(content: bytes) -> bytes:
    return b""


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 16]) + content[middle + 1 :]


@pytest.fixture(scope="module")
def good(project_at: ProjectAt, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = project_at(tmp_path_factory.mktemp("good") / "site", SETTINGS)
    build(project, Progress(quiet=True))
    return project


@pytest.fixture
def project(good: Project, tmp_path: Path) -> Project:
    """A copy of the site whose published picture and kept one are one file, as after a build."""
    copy = Project(tmp_path / "site")
    shutil.copytree(good.root, copy.root)
    for kept in copy.pictures.iterdir():
        published = copy.public / "pictures" / kept.name
        published.unlink()
        published.hardlink_to(kept)
    return copy


def rebuilt(project: Project, quiet: Progress) -> Report:
    report = build(project, quiet, force=True)
    assert not report.unchanged
    return report


def told(report: Report) -> dict[str, str]:
    return {one.file: one.reason for one in report.problems if one.file.startswith(".bollards")}


@pytest.mark.parametrize("damage", [emptied, cut, flipped])
def test_a_damaged_kept_file_is_reported_and_made_again(
    good: Project, project: Project, quiet: Progress, damage: Callable[[bytes], bytes]
) -> None:
    for folder in KEPT:
        path = min((project.work / folder).iterdir())
        path.write_bytes(damage(path.read_bytes()))

    report = rebuilt(project, quiet)

    assert digest_of(project.public) == digest_of(good.public)
    assert sorted(told(report)) == sorted(f".bollards/{folder}" for folder in KEPT)
    assert all("damaged" in reason for reason in told(report).values())
    assert told(rebuilt(project, quiet)) == {}


@pytest.mark.parametrize("damage", [emptied, cut, flipped])
def test_damage_to_the_caches_changes_nothing_on_the_site(
    good: Project, project: Project, quiet: Progress, damage: Callable[[bytes], bytes]
) -> None:
    for name in FILES:
        path: Path = getattr(project, name)
        path.write_bytes(damage(path.read_bytes()))

    rebuilt(project, quiet)

    assert digest_of(project.public) == digest_of(good.public)


@pytest.mark.parametrize("damage", [emptied, cut, flipped])
def test_a_damaged_cache_is_reported_and_made_again(
    good: Project, project: Project, quiet: Progress, damage: Callable[[bytes], bytes]
) -> None:
    for suffix in ("-wal", "-shm"):
        project.cache.with_name(project.cache.name + suffix).unlink(missing_ok=True)
    project.cache.write_bytes(damage(project.cache.read_bytes()))

    rebuilt(project, quiet)

    assert digest_of(project.public) == digest_of(good.public)


def test_an_emptied_published_picture_is_noticed_by_every_build(
    good: Project, project: Project, quiet: Progress
) -> None:
    """The published picture and the kept one are one file: both are empty now."""
    build(project, quiet)
    next((project.public / "pictures").iterdir()).write_bytes(b"")

    report = build(project, quiet)

    assert not report.unchanged
    assert digest_of(project.public) == digest_of(good.public)


def test_unfinished_files_of_a_killed_build_are_removed(project: Project, quiet: Progress) -> None:
    left = [
        project.root / f".ledger.json.{'0a' * 8}",
        project.work / f".index.npz.{'1b' * 8}",
        project.pictures / f".a.webp.{'2c' * 8}",
        project.work / "sheet" / f".b.kept.webp.{'3d' * 8}",
    ]
    owners = [project.root / ".ledger.json.old", project.root / ".notes.0123456789abcdef"]
    for path in (*left, *owners):
        path.write_bytes(b"half")

    rebuilt(project, quiet)

    assert not [path for path in left if path.exists()]
    assert all(path.exists() for path in owners)


def test_each_flipped_bit_of_the_cache_is_noticed_or_harmless(
    good: Project, project: Project, quiet: Progress
) -> None:
    content = bytearray(project.cache.read_bytes())
    rng = np.random.default_rng(12)
    for place in rng.integers(0, len(content), 40).tolist():
        content[place] ^= 1 << (place % 8)
    project.cache.write_bytes(content)

    rebuilt(project, quiet)

    assert digest_of(project.public) == digest_of(good.public)
