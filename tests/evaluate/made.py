"""Made-up labelled photos: labels and vectors without files, and drawn folders with both."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.labels import Label
from generator.evaluate.measures import Sample
from generator.training.scenes import random_design, random_surroundings, render_scene
from generator.vectors import unit_rows

COLUMNS = ("file", "bollard", "country", "form", "body", "pattern", "accent", "reflector", "sure")
BODIES = ("white", "grey", "black", "orange", "red", "green", "blue", "brown")


def a_photo(bollard: int, view: str, body: str = "white") -> LabelledPhoto:
    """A photo of a flat post that differs from others in the colour of its body."""
    file = f"france/{bollard:03d}{view}.jpg"
    digest = hashlib.sha256(file.encode()).hexdigest()
    values = {"form": "flat", "body": body, "pattern": "plain", "accent": "none", "reflector": ""}
    return LabelledPhoto(digest[:12], Path(file), digest, Label(file, str(bollard), "", values))


def two_views_each(bollards: int, kinds: int) -> tuple[LabelledPhoto, ...]:
    """Two photos of each bollard; the kinds take turns."""
    return tuple(
        a_photo(bollard, view, BODIES[bollard % kinds])
        for bollard in range(bollards)
        for view in "ab"
    )


def told_of(photo: LabelledPhoto, **told: str) -> Mapping[str, Mapping[str, float]]:
    """The attributes of a photo with every label correct, except for `told`."""
    values = {**photo.label.values, **told}
    return {name: {value: 0.9, "something else": 0.1} for name, value in values.items() if value}


def perfect(photos: Sequence[LabelledPhoto], seed: int = 3) -> Sample:
    """Kinds far apart, bollards of a kind near each other, views of a bollard nearer still."""
    random = np.random.default_rng(seed)
    kinds = {kind: random.normal(size=64) for kind in sorted({photo.kind for photo in photos})}
    names = sorted({photo.label.bollard for photo in photos})
    bollards = {name: 0.1 * random.normal(size=64) for name in names}
    rows = [
        kinds[photo.kind] + bollards[photo.label.bollard] + 0.001 * random.normal(size=64)
        for photo in photos
    ]
    return Sample(
        tuple(photos), unit_rows(np.stack(rows)), tuple(told_of(photo) for photo in photos)
    )


def at_random(photos: Sequence[LabelledPhoto], seed: int = 5) -> Sample:
    """Vectors that have nothing to do with the photos."""
    random = np.random.default_rng(seed)
    return Sample(tuple(photos), unit_rows(random.normal(size=(len(photos), 64))), None)


def draw_folder(folder: Path, designs: int = 4, each: int = 2, seed: int = 11) -> None:
    """`folder/france/NNNa.jpg` and `NNNb.jpg` of every bollard, and `folder/labels.csv`."""
    random = np.random.default_rng(seed)
    (folder / "france").mkdir(parents=True)
    rows = []
    for number in range(designs * each):
        if number % each == 0:
            design = random_design(random)
        around = random_surroundings(random)
        for view, letter in (("front", "a"), ("back", "b")):
            scene = render_scene(design, random, size=(120, 150), view=view, surroundings=around)
            file = f"france/{number:03d}{letter}.jpg"
            scene.image.save(folder / file, quality=88)
            seen = scene.attributes
            told = (seen.form, seen.body, seen.pattern, seen.accent, seen.reflector)
            rows.append((file, number, "France", *told, 1))
    write_labels(folder / "labels.csv", rows)


def write_labels(
    path: Path, rows: Sequence[Sequence[object]], columns: Sequence[str] = COLUMNS
) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
