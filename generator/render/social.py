"""The pictures that links to types show in social networks and messengers."""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont, ImageOps

from generator.catalogue import Catalogue, Photo, Picture, Type
from generator.languages import Messages
from generator.output import Output
from generator.render.environment import is_slim, smallest

SIZE = (1200, 630)
_RECIPE = 1
_MARGIN = 36
_GAP = 16
_TOP = 470
_PAPER = "#f6f6f3"
_PLATE = "#e9e9e3"
_INK = "#1b1e21"
_GREY = "#5b6167"


def write_social_pictures(
    catalogue: Catalogue, messages: Messages, out: Output, cache: Path | None
) -> None:
    """Write `og/types/ID.jpg` for each type, from picture files that are already in `out`.

    Args:
        catalogue: the site.
        messages: the words of its language.
        out: the site's root, with its pictures.
        cache: a folder to keep them in by content, so that an unchanged one is not drawn again.
    """
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)

    def write(kind: Type) -> None:
        photos = [catalogue.photo[photo_id] for photo_id in _chosen(kind, catalogue)]
        caption = _caption(kind, messages)
        kept = cache / f"{_key(kind, photos, catalogue, caption)}.jpg" if cache else None
        if kept is not None and kept.exists():
            content = kept.read_bytes()
        else:
            content = _draw(kind, photos, catalogue, caption, out.root)
        if kept is not None and not kept.exists():
            temporary = kept.with_name(f".{kept.name}.{os.getpid()}")
            temporary.write_bytes(content)
            temporary.replace(kept)
        out.write(f"og/types/{kind.id}.jpg", content)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for _ in pool.map(write, catalogue.types):
            pass


def _chosen(kind: Type, catalogue: Catalogue) -> list[str]:
    """Up to four photos, of as many different bollards as there are."""
    seen: set[str] = set()
    first: list[str] = []
    rest: list[str] = []
    for photo_id in kind.photos:
        bollard = catalogue.photo[photo_id].bollard
        (rest if bollard in seen else first).append(photo_id)
        seen.add(bollard)
        if len(first) == 4:
            break
    return (first + rest)[:4]


def _caption(kind: Type, messages: Messages) -> str:
    names = [share.name for share in kind.countries]
    shown = ", ".join(names[:4])
    if len(names) <= 4:
        return shown
    more = messages.gettext("%(countries)s and %(count)s more")
    return more % {"countries": shown, "count": len(names) - 4}


def _key(kind: Type, photos: list[Photo], catalogue: Catalogue, caption: str) -> str:
    parts = [str(_RECIPE), kind.name, caption, catalogue.site.title, catalogue.site.accent]
    parts += [_picture(photo).path for photo in photos]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _picture(photo: Photo) -> Picture:
    return smallest(photo.pictures.card, 280)


def _draw(kind: Type, photos: list[Photo], catalogue: Catalogue, caption: str, root: Path) -> bytes:
    canvas = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(canvas)
    slots = max(len(photos), 3)
    width = (SIZE[0] - 2 * _MARGIN - (slots - 1) * _GAP) // slots
    for position, photo in enumerate(photos):
        with Image.open(root / _picture(photo).path) as picture:
            place = (width, _TOP - _MARGIN)
            upright = picture.convert("RGB")
            if is_slim(_picture(photo)):
                fitted = ImageOps.pad(upright, place, color=_PLATE)
            else:
                fitted = ImageOps.fit(upright, place)
        canvas.paste(fitted, (_MARGIN + position * (width + _GAP), _MARGIN))
    accent = ImageColor.getrgb(catalogue.site.accent)
    draw.rectangle((_MARGIN, _TOP + 30, _MARGIN + 12, SIZE[1] - _MARGIN), fill=accent)
    left, room = _MARGIN + 34, SIZE[0] - 2 * _MARGIN - 34
    lines = ((kind.name, 46, _INK, _TOP + 22), (caption, 30, _GREY, _TOP + 84))
    for text, size, colour, top in lines:
        # The font that Pillow carries knows Latin letters only, and boxes say less than nothing.
        if all(ord(letter) < 0x250 for letter in text):
            draw.text((left, top), _shortened(text, size, room), font=_font(size), fill=colour)
    content = io.BytesIO()
    canvas.save(content, "jpeg", quality=82)
    return content.getvalue()


def _shortened(text: str, size: int, room: int) -> str:
    font = _font(size)
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip(" ,") + "…"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
