"""Everything that the site shows, as one immutable value: pages are made from nothing else.

Plain frozen dataclasses, no input or output. Steps fill them in one direction:
collect knows `Source`; build turns sources into `Photo`; group and relate add types, neighbours
and look-alikes; templates see the finished `Catalogue`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.vocabulary import SURE


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright image; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Source:
    """One image file of the collection, and its details before it is opened.

    Attributes:
        id: the first 12 hexadecimal digits of the SHA-256 of the file's bytes.
        file: POSIX path relative to `photos/`.
        sha256: the whole digest.
        bollard: key of the bollard it shows; photos with the same key are its views.
        country: ISO 3166-1 alpha-2 code, or None when unknown.
        region: the place's own name below its country ("England", "Åland"), or None.
        crop: the box given in photos.csv, or None.
        taken: ISO 8601 date ("2024-05-01"), or None.
    """

    id: str
    file: str
    sha256: str
    bollard: str
    country: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    credit: str | None = None
    licence: str | None = None
    source: str | None = None
    taken: str | None = None
    crop: Box | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One published size of a photo: path relative to the site's root, width and height in px."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureSet:
    """The published sizes of a photo, smallest first.

    `photo` shows all of it; `crop` only the bollard, and is empty when the crop is the whole photo.
    """

    photo: tuple[Picture, ...]
    crop: tuple[Picture, ...] = ()

    @property
    def card(self) -> tuple[Picture, ...]:
        """The sizes that show the bollard best, for cards and grids."""
        return self.crop or self.photo


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A photo id and its cosine similarity (-1 to 1)."""

    photo: str
    score: float


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A type id and the cosine similarity of the two types' mean directions (-1 to 1).

    `note` is the owner's text on how to tell the two apart, or "".
    """

    type: str
    score: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """The most probable value of one attribute (such as body: white) and its probability."""

    value: str
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Whether it is certain enough to be mentioned."""
        return self.confidence >= SURE


def sure_values(attributes: Mapping[str, Trait]) -> dict[str, str]:
    """The attributes that are certain enough to be mentioned: value by name."""
    return {name: trait.value for name, trait in attributes.items() if trait.is_sure}


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as pages show it; see `Source` for the fields that both have."""

    id: str
    file: str
    bollard: str
    width: int
    height: int
    crop: Box
    pictures: PictureSet
    country: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    credit: str | None = None
    licence: str | None = None
    source: str | None = None
    taken: str | None = None
    added: str | None = None
    """ISO 8601 date of the build that first saw the photo."""
    type: str | None = None
    """The type's id, or None if unsorted."""
    alt: str = ""
    """A description of the picture for visitors who cannot see it."""
    attributes: Mapping[str, Trait] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    """Nearest first, without the photo itself."""
    spot: tuple[int, int] | None = None
    """Column and row of its cell on the contact sheet."""


@dataclass(frozen=True, slots=True)
class Bollard:
    """One physical bollard: its views in file order, its country, its type (None: unsorted)."""

    id: str
    photos: tuple[str, ...]
    country: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class CountryShare:
    """The part of a type that is in one country.

    `code` is None for photos of unknown country; `share`, 0 to 1, is the part of the type's
    bollards.
    """

    code: str | None
    name: str
    photos: int
    bollards: int
    share: float


@dataclass(frozen=True, slots=True)
class Type:
    """A group of bollards that look alike.

    Attributes:
        id: stable slug, also its address: `types/ID/`.
        photos: ids, the most typical first; `photos[0]` is the representative one.
        countries: most bollards first.
        lookalikes: most alike first.
        note: Markdown from `notes/types/ID.md`, or "".
        note_language: its language tag where that is not the page's, or "".
        family: id of the family it belongs to, if any.
    """

    id: str
    name: str
    description: str
    photos: tuple[str, ...]
    bollards: tuple[str, ...]
    countries: tuple[CountryShare, ...]
    lookalikes: tuple[Lookalike, ...] = ()
    attributes: Mapping[str, Trait] = field(default_factory=dict)
    note: str = ""
    note_language: str = ""
    family: str | None = None

    @property
    def representative(self) -> str:
        return self.photos[0]


