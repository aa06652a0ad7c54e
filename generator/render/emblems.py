"""The small drawing beside the name of a type."""

from collections.abc import Mapping

from generator.catalogue import Trait
from generator.render.pictogram import pictogram
from generator.things import BOLLARDS, Things

_OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 40" width="24" height="40"'
# A tile in the size of a pictogram, for a collection that has no drawings: it stands where a
# picture is missing or still loads.
_TILE = (
    f'{_OPEN}><rect x="3" y="11" width="18" height="18" rx="3" fill="#c3c8cb" stroke="#687077"'
    ' stroke-width="1.1"/></svg>\n'
)
_GREY = "#687077"
# The owner's drawings lie one over the other in the middle.
_PLACED = '<svg x="1" y="9" width="22" height="22" '
_DISC = '<circle cx="12" cy="20" r="8" fill="currentColor" stroke="#687077"/>'


def emblem(things: Things, attributes: Mapping[str, Trait]) -> str:
    """The drawing of what has these attributes, as a whole SVG document of 24 by 40 units.

    With the owner's attributes, it has the drawings of all sure values, the first at the bottom,
    in the colour of the first value that has one. A colour without drawings is a disc.
    """
    if things == BOLLARDS:
        return pictogram(attributes)
    values = [
        value
        for one in things.attributes
        if one.name in attributes and attributes[one.name].is_sure
        if (value := one.value(attributes[one.name].value))
    ]
    colour = next((value.colour for value in values if value.colour), "")
    layers = [value.drawing.replace("<svg ", _PLACED, 1) for value in values if value.drawing]
    if not layers and not colour:
        return _TILE
    return f'{_OPEN} color="{colour or _GREY}">{"".join(layers) or _DISC}</svg>\n'


def has_emblems(things: Things) -> bool:
    """Whether drawings show attributes, so that they tell types apart."""
    own = (value for one in things.attributes for value in one.values)
    return bool(things.vocabulary) or any(value.drawing or value.colour for value in own)


def own_marks(things: Things) -> dict[str, dict[str, str]]:
    """The drawing of each value of the owner's that has one or a colour, by attribute."""
    return {
        one.name: {
            value.name: emblem(things, {one.name: Trait(value.name, 1.0)})
            for value in one.values
            if value.drawing or value.colour
        }
        for one in things.attributes
    }
