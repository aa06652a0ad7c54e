"""What a page reads besides the values that it is given.

Templates may look up anything of the catalogue, and so the whole catalogue would be what a page is
made from. Instead they are given a view of it that notes each look-up by name. A page is made again
only if one of these look-ups gives something else now. What it would look up then can differ, but
not before one of them does (A. Mokhov, N. Mitchell and S. Peyton Jones, "Build systems à la carte",
2018, section 4.2.2, verifying traces).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from generator.catalogue import Catalogue, Site
from generator.render.assets import Assets
from generator.render.fingerprint import Fingerprints

Source = Callable[..., object]
Value = TypeVar("Value")

# Between the parts of a look-up's name, and the name of the key None.
_SEAM = "\x1f"
_NONE = "\x00"
_PAIR = 2

# What all pages are given alike; a change of it makes all pages again.
FRAME = (
    "styles",
    "modules",
    "needed",
    "icon",
    "icon_kind",
    "sign",
    "icons",
    "logo",
    "logo_size",
    "own_style",
)
# What single pages show of the site's texts; all are given the rest.
_ABOUT = ("about", "about_language")


class Reads:
    """Notes look-ups by name, and tells what they give now.

    Attributes:
        noted: those of the present page, in their order.
    """

    def __init__(self, catalogue: Catalogue, assets: Assets, fingerprints: Fingerprints) -> None:
        self._fingerprints = fingerprints
        self._states: dict[str, bytes] = {}
        self.noted: dict[str, None] = {}
        self.sources: dict[str, Source] = {
            "all": lambda field: tuple(getattr(catalogue, field)),
            "some": lambda field: bool(getattr(catalogue, field)),
            "count": lambda field: len(getattr(catalogue, field)),
            "keys": lambda field: tuple(getattr(catalogue, field)),
            "one": lambda field, key: getattr(catalogue, field)[_key(key)],
            "picture": lambda photo: catalogue.photo[photo].picture,
            "site": lambda field: getattr(catalogue.site, field),
            "asset": lambda field: getattr(assets, field),
            "asset of": lambda field, key: getattr(assets, field)[_key(key)],
        }

    def note(self, *name: str) -> None:
        """Note a look-up, such as ("one", "photo", "3f0012ab...")."""
        self.noted[_SEAM.join(name)] = None

    def state(
        self, names: Sequence[str], more: Mapping[str, Source], states: dict[str, bytes]
    ) -> str:
        """What these look-ups give now, as a digest.

        Args:
            names: the look-ups as they were noted.
            more: further sources by kind.
            states: what look-ups gave so far with these sources, by name; it grows.
        """
        for name in names:
            if name not in states:
                kind, *arguments = name.split(_SEAM, _PAIR)
                if kind in more:
                    states[name] = self._look_up(more[kind], arguments)
                    continue
                if name not in self._states:
                    self._states[name] = self._look_up(self.sources[kind], arguments)
                states[name] = self._states[name]
        whole = b"".join(map(states.__getitem__, names))
        return hashlib.blake2b(whole, digest_size=16).hexdigest()

    def _look_up(self, source: Source, arguments: Sequence[str]) -> bytes:
        try:
            return self._fingerprints.of(source(*arguments))
        except KeyError:
            return b"nothing"


class SiteView:
    """The site's own texts; only those that a single page shows are noted."""

    def __init__(self, site: Site, reads: Reads) -> None:
        self._site = site
        self._reads = reads

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._site, name)
        if name in _ABOUT:
            self._reads.note("site", name)
        return found

    def picture(self, path: str, root: str = "") -> str:
        """See `Site.picture`."""
        return self._site.picture(path, root)


class AssetsView:
    """The paths of assets; those that all pages have are not noted."""

    def __init__(self, assets: Assets, reads: Reads) -> None:
        self._assets = assets
        self._reads = reads
        self._entries = {
            name: Entries(name, getattr(assets, name), reads, one="asset of", keys="asset")
            for name in ("flags", "pictograms", "marks")
        }

    def __getattr__(self, name: str) -> Any:
        if name in self._entries:
            return self._entries[name]
        if name not in FRAME:
            self._reads.note("asset", name)
        return getattr(self._assets, name)


class CatalogueView:
    """The catalogue as templates see it: whatever they look up is noted."""

    def __init__(self, catalogue: Catalogue, reads: Reads) -> None:
        self._catalogue = catalogue
        self._reads = reads
        self._views: dict[str, Any] = {"site": SiteView(catalogue.site, reads)}

    def __getattr__(self, name: str) -> Any:
        view = self._views.get(name)
        if view is None:
            found = getattr(self._catalogue, name)
            if isinstance(found, Mapping):
                view = Entries(name, found, self._reads)
            elif isinstance(found, Sequence) and not isinstance(found, str):
                view = Items(name, found, self._reads)
            else:
                # What a method reads would go unnoticed: it needs a method below.
                raise AttributeError(f"templates cannot use catalogue.{name}")
            self._views[name] = view
        return view

    def photo_count(self, ids: Iterable[str]) -> int:
        """See `Catalogue.photo_count`."""
        own = tuple(ids)
        for photo in own:
            self._reads.note("picture", photo)
        return self._catalogue.photo_count(own)


class Entries(Mapping[Any, Value]):
    """A mapping whose look-ups are noted one by one."""

    def __init__(
        self,
        name: str,
        found: Mapping[Any, Value],
        reads: Reads,
        one: str = "one",
        keys: str = "keys",
    ) -> None:
        self._name = name
        self._found = found
        self._reads = reads
        self._kinds = one, keys

    def __getitem__(self, key: Any) -> Value:
        if key is None or isinstance(key, str):
            self._reads.note(self._kinds[0], self._name, _NONE if key is None else str(key))
        else:
            self._reads.note(self._kinds[1], self._name)
        return self._found[key]

    def __iter__(self) -> Iterator[Any]:
        self._reads.note(self._kinds[1], self._name)
        return iter(self._found)

    def __len__(self) -> int:
        self._reads.note(self._kinds[1], self._name)
        return len(self._found)


class Items(Sequence[Value]):
    """A sequence of which is noted whether it has items, the length, or everything."""

    def __init__(self, name: str, found: Sequence[Value], reads: Reads) -> None:
        self._name = name
        self._found = found
        self._reads = reads

    def _all(self) -> Sequence[Value]:
        self._reads.note("all", self._name)
        return self._found

    def __bool__(self) -> bool:
        # Every page leads to the unsorted bollards if there are some.
        self._reads.note("some", self._name)
        return bool(self._found)

    def __len__(self) -> int:
        self._reads.note("count", self._name)
        return len(self._found)

    def __getitem__(self, position: Any) -> Any:
        return self._all()[position]

    def __iter__(self) -> Iterator[Value]:
        return iter(self._all())

    def __add__(self, other: Any) -> tuple[Any, ...]:
        return (*self._all(), *other)

    def __radd__(self, other: Any) -> tuple[Any, ...]:
        return (*other, *self._all())


def _key(text: str) -> str | None:
    return None if text == _NONE else text