@dataclass(frozen=True, slots=True)
class Family:
    """Types that the owner shows together, such as all white posts with a slanted band."""

    id: str
    name: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A type that no longer exists; its address redirects.

    Attributes:
        id: its address was, and stays, `types/ID/`.
        type: id of the living type that took its place, or None.
        one_offs: without such a type, whether its bollards are unsorted now.
    """

    id: str
    type: str | None = None
    one_offs: bool = False

    @property
    def address(self) -> str:
        """The target of the redirect, relative to the site's root; "" is the front page."""
        if self.type is not None:
            return f"types/{self.type}/"
        return "one-offs/" if self.one_offs else ""


@dataclass(frozen=True, slots=True)
class Country:
    """A country (code None: the photos of unknown country) and its types and photos.

    Attributes:
        types: ids, most bollards in this country first.
        only_here: those of `types` that occur nowhere else in the collection.
        photos: ids of all its photos.
        one_offs: ids of its photos that belong to no type.
        aliases: other names of the country, in several languages.
    """

    code: str | None
    name: str
    types: tuple[str, ...]
    only_here: tuple[str, ...]
    photos: tuple[str, ...]
    one_offs: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Its address: `countries/SLUG/`."""
        return self.code.lower() if self.code else "unknown"


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one language.

    Attributes:
        language: its tag ("de", "pt-BR").
        prefix: the folder of its pages below the root, with a slash at its end; "" for the root's.
        name: the language's name in that language.
        direction: "ltr" or "rtl".
    """

    language: str
    prefix: str
    name: str
    direction: str = "ltr"


@dataclass(frozen=True, slots=True)
class Site:
    """The site's own title, texts and languages, from site.toml."""

    title: str
    description: str
    base_url: str
    """The site's future address, with a trailing slash ("https://example.org/bollards/"), or ""."""
    language: str
    author: str
    licence: str
    accent: str
    """Theme colour as #rrggbb, and the same for dark pages."""
    accent_dark: str
    about: str = ""
    """Markdown from `notes/about.md`, or ""."""
    about_language: str = ""
    """Its language tag where that is not the pages', or ""."""
    editions: tuple[Edition, ...] = ()
    """All languages of the site, that of its root first."""
    prefix: str = ""
    """The folder of this language's pages ("de/"), or "" for the root's."""
    direction: str = "ltr"
    embedder: str = "builtin"
    policy: str = ""
    """The Content-Security-Policy that pages carry; "" leaves it to the host."""


@dataclass(frozen=True)
class Catalogue:
    """The whole site. Photos are ordered by file, countries by name.

    Types are in the order of the cards: those of the families first, family by family, then the
    others with similar ones side by side. `moved` are the types of earlier builds that are gone, by
    id; `elsewhere` the countries of which there is no photo, by name.
    """

    site: Site
    photos: tuple[Photo, ...]
    bollards: tuple[Bollard, ...]
    types: tuple[Type, ...]
    countries: tuple[Country, ...]
    moved: tuple[Moved, ...] = ()
    families: tuple[Family, ...] = ()
    elsewhere: tuple[Country, ...] = ()

    @cached_property
    def photo(self) -> Mapping[str, Photo]:
        return {photo.id: photo for photo in self.photos}

    @cached_property
    def type(self) -> Mapping[str, Type]:
        return {kind.id: kind for kind in self.types}

    @cached_property
    def family(self) -> Mapping[str, Family]:
        return {family.id: family for family in self.families}

    @cached_property
    def bollard(self) -> Mapping[str, Bollard]:
        return {bollard.id: bollard for bollard in self.bollards}

    @cached_property
    def country(self) -> Mapping[str | None, Country]:
        return {country.code: country for country in self.countries}

    @cached_property
    def one_offs(self) -> tuple[Bollard, ...]:
        return tuple(bollard for bollard in self.bollards if bollard.type is None)
