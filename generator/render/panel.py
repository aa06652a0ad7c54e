"""The answer panel of pages: up to three countries, photos from each, and the deciding attributes.

The identify page has the same from `generator/identify/answer.py`, for a visitor's picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.catalogue import Bollard, Catalogue, Country, Neighbour, Photo, Type
from generator.curve import Calibration
from generator.own_looks import OwnLook, Telltale, decisive, own_look, telltales
from generator.render.pairs import Pairs
from generator.sureness import COUNTRIES, POSSIBLE, Sureness

# A type's country with at least this share of its bollards is possible. No share makes a country
# likely: of close-ups whose type has more, too few are from there (docs/figures.md, "How sure an
# answer is").
_POSSIBLE_SHARE = 0.3

Neighbours = Mapping[str, tuple[Neighbour, ...]]
"""The nearest photos of each photo, by its id."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One country of a panel.

    Attributes:
        views: up to two photos of a bollard from there.
        bollards: how many bollards of the type the country has; 0 for unsorted bollards.
        frequency, note: what the owner knows of the type there, see `CountryShare`.
    """

    country: Country
    sureness: Sureness
    views: tuple[Photo, ...]
    bollards: int = 0
    frequency: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Countries, best first, and the difference that decides between them if one is sure."""

    candidates: tuple[Candidate, ...]
    telltale: Telltale | None

    @property
    def names(self) -> Mapping[str, str]:
        """The countries' names by code."""
        return {one.country.code or "": one.country.name for one in self.candidates}


def type_panel(type_: Type, pairs: Pairs) -> Panel | None:
    """The countries with most bollards of a type; None if it has only one."""
    shares = [share for share in type_.countries if share.code][:COUNTRIES]
    if len(shares) < 2:
        return None
    sure: Sureness = "possible" if shares[0].share >= _POSSIBLE_SHARE else "hard"
    candidates = []
    looks = {}
    for share in shares:
        code = share.code or ""
        found = pairs.in_country(code, type_.id)
        country = pairs.named[code]
        candidates.append(
            Candidate(country, sure, found.views, share.bollards, share.frequency, share.note)
        )
        looks[code] = pairs.look(code, type_.id)
    return _panel(candidates, looks)


def unsorted_panel(
    bollard: Bollard,
    catalogue: Catalogue,
    named: Mapping[str | None, Country],
    neighbours: Neighbours,
    calibration: Calibration,
) -> Panel | None:
    """The country of an unsorted bollard, then those of similar ones; None if it has no country.

    A similar bollard counts if the two may be of one type.
    """
    if not bollard.country:
        return None
    near = sorted(
        ((one.score, one.photo) for photo in bollard.photos for one in neighbours[photo]),
        reverse=True,
    )
    shown = {bollard.country: [bollard.id]}
    for score, photo in near:
        other = catalogue.bollard[catalogue.photo[photo].bollard]
        if (
            other.country
            and calibration(score) >= POSSIBLE
            and other.id not in shown.get(other.country, ())
        ):
            shown.setdefault(other.country, []).append(other.id)
    views = {
        code: [
            [catalogue.photo[photo] for photo in catalogue.bollard[one].photos] for one in bollards
        ]
        for code, bollards in list(shown.items())[:COUNTRIES]
    }
    candidates = [
        Candidate(named[code], "possible", tuple(bollards[0][:2]))
        for code, bollards in views.items()
    ]
    looks = {
        code: own_look([photo.attributes for photo in photos] for photos in bollards)
        for code, bollards in views.items()
    }
    return _panel(candidates, looks)


def _panel(candidates: Sequence[Candidate], looks: Mapping[str, OwnLook]) -> Panel:
    first = candidates[0].country.code or ""
    return Panel(tuple(candidates), decisive(telltales(looks), first))
