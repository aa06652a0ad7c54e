"""A site project with a few small files, and the result of collecting it."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.catalogue import Source
from generator.collect import Collection, collect
from generator.config import Settings
from generator.errors import Problem
from tests.collect.digests import MemoryDigests


@dataclass
class Project:
    root: Path
    settings: Settings = field(default_factory=Settings)
    digests: MemoryDigests = field(default_factory=MemoryDigests)
    places: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def add(self, file: str, content: bytes | None = None) -> Path:
        """A file in photos/. Collecting opens no picture, so any bytes will do."""
        path = self.root / "photos" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(file) if content is None else content)
        return path

    def table(self, text: str, encoding: str = "utf-8") -> None:
        (self.root / "photos.csv").write_text(text, encoding=encoding, newline="")

    def collect(self) -> Collection:
        return collect(self.root, self.settings, self.digests, places=self.places, known=self.known)

    def files(self) -> list[str]:
        return [source.file for source in self.collect().sources]

    def only(self) -> Source:
        (source,) = self.collect().sources
        return source

    def problem(self) -> Problem:
        (problem,) = self.collect().problems
        return problem


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "photos").mkdir()
    return Project(tmp_path)
