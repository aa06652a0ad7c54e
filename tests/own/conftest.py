"""A site project with files of the owner's, read without building anything."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.config import load_settings
from generator.own import read_own_site
from generator.own_site import OwnSite
from generator.project import Project

Reading = Callable[..., tuple[OwnSite, list[str]]]


@pytest.fixture
def own(tmp_path: Path) -> Reading:
    """Writes files of a project and reads them: the own site, and its problems as text."""

    def read(files: dict[str, str | bytes], settings: str = "") -> tuple[OwnSite, list[str]]:
        for name, content in {"site.toml": settings, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        project = Project(tmp_path)
        site, problems = read_own_site(project, load_settings(project.settings))
        return site, [f"{one.file}: {one.reason}" for one in problems]

    return read
