"""A made-up catalogue with everything that pages can show, and pictures drawn for it."""

import functools
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from generator.catalogue import (
    Bollard,
    Box,
    Catalogue,
    Country,
    CountryShare,
    Lookalike,
    Neighbour,
    Photo,
    Site,
    Trait,
    Type,
)
from generator.config import Settings
from generator.output import Output
from generator.render import plan_pictures, render, write_pictures

SIZE = (120, 150)
_NAMES = {"AT": "Austria", "DE": "Germany", "SI": "Slovenia", None: "Unknown country"}
_COLOURS = ("white", "orange", "grey")
# (type, country, views) of each bollard; None: a one-off, an unknown country.
_PLAN: tuple[tuple[int | None, str | None, int], ...] = (
    (0, "AT", 2),
    (0, "AT", 1),
    (0, "DE", 2),
    (0, "SI", 1),
    (1, "DE", 2),
    (1, "DE", 1),
    (2, None, 1),
    (2, "AT", 2),
    (None, "DE", 2),
    (None, "SI", 1),
)


def settings(**site: str) -> Settings:
    """Settings with three small widths, so that pictures are drawn quickly."""
    return Settings.model_validate({"site": site, "pictures": {"widths": (64, 96, 240)}})


def catalogue(chosen: Settings | None = None, times: int = 1) -> Catalogue:
    """Ten bollards of three types and two unsorted ones, in three countries and an unknown one.

    Args:
        chosen: settings of the site, or None for the defaults of `settings`.
        times: how often the ten bollards are repeated, for long pages.
    """
    used = chosen or settings()
    photos: list[Photo] = []
    bollards: list[Bollard] = []
    for number, (kind, country, views) in enumerate(_PLAN * times):
        type_id = None if kind is None else f"type-{kind}"
        ids = []
        for view in range(views):
            file = f"{country}/{number:03}{'ab'[view]}.jpg"
            photo_id = hashlib.sha256(file.encode()).hexdigest()[:12]
            # The bollards of type 1 are given as boxes, the others fill their photos.
            crop = Box(40, 10, 80, 140) if kind == 1 else Box(0, 0, *SIZE)
            ids.append(photo_id)
            photos.append(
                Photo(
                    id=photo_id,
                    file=file,
                    bollard=f"b{number}",
                    width=SIZE[0],
                    height=SIZE[1],
                    crop=crop,
                    pictures=plan_pictures(photo_id, SIZE, crop, used.pictures),
                    country=country,
                    region="Styria" if number == 1 else None,
                    credit="Ann Example" if number % 2 == 0 else None,
                    licence="CC BY 4.0" if number % 2 == 0 else None,
                    source="https://photos.example.org/1" if number == 0 else "my album",
                    taken="2024-05-01" if number == 0 else None,
                    added=f"2025-01-{1 + number % 28:02}",
                    type=type_id,
                    alt=f"Bollard {number} seen from {'front' if view == 0 else 'behind'}",
                )
            )
        bollards.append(Bollard(f"b{number}", tuple(ids), country, type_id))
    photos = [_with_neighbours(photo, photos) for photo in photos]
    types = _types(photos, bollards)
    return Catalogue(
        site=Site(
            title=used.site.title,
            description=used.site.description,
            base_url=used.site.base_url,
            language=used.site.language,
            author="Ann Example",
            licence="CC BY 4.0",
            accent=used.theme.accent,
            accent_dark=used.theme.accent_dark,
            about="Photos by *Ann*.",
        ),
        photos=tuple(sorted(photos, key=lambda photo: photo.file)),
        bollards=tuple(bollards),
        types=types,
        countries=_countries(photos, types),
    )


def laid_out(made: Catalogue) -> Catalogue:
    """The same catalogue with a cell for each photo; rendering it takes the pictures of `draw`."""
    seats = {bollard.id: place for place, bollard in enumerate(made.bollards)}
    view = {photo: place for one in made.bollards for place, photo in enumerate(one.photos)}
    photos = tuple(
        replace(
            photo,
            cell=(
                seats[photo.bollard] % 7 * 3 - 5 + view[photo.id],
                seats[photo.bollard] // 7 * 3 - 1,
            ),
        )
        for photo in made.photos
    )
    return replace(made, photos=photos)


