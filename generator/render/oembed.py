"""Previews of types and photos when their addresses are pasted elsewhere: oEmbed 1.0, in static
files.

A host of plain files cannot answer `?url=…`, but by the specification (https://oembed.com, section
4, "Discovery") each page may name the file that describes it. Pages do so where the site's own
address is known, since all addresses in such a file are absolute. A photo is of oEmbed's type
"photo"; a type is a "link" with its card as the thumbnail. Neither contains markup that someone
would have to trust.
"""

import json
import unicodedata
from typing import Any

from generator.catalogue import Catalogue, Photo, Type
from generator.language.messages import Messages
from generator.output import Output
from generator.render.environment import smallest
from generator.render.linked_data import licence_url
from generator.render.social import SIZE
from generator.render.views import own_region

_DAY = 86_400
_THUMB_WIDTH = 240
_LONGEST = 300


def write_oembed(catalogue: Catalogue, messages: Messages, out: Output) -> None:
    """Write `data/oembed/types/ID.json` and `data/oembed/photos/ID.json` of one language.

    Files of other languages than the root's are in a folder of their own, as pages are:
    `data/oembed/de/types/ID.json`.
    """
    site = catalogue.site
    shared = {
        "version": "1.0",
        "provider_name": plain(site.title),
        "provider_url": site.base_url + site.prefix,
        "cache_age": _DAY,
    }
    described: dict[str, dict[str, Any]] = {
        **{f"types/{type_.id}": _type(type_, catalogue) for type_ in catalogue.types},
        **{f"photos/{one.id}": _photo(one, catalogue, messages) for one in catalogue.photos},
    }
    for address, own in described.items():
        text = json.dumps(shared | own, ensure_ascii=False, separators=(",", ":"))
        out.write(f"data/oembed/{site.prefix}{address}.json", text + "\n")


def _type(type_: Type, catalogue: Catalogue) -> dict[str, Any]:
    site = catalogue.site
    width, height = SIZE
    return {
        "type": "link",
        "title": plain(type_.name),
        "thumbnail_url": f"{site.base_url}og/{site.prefix}types/{type_.id}.jpg",
        "thumbnail_width": width,
        "thumbnail_height": height,
    }


def _photo(photo: Photo, catalogue: Catalogue, messages: Messages) -> dict[str, Any]:
    site = catalogue.site
    country = catalogue.country[photo.country].name
    region = own_region(photo.region, photo.country, country)
    subject = (
        catalogue.type[photo.type].name if photo.type else messages.gettext("Unsorted bollard")
    )
    large = photo.pictures.photo[-1]
    small = smallest(photo.pictures.card, _THUMB_WIDTH)
    own = {
        "type": "photo",
        "title": plain(", ".join(part for part in (subject, region, country) if part)),
        "url": site.picture(large.path, site.base_url),
        "width": large.width,
        "height": large.height,
        "thumbnail_url": site.picture(small.path, site.base_url),
        "thumbnail_width": small.width,
        "thumbnail_height": small.height,
    }
    if photo.credit:
        own["author_name"] = plain(photo.credit)
    if photo.licence:
        # Not in the specification; the names are Flickr's.
        own["license"] = plain(photo.licence)
        if address := licence_url(photo.licence):
            own["license_url"] = address
    return own


def plain(text: str) -> str:
    """A text on one line that cannot act as markup anywhere."""
    kept = (
        letter
        for letter in " ".join(text.split())
        if letter not in "<>" and unicodedata.category(letter) not in ("Cc", "Cs")
    )
    return "".join(kept)[:_LONGEST]
