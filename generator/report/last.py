"""What the report of the last build told, from its report.json."""

import json
from pathlib import Path

from generator.errors import Problem


def question(kind: str, *about: str) -> str:
    """A key of a question to the owner that is the same in the next build."""
    return "\n".join((kind, *sorted(about)))


def last_questions(path: Path) -> frozenset[str]:
    """The questions and problems in the last build's report.json; none if it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        asked = [question("unsorted", one["bollard"]) for one in data["review"]["one_offs"]]
        return frozenset(
            [
                *asked,
                *(question("same", one["a"], one["b"]) for one in data["duplicates"]),
                *(question("problem", one["file"], one["reason"]) for one in data["problems"]),
            ]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def last_problems(path: Path) -> tuple[Problem, ...]:
    """The problems in the last build's report.json; none if it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["problems"]
        return tuple(
            Problem(
                one["file"],
                one["reason"],
                bool(one["skipped"]),
                bool(one.get("first", False)),
                bool(one.get("minor", False)),
            )
            for one in found
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()
