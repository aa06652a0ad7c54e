"""The link previews of social networks and messengers: one picture for each type and country.

A photo fills the left; on the right are the pictogram and the name, as on the pages. A link to a
single photo shows that photo, and any other page the site's own card.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from babel.numbers import format_decimal
from markupsafe import Markup
from PIL import Image, ImageDraw, ImageOps

from generator.catalogue import Catalogue, Country, Photo, Picture, Type
from generator.keep import kept
from generator.language.messages import Messages, locale_of
from generator.output import Output
from generator.render.emblems import emblem
from generator.render.environment import is_slim, smallest
from generator.render.lettering import Lettering, from_right, raster
from generator.render.pictogram import HEIGHT, WIDTH
from generator.things import Things

SIZE = (1200, 630)
_RECIPE = 2
# The photo is as wide as an upright one of 4 to 5 at full height.
_SEAM = 504
_LEFT, _RIGHT = _SEAM + 56, SIZE[0] - 56
_TOP = 60
_SIGN = 156
_FOOT = 530
_LEADING = 1.14
_PAPER = "#f6f6f2"
_BEHIND = "#e9e9e3"
_RULE = "#d3d4cd"
_INK = "#191c1f"
_SOFT = "#565c61"


@dataclass(frozen=True, slots=True)
class _Sign:
    """A small drawing: an SVG document, its width as a share of its height, its height in px."""

    svg: str
    ratio: float
    height: int

    @property
    def width(self) -> int:
        return round(self.ratio * self.height)

    @classmethod
    def pictogram(cls, things: Things, type_: Type, height: int) -> "_Sign":
        return cls(emblem(things, type_.attributes), WIDTH / HEIGHT, height)


@dataclass(frozen=True, slots=True)
class _Card:
    """The content of one card.

    Attributes:
        path: its address, relative to the site's root.
        signs: drawings in a row at the top.
        small: drawings in a row below the words, if there is room.
        credit: the photographer, and the photo's licence.
    """

    path: str
    photo: Photo
    signs: tuple[_Sign, ...]
    name: str
    caption: str
    small: tuple[_Sign, ...]
    credit: str


class Cards:
    """Draws the cards of a site's languages."""

    def __init__(
        self, lettering: Lettering, flags: Path, icon: str, out: Output, kept: Path | None
    ) -> None:
        """Prepare to draw.

        Args:
            lettering: the fonts; names in a script that they lack are left out.
            flags: pictures of flags, named CODE.svg.
            icon: the site's own icon, as SVG.
            out: the site's root, with its pictures.
            kept: a folder that keeps cards by content, so that an unchanged one is not drawn again.
        """
        self._lettering = lettering
        self._flags = flags
        self._icon = icon
        self._out = out
        self._kept = kept
        # Drawn once for all cards that show them.
        self._signs: dict[_Sign, Image.Image] = {}
        self._feet: dict[tuple[str, str], Image.Image] = {}
        if kept is not None:
            kept.mkdir(parents=True, exist_ok=True)

    def write(self, catalogue: Catalogue, messages: Messages) -> None:
        """Write `og/site.jpg`, `og/types/ID.jpg` and `og/countries/SLUG.jpg` of one language.

        Files of other languages than the root's are in a folder of their own, as pages are:
        `og/de/types/ID.jpg`.
        """

        def write(card: _Card) -> None:
            self._out.write(card.path, self._drawn(card, catalogue))

        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for _ in pool.map(write, self._cards(catalogue, messages)):
                pass

    def _cards(self, catalogue: Catalogue, messages: Messages) -> Iterator[_Card]:
        folder = f"og/{catalogue.site.prefix}"
        photos, things = catalogue.photo, catalogue.site.things
        first = photos[catalogue.types[0].representative if catalogue.types else next(iter(photos))]
        yield _Card(
            path=f"{folder}site.jpg",
            photo=first,
            signs=_pictograms(things, catalogue.types, 5, _SIGN),
            name=catalogue.site.title,
            caption=catalogue.site.description,
            small=(),
            credit=_credit(first),
        )
        for type_ in catalogue.types:
            photo = photos[type_.representative]
            yield _Card(
                path=f"{folder}types/{type_.id}.jpg",
                photo=photo,
                signs=(_Sign.pictogram(things, type_, _SIGN),),
                name=type_.name,
                caption=_standing(type_, messages),
                small=tuple(
                    flag for share in type_.countries[:8] for flag in self._flag(share.code, 34)
                ),
                credit=_credit(photo),
            )
        for country in catalogue.countries:
            types = [catalogue.type[key] for key in country.types]
            here = set(country.photos)
            # The type's most typical photo from here.
            shown = next(
                (photo for type_ in types for photo in type_.photos if photo in here), None
            )
            photo = photos[shown or country.photos[0]]
            yield _Card(
                path=f"{folder}countries/{country.slug}.jpg",
                photo=photo,
                signs=tuple(self._flag(country.code, _SIGN)),
                name=country.name,
                caption=_counted(country, catalogue, messages),
                small=_pictograms(things, types, 10, 68),
                credit=_credit(photo),
            )

    def _flag(self, code: str | None, height: int) -> Iterator[_Sign]:
        path = self._flags / f"{code}.svg"
        if code and path.is_file():
            yield _Sign(path.read_text(encoding="utf-8"), 3 / 2, height)

    def _drawn(self, card: _Card, catalogue: Catalogue) -> bytes:
        if self._kept is None:
            return self._draw(card, catalogue)
        parts = [str(_RECIPE), self._lettering.digest, catalogue.site.title, catalogue.site.accent]
        parts += [_picture(card.photo).path, card.name, card.caption, card.credit]
        parts += [repr((card.signs, card.small)), self._icon]
        name = hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]
        return kept(self._kept / f"{name}.jpg", lambda: self._draw(card, catalogue))

    def _draw(self, card: _Card, catalogue: Catalogue) -> bytes:
        canvas = Image.new("RGB", SIZE, _PAPER)
        picture = _picture(card.photo)
        with Image.open(self._out.root / picture.path) as opened:
            size = (_SEAM, SIZE[1])
            upright = opened.convert("RGB")
            if is_slim(picture):
                fitted = ImageOps.pad(upright, size, color=_BEHIND)
            else:
                fitted = ImageOps.fit(upright, size)
        canvas.paste(fitted)
        pen = ImageDraw.Draw(canvas)
        pen.rectangle((_SEAM, 0, _SEAM + 7, SIZE[1]), fill=catalogue.site.accent)
        pen.rectangle((_LEFT, _FOOT, _RIGHT, _FOOT + 1), fill=_RULE)
        self._paste_row(canvas, card.signs, _TOP)
        words, height = self._words(card)
        top = _TOP + (_SIGN + 22 if card.signs else 0)
        _paste(canvas, words, (_LEFT, top))
        top += height + 14
        if card.small and top + card.small[0].height <= _FOOT - 14:
            self._paste_row(canvas, card.small, top)
        self._paste_row(canvas, (_Sign(self._icon, 20 / 32, 44),), _FOOT + 19)
        _paste(canvas, self._foot(catalogue.site.title, card.credit), (_LEFT + 44, _FOOT))
        content = io.BytesIO()
        canvas.save(content, "jpeg", quality=82, optimize=True)
        return content.getvalue()

    def _words(self, card: _Card) -> tuple[Image.Image, int]:
        """The name and the text below it, and their height; empty if no font has the letters."""
        drawn = []
        y = 0.0
        for text, sizes, fill, bold in (
            (card.name, ((72, 2), (64, 2), (56, 2), (48, 3), (40, 3)), _INK, True),
            (card.caption, ((32, 2), (28, 2)), _SOFT, False),
        ):
            lines, size = self._lettering.fit(
                self._lettering.writable(text), sizes, _RIGHT - _LEFT, bold
            )
            y += 12 if lines else 0
            for line in lines:
                y += size * _LEADING
                drawn.append(self._line(line, y, size, fill, bold))
        height = round(y + 12)
        return _svg(drawn, SIZE[0] - _LEFT, height, self._lettering), height

    def _line(self, line: str, y: float, size: int, fill: str, bold: bool) -> str:
        if from_right(line):
            return self._lettering.right(line, _RIGHT - _LEFT, y, size, fill, bold)
        return self._lettering.text(line, 0, y, size, fill, bold)

    def _foot(self, title: str, credit: str) -> Image.Image:
        """The site's title, and to the right of it the photo's credit."""
        if (title, credit) not in self._feet:
            room = _RIGHT - _LEFT - 44
            drawn = []
            lines, size = self._lettering.fit(
                self._lettering.writable(title), ((28, 1), (24, 1)), room * 0.55, True
            )
            drawn += [self._lettering.text(line, 0, 50, size, _INK, True) for line in lines]
            lines, size = self._lettering.fit(
                self._lettering.writable(credit), ((20, 1), (18, 1)), room * 0.42
            )
            drawn += [self._lettering.right(line, room, 49, size, _SOFT) for line in lines]
            self._feet[title, credit] = _svg(drawn, room, SIZE[1] - _FOOT, self._lettering)
        return self._feet[title, credit]

    def _paste_row(self, canvas: Image.Image, signs: Iterable[_Sign], top: int) -> None:
        """Put drawings side by side, as many as fit."""
        x = float(_LEFT)
        for sign in signs:
            if x + sign.width > _RIGHT:
                return
            if sign not in self._signs:
                self._signs[sign] = raster(sign.svg, width=sign.width, height=sign.height)
            _paste(canvas, self._signs[sign], (round(x), top))
            if sign.ratio > 1:
                # White flags need an edge on light paper.
                box = (x, top, x + sign.width - 1, top + sign.height - 1)
                ImageDraw.Draw(canvas, "RGBA").rectangle(box, outline=(0, 0, 0, 40))
            x += sign.width + (sign.height // 4 if sign.ratio > 1 else 0)


def _pictograms(things: Things, types: Iterable[Type], most: int, height: int) -> tuple[_Sign, ...]:
    """The pictograms of the first types, each drawing once."""
    signs = dict.fromkeys(_Sign.pictogram(things, type_, height) for type_ in types)
    return tuple(signs)[:most]


def _standing(type_: Type, messages: Messages) -> str:
    """The countries of a type, most bollards first."""
    names = [share.name for share in type_.countries]
    shown = ", ".join(names[:4])
    if len(names) <= 4:
        return shown
    more = messages.gettext("%(countries)s and %(count)s more")
    return more % {"countries": shown, "count": len(names) - 4}


def _counted(country: Country, catalogue: Catalogue, messages: Messages) -> str:
    """The number of photos and types of a country, in the words of its page."""
    locale = locale_of(catalogue.site.language)
    bollards = len({catalogue.photo[photo_id].bollard for photo_id in country.photos})

    def told(one: str, many: str, number: int) -> str:
        words = messages.ngettext(one, many, number)
        shown = format_decimal(number, locale=locale)
        return Markup(words % {"shown": shown}).striptags()  # noqa: S704 - the program's words

    counted = told("<b>%(shown)s</b> type", "<b>%(shown)s</b> types", len(country.types))
    posts = told("<b>%(shown)s</b> bollard", "<b>%(shown)s</b> bollards", bollards)
    return f"{counted}, {posts}" if country.types else posts


def _credit(photo: Photo) -> str:
    return ", ".join(part for part in (photo.credit, photo.licence) if part)


def _picture(photo: Photo) -> Picture:
    return smallest(photo.pictures.card, _SEAM)


def _svg(drawn: Iterable[str], width: float, height: int, lettering: Lettering) -> Image.Image:
    body = "".join(drawn)
    size = f'width="{width:g}" height="{height}"'
    return raster(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>', lettering.files)


def _paste(canvas: Image.Image, drawing: Image.Image, corner: tuple[int, int]) -> None:
    canvas.paste(drawing, corner, drawing)
