"""Reads built sites."""

import hashlib
import json
from pathlib import Path
from typing import Any

from generator.project import Project


def catalogue_of(project: Project) -> dict[str, Any]:
    text = (project.public / "data" / "catalogue.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def digest_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
