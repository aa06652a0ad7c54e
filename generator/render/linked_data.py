"""Structured data for search engines: JSON-LD with the words of schema.org.

It is in a data block (`<script type="application/ld+json">`), which browsers do not run, so the
strict Content-Security-Policy allows it.
https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from generator.catalogue import Country, Photo, Picture, Type
from generator.language.messages import Messages
from generator.render.reads import CatalogueView

Thing = dict[str, Any]

# The usual spellings of licences, and the addresses of their texts.
_CREATIVE_COMMONS = re.compile(
    r"cc[ -](by(?:-(?:sa|nd|nc|nc-sa|nc-nd))?)[ -](\d\.\d)", re.IGNORECASE
)
_PUBLIC = re.compile(r"cc0(?:[ -]1\.0)?", re.IGNORECASE)
_MOST_PLACES = 100


class LinkedData:
    """The descriptions of one language's pages; none if the site's own address is unknown."""

    def __init__(self, catalogue: CatalogueView, messages: Messages) -> None:
        self._catalogue = catalogue
        self._site = catalogue.site
        self._say = messages.gettext
        self._pages: Mapping[str, Callable[..., list[Thing]]] = {
            "home.html": self._home,
            "type.html": self._type,
            "photo.html": self._photo,
            "country.html": self._country,
            "countries.html": self._countries,
            "data.html": self._data,
        }

    def of(self, template: str, address: str, values: Mapping[str, Any]) -> Markup:
        """The data block's text for a page, or "" for a page that needs none.

        Args:
            template: which kind of page it is.
            address: the page's address below its language's home page.
            values: the values that the template is given.
        """
        make = self._pages.get(template)
        if make is None or not self._site.base_url:
            return Markup("")
        graph = make(address, **values)
        return in_page({"@context": "https://schema.org", "@graph": graph})

    def _home(self, address: str, **_: Any) -> list[Thing]:
        return [
            {
                "@type": "WebSite",
                "@id": self._url("#site"),
                "url": self._url(""),
                "name": self._site.title,
                "description": self._site.description,
                "inLanguage": self._site.language,
                **({"author": _named("Thing", self._site.author)} if self._site.author else {}),
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": self._url("?q={words}"),
                    "query-input": "required name=words",
                },
            }
        ]

    def _type(self, address: str, *, type: Type, **_: Any) -> list[Thing]:
        photo = self._catalogue.photo[type.representative]
        return [
            {
                **self._page(address, type.name, type.description),
                "primaryImageOfPage": self._image(photo),
                "spatialCoverage": [
                    _country(share.code, share.name)
                    for share in type.countries[:_MOST_PLACES]
                    if share.code
                ],
            },
            self._trail((self._say("Types"), ""), (type.name, address)),
        ]

    def _photo(self, address: str, *, photo: Photo, **_: Any) -> list[Thing]:
        type_ = self._catalogue.type[photo.type] if photo.type else None
        country = self._catalogue.country[photo.country]
        image = self._image(photo) | {"mainEntityOfPage": self._url(address)}
        where: Thing = _country(country.code, country.name) if country.code else {}
        if where and photo.region:
            where = {
                "@type": "Place",
                "name": photo.region,
                "address": {
                    "@type": "PostalAddress",
                    "addressRegion": photo.region,
                    "addressCountry": country.code,
                },
            }
        if photo.latitude is not None and photo.longitude is not None:
            where |= {
                "@type": "Place",
                "geo": {
                    "@type": "GeoCoordinates",
                    "latitude": photo.latitude,
                    "longitude": photo.longitude,
                },
            }
        if where:
            image["contentLocation"] = where
        if photo.taken:
            image["dateCreated"] = photo.taken
        if type_:
            image["isPartOf"] = self._url(f"types/{type_.id}/")
        group = (
            (type_.name, f"types/{type_.id}/")
            if type_
            else (self._say("Unsorted bollards"), "one-offs/")
        )
        trail = self._trail((self._say("Types"), ""), group, (photo.alt, address))
        return [image, trail]

    def _country(self, address: str, *, country: Country, **_: Any) -> list[Thing]:
        page = self._page(address, country.name, "")
        if country.code:
            page["about"] = _country(country.code, country.name)
        page["primaryImageOfPage"] = self._image(self._catalogue.photo[country.photos[0]])
        return [page, self._trail((self._say("Countries"), "countries/"), (country.name, address))]

    def _countries(self, address: str, **_: Any) -> list[Thing]:
        return [self._page(address, self._say("Countries"), "")]

    def _data(self, address: str, **_: Any) -> list[Thing]:
        files = {
            "catalogue.json": "application/json",
            "types.csv": "text/csv",
            self._site.things.types_module: "text/typescript",
        }
        licence = licence_url(self._site.licence)
        return [
            {
                "@type": "Dataset",
                "@id": self._url("about/data/#dataset"),
                "url": self._url(address),
                "name": self._site.title,
                "description": self._site.description,
                "inLanguage": self._site.language,
                "isAccessibleForFree": True,
                **({"license": licence} if licence else {}),
                **({"creator": _named("Thing", self._site.author)} if self._site.author else {}),
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "contentUrl": f"{self._site.base_url}data/{name}",
                        "encodingFormat": media,
                    }
                    for name, media in files.items()
                ],
            }
        ]

    def _page(self, address: str, name: str, description: str) -> Thing:
        page = {
            "@type": "CollectionPage",
            "@id": self._url(address),
            "url": self._url(address),
            "name": name,
            "inLanguage": self._site.language,
            "isPartOf": {"@id": self._url("#site")},
        }
        return page | ({"description": description} if description else {})

    def _image(self, photo: Photo) -> Thing:
        """A photo with its licence, as image searches show it.

        https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata
        """
        largest, card = photo.pictures.photo[-1], photo.pictures.card[0]
        image: Thing = {
            "@type": "ImageObject",
            "@id": f"{self._site.base_url}photos/{photo.id}/#photo",
            "contentUrl": self._picture(largest),
            "thumbnailUrl": self._picture(card),
            "width": largest.width,
            "height": largest.height,
            "caption": photo.alt,
        }
        if photo.credit:
            image["creditText"] = photo.credit
            image["creator"] = _named("Thing", photo.credit)
        licence = licence_url(photo.licence or "")
        if licence:
            image["license"] = licence
            image["acquireLicensePage"] = self._url(f"photos/{photo.id}/")
        elif photo.licence:
            image["usageInfo"] = self._url(f"photos/{photo.id}/")
        return image

    def _trail(self, *steps: tuple[str, str]) -> Thing:
        return {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": place,
                    "name": name,
                    "item": self._url(address),
                }
                for place, (name, address) in enumerate(steps, 1)
            ],
        }

    def _picture(self, picture: Picture) -> str:
        return str(self._site.picture(picture.path, self._site.base_url))

    def _url(self, address: str) -> str:
        return f"{self._site.base_url}{self._site.prefix}{address}"


def in_page(data: Thing) -> Markup:
    """JSON that cannot end the script element around it, even with hostile texts."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - what could be markup has just been escaped


def licence_url(licence: str) -> str | None:
    """The address of a licence's text: the given one, or that of a Creative Commons licence."""
    text = licence.strip()
    if text.lower().startswith(("https://", "http://")):
        return text
    if _PUBLIC.fullmatch(text):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _CREATIVE_COMMONS.fullmatch(text)
    if found:
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return None


def _named(kind: str, name: str) -> Thing:
    return {"@type": kind, "name": name}


def _country(code: str | None, name: str) -> Thing:
    return {"@type": "Country", "name": name, "identifier": code}
