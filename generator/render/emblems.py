"""The small drawing beside the name of a type."""

from collections.abc import Mapping

from generator.catalogue import Trait
from generator.render.pictogram import pictogram
from generator.things import BOLLARDS, Things

# A tile in the size of a pictogram, for a collection that has no drawings: it stands where a
# picture is missing or still loads.
_TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 40" width="24" height="40">'
    '<rect x="3" y="11" width="18" height="18" rx="3" fill="#c3c8cb" stroke="#687077"'
    ' stroke-width="1.1"/></svg>\n'
)


def emblem(things: Things, attributes: Mapping[str, Trait]) -> str:
    """The drawing of what has these attributes, as a whole SVG document of 24 by 40 units."""
    return pictogram(attributes) if things == BOLLARDS else _TILE


def has_emblems(things: Things) -> bool:
    """Whether drawings show attributes, so that they tell types apart."""
    return bool(things.vocabulary)
