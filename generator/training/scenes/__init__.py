"""Draws roadside bollards: takes a design and a seeded generator, returns a labelled picture.

`random_design` invents a bollard, `random_surroundings` a place, a light and a camera, and
`render_scene` takes the picture, with the exact mask, box and attributes of the bollard.
"""

from generator.training.scenes.compose import Framing, Scene, render_scene
from generator.training.scenes.designs import (
    ACCENTS,
    COLOURS,
    FORMS,
    PATTERNS,
    REFLECTORS,
    Attributes,
    Design,
    Mark,
    Part,
    View,
)
from generator.training.scenes.families_more import random_design
from generator.training.scenes.surroundings import Surroundings, random_surroundings

__all__ = [
    "ACCENTS",
    "COLOURS",
    "FORMS",
    "PATTERNS",
    "REFLECTORS",
    "Attributes",
    "Design",
    "Framing",
    "Mark",
    "Part",
    "Scene",
    "Surroundings",
    "View",
    "random_design",
    "random_surroundings",
    "render_scene",
]
