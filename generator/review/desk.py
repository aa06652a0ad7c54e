"""The results of the last build with all decisions made since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.catalogue import Trait
from generator.curation import Curation
from generator.curation.apply import Decided, decide
from generator.curation.references import Decisions
from generator.language.naming import distinct_names
from generator.review.built import Built
from generator.review.questions import Candidate, candidates
from generator.vocabulary import CLAIMED


@dataclass(frozen=True)
class Desk:
    """The state between two decisions.

    Attributes:
        members: bollard keys by type id, the most typical first.
        names: of every type, by id.
        type_of: of every bollard that is shown, None for an unsorted one.
        near: the types that each bollard is nearest to, best first.
    """

    built: Built
    curation: Curation
    said: Decisions
    decided: Decided
    members: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    type_of: Mapping[str, str | None]
    near: Mapping[str, Sequence[Candidate]]

    def address(self, type_: str) -> str:
        """The id that the next build gives a type because of its address; "" if it keeps its own.

        The owner chose it, or has taken the chosen one back.
        """
        said = self.curation.types.get(type_)
        slug = said.slug if said else ""
        if type_ not in self.built.types:
            return ""
        return slug if slug not in ("", type_) else "" if slug else self.built.slugs.get(type_, "")

    def nearest(self, bollard: str) -> str | None:
        return next((one.type for one in self.near.get(bollard, ())), None)


def set_out(built: Built, curation: Curation) -> Desk:
    """Apply the decisions to the results of the last build."""
    said = built.decided(curation)
    decided = decide(
        built.machine, built.bollards, said, retired=built.addresses, moved=built.moved
    )
    type_of: dict[str, str | None] = {
        key: None
        for key, views in built.bollards.items()
        if any(photo not in said.hidden for photo in views)
    }
    for type_, photos in decided.types.items():
        for photo in photos:
            type_of[built.bollard_of[photo]] = type_
    grouped: dict[str, list[str]] = {}
    for key, own in type_of.items():
        if own is not None:
            grouped.setdefault(own, []).append(key)
    near = candidates(list(type_of), grouped, built.vectors)
    typical = {
        one: next((c.score for c in near[one] if c.type == type_of[one]), -1.0) for one in near
    }
    members = {
        key: tuple(sorted(own, key=lambda one: (-typical.get(one, -1.0), one)))
        for key, own in grouped.items()
    }
    looks = {
        key: built.look(photo for one in own for photo in built.bollards[one])
        for key, own in members.items()
    }
    automatic = distinct_names(
        {
            key: {name: one for name, one in look.items() if one.confidence >= CLAIMED}
            for key, look in looks.items()
            if speaks(look)
        }
    )
    names = {
        key: _given(curation, key)
        or (built.types[key].name if key in built.types else "")
        or automatic.get(key, key)
        for key in members
    }
    return Desk(built, curation, said, decided, members, names, type_of, near)


def speaks(look: Mapping[str, Trait]) -> bool:
    """Whether a look has enough attributes for a name."""
    return "body" in look and "form" in look


def _given(curation: Curation, key: str) -> str:
    person = curation.types.get(key)
    return person.name if person else ""
