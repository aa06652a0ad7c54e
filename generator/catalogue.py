"""Everything that the site shows, as one immutable value. Pages are made from nothing else.

Plain frozen dataclasses, no input or output. Steps fill them in one direction:
collect knows `Source`; build turns sources into `Photo`; group and relate add types, neighbours
and look-alikes; templates see the finished `Catalogue`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.curve import Calibration
from generator.things import BOLLARDS, Things
from generator.vocabulary import CLAIMED, SURE


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
        region_code: ISO 3166-2 code of the state, province or other first-level part of the
            country that this place is, or is in ("GB-ENG" for "Kent", too), or None.
        crop: the box given in photos.csv, or None.
        parent: the id of the photo, if it shows several bollards and this is one of them; the
            clearest one has the same id.
        box: the bollard's own box in it.
        taken: ISO 8601 date ("2024-05-01"), or None.
        whole: whether all of it is compared, even if a detector finds a box.
        trimmed: whether plain bars at its edges are cut off, if it has any.
        labels: the owner's values of the owner's attributes, by attribute.
    """

    id: str
    file: str
    sha256: str
    bollard: str
    country: str | None = None
    region: str | None = None
    region_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    credit: str | None = None
    licence: str | None = None
    source: str | None = None
    taken: str | None = None
    crop: Box | None = None
    parent: str | None = None
    box: Box | None = None
    whole: bool = False
    trimmed: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def picture(self) -> str:
        """The id of the photo; bollards of one photo share it."""
        return self.parent or self.id


@dataclass(frozen=True, slots=True)
class Picture:
    """One published size of a photo: path relative to the site's root, width and height in px."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PictureSet:
    """The published sizes of a photo, smallest first.

    `photo` shows the whole photo and `crop` only the bollard; `crop` is empty when both are the
    same.
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
        """Whether the value is certain enough to be mentioned."""
        return self.confidence >= SURE


def sure_values(attributes: Mapping[str, Trait]) -> dict[str, str]:
    """The attributes that are certain enough to be mentioned: values by name."""
    return {name: trait.value for name, trait in attributes.items() if trait.is_sure}


def claims(shares: Mapping[str, Trait], at_least: float = CLAIMED) -> dict[str, str]:
    """The values that the name of a type may mention: those that nearly all its bollards show."""
    return {name: trait.value for name, trait in shares.items() if trait.confidence >= at_least}


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as pages show it. `Source` explains the fields that both have."""

    id: str
    file: str
    bollard: str
    width: int
    height: int
    crop: Box
    pictures: PictureSet
    country: str | None = None
    region: str | None = None
    region_code: str | None = None
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
    cell: tuple[int, int] | None = None
    """Column and row of its cell on the contact sheet."""
    parent: str | None = None
    box: Box | None = None

    @property
    def picture(self) -> str:
        """The id of the photo; bollards of one photo share it."""
        return self.parent or self.id


@dataclass(frozen=True, slots=True)
class Bollard:
    """One physical bollard: its views in file order, its country, its type (None: unsorted).

    `region` is the ISO 3166-2 code of the first-level part of the country where it stands, or None.
    """

    id: str
    photos: tuple[str, ...]
    country: str | None
    type: str | None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class CountryShare:
    """One country's share of a type.

    `code` is None for photos of unknown country. `share` is a fraction of the type's bollards, 0 to
    1. `frequency` is how often it is seen there according to the owner ("common", "regional",
    "rare", "old" or ""), and `note` the owner's sentence about its bollards there, or "".
    """

    code: str | None
    name: str
    photos: int
    bollards: int
    share: float
    frequency: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """A group of bollards that look alike.

    Attributes:
        id: stable slug, also its address: `types/ID/`.
        photos: ids, the most typical first; `photos[0]` is the representative photo.
        countries: most bollards first.
        lookalikes: most alike first.
        attributes: the likeliest values; their confidence is the mean over its photos.
        shares: the values that most bollards show, each with its estimated share of bollards; see
            `claims`.
        note: Markdown from `notes/types/ID.md`, or "".
        note_language: its language tag if that is not the page's, or "".
        family: the id of its family, if any.
    """

    id: str
    name: str
    description: str
    photos: tuple[str, ...]
    bollards: tuple[str, ...]
    countries: tuple[CountryShare, ...]
    lookalikes: tuple[Lookalike, ...] = ()
    attributes: Mapping[str, Trait] = field(default_factory=dict)
    shares: Mapping[str, Trait] = field(default_factory=dict)
    note: str = ""
    note_language: str = ""
    family: str | None = None

    @property
    def representative(self) -> str:
        return self.photos[0]


@dataclass(frozen=True, slots=True)
class Family:
    """Types that the owner groups together, such as all white posts with a slanted band."""

    id: str
    name: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A type that no longer exists; its address redirects.

    Attributes:
        id: its address was `types/ID/`, which now redirects.
        type: the id of the existing type that replaced it, or None.
        one_offs: if no type replaced it, whether its bollards are unsorted now.
    """

    id: str
    type: str | None = None
    one_offs: bool = False

    @property
    def address(self) -> str:
        """The target of the redirect, relative to the site's root; "" is the home page."""
        if self.type is not None:
            return f"types/{self.type}/"
        return "one-offs/" if self.one_offs else ""


