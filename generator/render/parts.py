"""Elements that occur on many pages: thumbnails, flags, percentages, tallies of countries."""

from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from generator.catalogue import Catalogue, Photo, Type
from generator.curve import Calibration
from generator.render.assets import Assets
from generator.render.difference import Difference
from generator.render.environment import smallest
from generator.render.reads import Reads, Source
from generator.render.views import own_region

# A thumbnail is about 120 px wide; twice as many pixels serve dense screens.
_THUMB_WIDTH = 240


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
        self.root = self._root = root
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
        self.root = parts.root
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
