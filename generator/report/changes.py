"""The changes of a build: compares the previous site with the new catalogue."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
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
        types: the name of each current type, "" if only the ledger has it.
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
    views changed (bollard), its type was merged or split, or it was clustered again (cluster).
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
class Readdressed:
    """A type with a new address: its id was `before`."""

    type: str
    name: str
    before: str


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
    readdressed: tuple[Readdressed, ...] = ()
    addresses: tuple[Address, ...] = ()

    @property
    def merged(self) -> tuple[Retired, ...]:
        """The retired types whose photos went into one living type."""
        return tuple(change for change in self.retired if change.merged_into is not None)


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
            types={type_.id: type_.name for type_ in site.types.values()},
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
        seen: ids of photos that any earlier build had, to complete `before`.
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
    readdressed = _readdressed(old, known, catalogue)
    if readdressed:
        # From here on, these types have their new ids, so that all else about them is as before.
        now = {one.before: one.type for one in readdressed}
        old = replace(old, types={now.get(key, key): name for key, name in old.types.items()})
        known = {
            photo: replace(was, type=now[was.type]) if was.type in now else was
            for photo, was in known.items()
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
        Resized(type_.id, type_.name, sizes[type_.id], len(type_.photos))
        for type_ in sorted(catalogue.types, key=lambda type_: type_.id)
        if type_.id in old.types
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
            Born(key, type_.name, len(type_.photos), origins.get(key), key in old.returning)
            for key, type_ in sorted(catalogue.type.items())
            if key not in old.types
        ),
        grown=tuple(change for change in resized if change.after > change.before),
        shrunk=tuple(change for change in resized if change.after < change.before),
        split=splits,
        retired=retired,
        renamed=tuple(
            Renamed(key, old.types[key], type_.name)
            for key, type_ in sorted(catalogue.type.items())
            if old.types.get(key) and old.types[key] != type_.name
        ),
        readdressed=readdressed,
        addresses=_addresses(old, missing, retired, readdressed, catalogue),
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
    for type_ in catalogue.types:
        if type_.id not in old.types:
            origin = _most(Counter(known[photo].type for photo in type_.photos if photo in known))
            if origin is not None:
                found[type_.id] = origin
    return found


def _readdressed(
    old: Before, known: Mapping[str, PhotoBefore], catalogue: "Catalogue"
) -> tuple[Readdressed, ...]:
    """The types whose id alone is new: most photos of the new one and of the former are the same.

    A type that became several new ones was split instead.
    """
    origins = _origins(old, known, catalogue)
    parts = Counter(origins.values())
    went = _went(known, catalogue)
    return tuple(
        Readdressed(key, catalogue.type[key].name, origin)
        for key, origin in sorted(origins.items())
        if origin not in catalogue.type and parts[origin] == 1 and _most(went[origin]) == key
    )


def _went(
    known: Mapping[str, PhotoBefore], catalogue: "Catalogue"
) -> dict[str, Counter[str | None]]:
    """For each old type, how many of its remaining photos are in which type now."""
    went: dict[str, Counter[str | None]] = {}
    for photo, was in known.items():
        if was.type is not None and photo in catalogue.photo:
            went.setdefault(was.type, Counter())[catalogue.photo[photo].type] += 1
    return went


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
    went = _went(known, catalogue)
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
    merged = {change.type: change.merged_into for change in retired if change.merged_into}
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
    readdressed: tuple[Readdressed, ...],
    catalogue: "Catalogue",
) -> tuple[Address, ...]:
    """Published addresses that have changed or are gone."""
    ways = {moved.id: moved.address for moved in catalogue.moved}
    kept = catalogue.type.keys() | ways.keys() | {change.before for change in readdressed}
    forgotten = old.type_pages - old.types.keys() - kept
    countries = old.countries - {country.slug for country in catalogue.countries}
    return (
        *(Address(f"types/{change.type}/", change.leads_to) for change in retired),
        *(Address(f"types/{one.before}/", ways.get(one.before)) for one in readdressed),
        *(Address(f"types/{key}/") for key in sorted(forgotten)),
        *(Address(f"countries/{slug}/") for slug in sorted(countries)),
        *(Address(f"photos/{change.photo}/", of=change.file) for change in missing),
    )
