"""The type of every bollard, from clusters, the ledger and the owner's decisions.

Here the rooms `group` and `curation` meet the ledger. Known bollards stay in their types unless the
owner asks for more (`[group] new`); the owner's decisions always hold.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from generator.build.kept_clusters import kept_clusters
from generator.catalogue import claims
from generator.collect.countries import country_name
from generator.config import GroupSettings
from generator.curation import Curation
from generator.curation.apply import Decided, decide
from generator.curation.references import Decisions
from generator.group import members_of
from generator.group.ledger import (
    Ledger,
    assign_ids,
    follow_files,
    renew,
    undecided_types,
)
from generator.group.linkage import beside_words, scale_of
from generator.group.newcomers import ASKED, join
from generator.language.addresses import said_by
from generator.language.naming import distinct_names, traits
from generator.language.wording import Wording
from generator.rows import PhotoRows
from generator.vectors import FloatArray, mean_directions
from generator.vocabulary import SURELY, TELLING, Probabilities

Types = Mapping[str, frozenset[str]]
# A type that gets its bollards back may take the last ones of another; that settles at once or
# after very few rounds.
_ROUNDS = 10
# An id may name values of about half of the bollards; a name needs a larger share.
_LIKELY = 0.45


@dataclass(frozen=True)
class TypeAssignment:
    """The type of every bollard, and how it came about.

    Attributes:
        decided: the types, with the effects of the owner's decisions.
        ledger: the record for the next build.
        by_person: ids of the photos whose type the owner decided, or left to the program again.
        proposals: photo ids of groups that could be types, where the owner wants to be asked.
        bollards: keys of all bollards.
        vectors: float32 [bollards, d], their vectors for comparison; rows of unit length.
        near: unsorted bollards above this cosine similarity to a type are listed for review.
    """

    decided: Decided
    ledger: Ledger
    by_person: frozenset[str]
    bollards: tuple[str, ...]
    vectors: FloatArray
    near: float
    proposals: tuple[frozenset[str], ...] = ()


def find_types(
    rows: PhotoRows,
    decisions: Decisions,
    ledger: Ledger,
    settings: GroupSettings,
    today: date,
    kept: Path,
    unseen: frozenset[str] = frozenset(),
    noted: Collection[str] = (),
    words: Wording | None = None,
) -> TypeAssignment:
    """Give every bollard its type.

    Args:
        rows: the photos.
        decisions: the owner's decisions about them.
        ledger: the record of earlier builds.
        settings: how to group, and what may change type.
        today: the day of the build.
        kept: a file of the cache that keeps clusters between builds.
        unseen: keys of bollards that are detected in none of their photos. They neither start nor
            join a type by themselves; known ones keep their type.
        noted: ids of types for which the owner has written a note.
        words: English, in the words of the collection; new ids consist of them.
    """
    known, saved_again = follow_files(ledger, rows.own_files)
    machine = _Machine(rows, decisions, known, settings, unseen, frozenset(noted), words)
    proposals: tuple[frozenset[str], ...] = ()
    if settings.new == "recluster" or machine.knows_nothing:
        types = machine.regrouped(members_of(kept_clusters(rows.without(unseen), settings, kept)))
    else:
        types, proposals = machine.extended(saved_again)
    types = machine.readdressed(types)
    decided = machine.decided(types)
    were = frozenset().union(*known.undecided.values())
    return TypeAssignment(
        decided,
        renew(known, decided.types, rows.file_of, today, types, decided.merged),
        decided.photos | were,
        rows.views.bollards,
        machine.vectors,
        machine.scale.at(ASKED),
        proposals,
    )


class _Machine:
    """The types as they are without this build's decisions."""

    def __init__(
        self,
        rows: PhotoRows,
        decisions: Decisions,
        ledger: Ledger,
        settings: GroupSettings,
        unseen: frozenset[str],
        noted: frozenset[str],
        words: Wording | None,
    ) -> None:
        self._words = words or Wording()
        self._noted = noted
        self._rows = rows
        self._unseen = unseen
        self._photos = rows.photos_of
        self._decisions = decisions
        self._ledger = ledger
        self._settings = settings
        self._types = undecided_types(ledger)
        self.vectors = _vectors(rows)
        self.scale = scale_of(self.vectors)
        self.ids_ever = frozenset({*ledger.types, *ledger.retired, *self._types})

    @property
    def knows_nothing(self) -> bool:
        """Whether none of the bollards existed at the last build."""
        return not any(map(self._is_known, self._photos))

    def regrouped(self, groups: Sequence[frozenset[str]]) -> Types:
        """All bollards clustered again; clusters get the ids that their photos had."""
        clusters = [self._all_photos(members) for members in groups]
        types = assign_ids(
            clusters,
            Ledger(types=self._types, retired=self._taken()),
            self._proposals(clusters),
        )
        # A type with a decision of the owner's does not vanish because two clusters became one: it
        # takes its bollards back. That may in turn leave another such type without any.
        for _ in range(_ROUNDS):
            there = self.decided(types).types
            lost = {key: own for key, own in self._entrusted().items() if key not in there}
            if not lost:
                break
            for key, own in sorted(lost.items()):
                types = {other: members - own for other, members in types.items()}
                types[key] = types.get(key, frozenset()) | own
        return {key: members for key, members in types.items() if members}

    def decided(self, types: Types) -> Decided:
        """The types of published photos after the owner's decisions."""
        return decide(
            types,
            self._photos,
            self._decisions,
            retired=self.ids_ever,
            moved=self._ledger.moved,
        )

    def extended(self, saved_again: frozenset[str]) -> tuple[Types, tuple[frozenset[str], ...]]:
        """Known bollards in their types, new ones in the types that they join; and groups to
        propose.
        """
        before = self._before()
        known = {key: before.get(key) for key in self._photos if self._is_known(key)}
        types: dict[str, set[str]] = {}
        for bollard, type_ in known.items():
            if type_ is not None:
                types.setdefault(type_, set()).update(self._photos[bollard])
        proposing = self._settings.new == "propose"
        if not proposing and len(known) == len(self._photos) and not saved_again:
            return {key: frozenset(members) for key, members in types.items()}, ()
        # New bollards are compared with the types as they are on the site.
        current = self.decided({key: frozenset(members) for key, members in types.items()})
        of = {photo: key for key, members in current.types.items() for photo in members}
        joined = join(
            self._rows.views.bollards,
            self.vectors,
            self.scale,
            {key: of.get(min(self._photos[key])) for key in known},
            self._settings.min_bollards,
            parts=before,
            kept_out=self._decisions.kept_out,
            unsure=frozenset(key for key in known if self._photos[key] <= saved_again),
            alone=self._unseen
            | frozenset(key for key, pin in self._decisions.pins.items() if pin == ""),
            proposals_only=proposing,
        )
        for members in types.values():
            members -= self._all_photos(joined.lost)
        for bollard, type_ in joined.types.items():
            if bollard in self._unseen:
                continue
            if not self._differs(bollard, current.types.get(type_, frozenset())):
                types.setdefault(type_, set()).update(self._photos[bollard])
        groups = tuple(self._all_photos(members) for members in joined.groups)
        if proposing:
            return {key: frozenset(members) for key, members in types.items() if members}, groups
        # A bollard that is kept out of a type may be in a group, and must not pass on that type's
        # id.
        taken = self._taken() | dict.fromkeys(self._types, frozenset[str]())
        fresh = frozenset().union(*groups)
        left = {key: frozenset(members - fresh) for key, members in types.items()}
        left = {key: members for key, members in left.items() if members}
        propose = self._proposals(groups, beside=left)
        return left | assign_ids(groups, Ledger(retired=taken), propose), ()

    def readdressed(self, types: Types) -> Types:
        """The types, with new ids for those whose ids name values that most of their bollards lack.

        Types that the owner mentions keep their ids. The old address leads to the new one.
        """
        kept = _mentioned(self._decisions.curation) | self._noted
        wrong = [
            key for key in sorted(types) if key not in kept and self._misleads(key, types[key])
        ]
        if not wrong:
            return types
        right = {key: types[key] for key in types if key not in wrong}
        taken = self._taken() | dict.fromkeys({*self.ids_ever, *types}, frozenset[str]())
        groups = [types[key] for key in wrong]
        return right | assign_ids(
            groups, Ledger(retired=taken), self._proposals(groups, beside=right)
        )

    def _misleads(self, key: str, photos: frozenset[str]) -> bool:
        shares = self._rows.shares(photos)
        return any(
            shares[attribute].get(value, 0.0) < _LIKELY
            for attribute, value in said_by(key).items()
            if attribute in shares
        )

    def _differs(self, bollard: str, members: Collection[str]) -> bool:
        """Whether a bollard surely has another value than most bollards of a type surely have."""
        if self._rows.described is None or not members:
            return False
        own = traits(self._look(self._photos[bollard]))
        said = claims(traits(self._rows.shares(members)))
        return any(
            name in said and own[name].confidence >= SURELY and own[name].value != said[name]
            for name in TELLING
            if name in own
        )

    def _is_known(self, bollard: str) -> bool:
        return any(photo in self._ledger.added for photo in self._photos[bollard])

    def _before(self) -> dict[str, str]:
        """The type that each bollard had without decisions: that of most of its photos."""
        of = {photo: key for key, members in self._types.items() for photo in members}
        found = {}
        for bollard, photos in self._photos.items():
            votes = Counter(of[photo] for photo in photos if photo in of)
            if votes:
                found[bollard] = min(votes, key=lambda key: (-votes[key], key))
        return found

    def _entrusted(self) -> dict[str, frozenset[str]]:
        """Types with a decision, and the photos they had that no decision puts elsewhere."""
        said = self._decisions
        of = {photo: key for key, members in self._types.items() for photo in members}
        of |= {photo: key for key, members in self._ledger.types.items() for photo in members}
        found: dict[str, frozenset[str]] = {}
        for key in _mentioned(said.curation):
            own = [
                bollard
                for bollard, photos in self._photos.items()
                if bollard not in said.pins
                and key not in said.kept_out.get(bollard, ())
                and any(of.get(photo) == key for photo in photos)
            ]
            if own and said.curation.kept(key) == key:
                found[key] = self._all_photos(own)
        return found

    def _taken(self) -> dict[str, frozenset[str]]:
        """Ids that no new type may get: those of all times, and those in the owner's decisions."""
        reserved = dict.fromkeys(sorted(_mentioned(self._decisions.curation)), frozenset[str]())
        gone = {**self._ledger.retired, **self._ledger.types}
        return reserved | {key: gone[key] for key in gone if key not in self._types}

    def _all_photos(self, bollards: Iterable[str]) -> frozenset[str]:
        return frozenset(photo for bollard in bollards for photo in self._photos[bollard])

    def _look(self, photos: Iterable[str]) -> Probabilities:
        return self._rows.look([self._rows.row_of[photo] for photo in sorted(photos)])

    def _proposals(
        self, groups: Sequence[frozenset[str]], beside: Types = MappingProxyType({})
    ) -> Callable[[frozenset[str]], list[str]]:
        """For each new type its English name, which becomes its id.

        Args:
            groups: the photos of the new types.
            beside: types that have ids, with which the new ones must not be confused.
        """
        every = {**beside, **{min(photos): photos for photos in groups}}
        names = distinct_names(
            {key: traits(self._rows.shares(photos)) for key, photos in every.items()},
            self._words,
            places={key: self._rows.places(photos) for key, photos in every.items()},
            called=country_name,
            numbered=False,
        )
        # A name that says neither looks nor places tells nothing apart.
        nameless = self._words.messages.gettext("Bollard type")
        nothing = self._rows.described is None and not self._rows.countries

        def propose(photos: frozenset[str]) -> list[str]:
            name = names[min(photos)]
            told = not nothing and not (self._words.has_own and name == nameless)
            return [name if told else f"type-{min(photos)[:6]}"]

        return propose


def _vectors(rows: PhotoRows) -> FloatArray:
    """The vectors for comparing bollards: the mean of their views, with attributes if known."""
    vectors = mean_directions(rows.embeddings, rows.views.rows)
    if rows.described is None:
        return vectors
    return beside_words(vectors, [rows.look(own) for own in rows.views.rows])


def _mentioned(curation: Curation) -> frozenset[str]:
    """The ids of all types that the owner's decisions mention."""
    return frozenset(
        {
            *curation.types,
            *(other for said in curation.types.values() for other in said.lookalikes),
            *(one for family in curation.families.values() for one in family.types),
            *curation.merges,
            *curation.merges.values(),
            *(said.type for said in curation.bollards.values() if said.type),
        }
    )