@dataclass(frozen=True, slots=True)
class Region:
    """A state, province or other first-level part of a country that has bollards (ISO 3166-2).

    Attributes:
        code: ISO 3166-2 ("AU-VIC").
        bollards: how many it has, unsorted ones included.
        types: how many bollards of each type it has by the type's id, most first.
        only_here: those of `types` of which the country has several bollards, all of them here;
            none if the country has bollards in no other region.
        names: all its names, in several languages, for searching.
    """

    code: str
    name: str
    bollards: int
    types: Mapping[str, int]
    only_here: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its types and photos; its code is None for photos of unknown country.

    Attributes:
        types: ids, most bollards in this country first.
        only_here: those of `types` that occur nowhere else in the collection.
        photos: ids of all its photos.
        one_offs: ids of its photos that belong to no type.
        aliases: other names of the country, in several languages.
        regions: its parts with bollards, most bollards first.
    """

    code: str | None
    name: str
    types: tuple[str, ...]
    only_here: tuple[str, ...]
    photos: tuple[str, ...]
    one_offs: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()

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
        direction: of its script, "ltr" or "rtl".
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
    things: Things = BOLLARDS
    """What the site shows."""
    pictures_url: str = ""
    """Where `pictures/` is ("https://pictures.example.org/"); "" is beside the pages."""

    def picture(self, path: str, root: str = "") -> str:
        """The address of a picture: below `root`, unless pictures are elsewhere."""
        return (self.pictures_url or root) + path


@dataclass(frozen=True)
class Catalogue:
    """The whole site. Photos are ordered by file, countries by name.

    Types are in the order of their cards: first those of families, family by family, then the
    others, with similar ones side by side. `moved` are the types of earlier builds that no longer
    exist, by id. `elsewhere` are the countries without a photo, by name. `calibration` is the curve
    that the site keeps; without it, `generator.calibration` measures one.
    """

    site: Site
    photos: tuple[Photo, ...]
    bollards: tuple[Bollard, ...]
    types: tuple[Type, ...]
    countries: tuple[Country, ...]
    moved: tuple[Moved, ...] = ()
    families: tuple[Family, ...] = ()
    elsewhere: tuple[Country, ...] = ()
    calibration: Calibration | None = None

    @cached_property
    def photo(self) -> Mapping[str, Photo]:
        return {photo.id: photo for photo in self.photos}

    @cached_property
    def type(self) -> Mapping[str, Type]:
        return {type_.id: type_ for type_ in self.types}

    @cached_property
    def family(self) -> Mapping[str, Family]:
        return {family.id: family for family in self.families}

    @cached_property
    def bollard(self) -> Mapping[str, Bollard]:
        return {bollard.id: bollard for bollard in self.bollards}

    @cached_property
    def region(self) -> Mapping[str, Region]:
        return {one.code: one for country in self.countries for one in country.regions}

    @cached_property
    def country(self) -> Mapping[str | None, Country]:
        return {country.code: country for country in self.countries}

    def photo_count(self, ids: Iterable[str]) -> int:
        """How many photos these are: several bollards of one photo count once."""
        return len({self.photo[one].picture for one in ids})

    @cached_property
    def together(self) -> Mapping[str, tuple[Photo, ...]]:
        """The bollards of each photo that shows several, by the photo's id."""
        found: dict[str, list[Photo]] = {}
        for photo in self.photos:
            if photo.parent:
                found.setdefault(photo.parent, []).append(photo)
        return {key: tuple(own) for key, own in found.items()}

    @cached_property
    def one_offs(self) -> tuple[Bollard, ...]:
        return tuple(bollard for bollard in self.bollards if bollard.type is None)
