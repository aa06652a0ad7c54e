"""Renders one page from a template, the page's values, and the values that all pages share.

A page that would be the same as at the last build is not rendered; see `generator.page_store`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from generator.catalogue import Catalogue, Edition, Photo, Type
from generator.config import ThemeSettings
from generator.curve import Calibration
from generator.output import Output
from generator.own_site import OwnSite
from generator.page_store import PageStore
from generator.render.assets import Assets
from generator.render.difference import Difference
from generator.render.environment import messages_of, smallest
from generator.render.fingerprint import Fingerprints
from generator.render.identify import ADDRESS as IDENTIFY
from generator.render.identify import WebLookup
from generator.render.linked_data import LinkedData
from generator.render.menus import menus
from generator.render.mistakes import Mistakes
from generator.render.reads import FRAME, AssetsView, CatalogueView, Reads, Source
from generator.render.slots import Slot, SlotDigest
from generator.render.template_digests import TemplateDigests
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
    """A page's address below the site's root ("de/types/x/", "404.html") and its HTML.

    `html` is None if the file of the last build has been taken over.
    """

    address: str
    html: str | None

    @property
    def file(self) -> str:
        """The path of its file."""
        return self.address if self.address.endswith(".html") else f"{self.address}index.html"


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
        """The relative address of the language's home page."""
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
        """A photo's region, if it adds to the country."""
        return own_region(photo.region, photo.country, self._catalogue.country[photo.country].name)

    def tally(self, type_: Type) -> Markup:
        """The countries of a type, as shown with each of its photos."""
        made = self._tallies.get(type_.id)
        if made is None:
            made = self._tallies[type_.id] = self._macros.tally(self, type_.countries, type_, 12)
        return made

    def flag(self, code: str | None, label: str = "") -> Markup:
        """A country's flag, with a label unless the name is beside it."""
        made = self._flags.get((code, label))
        if made is None:
            file = self._assets.flags.get(code or "", self._assets.flag)
            made = self._flags[code, label] = self._macros.flag(self._root, file, label)
        return made


class PartsView:
    """The elements as templates see them: those that depend on the catalogue are noted.

    Attributes:
        sources: what each kind of look-up gives.
        states: what they gave so far, see `generator.render.reads.Reads.state`.
    """

    def __init__(self, parts: Parts, catalogue: Catalogue, reads: Reads) -> None:
        self._parts = parts
        self._reads = reads
        self.home = parts.home
        self.difference = parts.difference
        self.states: dict[str, bytes] = {}
        self.sources: dict[str, Source] = {
            "thumb": lambda photo: parts.thumb(catalogue.photo[photo]),
            "near": parts.near,
            "chance": lambda similarity: parts.chance(float(similarity)),
            "region": lambda photo: parts.region(catalogue.photo[photo]),
            "tally": lambda type_: parts.tally(catalogue.type[type_]),
            "flag": lambda code, label: parts.flag(code or None, label),
        }

    def thumb(self, photo: Photo) -> Markup:
        self._reads.note("thumb", photo.id)
        return self._parts.thumb(photo)

    def near(self, photo_id: str) -> Markup:
        self._reads.note("near", photo_id)
        return self._parts.near(photo_id)

    def chance(self, similarity: float) -> Markup:
        self._reads.note("chance", repr(similarity))
        return self._parts.chance(similarity)

    def region(self, photo: Photo) -> str | None:
        self._reads.note("region", photo.id)
        return self._parts.region(photo)

    def tally(self, type_: Type) -> Markup:
        self._reads.note("tally", type_.id)
        return self._parts.tally(type_)

    def flag(self, code: str | None, label: str = "") -> Markup:
        self._reads.note("flag", code or "", label)
        return self._parts.flag(code, label)


@dataclass(frozen=True, slots=True)
class Reuse:
    """How pages of the last build are found again.

    Attributes:
        store: knows them.
        out: takes over their files.
        program: a digest of the program and its libraries.
        words: a digest of the message files of this language.
        theme: the site's own colours.
        slots: a digest of each slot.
    """

    store: PageStore
    out: Output
    program: str
    words: str
    theme: ThemeSettings
    slots: SlotDigest


