"""Renders one page: a template, the page's values, and what all pages share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from generator.catalogue import Catalogue, Edition, Photo, Type
from generator.render.assets import Assets
from generator.render.calibration import Calibration
from generator.render.difference import Difference
from generator.render.environment import messages_of, smallest
from generator.render.identify import ADDRESS as IDENTIFY
from generator.render.identify import WebLookup
from generator.render.linked_data import LinkedData
from generator.render.views import country_slug, own_region

# The addresses of this site; the navigation has entries for these only.
SECTIONS = frozenset(
    {
        "",
        "explore/",
        "map/",
        "quiz/",
        "countries/",
        "about/",
    }
)
# A thumbnail is about 120 px wide; twice as many pixels serve dense screens.
_THUMB_WIDTH = 240


@dataclass(frozen=True, slots=True)
class Page:
    """A page's address below the site's root ("de/types/x/", "404.html") and its HTML."""

    address: str
    html: str


class Parts:
    """Elements that occur on many pages at one depth, each rendered once.

    Otherwise a build would spend most of its time rendering the same thumbnails and flags.
    """

    def __init__(
        self,
        environment: Environment,
        assets: Assets,
        catalogue: Catalogue,
        calibration: Calibration,
        root: str,
        home: str,
    ) -> None:
        self._macros: Any = environment.get_template("parts.html").module
        self._words: Any = environment.get_template("apart.html").module
        self._calibration = calibration
        self._chances: dict[int, Markup] = {}
        self._differences: dict[Difference, Markup] = {}
        self._assets = assets
        self._catalogue = catalogue
        self._root = root
        self.home = home
        """The relative address of the language's front page."""
        self._nearby: dict[str, Markup] = {}
        self._tallies: dict[str, Markup] = {}
        self._thumbs: dict[str, Markup] = {}
        self._flags: dict[tuple[str | None, str], Markup] = {}

    def thumb(self, photo: Photo) -> Markup:
        """A small picture of the bollard, linked to the photo's page."""
        made = self._thumbs.get(photo.id)
        if made is None:
            picture = smallest(photo.pictures.card, _THUMB_WIDTH)
            made = self._thumbs[photo.id] = self._macros.thumb(
                self._root, self.home, photo, picture
            )
        return made

    def near(self, photo_id: str) -> Markup:
        """A neighbour: its picture, its flag and its place."""
        made = self._nearby.get(photo_id)
        if made is None:
            photo = self._catalogue.photo[photo_id]
            name = self.region(photo) or self._catalogue.country[photo.country].name
            made = self._nearby[photo_id] = self._macros.near(self, photo, name)
        return made

    def chance(self, similarity: float) -> Markup:
        """The same-type probability of this similarity, and in words."""
        chance = self._calibration(similarity)
        key = round(chance * 100)
        made = self._chances.get(key)
        if made is None:
            made = self._chances[key] = self._macros.chance(chance)
        return made

    def difference(self, found: Difference) -> Markup:
        """The differences of two bollards in words."""
        made = self._differences.get(found)
        if made is None:
            made = self._differences[found] = self._words.difference(found)
        return made

    def region(self, photo: Photo) -> str | None:
        """A photo's region, where it says more than the country."""
        return own_region(photo.region, photo.country, self._catalogue.country[photo.country].name)

    def tally(self, kind: Type) -> Markup:
        """The countries of a type, as shown with each of its photos."""
        made = self._tallies.get(kind.id)
        if made is None:
            made = self._tallies[kind.id] = self._macros.tally(self, kind.countries, 12)
        return made

    def flag(self, code: str | None, label: str = "") -> Markup:
        """A country's flag, with a label unless the name is beside it."""
        made = self._flags.get((code, label))
        if made is None:
            file = self._assets.flags.get(code or "", self._assets.flag)
            made = self._flags[code, label] = self._macros.flag(self._root, file, label)
        return made


class Maker:
    """Renders templates with the values that all pages share."""

    def __init__(
        self,
        catalogue: Catalogue,
        environment: Environment,
        assets: Assets,
        calibration: Calibration,
        lookup: WebLookup | None = None,
    ) -> None:
        self.calibration = calibration
        self._environment = environment
        self._assets = assets
        self._parts: dict[str, Parts] = {}
        self._shared: Mapping[str, Any] = {
            "catalogue": catalogue,
            "site": catalogue.site,
            "assets": assets,
            "photos": catalogue.photo,
            "country_slug": country_slug,
            "smallest": smallest,
            "sections": SECTIONS | {IDENTIFY} if lookup else SECTIONS,
            "edition_address": self._edition_address,
        }
        self._linked = LinkedData(catalogue, messages_of(environment))
        self._templates: dict[str, Any] = {}

    def _edition_address(self, edition: Edition, root: str, address: str) -> str:
        """A page in another language; absolute if the site's address is known, as search engines
        require.
        """
        way = self._shared["site"].base_url or root
        return (way + edition.prefix + address) or "./"

    def page(self, template: str, address: str, **values: Any) -> Page:
        site = self._shared["site"]
        home = "../" * address.count("/")
        root = home + "../" * site.prefix.count("/")
        if address == "404.html":
            # This page is shown at any depth, so no relative address can be right.
            root = home = urlsplit(site.base_url).path or "/" if site.base_url else "/"
        if root not in self._parts:
            self._parts[root] = Parts(
                self._environment,
                self._assets,
                self._shared["catalogue"],
                self.calibration,
                root,
                home,
            )
        if template not in self._templates:
            self._templates[template] = self._environment.get_template(template)
        html = self._templates[template].render(
            self._shared,
            root=root,
            home=home,
            address=address,
            parts=self._parts[root],
            linked_data=self._linked.of(template, address, values),
            **values,
        )
        return Page(site.prefix + address, html)
