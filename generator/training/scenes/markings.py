"""Random markings for posts of a single part: one function for each pattern, and the reflectors."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from generator.training.scenes.designs import Design, Mark, Part, Rgb, Side
from generator.training.scenes.paints import paint, pick

Rng = np.random.Generator
Words = tuple[str, str]

_ACCENTS: dict[str, dict[str, float]] = {
    "white": {"black": 7.5, "red": 3, "blue": 0.7, "orange": 0.6, "green": 0.4, "grey": 0.3},
    "orange": {"black": 5, "red": 2, "white": 1, "blue": 0.4, "green": 0.2},
    "grey": {"red": 1, "white": 1, "orange": 1, "black": 2},
    "black": {"white": 3, "orange": 2, "red": 1.5},
    "red": {"white": 4, "orange": 0.5},
    "green": {"white": 4, "orange": 0.4, "red": 0.5},
    "blue": {"white": 3, "orange": 0.5},
    "brown": {"white": 2, "red": 1, "orange": 1, "black": 0.5},
}


@dataclass(frozen=True)
class Marking:
    """A pattern on a post, and the position of its reflectors: around `middle`, `tall` metres high.

    `reflectors` are the words for front and back. `done` means that the marks already include them.
    """

    marks: tuple[Mark, ...]
    accent: str
    reflectors: Words
    middle: float
    tall: float
    slope: float = 0.0
    done: bool = False


def reflectors(rng: Rng, bare: float = 0.1) -> Words:
    """Returns colour words for front and back; the front is the more colourful side.

    `bare` is the share of posts that have none.
    """
    if rng.uniform() < bare:
        return "none", "none"
    front = pick(rng, {"red": 5.5, "orange": 4, "white": 2.5, "blue": 0.4, "grey": 0.2})
    if front == "white":
        return front, pick(rng, {"white": 3, "none": 1})
    other = "orange" if front == "red" else "white"
    return front, pick(rng, {"white": 4, "none": 1.5, front: 3, other: 1})


def foils(rng: Rng, marking: Marking, wide: float, shape: str) -> tuple[Mark, ...]:
    """Returns the reflectors of both sides; `shape` is panel, disc, discs, strip or ring."""
    marks: list[Mark] = []
    sides: tuple[Side, Side] = ("front", "back")
    middle, half = marking.middle, marking.tall / 2
    for side, word in zip(sides, marking.reflectors, strict=True):
        if word == "none":
            continue
        shape_here = "panel" if shape in ("disc", "discs") and word == "red" else shape
        plate = Mark(
            "panel",
            paint(word, rng, foil=True),
            middle - half,
            middle + half,
            width=wide,
            side=side,
            slope=marking.slope,
            reflective=True,
            rounded=0.0 if rng.uniform() < 0.7 else 0.01,
        )
        if shape_here == "ring":
            marks.append(replace(plate, kind="band", slope=0.0))
        elif shape_here in ("disc", "discs"):
            radius = min(wide, marking.tall * (0.9 if shape_here == "disc" else 0.42)) / 2
            for place in (0.0,) if shape_here == "disc" else (-1.3, 1.3):
                centre = middle + place * radius
                low, high = centre - radius, centre + radius
                marks.append(replace(plate, kind="disc", low=low, high=high, slope=0.0))
        else:
            marks.append(plate)
    return tuple(marks)


def _plain(rng: Rng, height: float, width: float, body: str, accent: str, words: Words) -> Marking:
    tall = float(min(height * rng.uniform(0.1, 0.2), 0.22))
    return Marking((), "none", words, float(height * rng.uniform(0.76, 0.86)), tall)


def _cap(rng: Rng, height: float, width: float, body: str, accent: str, words: Words) -> Marking:
    size = float(height * rng.uniform(0.07, 0.24))
    tall = float(min(height * rng.uniform(0.1, 0.2), 0.22))
    within = size > height * 0.13 and rng.uniform() < 0.5
    middle = height - size * 0.5 if within else height - size - tall * 0.8
    mark = Mark("cap", paint(accent, rng), height - size, height + 1)
    return Marking((mark,), accent, words, middle, min(tall, size * 0.8) if within else tall)


def _band(rng: Rng, height: float, width: float, body: str, accent: str, words: Words) -> Marking:
    size = float(height * rng.uniform(0.08, 0.26))
    centre = float(height * rng.uniform(0.68, 0.88) - size * 0.3)
    low, high = centre - size / 2, centre + size / 2
    if accent == words[0]:
        foil = Mark("band", paint(accent, rng, foil=True), low, high, reflective=True)
        return Marking((foil,), accent, (accent, accent), centre, size, done=True)
    middle = centre if rng.uniform() < 0.75 else height * 0.94
    tall = min(size * 0.8, height * 0.2) if middle == centre else height * 0.06
    return Marking((Mark("band", paint(accent, rng), low, high),), accent, words, middle, tall)


def _diagonal(
    rng: Rng, height: float, width: float, body: str, accent: str, words: Words
) -> Marking:
    size = float(height * rng.uniform(0.14, 0.3))
    slope = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.35, 1.3))
    middle = float(height * rng.uniform(0.74, 0.84))
    low, high = middle - size / 2, middle + size / 2
    mark = Mark("band", paint(accent, rng), low, high, slope=slope)
    tall = size * float(rng.uniform(0.55, 0.8))
    return Marking((mark,), accent, words, middle, tall, slope if rng.uniform() < 0.4 else 0.0)


def _bands(rng: Rng, height: float, width: float, body: str, accent: str, words: Words) -> Marking:
    size = float(height * rng.uniform(0.05, 0.09))
    step = size * float(rng.uniform(1.7, 2.6))
    start = float(height * rng.uniform(0.86, 0.95))
    shines = accent in ("white", "red", "orange", "grey") and rng.uniform() < 0.6
    inks = [paint(accent, rng, foil=shines)]
    shine = accent if shines else "none"
    if rng.uniform() < 0.15:
        second = pick(rng, {"white": 2, "red": 2, "orange": 2, "black": 1, "blue": 0.6})
        if second not in (accent, body):
            inks, accent = [*inks, paint(second, rng, foil=shines)], "multi"
    tops = [start - i * step for i in range(int(rng.integers(2, 4)))]
    marks = tuple(
        Mark("band", inks[i % len(inks)], top - size, top, reflective=shines)
        for i, top in enumerate(tops)
    )
    return Marking(marks, accent, (shine, shine), start, size, done=True)


def _stripes(
    rng: Rng, height: float, width: float, body: str, accent: str, words: Words
) -> Marking:
    count = int(rng.integers(4, 9))
    size = height / count
    ink = paint(accent, rng)
    marks = tuple(
        Mark("cap" if i == count - 1 else "band", ink, i * size, (i + 1) * size + (i == count - 1))
        for i in range(int(rng.integers(2)), count, 2)
    )
    return Marking(marks, accent, words, height * (1 - 0.5 / count), size * 0.5)


def _chevron(
    rng: Rng, height: float, width: float, body: str, accent: str, words: Words
) -> Marking:
    leaning = rng.uniform() < 0.6
    low, high = (float(height * rng.uniform(*ends)) for ends in ((0.42, 0.6), (0.88, 0.97)))
    base, ink = pick(rng, {"white": 1, "orange": 1}), accent
    if rng.uniform() < 0.35 or base == accent:
        base, ink, accent = "orange", pick(rng, {"black": 1, "red": 1}), "multi"
    panel = Mark("panel", paint(base, rng, foil=True), low, high, width=width * 0.85, side="both")
    turns = (-45.0, 45.0) if leaning else (0.0, 180.0, 90.0)
    figure = replace(
        panel,
        kind="stripes" if leaning else "chevrons",
        colour=paint(ink, rng),
        turn=float(rng.choice(turns)),
        period=float(rng.uniform(0.12, 0.22)),
    )
    return Marking((panel, figure), accent, ("none", "none"), low, 0.1, done=True)


def _face(rng: Rng, height: float, width: float, body: str, accent: str, words: Words) -> Marking:
    text = str(int(rng.integers(1, 999)))
    low, size = height * 0.72, min(width * 1.44 / len(text), height * 0.2)
    ink = paint(accent, rng)
    mark = Mark("digits", ink, low, low + size, width=width * 0.8, side="both", text=text)
    shown: Words = ("none", "none") if rng.uniform() < 0.7 else words
    return Marking((mark,), accent, shown, height * 0.5, height * 0.1)


_PATTERNS: dict[str, Callable[[Rng, float, float, str, str, Words], Marking]] = {
    "plain": _plain,
    "cap": _cap,
    "band": _band,
    "bands": _bands,
    "stripes": _stripes,
    "diagonal": _diagonal,
    "chevron": _chevron,
    "face": _face,
}


def dressed(
    rng: Rng,
    form: str,
    shape: Part,
    patterns: dict[str, float],
    bodies: dict[str, float],
    bare: float = 0.12,
) -> Design:
    """Returns a post of the given shape with random colours and markings.

    `patterns` and `bodies` are weights of the words to choose from. They replace the colour and the
    marks of `shape`. `bare` is the share of posts without reflectors.
    """
    body, pattern = pick(rng, bodies), pick(rng, patterns)
    accent = pick(rng, _ACCENTS[body])
    words = reflectors(rng, max(bare, 0.5) if pattern == "stripes" else bare)
    marking = _PATTERNS[pattern](rng, shape.height, shape.width, body, accent, words)
    marks = marking.marks
    if pattern != "stripes" and body == "white" and rng.uniform() < 0.05:
        marks = (*marks, Mark("band", paint("black", rng), 0.0, shape.height * 0.15))
    if not marking.done:
        kinds = {"panel": 6.0, "disc": 1.5, "discs": 0.8, "strip": 1.0}
        if shape.section == "round":
            kinds["ring"] = 3.0
        wide = shape.width * float(rng.uniform(0.3, 0.62))
        marks = (*marks, *foils(rng, marking, wide, pick(rng, kinds)))
    colour: Rgb = paint(body, rng)
    post = replace(shape, colour=colour, marks=marks, gloss=float(rng.uniform(0, 0.25)))
    parts: tuple[Part, ...] = (post,)
    if rng.uniform() < 0.08 and form in ("flat", "round", "square"):
        # A round of concrete that it was set in; no part of the bollard itself.
        wide = max(post.width, post.depth) * float(rng.uniform(1.8, 3.0))
        base = Part("round", wide, wide, 0.03, paint("grey", rng), d=1e-3, scenery=True)
        parts = (post, base)
    rough = float(rng.uniform(0.05, 0.9))
    front, back = marking.reflectors
    return Design(form, body, pattern, marking.accent, front, back, parts, rough)
