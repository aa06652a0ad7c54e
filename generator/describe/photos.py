"""The words for photo files, one after the other."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.collect.open import PhotoError, open_photo
from generator.config import DescribeSettings, Settings, load_settings
from generator.describe import Description, load_describer
from generator.embed import EMBEDDER_PIXELS
from generator.project import Project


@dataclass(frozen=True, slots=True)
class Described:
    """A photo file and what it shows."""

    file: str
    description: Description

    def to_json(self) -> str:
        """One line of `bollards describe --json`."""
        labels = [{"name": one.name, "score": one.score} for one in self.description.labels]
        row = {"file": self.file, "caption": self.description.caption, "labels": labels}
        return json.dumps(row, ensure_ascii=False)

    def lines(self) -> list[str]:
        """The same as printed."""
        caption = [f"  {self.description.caption}"] if self.description.caption else []
        labels = [f"    {one.score:4.0%}  {one.name}" for one in self.description.labels]
        return [self.file, *caption, *labels]


def describe_photos(
    files: Sequence[Path], project: Project, describer: str | None = None
) -> Iterator[Described | PhotoError]:
    """Describe photos by what site.toml names, or by `describer` in its place.

    Yields:
        For each file its words, or why it could not be opened.

    Raises:
        BollardsError: site.toml is wrong, or the describer cannot work.
    """
    settings = load_settings(project.settings) if project.settings.exists() else Settings()
    chosen = settings.describe
    if describer is not None:
        chosen = DescribeSettings.model_validate(
            {**chosen.model_dump(by_alias=True), "with": describer}
        )
    asked = load_describer(chosen, project.root)
    for file in files:
        try:
            opened = open_photo(file, settings.photos.max_megapixels, at_least=EMBEDDER_PIXELS)
        except PhotoError as error:
            yield error
            continue
        yield Described(str(file), asked.describe(opened.image))