class Maker:
    """Renders templates with the values that all pages share."""

    def __init__(
        self,
        catalogue: Catalogue,
        environment: Environment,
        assets: Assets,
        calibration: Calibration,
        slot: Slot,
        mistakes: Mistakes,
        own: OwnSite,
        lookup: WebLookup | None = None,
        reuse: Reuse | None = None,
    ) -> None:
        self._mistakes = mistakes
        self.calibration = calibration
        self._environment = environment
        self._assets = assets
        self.catalogue = catalogue
        self._site = site = catalogue.site
        self._fingerprints = Fingerprints()
        self._reads = reads = Reads(catalogue, assets, self._fingerprints)
        self._parts: dict[str, PartsView] = {}
        seen = CatalogueView(catalogue, reads)

        @pass_context
        def noted_slot(context: Context, name: str) -> Markup:
            reads.note("slot", name)
            return slot(context, name)

        self._shared: Mapping[str, Any] = {
            "catalogue": seen,
            "site": seen.site,
            "assets": AssetsView(assets, reads),
            "menus": menus(own, site),
            "slot": noted_slot,
            "photos": seen.photo,
            "country_slug": country_slug,
            "smallest": smallest,
            "sections": SECTIONS | {IDENTIFY} if lookup else SECTIONS,
            "edition_address": self._edition_address,
        }
        self._linked = LinkedData(seen, messages_of(environment))
        self._templates: dict[str, Any] = {}
        self._reuse = reuse
        if reuse is not None:
            reads.sources["slot"] = reuse.slots
            self._digests = TemplateDigests(environment, reuse.store.references)
            self._frame = self._fingerprints.of(
                (
                    reuse.program,
                    reuse.words,
                    replace(site, about="", about_language=""),
                    reuse.theme.model_dump(),
                    self._shared["menus"],
                    self._shared["sections"],
                    [getattr(assets, name) for name in FRAME],
                )
            )

    def _edition_address(self, edition: Edition, root: str, address: str) -> str:
        """A page in another language; absolute if the site's address is known, as search engines
        require.
        """
        way = self._site.base_url or root
        return (way + edition.prefix + address) or "./"

    def page(self, template: str, address: str, **values: Any) -> Page:
        """Render a page, or take it over from the last build.

        Args:
            template: its file name.
            address: below the home page of the language.
            values: what the template is given besides what all are given, see
                `generator.render.fingerprint.Fingerprints`.
        """
        site = self._site
        page = Page(site.prefix + address, None)
        home = "../" * address.count("/")
        root = home + "../" * site.prefix.count("/")
        if address == "404.html":
            # This page is shown at any depth, so no relative address can be right.
            root = home = urlsplit(site.base_url).path or "/" if site.base_url else "/"
        parts = self._parts_at(root, home)
        key = ""
        # A template with a mistake ends the build, so that its pages need not be found again.
        with self._mistakes.told(template):
            if self._reuse is not None:
                key = self._key(template, values)
                if self._taken_over(page.file, key, parts, self._reuse):
                    return page
            html = self._rendered(template, address, root, home, parts, values)
            if self._reuse is not None and not self._mistakes.found:
                noted = list(self._reads.noted)
                state = self._reads.state(noted, parts.sources, parts.states)
                self._reuse.store.add(page.file, key, noted, state)
            return replace(page, html=html)
        return replace(page, html="")

    def _parts_at(self, root: str, home: str) -> PartsView:
        if root not in self._parts:
            parts = Parts(
                self._environment, self._assets, self.catalogue, self.calibration, root, home
            )
            self._parts[root] = PartsView(parts, self.catalogue, self._reads)
        return self._parts[root]

    def _key(self, template: str, values: Mapping[str, Any]) -> str:
        """Of everything that a page is given; its address is what it is found by."""
        made_from = (self._frame, self._digests.of(template), self._fingerprints.of(values))
        return self._fingerprints.of(made_from).hex()

    def _taken_over(self, file: str, key: str, parts: PartsView, reuse: Reuse) -> bool:
        """Whether the page of the last build was the same, and its file is undamaged."""
        known = reuse.store.known(file, key)
        if known is None:
            return False
        reads, state, digest = known
        if self._reads.state(reads, parts.sources, parts.states) != state:
            return False
        if not reuse.out.take_over(file, digest, reuse.store.before):
            return False
        reuse.store.keep(file)
        return True

    def _rendered(
        self,
        template: str,
        address: str,
        root: str,
        home: str,
        parts: PartsView,
        values: Mapping[str, Any],
    ) -> str:
        self._reads.noted.clear()
        if template not in self._templates:
            self._templates[template] = self._environment.get_template(template)
        html: str = self._templates[template].render(
            self._shared,
            root=root,
            home=home,
            address=address,
            parts=parts,
            linked_data=self._linked.of(template, address, values),
            **values,
        )
        return html
