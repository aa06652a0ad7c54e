"""Colours and shorthand functions for describing real designs: posts, bands, reflectors, faces."""

from generator.training.scenes.designs import Design, Mark, Part, Rgb, Section, Side, Top

WHITE: Rgb = (0.90, 0.90, 0.88)
CONCRETE: Rgb = (0.82, 0.80, 0.75)
BLACK: Rgb = (0.10, 0.10, 0.11)
GREY: Rgb = (0.55, 0.56, 0.56)
STEEL: Rgb = (0.60, 0.61, 0.62)
RED: Rgb = (0.76, 0.12, 0.12)
ORANGE: Rgb = (0.93, 0.55, 0.10)
YELLOW: Rgb = (0.92, 0.72, 0.14)
GREEN: Rgb = (0.08, 0.45, 0.28)
BLUE: Rgb = (0.09, 0.28, 0.66)
BROWN: Rgb = (0.40, 0.29, 0.20)
FOILS: dict[str, Rgb] = {
    "white": (0.84, 0.86, 0.87),
    "grey": (0.60, 0.62, 0.63),
    "red": (0.80, 0.10, 0.13),
    "orange": (0.97, 0.58, 0.10),
    "blue": (0.12, 0.34, 0.82),
}


def shine(word: str, low: float, high: float, width: float, side: Side = "front") -> Mark:
    """Returns an upright reflector plate."""
    return Mark(
        "panel", FOILS[word], low, high, width=width, side=side, reflective=True, rounded=0.006
    )


def dots(word: str, low: float, radius: float, side: Side = "back") -> tuple[Mark, Mark]:
    """Returns two round reflectors, one above the other."""
    gap = radius * 2.5
    first = Mark("disc", FOILS[word], low, low + 2 * radius, side=side, reflective=True)
    second = Mark(
        "disc", FOILS[word], low + gap, low + gap + 2 * radius, side=side, reflective=True
    )
    return first, second


def slant(colour: Rgb, middle: float, tall: float, slope: float) -> Mark:
    """Returns a slanted band round the whole post."""
    return Mark("band", colour, middle - tall / 2, middle + tall / 2, slope=slope)


def ring(colour: Rgb, low: float, high: float, *, foil: bool = False) -> Mark:
    """Returns a level band round the whole post."""
    return Mark("band", colour, low, high, reflective=foil)


def cap(colour: Rgb, low: float) -> Mark:
    """Returns paint from `low` to the top, including the top face."""
    return Mark("cap", colour, low, 9.0)


def rings(colour: Rgb, height: float, count: int, first: int = 1) -> tuple[Mark, ...]:
    """Returns every second of `count` equal fields of the height; `first` 0: from the lowest."""
    size = height / count
    return tuple(
        Mark(
            "cap" if i == count - 1 else "band", colour, i * size, (i + 1) * size + (i == count - 1)
        )
        for i in range(first, count, 2)
    )


def post(
    section: Section,
    width: float,
    depth: float,
    height: float,
    colour: Rgb,
    *marks: Mark,
    top: Top = "flat",
    drop: float = 0.0,
    profile: tuple[tuple[float, float], ...] | None = None,
) -> tuple[Part, ...]:
    """Returns a post of one part, as the parts of a design."""
    return (
        Part(
            section,
            width,
            depth,
            height,
            colour,
            top=top,
            drop=drop,
            marks=marks,
            profile=profile or ((0.0, 1.0), (1.0, 1.0)),
        ),
    )


def design(words: str, parts: tuple[Part, ...], rough: float = 0.25) -> Design:
    """Returns a design; `words` are form, body, pattern, accent, front and back reflector."""
    form, body, pattern, accent, front, back = words.split()
    return Design(form, body, pattern, accent, front, back, parts, rough)


DOME = ((0.0, 1.0), (0.93, 1.0), (0.95, 0.96), (0.97, 0.84), (0.985, 0.65), (1.0, 0.2))


def face(middle: float, radius: float, turn: float) -> tuple[Mark, ...]:
    """Returns a blue disc with a white arrow, turned by `turn` degrees, on the front."""
    low, high = middle - radius, middle + radius
    return (
        Mark("disc", WHITE, low, high, side="front", reflective=True),
        Mark("disc", (0.07, 0.27, 0.68), low + 0.012, high - 0.012, side="front", reflective=True),
        Mark(
            "arrow",
            WHITE,
            low + radius * 0.2,
            high - radius * 0.2,
            side="front",
            turn=turn,
            reflective=True,
        ),
    )


def paddle(
    plate: Rgb, word: str, outline: str, wide: float, tall: float, stick: Rgb, body: str
) -> Design:
    """Returns a reflector of the colour `word` on a stick, the same on both sides."""
    marks = (shine(word, -1, 2, 1.0), shine(word, -1, 2, 1.0, "back"))
    parts = (
        Part("box", 0.045, 0.02, 1.15, stick),
        Part(
            "box",
            wide,
            0.014,
            tall,
            plate,
            foot=1.18 - tall,
            d=-0.018,
            marks=marks,
            outline="disc" if outline == "disc" else "prism",
        ),
    )
    return design(f"paddle {body} plate {word} {word} {word}", parts)
