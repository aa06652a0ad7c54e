"""What a build changes: compares the site that was live before with the new catalogue."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from generator.published import read_published

if TYPE_CHECKING:
    # For type annotations only: a build with nothing to do should not import these modules.
    from generator.catalogue import Catalogue
    from generator.group.ledger import Ledger

Why = Literal["", "curation", "bollard", "merged", "split", "cluster"]


@dataclass(frozen=True, slots=True)
class PhotoBefore:
    """A photo of the last build. If only the ledger knows of it, file and bollard are "" and its
    country is unknown.
    """

    type: str | None
    file: str = ""
    bollard: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """The state after the last build.

    Attributes:
        photos: by id.
        types: the name of each living type, "" when only the ledger knows of it.
        countries: addresses of their pages below `countries/`.
        returning: ids of types that were retired then.
        type_pages: every id that has a page below `types/`, retired ones included.
        by_ledger: only the ledger was available; it lists no unsorted bollards.
    """

    photos: Mapping[str, PhotoBefore] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    returning: frozenset[str] = frozenset()
    type_pages: frozenset[str] = frozenset()
    by_ledger: bool = False


@dataclass(frozen=True, slots=True)
class PhotoChange:
    """A photo that was added, was removed, or has another type than before (None: unsorted).

    `why` is empty except for photos that changed type: the owner decided it (curation), the photo's
    views changed (bollard), its type was merged or split, or it was clustered anew (cluster).
    """

    photo: str
    file: str
    before: str | None = None
    after: str | None = None
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Relocated:
    """A bollard whose country has changed (None: unknown).

    `why` is "curation" if the owner corrected it, and empty if its folder or photos.csv did.
    """

    bollard: str
    before: str | None
    after: str | None
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Born:
    """A new type. `origin` is the previous type of most of its known photos; `returned` means that
    it had been retired.
    """

    type: str
    name: str
    photos: int
    origin: str | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Resized:
    """A type that has more or fewer photos than before."""

    type: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Retired:
    """A type that is gone.

    Attributes:
        leads_to: the address that its own redirects to, or None.
        merged_into: the type that got most of its remaining photos.
    """

    type: str
    name: str
    leads_to: str | None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A type whose photos are now in several; `into` begins with itself if it still exists."""

    type: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A type with a new name; its address is as before."""

    type: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Address:
    """A published address that has changed: it redirects, or (None) it is gone."""

    address: str
    leads_to: str | None = None
    of: str = ""
    """The file, for a photo's address."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences from the site that was live before. Every list is ordered by id or file.

    `removed` photos are gone from photos/; `hidden` ones exist, and the owner hid them.
    """

    first_build: bool = False
    added: tuple[PhotoChange, ...] = ()
    removed: tuple[PhotoChange, ...] = ()
    hidden: tuple[PhotoChange, ...] = ()
    relocated: tuple[Relocated, ...] = ()
    moved: tuple[PhotoChange, ...] = ()
    born: tuple[Born, ...] = ()
    grown: tuple[Resized, ...] = ()
    shrunk: tuple[Resized, ...] = ()
    split: tuple[Split, ...] = ()
    retired: tuple[Retired, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    addresses: tuple[Address, ...] = ()

    @property
    def merged(self) -> tuple[Retired, ...]:
        """The retired types whose photos went into one living type."""
        return tuple(kind for kind in self.retired if kind.merged_into is not None)


def last_build(public: Path, ledger: "Ledger") -> Before | None:
    """The state after the last build; None if there was none.

    It comes from the live site if there is one, else from the ledger, as on a machine that has just
    fetched the project. The ledger knows no names, and no unsorted bollards that are gone.
    """
    returning = frozenset(ledger.retired)
    try:
        site = read_published(public)
        pages = {path.parent.name for path in public.glob("types/*/index.html")}
        return Before(
            photos={
                photo.id: PhotoBefore(photo.type, photo.file, photo.bollard, photo.country)
                for photo in site.photos.values()
            },
            types={kind.id: kind.name for kind in site.types.values()},
            countries=frozenset((code or "unknown").lower() for code in site.countries),
            returning=returning,
            type_pages=frozenset(pages),
        )
    except (OSError, ValueError):
        pass
    if not ledger.types and not ledger.added:
        return None
    photos = {
        photo: PhotoBefore(type=key) for key, members in ledger.types.items() for photo in members
    }
    names = dict.fromkeys(ledger.types, "")
    return Before(photos, names, returning=returning, by_ledger=True)


def compare(
    before: Before | None,
    catalogue: "Catalogue",
    decided: frozenset[str] = frozenset(),
    seen: frozenset[str] = frozenset(),
    hidden: frozenset[str] = frozenset(),
    corrected: Collection[str] = (),
) -> Changes:
    """Find out what the new catalogue changes.

    Args:
        before: the state after the last build, or None.
        catalogue: the new state.
        decided: ids of photos whose type the owner decided.
        seen: ids of photos that any earlier build had, for what `before` does not know.
        hidden: ids of existing photos that the owner hid.
        corrected: keys of bollards whose country the owner corrected.
    """
    first = before is None
    old = before or Before()
    known = dict(old.photos)
    if old.by_ledger:
        # The ledger knows the day on which each photo was first seen, so unsorted photos are not
        # new.
        known |= {
            photo.id: PhotoBefore(None)
            for photo in catalogue.photos
            if photo.id in seen and photo.id not in known
        }
    origins = _origins(old, known, catalogue)
    splits = _splits(origins, catalogue)
    retired = _retired(old, known, catalogue, frozenset(split.type for split in splits))
    missing = sorted(
        (
            PhotoChange(photo, was.file, before=was.type)
            for photo, was in known.items()
            if photo not in catalogue.photo
        ),
        key=lambda change: (change.file, change.photo),
    )
    sizes = Counter(was.type for was in known.values())
    resized = [
        Resized(kind.id, kind.name, sizes[kind.id], len(kind.photos))
        for kind in sorted(catalogue.types, key=lambda kind: kind.id)
        if kind.id in old.types
    ]
    return Changes(
        first_build=first,
        added=tuple(
            PhotoChange(photo.id, photo.file, after=photo.type)
            for photo in catalogue.photos
            if photo.id not in known
        ),
        removed=tuple(change for change in missing if change.photo not in hidden),
        hidden=tuple(change for change in missing if change.photo in hidden),
        relocated=_relocated(known, catalogue, corrected),
        moved=_moved(known, catalogue, origins, retired, decided),
        born=tuple(
            Born(key, kind.name, len(kind.photos), origins.get(key), key in old.returning)
            for key, kind in sorted(catalogue.type.items())
            if key not in old.types
        ),
        grown=tuple(kind for kind in resized if kind.after > kind.before),
        shrunk=tuple(kind for kind in resized if kind.after < kind.before),
        split=splits,
        retired=retired,
        renamed=tuple(
            Renamed(key, old.types[key], kind.name)
            for key, kind in sorted(catalogue.type.items())
            if old.types.get(key) and old.types[key] != kind.name
        ),
        addresses=_addresses(old, missing, retired, catalogue),
    )


def _most(votes: Counter[str | None]) -> str | None:
    """The value that more than half of the votes are for."""
    for choice, count in votes.most_common(1):
        if count * 2 > votes.total():
            return choice
    return None


def _origins(
    old: Before, known: Mapping[str, PhotoBefore], catalogue: "Catalogue"
) -> dict[str, str]:
    """For each new type, the old one that most of its known photos come from."""
    found = {}
    for kind in catalogue.types:
        if kind.id not in old.types:
            origin = _most(Counter(known[photo].type for photo in kind.photos if photo in known))
            if origin is not None:
                found[kind.id] = origin
    return found


def _splits(origins: Mapping[str, str], catalogue: "Catalogue") -> tuple[Split, ...]:
    parts: dict[str, list[str]] = {}
    for key, origin in sorted(origins.items()):
        parts.setdefault(origin, [origin] if origin in catalogue.type else []).append(key)
    return tuple(Split(key, tuple(into)) for key, into in sorted(parts.items()) if len(into) > 1)


def _retired(
    old: Before,
    known: Mapping[str, PhotoBefore],
    catalogue: "Catalogue",
    split: frozenset[str],
) -> tuple[Retired, ...]:
    ways = {moved.id: moved.address for moved in catalogue.moved}
    went: dict[str, Counter[str | None]] = {}
    for photo, was in known.items():
        if was.type is not None and photo in catalogue.photo:
            went.setdefault(was.type, Counter())[catalogue.photo[photo].type] += 1
    return tuple(
        Retired(
            key,
            old.types[key],
            leads_to=ways.get(key),
            merged_into=None if key in split else _most(went.get(key, Counter())),
        )
        for key in sorted(old.types.keys() - catalogue.type.keys())
    )


def _moved(
    known: Mapping[str, PhotoBefore],
    catalogue: "Catalogue",
    origins: Mapping[str, str],
    retired: tuple[Retired, ...],
    decided: frozenset[str],
) -> tuple[PhotoChange, ...]:
    merged = {kind.type: kind.merged_into for kind in retired if kind.merged_into}
    views: dict[str, set[str]] = {}
    for photo, was in known.items():
        if was.bollard and photo in catalogue.photo:
            views.setdefault(was.bollard, set()).add(photo)
    changes = []
    for now in catalogue.photos:
        last = known.get(now.id)
        if last is None or last.type == now.type:
            continue
        together = {view for view in catalogue.bollard[now.bollard].photos if view in known}
        why: Why = "cluster"
        if now.id in decided:
            why = "curation"
        elif last.bollard and views[last.bollard] != together:
            why = "bollard"
        elif last.type in merged and merged[last.type] == now.type:
            why = "merged"
        elif last.type is not None and now.type and origins.get(now.type) == last.type:
            why = "split"
        changes.append(PhotoChange(now.id, now.file, last.type, now.type, why))
    return tuple(changes)


def _relocated(
    known: Mapping[str, PhotoBefore], catalogue: "Catalogue", corrected: Collection[str]
) -> tuple[Relocated, ...]:
    """Each bollard once, by the first of its photos whose country has changed."""
    found: dict[str, Relocated] = {}
    for photo in catalogue.photos:
        last = known.get(photo.id)
        # Photos that only the ledger knows have no country.
        if last is not None and last.bollard and last.country != photo.country:
            why: Why = "curation" if photo.bollard in corrected else ""
            moved = Relocated(photo.bollard, last.country, photo.country, why)
            found.setdefault(photo.bollard, moved)
    return tuple(found[key] for key in sorted(found))


def _addresses(
    old: Before,
    missing: list[PhotoChange],
    retired: tuple[Retired, ...],
    catalogue: "Catalogue",
) -> tuple[Address, ...]:
    """Published addresses that have changed or are gone."""
    kept = catalogue.type.keys() | {moved.id for moved in catalogue.moved}
    forgotten = old.type_pages - old.types.keys() - kept
    countries = old.countries - {country.slug for country in catalogue.countries}
    return (
        *(Address(f"types/{kind.type}/", kind.leads_to) for kind in retired),
        *(Address(f"types/{key}/") for key in sorted(forgotten)),
        *(Address(f"countries/{slug}/") for slug in sorted(countries)),
        *(Address(f"photos/{change.photo}/", of=change.file) for change in missing),
    )
