"""Finds the photos and bollards that curation.toml names among the existing ones.

The owner may name a bollard by the id or the file of any of its photos, or by its key. Renamed
files are found through the files that earlier builds saw.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from generator.catalogue import Box, Source
from generator.curation import Curation
from generator.curation.hiding import hidden_photos
from generator.curation.photo_names import PhotoNames
from generator.errors import Problem

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decisions:
    """A curation with resolved references; decisions about missing things are left out.

    Attributes:
        curation: as it was written.
        pins: for each pinned bollard's key, the type's id as written, "" for unsorted.
        kept_out: for bollards, by key, the types they do not belong to.
        countries: corrected, by bollard key; "" for unknown.
        hidden: photo ids.
        shown: ids of the photos that the owner publishes although they may resemble hidden ones.
        hiding: for each entry that hides, by its `below_photos` name, the ids of all photos that it
            has hidden so far.
        lost: the entries that hide none of the existing photos, as written.
        suspects: for photos that a lost entry may mean, by id, the entry.
        pictures: the representative photo's id by type id.
        boxes: where the bollard is in a photo, by photo id.
        problems: references that were not found, and decisions that contradict each other.
    """

    curation: Curation = field(default_factory=Curation)
    pins: Mapping[str, str] = field(default_factory=dict)
    kept_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    hiding: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    suspects: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, Box] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def look_up(
    curation: Curation,
    bollards: Mapping[str, Collection[str]],
    files: Mapping[str, str] = _NONE,
    former: Mapping[str, str] = _NONE,
    *,
    names: Mapping[str, str] = _NONE,
    aliases: Mapping[str, str] = _NONE,
    remembered: Mapping[str, Collection[str]] = MappingProxyType({}),
    published: Collection[str] = frozenset(),
    parts: Mapping[str, str] = _NONE,
) -> Decisions:
    """Find the photos and bollards that a curation names.

    Args:
        curation: the owner's decisions.
        bollards: the ids of each bollard's photos, by the bollard's key.
        files: the file of each photo below photos/, by id.
        former: the photo's id for each file that earlier builds saw, wherever it is now.
        names: the photo's id for each existing file, including copies of photos.
        aliases: ids that photos had with other salts, and their present ids.
        remembered: `Decisions.hiding` of earlier builds.
        published: ids of the photos that were on the site before.
        parts: for bollards that share a photo with another, by id, the id of the photo. What hides
            or shows the photo hides or shows them.
    """
    photo_names = PhotoNames(bollards, files, former, names, aliases)
    pins: dict[str, str] = {}
    kept_out: dict[str, frozenset[str]] = {}
    countries: dict[str, str] = {}
    by: dict[tuple[str, str], str] = {}
    for reference, said in curation.bollards.items():
        where = f'[bollards."{reference}"]'
        key = photo_names.bollard(reference, where)
        if key is None:
            continue
        if said.type is not None:
            photo_names.agree(pins, key, said.type, where, by, "type")
        if said.country is not None:
            photo_names.agree(countries, key, said.country, where, by, "country")
        if said.kept_out_of:
            kept_out[key] = kept_out.get(key, frozenset()) | frozenset(said.kept_out_of)
    hiding = hidden_photos(curation, photo_names, remembered, frozenset(published))

    def grown(ids: frozenset[str]) -> frozenset[str]:
        return ids | {part for part, photo in parts.items() if photo in ids}

    pictures = {
        type_: photo_names.photo(said.picture, f"[types.{type_}] picture")
        for type_, said in curation.types.items()
        if said.picture
    }
    boxes = {
        photo_names.photo(reference, f'[photos."{reference}"] box'): Box(*said.box)
        for reference, said in curation.photos.items()
        if said.box
    }
    return Decisions(
        curation=curation,
        pins=pins,
        kept_out=kept_out,
        countries=countries,
        hidden=grown(hiding.hidden),
        shown=grown(hiding.shown) - grown(hiding.hidden),
        hiding={entry: grown(ids) for entry, ids in hiding.by_entry.items()},
        lost=hiding.lost,
        suspects=dict(hiding.suspects)
        | {
            part: hiding.suspects[photo]
            for part, photo in parts.items()
            if photo in hiding.suspects
        },
        pictures={type_: photo for type_, photo in pictures.items() if photo},
        boxes={photo: box for photo, box in boxes.items() if photo},
        problems=(*hiding.problems, *photo_names.problems),
    )


def bollards_of(sources: Iterable[Source]) -> dict[str, list[str]]:
    """The ids of each bollard's photos by its key."""
    found: dict[str, list[str]] = {}
    for source in sources:
        found.setdefault(source.bollard, []).append(source.id)
    return found
