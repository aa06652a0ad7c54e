"""The answers of describers, by the content of photos, in one SQLite file.

They have a file of their own, because some of them cost money.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from generator.database import DatabaseUser
from generator.describe import Description, Label

_TABLES = (
    "CREATE TABLE IF NOT EXISTS answers (photo TEXT NOT NULL, describer TEXT NOT NULL,"
    " json TEXT NOT NULL, proof BLOB NOT NULL, PRIMARY KEY (photo, describer))",
)
_VERSION = 1


class Answers(DatabaseUser):
    """An open file of answers. All methods raise BollardsError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _TABLES, _VERSION)

    def of(self, photos: Sequence[str], describer: str) -> dict[str, Description]:
        """The answer for each photo's SHA-256 that the describer of this fingerprint has given."""
        rows = self._database.rows_of(
            "SELECT photo, describer, json, proof FROM wanted JOIN answers"
            " ON photo = wanted.first AND describer = wanted.second",
            [(photo, describer) for photo in photos],
        )
        return {photo: _read(text) for photo, _, text in rows}

    def all(self) -> dict[str, list[Description]]:
        """All answers of all describers, by the photo's SHA-256."""
        found: dict[str, list[Description]] = {}
        for photo, _, text in self._database.rows("SELECT * FROM answers ORDER BY describer"):
            found.setdefault(photo, []).append(_read(text))
        return found

    def keep(self, describer: str, answers: Mapping[str, Description]) -> None:
        """Keep answers by the photo's SHA-256; they survive even a killed process."""
        rows = [(photo, describer, _written(answer)) for photo, answer in answers.items()]
        self._database.write("answers", rows)


def kept_answers(path: Path, photos: Iterable[str]) -> dict[str, list[Description]]:
    """All answers about the photos (SHA-256) in a file; none if there is no file."""
    if not path.exists():
        return {}
    with Answers(path) as answers:
        known = answers.all()
    return {photo: known[photo] for photo in photos if photo in known}


def _written(answer: Description) -> str:
    labels = [[label.name, label.score] for label in answer.labels]
    return json.dumps({"caption": answer.caption, "labels": labels}, ensure_ascii=False)


def _read(text: str) -> Description:
    row = json.loads(text)
    return Description(row["caption"], tuple(Label(name, score) for name, score in row["labels"]))
