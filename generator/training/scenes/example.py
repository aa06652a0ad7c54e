"""Draws the photos of the example site, and their table.

Run as `python -m generator.training.scenes.example DIR`.
Writes DIR/photos/FOLDER/NNNa.jpg and NNNb.jpg and DIR/photos.csv. Everything follows from the
tables in `nations` and `atlas` and from the file names, so the same code draws the same files.
"""

import csv
import io
import sys
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from generator.training.scenes.atlas import HOMES, Home
from generator.training.scenes.compose import Scene, render_scene
from generator.training.scenes.designs import Design, View
from generator.training.scenes.nations import NATIONALS
from generator.training.scenes.surroundings import PLACES, Surroundings, random_surroundings

SIZE = (400, 504)
LARGEST = 20_400
COLUMNS = (
    "file",
    "bollard",
    "country",
    "region",
    "latitude",
    "longitude",
    "credit",
    "licence",
    "source",
    "taken",
    "crop",
)
CREDIT, LICENCE = "Drawn by the scene renderer", "CC0-1.0"


def _rng(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def surroundings_for(
    place: str, weather: str, design: Design, rng: np.random.Generator
) -> Surroundings:
    """Returns the surroundings of a careful photographer: sharp, level, well lit."""
    if design.form in ("arm", "rail") and place == "town":
        place = "verge"
    around = random_surroundings(rng, place=place, weather=weather)
    sun_x, sun_d, sun_z = around.light.sun
    light = replace(around.light, sun=(sun_x, -abs(sun_d), sun_z))
    camera = replace(
        around.camera,
        blur=0.0009,
        depth_blur=float(rng.choice((0.0, 0.0015, 0.003))),
        noise=0.007,
        quality=95,
        exposure=1.07 + float(rng.normal(0, 0.03)),
        contrast=1.04,
        saturation=float(rng.normal(1.05, 0.06)),
        warmth=float(rng.normal(0.0, 0.015)),
        vignette=0.1,
        roll=float(rng.normal(0, 0.008)),
        height=float(rng.uniform(0.85, 1.6)),
    )
    edge = max(around.edge, 0.25 + design.width / 2)
    return replace(
        around,
        light=light,
        camera=camera,
        dapple=0.0,
        edge=edge,
        neighbours=min(around.neighbours, 1),
        rail=False,
        behind=around.behind + 1.0,
    )


def encode(image: Image.Image, largest: int = LARGEST) -> bytes:
    """Returns a JPEG of at most `largest` bytes with the highest quality that fits, at least 40."""
    data = b""
    for quality in (88, 84, 80, 76, 72, 68, 64, 60, 55, 50, 45, 40):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        data = buffer.getvalue()
        if len(data) <= largest:
            break
    return data


def draw_photo(design: Design, home: Home, turn: int, name: str, view: View) -> Scene:
    """Returns one picture; `turn` selects the place and weather among those of its country."""
    rng = _rng(name)
    place = home.places[turn % len(home.places)]
    weather = home.weathers[(zlib.crc32(name[:-1].encode()) >> 4) % len(home.weathers)]
    if place not in PLACES:
        raise ValueError(f"{place!r} is not a kind of place")
    around = surroundings_for(place, weather, design, rng)
    big = (SIZE[0] * 7 // 5, SIZE[1] * 7 // 5)
    return render_scene(design, rng, size=big, view=view, framing="close", surroundings=around)


def draw_site(target: Path) -> int:
    """Draws `target`/photos and writes `target`/photos.csv; returns the number of photos."""
    rows: list[dict[str, str]] = []
    visits: Counter[str] = Counter()
    number = 0
    for national in NATIONALS:
        for folder in national.folders:
            number += 1
            home = HOMES[folder]
            turn = visits[folder]
            visits[folder] += 1
            rng = _rng(f"{folder}{number}")
            at = rng.normal(0, 0.12, 2)
            year, month, day = (
                int(rng.integers(*ends)) for ends in ((2019, 2026), (1, 13), (1, 29))
            )
            placed = rng.uniform() < 0.8
            views: tuple[tuple[str, View], ...] = (("a", "front"), ("b", "back"))
            for letter, view in views:
                name = f"{folder}/{number:03d}{letter}"
                scene = draw_photo(national.design, home, turn, name, view)
                photo = scene.image.resize(SIZE, Image.Resampling.LANCZOS)
                path = target / "photos" / f"{name}.jpg"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(encode(photo))
                rows.append(
                    {
                        "file": f"{name}.jpg",
                        "bollard": str(number),
                        "country": home.country,
                        "region": home.region,
                        "latitude": f"{home.latitude + at[0]:.4f}" if placed else "",
                        "longitude": f"{home.longitude + at[1]:.4f}" if placed else "",
                        "credit": CREDIT,
                        "licence": LICENCE,
                        "source": "",
                        "taken": f"{year}-{month:02d}-{day:02d}",
                        "crop": "",
                    }
                )
    with (target / "photos.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def main(arguments: list[str]) -> int:
    """Runs the command; returns its exit code."""
    if len(arguments) != 1:
        print("usage: python -m generator.training.scenes.example DIR", file=sys.stderr)
        return 2
    count = draw_site(Path(arguments[0]))
    print(f"{count} photos drawn into {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
