"""The design of a bollard: its parts, its markings, and its visible attributes.

A design has its own coordinates, in metres. For someone who faces its front, x points right, z up,
and d away. The foot is at x = d = z = 0. A view from behind is the same design turned by half a
turn, so front and back have the same solid parts.
"""

from dataclasses import dataclass
from typing import Literal

View = Literal["front", "back"]
Side = Literal["front", "back", "both", "all"]
Section = Literal["round", "box", "wedge", "vee", "hexagon", "rock"]
Top = Literal["flat", "slant", "gable", "arch", "none"]
MarkKind = Literal[
    "band", "panel", "disc", "ring", "stripes", "chevrons", "arrow", "triangle", "digits", "cap"
]
Rgb = tuple[float, float, float]
Outline = Literal["prism", "disc", "diamond", "pill"]
Profile = tuple[tuple[float, float], ...]

FORMS = (
    "flat",
    "round",
    "drum",
    "pole",
    "polepost",
    "paddle",
    "square",
    "block",
    "sign",
    "ornament",
    "rail",
    "arm",
)
COLOURS = ("white", "grey", "black", "orange", "red", "green", "blue", "brown")
PATTERNS = (
    "plain",
    "cap",
    "band",
    "bands",
    "stripes",
    "diagonal",
    "chevron",
    "face",
    "plate",
)
ACCENTS = (*COLOURS, "multi", "none")
REFLECTORS = (*COLOURS, "multi", "none")


@dataclass(frozen=True)
class Attributes:
    """The visible attributes of a bollard, in the words of `FORMS`, `COLOURS`, `PATTERNS`, ...

    Yellow counts as orange, because daylight and age turn one into the other.
    """

    form: str
    body: str
    pattern: str
    accent: str
    reflector: str


@dataclass(frozen=True)
class Mark:
    """One painted or mounted marking; later marks of a part cover earlier ones.

    `low` and `high` are heights above the part's foot, `centre` and `width` are measured across its
    side, all in metres. `slope` lifts it by that many metres a metre to the right. `period`
    is the length of a repeat (stripes, chevrons) and `turn` an angle in degrees (arrow: 0 points
    right, 90 up). `reflective` marks are retroreflective and keep their colour in the shade.
    """

    kind: MarkKind
    colour: Rgb
    low: float
    high: float
    centre: float = 0.0
    width: float = 10.0
    slope: float = 0.0
    period: float = 0.2
    turn: float = 0.0
    side: Side = "all"
    reflective: bool = False
    rounded: float = 0.0
    text: str = ""


@dataclass(frozen=True)
class Part:
    """A vertical prism: a section, scaled along its height by `profile`, cut off by `top`.

    `profile` lists (share of the height, scale of the section) in rising order. `drop` is how
    far a slanted, gabled or arched top falls from its highest point to its edge, in metres.
    """

    section: Section
    width: float
    depth: float
    height: float
    colour: Rgb
    x: float = 0.0
    d: float = 0.0
    foot: float = 0.0
    profile: Profile = ((0.0, 1.0), (1.0, 1.0))
    top: Top = "flat"
    drop: float = 0.0
    marks: tuple[Mark, ...] = ()
    outline: Outline = "prism"
    corrugated: bool = False
    gloss: float = 0.1
    scenery: bool = False
    """True for what carries the bollard but is not it (a guard rail): drawn, never masked."""


@dataclass(frozen=True)
class Design:
    """The common properties of all bollards of one design.

    `front_reflector` and `back_reflector` are colour words; the front is the more colourful
    side. `rough` is how worn bollards of this design tend to be, 0 (new) to 1.
    """

    form: str
    body: str
    pattern: str
    accent: str
    front_reflector: str
    back_reflector: str
    parts: tuple[Part, ...]
    rough: float = 0.3

    @property
    def _own(self) -> tuple[Part, ...]:
        """The parts of the bollard itself; all parts if everything is scenery."""
        return tuple(part for part in self.parts if not part.scenery) or self.parts

    @property
    def height(self) -> float:
        """Height of the highest point above the ground, in metres."""
        return max(part.foot + part.height for part in self._own)

    @property
    def base(self) -> float:
        """Height of the lowest point above the ground, in metres; above 0 on a guard rail."""
        return min(part.foot for part in self._own)

    @property
    def width(self) -> float:
        """Width across the front, in metres."""
        right = max(part.x + part.width / 2 for part in self._own)
        return right - min(part.x - part.width / 2 for part in self._own)

    @property
    def middle(self) -> float:
        """The x half-way between the leftmost and the rightmost point, in metres."""
        right = max(part.x + part.width / 2 for part in self._own)
        return (right + min(part.x - part.width / 2 for part in self._own)) / 2

    def attributes(self, view: View | None = None) -> Attributes:
        """Returns the words for this design.

        Without a view (and for the front), the words describe the bollard as a whole: its reflector
        is that of the more colourful side. For `view="back"` the reflector is that of the back;
        everything else is the same.
        """
        reflector = self.back_reflector if view == "back" else self.front_reflector
        return Attributes(self.form, self.body, self.pattern, self.accent, reflector)
