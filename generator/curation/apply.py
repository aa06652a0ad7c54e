"""Applies the owner's decisions to the clustered types. Nothing here reads or writes files."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from types import MappingProxyType

from generator.catalogue import Box, Family, Source
from generator.curation import Curation
from generator.curation.photo_names import FILE, nearest
from generator.curation.references import Decisions
from generator.errors import Problem
from generator.recogniser.framing import framed

_NOTHING: Mapping[str, str] = MappingProxyType({})
# Larger than any photo.
_ENDLESS = (1_000_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Decided:
    """The types after the owner's decisions.

    Attributes:
        types: photo ids by type id; no type is empty.
        photos: ids of the photos whose type the owner decided: pinned, kept out, or in a type that
            was merged.
        one_offs: ids of the photos that the owner decided to leave unsorted.
        merged: for each type that the owner merged away, the living type it became part of.
        problems: decisions that could not be carried out.
    """

    types: Mapping[str, frozenset[str]]
    photos: frozenset[str] = frozenset()
    one_offs: frozenset[str] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def decide(
    types: Mapping[str, Collection[str]],
    bollards: Mapping[str, Collection[str]],
    decisions: Decisions,
    retired: Collection[str] = (),
    moved: Mapping[str, str] = _NOTHING,
) -> Decided:
    """Carry out merges, splits, pins, keep-outs and hiding.

    Pins come first, then the types that a bollard is kept out of, then merges. A bollard that is
    kept out of its clustered type is unsorted, until it is pinned. Applying this twice gives the
    same result as applying it once.

    Args:
        types: photo ids by type id, without any decision.
        bollards: photo ids by the bollard's key; all views of a bollard share a type.
        decisions: the owner's decisions.
        retired: ids of types that existed once.
        moved: for types that are gone, the living one that took their place.
    """
    said = decisions
    book = said.curation
    known = _Known(types, retired, book)
    type_of = {photo: key for key, photos in types.items() for photo in photos}
    found: dict[str, set[str]] = {}
    by_person: set[str] = set()
    one_offs: set[str] = set()
    for key in sorted(bollards):
        views = set(bollards[key]) - said.hidden
        base = _majority(type_of.get(photo) for photo in sorted(bollards[key]))
        here = known.kept(base) if base is not None else None
        if {base, here} & said.kept_out.get(key, frozenset()):
            here = None
        pin = said.pins.get(key)
        if pin == "":
            here = None
            one_offs |= views
        elif pin is not None:
            goal = known.pinned(pin, key)
            here = here if goal is None else goal
        if here != base or pin is not None:
            by_person |= views
        if here is not None and views:
            found.setdefault(here, set()).update(views)
    result = {key: frozenset(photos) for key, photos in found.items()}
    merged = {gone: to for gone in book.merges if (to := known.kept(gone)) in result and to != gone}
    known.check(result, said.pictures)
    return Decided(
        types=result,
        photos=frozenset(by_person),
        one_offs=frozenset(one_offs),
        merged=merged,
        problems=(
            *said.problems,
            *known.problems,
            *unknown_types(book, result, retired, moved),
            *_contradictions(said, book),
        ),
    )


def curated(sources: Iterable[Source], decisions: Decisions) -> list[Source]:
    """The photos, including hidden ones, each with the country and the box that the owner gave."""
    shown = []
    for source in sources:
        code = decisions.countries.get(source.bollard)
        if code is not None and (code or None) != source.country:
            # The region belonged to the wrong country.
            source = replace(source, country=code or None, region=None, region_code=None)
        if box := decisions.boxes.get(source.id):
            source = replace(source, crop=crop_around(box), box=box if source.parent else None)
        shown.append(source)
    return shown


def crop_around(box: Box) -> Box:
    """The crop for a bollard's box, in px of the upright photo; it may extend beyond the photo,
    whose size is not known yet.
    """
    return Box(*framed(astuple(box), _ENDLESS))


def families(curation: Curation, types: Collection[str]) -> tuple[Family, ...]:
    """The families that have types, each type once and under its present id."""
    found = []
    placed: set[str] = set()
    for key, said in curation.families.items():
        own = [
            one
            for one in dict.fromkeys(map(curation.kept, said.types))
            if one in types and one not in placed
        ]
        placed.update(own)
        if own:
            found.append(Family(key, said.name, tuple(own)))
    return tuple(found)


def lookalike_notes(
    curation: Curation, types: Collection[str], language: str | None = None
) -> dict[tuple[str, str], str]:
    """How to tell one type from another, in both directions: its own words before the other's.

    With a `language`, only the notes in that language.
    """
    notes: dict[tuple[str, str], str] = {}
    for key, said in curation.types.items():
        texts = said.lookalikes if language is None else said.lookalikes_in.get(language, {})
        for other, text in texts.items():
            a, b = curation.kept(key), curation.kept(other)
            if text and a != b and a in types and b in types:
                notes.setdefault((a, b), text)
    return {(b, a): text for (a, b), text in notes.items()} | notes


def unknown_types(
    curation: Curation,
    known: Iterable[str],
    retired: Collection[str] = (),
    moved: Mapping[str, str] = _NOTHING,
) -> list[Problem]:
    """A warning for every named type that does not exist, with its successor or a suggestion.

    Args:
        curation: the owner's decisions.
        known: ids of the living types.
        retired: ids of types that existed once.
        moved: for retired types, the living one that took their place.
    """
    ids = sorted(known)
    problems = []
    for wrong, said in sorted(curation.types.items()):
        # A split exists once bollards are pinned to it; a merged type needs no more decisions.
        if wrong in ids or said.split_from or wrong in curation.merges:
            continue
        if wrong in moved:
            reason = f"this type is gone; most of its photos are now in {moved[wrong]}."
        elif wrong in retired:
            reason = "this type is gone, because none of its photos is in a type now."
        else:
            reason = f"there is no such type.{nearest(wrong, ids)}"
        problems.append(Problem(FILE, f"[types.{wrong}]: {reason}", skipped=False))
    return problems


def absent_countries(
    curation: Curation, countries: Mapping[str, Collection[str | None]]
) -> list[Problem]:
    """A warning for every country of a type's table where it has no photo, and is not shown.

    Args:
        curation: the owner's decisions.
        countries: the countries of each living type.
    """
    return [
        Problem(
            FILE,
            f"[types.{key}.countries.{code}]: no photo of this type is from there, so nothing of"
            f" this table is shown. It has: {', '.join(sorted(filter(None, countries[key])))}.",
            skipped=False,
        )
        for key, said in sorted(curation.types.items())
        if key in countries
        for code in sorted(said.countries)
        if code not in countries[key]
    ]


class _Known:
    """The existing types, to report decisions about any other."""

    def __init__(self, types: Iterable[str], retired: Iterable[str], book: Curation) -> None:
        self._living = set(types)
        self._ids = self._living | set(retired)
        self._book = book
        self.problems: list[Problem] = []
        self._made = {key for key, said in book.types.items() if said.split_from}
        self._merges: dict[str, str] = {}
        for gone, kept in book.merges.items():
            end = book.kept(gone)
            if end in self._ids or end in self._made:
                self._merges[gone] = end
            elif kept == end:
                self._unknown(f"merges.{gone}", kept, "Nothing was merged.")
            if gone not in self._ids and gone not in self._made:
                self._unknown(f"merges.{gone}", gone)

    def kept(self, key: str) -> str:
        """The type that this one is now part of."""
        return self._merges.get(key, key)

    def pinned(self, key: str, bollard: str) -> str | None:
        """The type that a bollard is pinned to; None, and a problem, if it does not exist."""
        goal = self.kept(key)
        if goal in self._ids or goal in self._made:
            return goal
        self._unknown(
            f'[bollards] "{bollard}": type',
            key,
            f'To make it a new type, write where it is split from: [types.{key}] split_from = "…".',
        )
        return None

    def check(self, result: Mapping[str, frozenset[str]], pictures: Mapping[str, str]) -> None:
        """Report decisions that make no sense and that the steps above do not report."""
        for key, photo in sorted(pictures.items()):
            if key in result and photo not in result[key]:
                told = f"[types.{key}] picture: this photo is not in the type."
                self.problems.append(Problem(FILE, told, skipped=False))
        book = self._book
        for key, said in book.types.items():
            if said.split_from and key not in result and key not in book.merges:
                told = (
                    f"[types.{key}] split_from: no existing bollard is pinned to this type, so"
                    f' it does not exist. Pin some, [bollards."…"] type = "{key}", or remove the'
                    " table."
                )
                self.problems.append(Problem(FILE, told, skipped=False))
            if key in said.lookalikes or any(key in texts for texts in said.lookalikes_in.values()):
                told = f"[types.{key}] lookalikes: a type cannot be compared with itself."
                self.problems.append(Problem(FILE, told, skipped=False))
        named: dict[str, str] = {}
        for key in sorted(result):
            name = book.types[key].name if key in book.types else ""
            other = named.setdefault(name.casefold(), key) if name else key
            if other != key:
                told = (
                    f'[types.{key}] name: [types.{other}] is called "{name}" too, so nobody can'
                    " tell them apart. Rename one, or merge them if they are one type."
                )
                self.problems.append(Problem(FILE, told, skipped=False))
        there = self._ids | self._made | set(result)
        mentioned = [
            *(
                (f'[bollards."{key}"] not', one)
                for key in book.bollards
                for one in book.bollards[key].kept_out_of
            ),
            *(
                (f"[families.{key}]", one)
                for key in book.families
                for one in book.families[key].types
            ),
            *(
                (f"[types.{key}] lookalikes", one)
                for key in book.types
                for one in book.types[key].lookalikes
            ),
            *(
                (f"[types.{key}] lookalikes_in.{language}", one)
                for key in book.types
                for language, texts in book.types[key].lookalikes_in.items()
                for one in texts
            ),
            *(
                (f"[types.{key}] split_from", said.split_from)
                for key, said in book.types.items()
                if said.split_from
            ),
        ]
        for where, one in mentioned:
            if one not in there:
                self._unknown(where, one)

    def _unknown(self, where: str, key: str, *more: str) -> None:
        hint = nearest(key, sorted(self._living))
        told = " ".join([f'{where}: there is no type "{key}".{hint}', *more])
        self.problems.append(Problem(FILE, told, skipped=False))


def _contradictions(said: Decisions, book: Curation) -> Iterable[Problem]:
    for key, pin in sorted(said.pins.items()):
        out = [one for one in said.kept_out.get(key, ()) if book.kept(one) == book.kept(pin)]
        if pin and out:
            yield Problem(
                FILE,
                f'bollard "{key}" is pinned to "{pin}", and kept out of "{min(out)}", which is the'
                " same type by now. The pin counts; remove one of the two.",
                skipped=False,
            )


def _majority(types: Iterable[str | None]) -> str | None:
    """The most common type among the views that have one; on a tie the first in the alphabet."""
    votes = Counter(key for key in types if key is not None)
    return min(votes, key=lambda key: (-votes[key], key), default=None)