def draw(made: Catalogue, chosen: Settings, folder: Path) -> None:
    """Write the published pictures of a catalogue's photos."""
    for photo in made.photos:
        image = Image.new("RGB", SIZE, "#6b8f4e")
        pen = ImageDraw.Draw(image)
        pen.rectangle((52, 20, 68, 135), fill="white")
        pen.rectangle((52, 30, 68, 50), fill=f"#{photo.id[:6]}")
        box = photo.crop
        crop = image.crop((box.left, box.top, box.right, box.bottom))
        write_pictures(image, crop, photo.pictures, chosen.pictures, folder)


def with_type(made: Catalogue, type_id: str, **changes: object) -> Catalogue:
    """The same catalogue with one type changed."""
    types = tuple(
        replace(kind, **changes) if kind.id == type_id else kind  # type: ignore[arg-type]
        for kind in made.types
    )
    return replace(made, types=types)


def with_photo(made: Catalogue, photo_id: str, **changes: object) -> Catalogue:
    """The same catalogue with one photo changed."""
    photos = tuple(
        replace(photo, **changes) if photo.id == photo_id else photo  # type: ignore[arg-type]
        for photo in made.photos
    )
    return replace(made, photos=photos)


def _with_neighbours(photo: Photo, photos: list[Photo]) -> Photo:
    others = [other for other in photos if other.id != photo.id][:12]
    near = tuple(Neighbour(other.id, 0.98 - place / 20) for place, other in enumerate(others))
    return replace(photo, neighbours=near)


def _types(photos: list[Photo], bollards: list[Bollard]) -> tuple[Type, ...]:
    types = []
    for number, colour in enumerate(_COLOURS):
        own = [bollard for bollard in bollards if bollard.type == f"type-{number}"]
        codes = sorted(
            {bollard.country for bollard in own},
            key=lambda code: (-sum(b.country == code for b in own), _NAMES[code]),
        )
        types.append(
            Type(
                id=f"type-{number}",
                name=f"{colour.capitalize()} post",
                description=f"A {colour} post with a reflector.",
                photos=tuple(photo.id for photo in photos if photo.type == f"type-{number}"),
                bollards=tuple(bollard.id for bollard in own),
                countries=tuple(
                    CountryShare(
                        code,
                        _NAMES[code],
                        sum(p.country == code and p.type == f"type-{number}" for p in photos),
                        sum(b.country == code for b in own),
                        sum(b.country == code for b in own) / len(own),
                    )
                    for code in codes
                ),
                lookalikes=(Lookalike(f"type-{(number + 1) % 3}", 0.87),),
                attributes={"form": Trait("flat", 0.9), "body": Trait(colour, 0.8)},
                shares={"form": Trait("flat", 0.95), "body": Trait(colour, 0.9)},
                note="Look at the **back**." if number == 0 else "",
            )
        )
    return tuple(types)


def _countries(photos: list[Photo], types: tuple[Type, ...]) -> tuple[Country, ...]:
    countries = []
    for code, name in _NAMES.items():
        here = [kind for kind in types if any(share.code == code for share in kind.countries)]
        countries.append(
            Country(
                code=code,
                name=name,
                types=tuple(kind.id for kind in here),
                only_here=tuple(kind.id for kind in here if len(kind.countries) == 1),
                photos=tuple(photo.id for photo in photos if photo.country == code),
                one_offs=tuple(p.id for p in photos if p.country == code and p.type is None),
            )
        )
    return tuple(countries)


def rendered(
    made: Catalogue,
    out: Path,
    chosen: Settings | None = None,
    *,
    translated: Sequence[Catalogue] = (),
    templates: Path | None = None,
) -> Path:
    """Render a site into a folder; returns the folder.

    Compiled templates, the world's outlines and pictures for links are kept for the next call, as
    they are for the next build, which then takes a fifth of the time.
    """
    render(
        made,
        chosen or settings(),
        Output(out),
        cache=Path(_kept().name),
        translated=translated,
        templates=templates,
    )
    return out


@functools.cache
def _kept() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="rendered-")
