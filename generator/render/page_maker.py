"""Renders one page from a template, the page's values, and the values that all pages share.

A page that would be the same as at the last build is not rendered; see `generator.page_store`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from generator.catalogue import Catalogue, Edition
from generator.config import ThemeSettings
from generator.curve import Calibration
from generator.output import Output
from generator.own_site import OwnSite
from generator.page_store import PageGroup, PageStore
from generator.render.assets import Assets
from generator.render.environment import messages_of, smallest
from generator.render.fingerprint import Fingerprints
from generator.render.identify import ADDRESS as IDENTIFY
from generator.render.identify import WebLookup
from generator.render.linked_data import LinkedData
from generator.render.menus import menus
from generator.render.mistakes import Mistakes
from generator.render.parts import Parts, PartsView
from generator.render.reads import FRAME, AssetsView, CatalogueView, Reads
from generator.render.slots import Slot, SlotDigest
from generator.render.template_digests import TemplateDigests
from generator.render.views import country_slug

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
        self._templates_used: set[str] = set()
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
        page = Page(self._site.prefix + address, None)
        parts = self._parts_of(address)
        root, home = parts.root, parts.home
        key = ""
        self._templates_used.add(template)
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

    def digest(self, given: Sequence[object]) -> bytes:
        """A digest of values that several groups are made from; see `group`."""
        if self._reuse is None:
            return b""
        return self._fingerprints.of([_plain_catalogue(one) for one in given])

    def group(
        self, name: str, given: Sequence[object], make: Callable[[], Iterator[Page]]
    ) -> Iterator[Page]:
        """Pages that are all made from the same values.

        If these are as they were at the last build, the values of the single pages are not even
        computed: only what the pages read besides is compared.

        Args:
            name: of the group.
            given: everything that `make` makes pages from, besides this maker's calibration.
            make: yields the pages, made with this maker.
        """
        reuse = self._reuse
        if reuse is None:
            yield from make()
            return
        name = self._site.prefix + name
        made_from = self._fingerprints.of(
            (self._frame, self.calibration, [_plain_catalogue(one) for one in given])
        )
        known = reuse.store.groups.get(name)
        if known is not None and known.key == self._group_key(made_from, known.templates):
            files = [Page(self._site.prefix + address, None) for address in known.addresses]
            if all(
                self._taken_over(page.file, None, self._parts_of(address), reuse)
                for page, address in zip(files, known.addresses, strict=True)
            ):
                reuse.store.new_groups[name] = known
                yield from files
                return
        self._templates_used.clear()
        addresses = []
        for page in make():
            addresses.append(page.address.removeprefix(self._site.prefix))
            yield page
        templates = sorted(self._templates_used)
        key = self._group_key(made_from, templates)
        reuse.store.new_groups[name] = PageGroup(key, templates, addresses)

    def _group_key(self, made_from: bytes, templates: Sequence[str]) -> str:
        digests = [self._digests.of(template) for template in templates]
        return self._fingerprints.of((made_from, digests)).hex()

    def _parts_of(self, address: str) -> PartsView:
        """The elements for the page at `address` below the home page of the language."""
        site = self._site
        home = "../" * address.count("/")
        root = home + "../" * site.prefix.count("/")
        if address == "404.html":
            # This page is shown at any depth, so no relative address can be right.
            root = home = urlsplit(site.base_url).path or "/" if site.base_url else "/"
        return self._parts_at(root, home)

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

    def _taken_over(self, file: str, key: str | None, parts: PartsView, reuse: Reuse) -> bool:
        """Whether the page of the last build was the same, and its file is undamaged.

        A page without a `key` is given what it was given then.
        """
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


def _plain_catalogue(value: object) -> object:
    """A catalogue as the tuple of its fields, of which digests can be made; else the value."""
    if isinstance(value, Catalogue):
        return tuple(getattr(value, field.name) for field in fields(value))
    return value
